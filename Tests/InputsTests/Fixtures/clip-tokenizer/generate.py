"""Writes cases.jsonl (texts and open_clip's ids for them) and Sources/Inputs/Tokenizers/CLIP/HTMLEntities+Table.swift.

Needs open_clip_torch 3.3.0. Deterministic: the same packages give the same bytes.
Texts that ftfy takes for wrongly encoded ones are left out, as the tokenizer does not guess encodings.
"""

import html.entities
import json
import pathlib
import random
import unicodedata

import ftfy
from open_clip.tokenizer import SimpleTokenizer

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[3]

SENTENCES = """a red apple on a wooden table
two dogs running through the snow, one of them jumping
A photo of the Eiffel Tower at night (2019), 24mm f/1.4
it's the dog's ball; they're sure we've seen what I'd call "art" - don't you'll I'm
“It’s here,” she said — ‘really?’ … 50% off!
ein kleiner Fuchs läuft über die Straße, GROSSE ÜBERRASCHUNG
un café crème près de l’église Saint-Étienne à 8h30
el niño come piña en España ¿verdad? ¡Sí!
um cão à beira-mar não é só um cão
kot śpi na łóżku, żółw pełznie
Příliš žluťoučký kůň úpěl ďábelské ódy
árvíztűrő tükörfúrógép
İstanbul'da ışıklar ve IĞDIR'ın gölgesi
рыжая кошка спит на окне, ЁЛКА И ЩИТ
червона троянда біля хати, ЇЖАК
μια γάτα στον ΗΛΙΟ, ΟΔΟΣ ΑΘΗΝΑΣ ΣΟΦΟΣ
חתול שחור על הגג שָׁלוֹם
قطة سوداء على السطح ١٢٣ كِتَابٌ
گربه‌ای روی دیوار نشسته است ۴۵۶
एक लाल सेब मेज़ पर है १२३
একটি লাল আপেল টেবিলে
ஒரு சிவப்பு ஆப்பிள்
ఒక ఎర్ర యాపిల్
ಒಂದು ಕೆಂಪು ಸೇಬು
ഒരു ചുവന്ന ആപ്പിൾ
රතු ඇපල් ගෙඩියක්
แมวสีดำบนหลังคาบ้าน ๑๒๓
ແມວສີດຳ
ကြောင်အနက်
ឆ្មាខ្មៅ
წითელი ვაშლი მაგიდაზე
կարմիր խնձոր սեղանի վրա
ቀይ ፖም በጠረጴዛ ላይ
一只黑猫坐在红色的屋顶上
一隻黑貓坐在紅色的屋頂上，天氣很好。
赤いりんごがテーブルの上にあります。ｶﾞｷﾞｸﾞ ＡＢＣ１２３
빨간 사과가 탁자 위에 있다
ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ
ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ꭰꭱ
con mèo đen trên mái nhà, Tiếng Việt
màu đỏ và vàng; e\u0301te\u0301 a\u030angstro\u0308m
👩‍👩‍👧‍👦 family 🏳️‍🌈 flag 👍🏽 thumbs 🇫🇷 🇩🇪 1️⃣ ☂️ ☔
a cat 😺 and a dog 🐶!!! #cute @home
Z̸̧͝a̶l̴g̷ǫ text̵ and a̐éö̲
x² + y³ = ½·z₁ ≤ ∞, Ⅻ ① ㊗ ㍿
ﬁne ﬂuﬀy oﬃce ĳsvrij ǆungla ŉ
Tom &amp; Jerry &lt;3 &quot;cheese&quot; &#8217; &#x1F600; &eacute; &NTILDE;
5 &gt 3 &ampamp; &notit; &unknown; & alone &#; &#x; &#99999999; &#128; &#0;
&amp;amp;amp;lt;tag&amp;gt; &amp;quot
<b>bold &amp; brash</b> &EACUTE; &lt;i&gt;
<start_of_text> hello <end_of_text> world <START_OF_TEXT>
<\u017ftart_of_text> it'\u017f the \u212aelvin sign
!!!'s ...'ll --<end_of_text>-- 'S 'T 'RE
\u0000\u0001bell\u0007 esc\u001b[31mred\u001b[0m\u001b[ del\u007f \u001c\u001d\u001e\u001f
\ufeffbom \ufffcobject \u206adeprecated \ufff9note \u200djoin \u2060word \u00adsoft
\u0092curly\u0093 \u0080uro \u0081none\u009f
http://example.org/a_b-c?d=1&e=2#f user@example.org C:\\temp\\x.png
3.14159 1,000,000 0x1F 2026-11-23 10:30 ١٢٣ १२३ 一二三
snake_case CamelCase kebab-case UPPER lower MiXeD
the quick brown fox jumps over the lazy dog
pneumonoultramicroscopicsilicovolcanoconiosis antidisestablishmentarianism
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbb hahahahahahaha
""".rstrip("\n").split("\n")
# Control characters and line breaks within one text.
SENTENCES += [
    "tab\tnew\nline\r\nfeed\fform\vvertical\u0085next\u2028line\u2029par\u00a0nbsp\u3000ideo\u200bzero",
    "&lt;\n&AMP;&EACUTE;\n<\n&lt;&EACUTE;&amp;amp;amp;gt;",
]


