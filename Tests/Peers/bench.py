"""Ours and PyTorch's, each workload in turns, as one table; writes it to RESULTS.md beside this file.

    python bench.py PROCLIP_BENCH PROCLIP [--only NAME,...] [--rounds 2]

Without --only every workload; with it, the other rows of RESULTS.md stay. Each round starts a process of ours, then one of
theirs, on the same two cores; the median of all runs counts.
"""

import argparse
import contextlib
import datetime
import json
import os
import platform
import pty
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"

# Workload, what it is, target against PyTorch in float32, and in bfloat16 where that is measured too.
ROWS = [
    ("distill-step", "stage-1 step, d=4096 D=768 N=4 e=2, B=1024", 1.25, 1.15),
    ("distill-step-small", "stage-1 step, d=384 D=512 N=1 e=8, B=1024", 1.8, 1.3),
    ("distill-step-small/products", "the same, the peer's distances by products", None, None),
    ("tune-step", "stage-2 step, ViT-B/32 at 224, B=64, L_reg, EMA", 1.25, 1.05),
    ("image-encode-b32", "image encode, ViT-B/32, B=64", 1.3, 1.05),
    ("image-encode-l14", "image encode, ViT-L/14, B=8", 1.3, 1.05),
    ("struct-1024", "L_struct forward and back, B=1024 D=512", 4, None),
    ("struct-4096", "L_struct forward and back, B=4096 D=512", 4, None),
    ("infonce-4096", "InfoNCE forward and back, B=4096 D=512", 1.5, None),
    ("infonce-32768", "InfoNCE forward and back, B=32768 D=512", None, None),
    ("attention-50", "attention forward and back, B=64 H=12 T=50", 1.2, None),
    ("attention-257", "attention forward and back, B=8 H=16 T=257", 1.2, None),
    ("attention-causal-512", "attention forward and back, B=4 H=16/4 T=512 causal", 1.2, None),
    ("adamw", "AdamW, 271 M parameters", 1.0, None),
    ("image-input/jpeg", "500 JPEG of 640 x 480 to 224, normalised", 1.5, None),
    ("image-input/png", "500 PNG of 640 x 480 to 224, normalised", 1.5, None),
    ("retrieval", "retrieval evaluation, 5,000 x 25,000, the peer as CLIP_benchmark", 3, None),
    ("retrieval/lean", "the same, the peer as lean as we could write it", None, None),
]
# Where PyTorch would need too much memory.
OURS_ALONE = {"infonce-32768"}
GROWTH = [1024, 8192, 65536]


def pictures(folder, kind):
    """500 pictures with the structure of photographs at two scales, the same every time."""
    from PIL import Image

    pick = random.Random(0)
    folder.mkdir()
    for number in range(500):
        coarse = Image.frombytes("RGB", (20, 15), pick.randbytes(900)).resize((640, 480), Image.Resampling.BICUBIC)
        fine = Image.frombytes("RGB", (160, 120), pick.randbytes(57600)).resize((640, 480))
        Image.blend(coarse, fine, 0.2).save(folder / f"{number:03}.{kind}", quality=90)


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def joined(results):
    """Several processes as one measurement."""
    return {
        "seconds": statistics.median(second for result in results for second in result["seconds"]),
        "least": min(second for result in results for second in result["seconds"]),
        "peak": max(result["peakBytes"] for result in results),
        "productRate": statistics.median(result["productRate"] for result in results),
        "operations": results[0].get("operations", 0),
    }


def measure(name, program, rounds, folders, has_bf16):
    base, _, variant = name.partition("/")
    ours = [program, "--json", "--filter", base]
    theirs = [sys.executable, HERE / "workloads.py", base if variant in folders else name]
    if variant in folders:
        ours += ["--pictures", folders[variant]]
        theirs += ["--pictures", folders[variant]]
    kinds = {"ours": ours}
    if name not in OURS_ALONE:
        kinds["theirs"] = theirs
    if has_bf16:
        kinds.update({f"{kind} bf16": command + ["--precision", "bf16"] for kind, command in list(kinds.items())})
    results = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind, command in kinds.items():
            results[kind].append(run(command))
    return {kind: joined(found) for kind, found in results.items()}


def start(program):
    """Seconds of `proclip -c quit`."""
    times = []
    for _ in range(11):
        begun = time.perf_counter()
        subprocess.run([program, "--no-init", "-c", "quit"], check=True, capture_output=True)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def prompt(program):
    """Seconds until the shell's prompt stands on a pseudo-terminal."""
    times = []
    for _ in range(11):
        with tempfile.TemporaryDirectory() as home:
            begun = time.perf_counter()
            child, terminal = pty.fork()
            if child == 0:
                os.execve(program, [program], {**os.environ, "HOME": home, "TERM": "xterm-256color"})
            seen = b""
            while b"In [1]: " not in seen:
                seen += os.read(terminal, 4096)
            times.append(time.perf_counter() - begun)
            os.write(terminal, b"quit\r")
            # The terminal ends with the program.
            with contextlib.suppress(OSError):
                while os.read(terminal, 4096):
                    pass
            os.close(terminal)
            os.waitpid(child, 0)
    return statistics.median(times)


