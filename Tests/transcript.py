"""The session in README.md, typed at the real shell.

Usage: transcript.py BINARY README [write]. Types what stands behind each prompt of the block that begins with `$ proclip`
and compares what the terminal shows, numbers aside; with `write` it puts that in the place of the block. Run it where
Weights/ and the prepared pictures are.
"""

import os
import re
import sys
import tempfile

import pexpect

BLOCK = re.compile(r"(?<=^```\n)\$ proclip\n.*?(?=^```$)", re.M | re.S)
PROMPT = r"In \[\d+\]: "


def session(binary, statements):
    """What the terminal shows: 160 columns, without colours and redrawn lines."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "TERM": "xterm", "NO_COLOR": "1"}
        shell = pexpect.spawn(
            binary, ["--no-init"], env=environment, encoding="utf-8", timeout=600, dimensions=(60, 160))
        shown = "$ proclip\n"
        shell.expect(PROMPT)
        for statement in statements:
            shown += shell.match.group(0) + statement + "\n"
            shell.send(statement + "\r")
            shell.expect(PROMPT)
            # The line as it was typed ends where readline leaves its paste mode.
            shown += plain(shell.before.split("\x1b[?2004l", 1)[1])
        shell.send("\x04")
        shell.expect(pexpect.EOF)
        shell.close()
        assert shell.exitstatus == 0, shell.exitstatus
        return shown


def plain(text):
    text = re.sub(r"\x1b\[\?2004[hl]", "", text).replace("\r\n", "\n")
    # A redrawn line leaves what stands behind its last return of the carriage.
    lines = [re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line.rsplit("\r", 1)[-1]).rstrip() for line in text.split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def masked(text):
    """Numbers, and the widths that they give, differ from machine to machine."""
    return re.sub(r"[ ─]+", " ", re.sub(r"[\d.]+", "0", text))


def main(binary, readme, *action):
    with open(readme, encoding="utf-8") as file:
        text = file.read()
    block = BLOCK.search(text)
    assert block, "there is no session in " + readme
    shown = session(os.path.abspath(binary), re.findall("^" + PROMPT + "(.*)$", block.group(0), re.M))
    if action == ("write",):
        with open(readme, "w", encoding="utf-8") as file:
            file.write(text[: block.start()] + shown + text[block.end():])
    elif masked(shown) != masked(block.group(0)):
        sys.exit("the session of %s is another one now; `make transcript` writes it anew:\n%s" % (readme, shown))


main(*sys.argv[1:])
