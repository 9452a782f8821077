"""Tutorials/study.md from what Recipes/study.pcl has written.

Usage: study.py OUT TUTORIALS COMMAND. OUT is the recipe's folder of tables and curves; COMMAND what made them, as the page
shows it. A claim holds where the mean difference over the runs has the paper's sign and the exact sign-flip test over runs
gives p <= 0.05, it is reversed where the sign is the other one, and else it is not decided. Parts that were not run are left
out and named.
"""

import os
import re
import shutil
import sys
import textwrap

# The claim, its table, row and number; and why the result may be as it is, by verdict.
CLAIMS = [
    ("ProCLIP retrieves better than LLM2CLIP at equal epochs of stage 2", "main", "proclip", "mR", {
        "holds": "stage 1 hands stage 2 an adapter that already speaks the teacher's space, a cold one has to find it in "
                 "the same few steps"}),
    ("it forgets less: retrieval in another artist's style", "main", "proclip", "emojione.mean_recall", {
        "holds": "the cold adapter's first gradients pull the image tower away from what it knew"}),
    ("it forgets less: zero-shot classification", "main", "proclip", "acc1", {
        "reversed": "class names were held out of all texts, so neither stage tells the adapter where the teacher has them",
        "undecided": "class names were held out of all texts, so neither stage tells the adapter where the teacher has them"}),
    ("with class names among the texts of stage 1 it keeps zero-shot classification", "main", "proclip_words", "acc1", {
        "holds": "stage 1 needs no pictures, so that any text whose place is to be kept can join it"}),
    ("its image features stay closer to the teacher's (CKA)", "main", "proclip", "cka", {}),
    ("it retrieves better at equal compute", "compute", "proclip", "mR", {
        "reversed": "LLM2CLIP makes up with steps on pairs what stage 1 gives, in-domain at least",
        "undecided": "LLM2CLIP makes up with steps on pairs what stage 1 gives, in-domain at least"}),
    ("at equal compute it is better in another artist's style", "compute", "proclip", "emojione.mean_recall", {}),
    ("L_reg improves retrieval", "regulariser", "proclip", "mR", {
        "undecided": "so few steps move the tower so little that there is hardly anything to hold"}),
    ("L_reg keeps the image features (CKA)", "regulariser", "proclip", "cka", {}),
    ("stage 2 improves on stage 1", "stages", "proclip", "mR", {
        "reversed": "the teacher has seen these very pairs, so they teach it nothing new, while the paper's are new to CLIP"}),
]

SECTIONS = [
    ("main", "Methods, at equal epochs of stage 2", "cka.svg recall.svg",
     "`lit` trains an adapter alone, `llm2clip` adapter and tower from a cold start, `llm2clip_long` for twice the epochs; "
     "`s1` is stage 1, `no_reg` adds L_info, `proclip` L_reg as well. `s1_words` and `proclip_words` had the class names that "
     "acc1 asks for among the texts of stage 1; all the others never saw them but by chance."),
    ("compute", "At equal compute", "", "`llm2clip_long` takes the time of stage 1 and stage 2 together."),
    ("regulariser", "What L_reg adds", "", ""),
    ("stages", "What stage 2 adds to stage 1", "", ""),
    ("ablation", "Parts of the losses", "",
     "`ins` is stage 1 with L_ins alone, `reg_ins` and `reg_struct` one half of L_reg each, `llm2clip_reg` LLM2CLIP with L_reg, "
     "`random` starts from a random tower."),
    ("forms", "Other forms of stage 2", "",
     "`initial` and `cached` are teachers that stay, `last_blocks` trains two of four blocks, `low_rank` matrices of rank 8. All "
     "have ProCLIP's learning rates, but for the tower's of `low_rank`, whose sweep stands below."),
    ("long", "Long texts and false captions", "",
     "Nine test pictures in a square, with captions of 90 to 200 tokens; `late` asks for what stands behind the 77th. "
     "`long_clip` is Long-CLIP fine-tuned on such squares of training pictures, at a rate of its own."),
    ("lambda", "lambda", "lambda.svg", ""),
    ("struct-weight", "struct_weight", "struct-weight.svg", ""),
    ("depth", "Depth of the adapter", "depth.svg", ""),
    ("size", "Number of pairs, ProCLIP", "size.svg", ""),
    ("size-llm2clip", "Number of pairs, LLM2CLIP", "", ""),
    ("languages", "Languages", "languages.svg",
     "Retrieval of emoji by their captions in each language, with Gemma 3 270M; the runs are the languages. `english` is stage 1 on "
     "English captions, in `across` translations into six languages (de, fr, es, ru, zh, ja) are pulled to where the teacher "
     "has the English ones as well; `ar` and `hi` were never trained."),
    ("cost", "Cost of training", "",
     "Seconds are of the clock, on a machine that did other work as well: `proclip run --dry` counts operations."),
    ("rates", "Learning rates, on validation", "", "The same sweep for each method: the adapter's rate, then the tower's."),
    ("extra-rates", "Learning rates of low-rank towers and of Long-CLIP", "", "The latter on squares of validation pictures."),
]


