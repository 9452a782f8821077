"""Writes a folder with a tokenizer.json for each kind of tokenizer, its vocabulary trained on sentences.txt, and
hashes.json: of each, the beginnings of the SHA-256 of the ids of the lines of lines.py, 100 lines at a time.

Needs tokenizers 0.23.3, sentencepiece 0.2.3 and transformers 5.23. Deterministic up to the hash order of the trainers, so that files that
exist are kept; remove them to train anew. `generate.py show NAME LINE` prints the ids of a line.
"""

import base64
import hashlib
import io
import json
import pathlib
import sys

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from sentencepiece import sentencepiece_model_pb2

from lines import SENTENCES, lines
from transformers import AutoTokenizer, SiglipTokenizer

HERE = pathlib.Path(__file__).parent
SPECIAL = ["<unk>", "<s>", "</s>", "<pad>"]
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+",
])
CLIP = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
# What the small character map replaces, beside full-width letters.
REPLACED = {
    "\u3000": " ", "\u00a0": " ", "\t": " ", "\n": " ", "\r": " ", "\u2003": " ", "\u200b": " ", "\u2581": " ",
    "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "½": "1⁄2", "²": "2", "³": "3", "①": "1", "Ⅻ": "XII", "㍿": "株式会社",
    "…": "...", "e\u0301": "é", "a\u030a": "å", "가\u11a8": "각", "\u0001": "", "\u007f": "", "\ufeff": "", "ｶﾞ": "ガ",
    "ｷﾞ": "ギ", "Ａ": "A", "¨": " ̈", "﷼": "ریال",
}


def trained(model, trainer, size=500, **options):
    """A tokenizer whose vocabulary is learned from the sentences after its own steps."""
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = options.get("normalizer")
    tokenizer.pre_tokenizer = options.get("division")
    tokenizer.train_from_iterator(SENTENCES * 3, trainer)
    return tokenizer


def byte_level(division, special=SPECIAL, normalizer=None, size=600, **options):
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False, end_of_word_suffix=options.pop("suffix", ""))
    made = trained(models.BPE(), trainer, normalizer=normalizer, division=division)
    return changed(made, **options)


def changed(tokenizer, **model):
    """The same with other settings of the model."""
    tree = json.loads(tokenizer.to_str())
    tree["model"].update(model)
    return Tokenizer.from_str(json.dumps(tree))


def byte_fallback(normalizer, division, **options):
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=SPECIAL + [f"<0x{byte:02X}>" for byte in range(256)], show_progress=False)
    made = trained(models.BPE(unk_token="<unk>"), trainer, normalizer=normalizer, division=division)
    tree = json.loads(made.to_str())
    # The bytes are pieces, but no added tokens.
    tree["added_tokens"] = [token for token in tree["added_tokens"] if not token["content"].startswith("<0x")]
    tree["model"].update(byte_fallback=True, fuse_unk=True, unk_token="<unk>", **options)
    return Tokenizer.from_str(json.dumps(tree))


def unigram(normalizer, division, **options):
    trainer = trainers.UnigramTrainer(
        vocab_size=900, special_tokens=options.pop("special", SPECIAL), unk_token="<unk>", show_progress=False)
    return changed(trained(models.Unigram(), trainer, normalizer=normalizer, division=division), **options)


def sentence_piece(unused=(), **options):
    """A SentencePiece model with rules of its own for characters; some of its pieces are marked as unused."""
    rules = HERE / "rules.tsv"
    wide = {chr(0xFF01 + n): chr(0x21 + n) for n in range(94)}
    text = [
        " ".join(f"{ord(c):X}" for c in old) + "\t" + " ".join(f"{ord(c):X}" for c in new)
        for old, new in (wide | REPLACED).items()
    ]
    rules.write_text("\n".join(text) + "\n")
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 3), model_writer=made, normalization_rule_tsv=str(rules),
        hard_vocab_limit=False, minloglevel=2, **options)
    rules.unlink()
    proto = sentencepiece_model_pb2.ModelProto.FromString(made.getvalue())
    proto.normalizer_spec.normalization_rule_tsv = ""
    for piece in list(proto.pieces)[slice(*unused)] if unused else ():
        piece.type = piece.UNUSED
    return proto


