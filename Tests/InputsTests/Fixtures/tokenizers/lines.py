"""10,000 lines of every script, the same as MixedLines.swift makes: the ids of both sides are compared by their hashes."""

import pathlib

SENTENCES = pathlib.Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").split("\n")[:-1]
# First and last code points.
SCRIPTS = [
    (0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
    (0x530, 0x58F), (0x590, 0x5FF), (0x600, 0x6FF), (0x700, 0x7BF), (0x900, 0x97F), (0x980, 0x9FF), (0xA00, 0xAFF),
    (0xB00, 0xBFF), (0xC00, 0xCFF), (0xD00, 0xDFF), (0xE00, 0xEFF), (0xF00, 0xFFF), (0x1000, 0x109F),
    (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x137F), (0x13A0, 0x13FF), (0x1400, 0x167F), (0x1680, 0x17FF),
    (0x1800, 0x18AF), (0x1AB0, 0x1AFF), (0x1E00, 0x1EFF), (0x1F00, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x209F),
    (0x20A0, 0x20FF), (0x2100, 0x218F), (0x2190, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x27BF), (0x2E80, 0x2FDF),
    (0x3000, 0x303F), (0x3040, 0x30FF), (0x3100, 0x31FF), (0x3200, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xA000, 0xA4CF), (0xA640, 0xA69F), (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xF900, 0xFAFF), (0xFB00, 0xFDFF),
    (0xFE00, 0xFE6F), (0xFF00, 0xFFEF), (0xFFF0, 0xFFFF), (0x10000, 0x103FF), (0x10400, 0x10FFF), (0x11000, 0x11FFF),
    (0x12000, 0x12FFF), (0x16000, 0x16FFF), (0x1D000, 0x1D7FF), (0x1F000, 0x1F2FF), (0x1F300, 0x1FAFF),
    (0x20000, 0x2A6DF), (0xE0000, 0xE01FF), (0xF0000, 0xF00FF), (0x0, 0x1F), (0x7F, 0x9F),
]
SPACES = [0x20, 0x20, 0x20, 0x09, 0x0A, 0x0D, 0x0B, 0x0C, 0x85, 0xA0, 0x1680, 0x2003, 0x200B, 0x2028, 0x2029, 0x202F,
          0x3000, 0x2581, 0xFEFF]
EMOJI = [0x1F468, 0x1F469, 0x1F467, 0x1F466, 0x2764, 0x1F3FD, 0x1F3FB, 0x200D, 0xFE0F, 0xFE0E, 0x1F1EB, 0x1F1F7, 0x31,
         0x20E3, 0x1F600, 0x2600, 0x1FAE0, 0xE0067, 0xE007F]


class Generator:
    """SplitMix64."""

    def __init__(self, seed):
        self.state = seed

    def below(self, count):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return (z ^ (z >> 31)) % count

    def of(self, choices):
        return choices[self.below(len(choices))]

    def character(self, script):
        return chr(script[0] + self.below(script[1] - script[0] + 1))


def line(random):
    """One line, of one of ten kinds."""
    kind = random.below(10)
    if kind == 0:
        return random.of(SENTENCES)
    if kind == 1:
        words = [random.of(random.of(SENTENCES).split(" ")) for _ in range(1 + random.below(12))]
        return " ".join(words)
    if kind == 2:
        return "".join(random.of(random.of(SENTENCES).split(" ")) + chr(random.of(SPACES)) for _ in range(random.below(8)))
    if kind == 3:
        script = random.of(SCRIPTS)
        return "".join(random.character(script) for _ in range(1 + random.below(30)))
    if kind == 4:
        return "".join(random.character(random.of(SCRIPTS)) for _ in range(random.below(20)))
    if kind == 5:
        return "".join(
            random.of(random.of(SENTENCES)) + random.character((0x300, 0x36F)) for _ in range(1 + random.below(12)))
    if kind == 6:
        return "".join(chr(random.of(EMOJI)) for _ in range(1 + random.below(10)))
    if kind == 7:
        return "".join(chr(random.of(SPACES)) for _ in range(random.below(6)))
    if kind == 8:
        return random.character(random.of(SCRIPTS)) * (1 + random.below(200))
    text = random.of(SENTENCES)
    start = random.below(len(text))
    return text[start:start + 1 + random.below(20)].upper()


def lines(count=10_000, seed=2026):
    random = Generator(seed)
    result = [line(random) for _ in range(count - 2)]
    # A word and a text of 100 kB.
    result.append("".join(random.of("etaoinshrdlu") for _ in range(100_000)))
    text = ""
    while len(text.encode()) < 100_000:
        text += line(random) + " "
    return result + [text]