def tables(text):
    """All tables of a Markdown text, each a list of rows of cells."""
    found = []
    for line in text.split("\n"):
        if not line.startswith("|"):
            found.append([])
            continue
        cells = [cell.strip().replace("\\_", "_") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not found:
            found.append([])
        if not set(line) <= set("|-: "):
            found[-1].append(cells)
    return [table for table in found if table]


def verdicts(out):
    for claim, name, row, metric, reasons in CLAIMS:
        path = f"{out}/{name}.md"
        if not os.path.exists(path):
            continue
        for table in tables(open(path).read()):
            if table[0][:2] != ["row", "metric"]:
                continue
            for cells in table[1:]:
                if cells[:2] != [row, metric]:
                    continue
                runs, difference, p = int(cells[2]), float(cells[3]), float(cells[5])
                verdict = "undecided" if p > 0.05 else "holds" if difference > 0 else "reversed"
                yield claim, verdict, runs, cells[3], p, reasons.get(verdict)


def wrapped(text):
    return textwrap.wrap(text, 127, break_long_words=False, break_on_hyphens=False)


def content(path, name):
    """What the recipe wrote; of single runs, as in a sweep on validation, without tests of them."""
    text = open(path).read()
    return (text.split("\n**differences")[0] if name.endswith("rates") else text).strip()


def page(out, command):
    found = list(verdicts(out))
    most = max((runs for _, _, runs, _, _, _ in found), default=0)
    words = [] if found else ["No claim is decided: the methods have not been run side by side yet, only what comes before. Three seeds of an earlier recipe are in the README."]
    for verdict, name in [("holds", "Hold here"), ("reversed", "Reversed"), ("undecided", "Not decided")]:
        own = [f"{claim} ({difference}, p = {p:g}{'; presumably because ' + reason if reason else ''})"
               for claim, own, _, difference, p, reason in found if own == verdict]
        if own:
            words.append(f"{name}: " + "; ".join(own) + ".")
    text = ["# The study: which of the paper's claims hold at our scale", "", *wrapped((f"Over {most} runs. " if found else "") + " ".join(words)), ""]
    if found and 2 / 2 ** most > 0.05:
        least = 2 / 2 ** most
        text += wrapped(f"{most} runs cannot decide: an exact sign-flip test over them gives no less than p = {least:g}.") + [""]
    text += [
        "Differences are in points (CKA as it is); p is the exact sign-flip test over runs, which counts the runs of one",
        "teacher as independent of each other; intervals are bootstraps over items. The tables are the recipe's, and this page",
        "is put together by `make study-page`.", "", "```", "proclip -c 'prepare pictures'", command, "```", ""]
    missing = []
    for name, title, drawings, words in SECTIONS:
        path = f"{out}/{name}.md"
        if not os.path.exists(path):
            missing.append(title)
            continue
        text += [f"## {title}", ""] + ([*wrapped(words), ""] if words else []) + [content(path, name), ""]
        for drawing in drawings.split():
            text += [f"![{drawing[:-4]}](study/{drawing})", ""]
    if missing:
        text += ["## Not run", "", *wrapped("Of the recipe these parts were not run: " + "; ".join(missing) + "."), ""]
    return "\n".join(text)


def main():
    out, tutorials, command = sys.argv[1:]
    text = page(out, command)
    shutil.rmtree(f"{tutorials}/study", ignore_errors=True)
    os.makedirs(f"{tutorials}/study")
    for drawing in re.findall(r"\]\(study/(\S+)\)", text):
        shutil.copy(f"{out}/{drawing}", f"{tutorials}/study/{drawing}")
    with open(f"{tutorials}/study.md", "w") as file:
        file.write(text)


main()