def growth(program):
    """A pass of stage 1 over ever more texts: time a sample, and memory beside the formula's."""
    lines = ["| texts | microseconds a sample | peak MB | formula with data, MB |", "|---:|---:|---:|---:|"]
    for count in GROWTH:
        found = run([program, "--json", "--filter", f"growth-{count}"])
        each = statistics.median(found["seconds"]) / found["samples"]
        lines.append(f"| {count:,} | {each * 1e6:.1f} | {found['peakBytes'] / 2**20:,.0f} | "
                     f"{found['expectedBytes'] / 2**20:,.0f} |")
    return "\n".join(lines)


def milliseconds(seconds):
    return f"{seconds * 1e3:,.0f}" if seconds >= 0.1 else f"{seconds * 1e3:.2f}"


def side_by_side(ours, theirs, target):
    """Times of both, their ratio and what it should be."""
    return [
        milliseconds(ours["seconds"]) if ours else "-", milliseconds(theirs["seconds"]) if theirs else "-",
        f"{theirs['seconds'] / ours['seconds']:.2f}" if ours and theirs else "-", f"{target:g}" if target else "-",
    ]


def rates(ours):
    """Of products, by itself and as a share of a large one's."""
    rate = ours["operations"] / ours["seconds"] if ours else 0
    return [f"{rate * 1e-9:.0f}", f"{100 * rate / ours['productRate']:.0f} %"] if rate else ["-", "-"]


def cells(label, target, bf16_target, found):
    ours, theirs = found["ours"], found.get("theirs")
    coarse = found.get("ours bf16")
    return [
        label, *side_by_side(ours, theirs, target), *rates(ours),
        *side_by_side(coarse, found.get("theirs bf16"), bf16_target), *rates(coarse), f"{ours['peak'] / 2**20:,.0f}",
        f"{theirs['peak'] / 2**20:,.0f}" if theirs else "-",
    ]


HEAD = ["workload", "ours, ms", "PyTorch, ms", "ratio", "target", "GFLOP/s", "of rate", "ours bf16, ms",
        "PyTorch bf16, ms", "ratio", "target", "GFLOP/s", "of rate", "peak MB", "peak MB, PyTorch"]


def machine():
    import torch

    text = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", text)
    flags = set(re.search(r"flags\s*: (.*)", text).group(1).split()) if "flags" in text else set()
    units = [name for name in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16") if name in flags]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{model.group(1) if model else platform.processor()}, {os.cpu_count()} cores, {memory:.0f} GB, "
            f"{' '.join(units)}; {platform.system()} {platform.release()}; PyTorch {torch.__version__} with "
            "2 threads.")


def table(rows):
    return "\n".join(["| " + " | ".join(HEAD) + " |", "|---" + "|---:" * (len(HEAD) - 1) + "|", *rows])


def replaced(text, name, new):
    """The text between two marks."""
    before, mark, rest = text.partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- end of {name} -->\n")
    return before + mark + new(rest.partition(end)[0]) + end + after if mark and end else text


def written(rows, started, grown):
    """RESULTS.md with these rows in the place of the older ones of the same workloads; what is said below stays."""

    def renewed(older):
        kept = {line.split(" | ")[0]: line for line in older.splitlines() if line.startswith("| ")}
        kept.update({row.split(" | ")[0]: row for row in rows})
        order = [kept[f"| {label}"] for _, label, _, _ in ROWS if f"| {label}" in kept]
        start_line = started or next((line for line in older.splitlines() if line.startswith("`proclip")), "")
        return f"{machine()} Written by `make bench` on {datetime.date.today()}.\n\n{table(order)}\n\n{start_line}\n"

    text = replaced(RESULTS.read_text(), "table", renewed)
    return replaced(text, "growth", lambda older: f"{grown}\n" if grown else older)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("bench")
    options.add_argument("program")
    options.add_argument("--only", default="")
    options.add_argument("--rounds", type=int, default=2)
    chosen = options.parse_args()
    wanted = [part for part in chosen.only.split(",") if part]
    measured, started = [], ""
    print(table([]), flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folders = {}
        for name, label, target, bf16_target in ROWS:
            base, _, variant = name.partition("/")
            if wanted and name not in wanted and base not in wanted:
                continue
            if variant in ("jpeg", "png"):
                pictures(folders.setdefault(variant, Path(temporary) / variant), variant)
            found = measure(name, chosen.bench, chosen.rounds, folders, bf16_target is not None)
            measured.append("| " + " | ".join(cells(label, target, bf16_target, found)) + " |")
            print(measured[-1], flush=True)
    if not wanted or "start" in wanted:
        started = (f"`proclip -c quit` takes {start(chosen.program) * 1e3:.0f} ms, the prompt stands after "
                   f"{prompt(chosen.program) * 1e3:.0f} ms (targets: under 50).")
        print(started)
    grown = ""
    if not wanted or "growth" in wanted:
        grown = growth(chosen.bench)
        print(grown)
    RESULTS.write_text(written(measured, started, grown))


main()