def made_up(generator):
    """Texts of characters drawn from everywhere, and of entities, words and marks thrown together."""
    assigned = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co")]
    letters = [c for c in assigned if unicodedata.category(c)[0] in "LM"]
    ascii_characters = [chr(c) for c in range(0x80)]
    latin = [chr(c) for c in range(0x20, 0x250)]
    forms = [chr(c) for c in [*range(0xFB00, 0xFB07), *range(0xFF01, 0xFFEF), *range(0x2010, 0x2030)]]
    entities = ["&" + name for name in html.entities.html5]
    words = sorted({word for sentence in SENTENCES for word in sentence.split()})
    for pool, count, longest in [
        (assigned, 220, 12), (letters, 120, 8), (ascii_characters, 150, 30), (latin, 120, 20), (forms, 60, 10),
        (entities, 100, 4), (entities + words + [" "], 120, 8),
    ]:
        for _ in range(count):
            yield "".join(generator.choice(pool) for _ in range(generator.randint(1, longest)))
    for _ in range(250):
        yield " ".join(generator.choice(words) for _ in range(generator.randint(1, 14)))
    for length in [60, 73, 74, 75, 76, 77, 78, 90, 300]:
        yield " ".join(["cat"] * length)
        yield "".join(generator.choice(latin) for _ in range(length))
    yield from ["", " ", "\n", "\u200b", "\ufeff", "&", "'", "<", "ſ", "Σ", "ΑΣ", "ΑΣ'Α", "Α\u0301Σ\u0301", "İ", "x" * 2000]


def write_cases():
    tokenizer = SimpleTokenizer()
    texts = SENTENCES + [s.upper() for s in SENTENCES] + [s[::-1] for s in SENTENCES]
    texts += made_up(random.Random(2026))
    kept = [t for t in texts if ftfy.fix_text(t) == ftfy.fix_text(t, fix_encoding=False)]
    print(f"{len(kept)} cases, {len(texts) - len(kept)} left out as wrongly encoded")
    with open(HERE / "cases.jsonl", "w", encoding="utf-8") as file:
        for text in kept:
            full = tokenizer.encode(text)
            ids = [49406] + full + [49407]
            cut = len(ids) > 77
            ids = ids[:76] + [49407] if cut else ids
            padded = tokenizer([text])[0].tolist()
            assert padded == ids + [0] * (77 - len(ids))
            file.write(json.dumps({"text": text, "ids": ids, "cut": cut}, separators=(",", ":")) + "\n")


def write_table():
    names = html.entities.html5
    entries = []
    for name in sorted(n[:-1] for n in names if n.endswith(";")):
        assert name not in names or names[name] == names[name + ";"]
        value = "+".join(format(ord(c), "x") for c in names[name + ";"])
        entries.append(f"{name}{':' if name in names else '='}{value}")
    lines, line = [], "       "
    for entry in entries:
        if len(line) + 1 + len(entry) > 119:
            lines.append(line)
            line = "       "
        line += " " + entry
    lines.append(line)
    with open(ROOT / "Sources/Inputs/Tokenizers/CLIP/HTMLEntities+Table.swift", "w") as file:
        file.write(
            "// Written by Tests/InputsTests/Fixtures/clip-tokenizer/generate.py.\n\n"
            "extension HTMLEntities {\n"
            "    /// The named character references of the HTML Living Standard, section 13.5: `name=code points`, with `:`\n"
            "    /// where the semicolon may be missing.\n"
            '    static let table = """\n' + "\n".join(lines) + '\n        """\n}\n'
        )


if __name__ == "__main__":
    write_cases()
    write_table()
