"""Repairs UTF-8 that another program has read as Windows-1252 once: `PEÃ‘A` is `PEÑA`."""

from __future__ import annotations

import re

from rxconnect.domain.sentences import Sentence

# Characters that stand for bytes 0x80 to 0xBF, in Windows-1252 or, where it has none, in Latin-1.
_FOLLOWING = "".join(
    {bytes([byte]).decode(code, "ignore") for byte in range(0x80, 0xC0) for code in ("cp1252", "latin-1")}
)
# Letters with signs of Western and Central Europe (ÃÂÄÅ and one more), and typographic signs (â€ and one more). Other
# pairs occur in good text, such as the É and the quotation mark of JOSÉ’S.
_MISREAD = re.compile(f"[ÂÃÄÅ][{re.escape(_FOLLOWING)}]|â€[{re.escape(_FOLLOWING)}]")
# What `_MISREAD` finds, as bytes of UTF-8; a few more are found that it then leaves.
SUSPECT = re.compile(
    rb"\xc3[\x82-\x85](?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb|\xe2)|\xc3\xa2\xe2\x82\xac"
)
_SHOWN = 3


def repaired(text: str) -> str:
    """The text with all misread pairs replaced by the letters that they were."""
    return text if text.isascii() else _MISREAD.sub(_letter, text)


def note(examples: dict[str, str]) -> Sentence:
    """The sentence about the repaired words, each with what it was."""
    shown = [
        Sentence("“{before}” as “{after}”", before=before, after=after)
        for before, after in list(examples.items())[:_SHOWN]
    ]
    return Sentence(
        "Some text was UTF-8 that another program had misread, so we read {words}. Check the accents.", words=shown
    )


def misread_words(text: str) -> dict[str, str]:
    """The words that `repaired` changes, each with what it becomes."""
    words = {word: repaired(word) for word in re.split(r"[\s,;|\"]+", text) if not word.isascii()}
    return {before: after for before, after in words.items() if before != after}


def _letter(found: re.Match[str]) -> str:
    try:
        return b"".join(map(_byte, found[0])).decode()
    except UnicodeDecodeError:
        return found[0]


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")
