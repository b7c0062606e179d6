"""Text that people type: cleaning, comparing and shortening. Lengths are in characters, and nothing is cut silently."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby, islice

# UAX #15, section 13 (stream-safe text): no language writes more marks on one letter.
_MARKS_IN_A_ROW = 30

# Characters of a message's first words, where they stand for its subject.
_TITLE = 60

# NUL and unpaired surrogates: both are valid JSON, but no database stores them.
_UNSTORABLE = "\0\ud800-\udfff"
# Bidirectional overrides make a name or a subject read as something else.
_NEVER_KEPT = f"{_UNSTORABLE}\u202a-\u202e\u2066-\u2069"
_DROPPED = re.compile(f"[{_UNSTORABLE}]")
# Control characters except white space, and control characters except line breaks and tabs.
_DROPPED_IN_A_LINE = re.compile(f"[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f{_NEVER_KEPT}]")
_DROPPED_IN_A_BODY = re.compile(f"[\x01-\x08\x0b-\x1f\x7f-\x9f{_NEVER_KEPT}]")

# The ASCII characters that `fold` drops.
_NOT_FOLDED = dict.fromkeys(code for code in range(128) if not (chr(code).isalnum() or chr(code).isspace()))


def storable(text: str) -> str:
    """`text` without the characters that no database can store or search, and stream-safe."""
    return stream_safe(_DROPPED.sub("", text))


def stream_safe(text: str) -> str:
    """`text` with at most 30 combining marks in a row.

    Python needs quadratic time to sort the marks of one letter, so every text passes through here before it is composed
    or decomposed.
    """
    if text.isascii():
        return text
    rows = groupby(text, _marks().__contains__)
    return "".join("".join(islice(row, _MARKS_IN_A_ROW) if are_marks else row) for are_marks, row in rows)


def composed(text: str, form: str = "NFC") -> str:
    """`text` in one of Unicode's normal forms (`NFC`, `NFKC`, `NFKD`), in linear time."""
    return unicodedata.normalize(form, stream_safe(text))  # type: ignore[arg-type]


def one_line(text: str) -> str:
    """`text` as a single trimmed line without control characters, in composed form (NFC)."""
    return " ".join(composed(_DROPPED_IN_A_LINE.sub("", text)).split())


def message_body(text: str) -> str:
    """A message's body as it will be read: line breaks and tabs kept, other control characters dropped, NFC."""
    return composed(_DROPPED_IN_A_BODY.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def fold(text: str) -> str:
    """`text` for comparison: lower case, no accents, apostrophes or hyphens; `O’Neill-Núñez` -> `oneillnunez`."""
    if text.isascii():  # the fast path for most text, ten times faster
        return " ".join(text.lower().translate(_NOT_FOLDED).split())
    # Some letters have a case only after decomposition (`ℌ`), so we decompose, fold the case, and decompose again.
    decomposed = unicodedata.normalize("NFKD", composed(text, "NFKD").casefold())
    return " ".join("".join(ch if ch.isalnum() else " " if ch.isspace() else "" for ch in decomposed).split())


def sort_key(text: str) -> tuple[str, str]:
    """The key by which names and labels are sorted for people: as they type them, without case and accents."""
    return fold(text), text


def snippet(text: str, length: int = 90) -> str:
    """The first words of a message on one line, for a list."""
    line = one_line(text)
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"


def title(subject: str, body: str) -> str:
    """What a list calls a message: its subject, else its first words. "" for a message without words."""
    return one_line(subject) or snippet(body, _TITLE)


def counted_noun(number: int, noun: str) -> str:
    """`1 hour`, `1,200 hours`, in English for the command line. Pages and emails use `i18n.counted`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def unwrap(text: str) -> str:
    """Text from a source file with its lines joined; blank lines separate paragraphs."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


@lru_cache(maxsize=1)
def _marks() -> frozenset[str]:
    """Every combining mark of Unicode."""
    # All are below U+20000, except the variation selectors.
    codes = (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))
    return frozenset(chr(code) for code in codes if unicodedata.category(chr(code))[0] == "M")