def character_map():
    """A small precompiled_charsmap."""
    return sentence_piece(vocab_size=600).normalizer_spec.precompiled_charsmap


def sentence_pieces():
    """Name, model, and settings of tokenizer_config.json."""
    none = {"add_bos_token": False, "add_eos_token": False}
    yield "sp-unigram", sentence_piece(vocab_size=700, user_defined_symbols=["<extra>", "dogs"]), none
    yield "sp-unigram-bytes", sentence_piece(
        vocab_size=900, byte_fallback=True, character_coverage=0.98, treat_whitespace_as_suffix=True), none
    yield "sp-bpe", sentence_piece(
        vocab_size=700, model_type="bpe", user_defined_symbols=["<extra>", "fox j"], add_dummy_prefix=False,
        remove_extra_whitespaces=False), none
    yield "sp-bpe-bytes", sentence_piece(
        vocab_size=900, model_type="bpe", byte_fallback=True, character_coverage=0.98), {"tokenizer_class": "LlamaTokenizer"}
    yield "sp-bpe-unused", sentence_piece(vocab_size=700, model_type="bpe", unused=(20, 500, 3)), none
    yield "sp-unigram-unused", sentence_piece(vocab_size=700, unused=(20, 500, 3)), none
    yield "sp-word", sentence_piece(vocab_size=300, model_type="word"), none
    yield "sp-char", sentence_piece(
        vocab_size=400, model_type="char", byte_fallback=True, character_coverage=0.98, user_defined_symbols=["dogs"]), none
    yield "sp-siglip", sentence_piece(vocab_size=700, unk_id=2, eos_id=1, bos_id=-1, pad_id=0), {
        "tokenizer_class": "SiglipTokenizer", "pad_token": "</s>"}


def word_piece(normalizer, division):
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=500, special_tokens=marks, show_progress=False)
    made = trained(models.WordPiece(unk_token="[UNK]"), trainer, normalizer=normalizer, division=division)
    return made


def template(single, tokenizer):
    names = [name.split(":")[0] for name in single.split() if not name.startswith("$")]
    return processors.TemplateProcessing(
        single=single, special_tokens=[(name, tokenizer.token_to_id(name)) for name in names])


def kinds():
    """Name and tokenizer of each."""
    bert = word_piece(normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer())
    bert.post_processor = template("[CLS] $A [SEP]", bert)
    yield "bert", bert
    cased = word_piece(
        normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, lowercase=False),
        pre_tokenizers.BertPreTokenizer())
    cased.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    yield "bert-cased", cased
    roberta = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=True))
    roberta.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 1))
    roberta.add_special_tokens([AddedToken("<extra>", lstrip=True, normalized=False)])
    yield "roberta", roberta
    split = pre_tokenizers.Split(Regex(LLAMA3), "isolated")
    bytes_only = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    llama = byte_level(pre_tokenizers.Sequence([split, bytes_only]), ignore_merges=True)
    llama.post_processor = processors.Sequence([processors.ByteLevel(), template("<s> $A", llama)])
    yield "llama3", llama
    yield "qwen2", byte_level(
        pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3.replace("{1,3}", "")), "isolated"), bytes_only]),
        special=["<|endoftext|>"], normalizer=normalizers.NFC())
    yield "o200k", byte_level(
        pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(O200K), "removed", invert=True), bytes_only]))
    yield "clip", clip()
    yield "deepseek", byte_level(pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex("[\r\n]"), "isolated"), pre_tokenizers.Split(Regex(r"\s?\p{L}+"), "isolated"),
        pre_tokenizers.Split(Regex(r"\s?\p{P}+"), "isolated"), pre_tokenizers.Split(Regex("[一-龥ࠀ-一가-\ud7ff]+"), "isolated"),
        pre_tokenizers.Digits(individual_digits=True), bytes_only]))
    yield "falcon", byte_level(pre_tokenizers.Sequence([
        pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.ByteLevel(add_prefix_space=False),
        pre_tokenizers.Digits(individual_digits=False), pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), "isolated")]))
    spaces = normalizers.Replace(" ", "▁")
    gemma = byte_fallback(spaces, pre_tokenizers.Split(" ", "merged_with_previous"))
    gemma.post_processor = template("<s> $A", gemma)
    gemma.add_tokens([AddedToken("dogs", single_word=True), AddedToken(" fox ", normalized=True)])
    yield "gemma", gemma
    llama2 = byte_fallback(normalizers.Sequence([normalizers.Prepend("▁"), spaces]), None)
    llama2.post_processor = template("<s> $A </s>", llama2)
    yield "llama2", llama2
    mistral = byte_fallback(None, pre_tokenizers.Metaspace(prepend_scheme="first", split=False))
    mistral.add_special_tokens([AddedToken("<extra>", rstrip=True, lstrip=True)])
    yield "mistral", mistral
    mapped = normalizers.Precompiled(character_map())
    xlmr = unigram(
        normalizers.Sequence([mapped, normalizers.Replace(Regex(" {2,}"), " ")]),
        pre_tokenizers.Metaspace(prepend_scheme="always"))
    xlmr.post_processor = template("<s> $A </s>", xlmr)
    yield "xlm-roberta", xlmr
    siglip = unigram(
        normalizers.Sequence([
            normalizers.Lowercase(), normalizers.Replace(Regex(r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"""), ""),
            normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip(), mapped]),
        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]))
    siglip.post_processor = template("$A </s>", siglip)
    yield "siglip", siglip
    yield "albert", unigram(
        normalizers.Sequence([
            normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.NFKD(),
            normalizers.StripAccents(), normalizers.Lowercase(), mapped]),
        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]))
    yield "unigram-bytes", unigram(
        normalizers.NFKC(), pre_tokenizers.Metaspace(replacement="_", prepend_scheme="never"), byte_fallback=True,
        special=SPECIAL + [f"<0x{byte:02X}>" for byte in range(256)])
    yield "nmt", word_piece(
        normalizers.Sequence([normalizers.Nmt(), normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]),
        pre_tokenizers.Sequence([
            pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=False),
            pre_tokenizers.Split("a", "merged_with_next"), pre_tokenizers.Split(Regex(r"\w\b|^.|.$"), "contiguous")]))
    yield "delimiter", byte_level(
        pre_tokenizers.Sequence([
            pre_tokenizers.CharDelimiterSplit("e"), pre_tokenizers.FixedLength(7),
            pre_tokenizers.Split(Regex(r"(?=[A-Z])|\w{2,3}"), "merged_with_previous")]),
        normalizer=normalizers.Sequence([normalizers.Strip(right=False), normalizers.ByteLevel()]), special=SPECIAL)


    words = Tokenizer(models.WordLevel(unk_token="<unk>"))
    words.normalizer, words.pre_tokenizer = normalizers.NFKC(), pre_tokenizers.Whitespace()
    words.train_from_iterator(
        SENTENCES * 3, trainers.WordLevelTrainer(vocab_size=300, special_tokens=SPECIAL, show_progress=False))
    words.post_processor = template("<s> $A </s>", words)
    yield "word-level", words


def older_files():
    """Name, vocab.json and merges.txt out of a tokenizer.json, settings of tokenizer_config.json."""
    mask = {"content": "<mask>", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False}
    yield "older-roberta", "roberta", {"tokenizer_class": "RobertaTokenizer", "mask_token": {"__type": "AddedToken", **mask}}
    yield "older-gpt2", "roberta", {
        "tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True, "unk_token": "<unk>", "bos_token": "<s>",
        "eos_token": "</s>", "add_bos_token": True, "added_tokens_decoder": {"NEXT": mask | {"content": "dogs"}}}
    yield "older-qwen2", "qwen2", {
        "tokenizer_class": "Qwen2Tokenizer", "add_bos_token": False, "bos_token": None, "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>", "added_tokens_decoder": {"NEXT": mask | {"content": "<|im_end|>", "special": True}}}


def clip():
    steps = [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    division = [pre_tokenizers.Split(Regex(CLIP), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    made = byte_level(
        pre_tokenizers.Sequence(division), special=["<|startoftext|>", "<|endoftext|>"],
        normalizer=normalizers.Sequence(steps), suffix="</w>", end_of_word_suffix="</w>", unk_token="<|endoftext|>")
    made.post_processor = processors.RobertaProcessing(("<|endoftext|>", 1), ("<|startoftext|>", 0), False, False)
    return made


def published():
    """Name and encoder of published vocabularies that proclip has fetched, by transformers."""
    models = pathlib.Path.home() / ".cache/proclip/models"
    gemma = AutoTokenizer.from_pretrained(models / "gemma3-270m", gguf_file="gemma-3-270m-q4_k_m.gguf")
    yield "gemma3-270m", lambda text: gemma(text)["input_ids"]
    minilm = AutoTokenizer.from_pretrained(models / "minilm")
    yield "minilm", lambda text: minilm(text)["input_ids"]


def encoder(folder):
    """The reference for what a folder holds: text -> ids."""
    path = folder / "spiece.model"
    if (folder / "vocab.json").exists():
        tokenizer = AutoTokenizer.from_pretrained(str(folder))
        return lambda text: tokenizer(text)["input_ids"]
    if not path.exists():
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return lambda text: tokenizer.encode(text).ids
    kind = json.loads((folder / "tokenizer_config.json").read_text()).get("tokenizer_class")
    if kind == "SiglipTokenizer":
        tokenizer = SiglipTokenizer(str(path))
        return lambda text: tokenizer(text)["input_ids"]
    model = sentencepiece.SentencePieceProcessor(str(path))
    return lambda text: model.encode(text, add_bos=kind == "LlamaTokenizer")


def hashes(encode, texts):
    rows = [" ".join(map(str, encode(text))) + "\n" for text in texts]
    blocks = ["".join(rows[start:start + 100]) for start in range(0, len(rows), 100)]
    return [hashlib.sha256(block.encode()).hexdigest()[:16] for block in blocks]


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(*encoder(HERE / sys.argv[2])(lines()[int(sys.argv[3])]))
        sys.exit()
    for name, tokenizer in kinds():
        path = HERE / name / "tokenizer.json"
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            tokenizer.save(str(path), pretty=False)
    for name, proto, settings in sentence_pieces():
        path = HERE / name / "spiece.model"
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_bytes(proto.SerializeToString())
        (path.parent / "tokenizer_config.json").write_text(json.dumps(settings) + "\n")
    for name, source, settings in older_files():
        path = HERE / name
        path.mkdir(exist_ok=True)
        model = json.loads((HERE / source / "tokenizer.json").read_text())["model"]
        vocabulary = model["vocab"] | ({"<mask>": len(model["vocab"])} if name == "older-roberta" else {})
        (path / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False))
        merges = [" ".join(merge) if isinstance(merge, list) else merge for merge in model["merges"]]
        (path / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
        (path / "tokenizer_config.json").write_text(json.dumps(settings).replace("NEXT", str(len(vocabulary))) + "\n")
    texts = lines()
    folders = sorted(path.parent for kind in ["tokenizer.json", "spiece.model", "vocab.json"] for path in HERE.glob("*/" + kind))
    found = {folder.name: hashes(encoder(folder), texts) for folder in folders}
    found |= {name: hashes(encode, texts) for name, encode in published()}
    (HERE / "hashes.json").write_text(json.dumps(found, indent=0, sort_keys=True) + "\n")
