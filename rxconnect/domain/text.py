"""Text that people type, made safe to keep: lengths in characters, never cut silently."""

from __future__ import annotations

import re
import unicodedata

# NUL, and halves of characters that came without the other half: valid JSON, and no database keeps them.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

# Bidirectional overrides can make a name or a subject read as something else; letters never need them.
_BIDI_OVERRIDES = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}

# What `fold` drops of ASCII.
_DROPPED = dict.fromkeys(code for code in range(128) if not (chr(code).isalnum() or chr(code).isspace()))


def storable(text: str) -> str:
    """`text` without what no database takes, not even to look for it."""
    return _UNSTORABLE.sub("", text)


def one_line(text: str) -> str:
    """`text` as a single trimmed line without control characters, in composed form (NFC)."""
    kept = (" " if ch.isspace() else ch for ch in text if _is_kept(ch) or ch.isspace())
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def letter(text: str) -> str:
    """A message body as it will be read: line breaks and tabs kept, other control characters dropped, NFC."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (ch for ch in text if ch in "\n\t" or _is_kept(ch))
    return unicodedata.normalize("NFC", "".join(kept))


def fold(text: str) -> str:
    """For comparing: lower case, no accents, apostrophes or hyphens; `O’Neill-Núñez` -> `oneillnunez`."""
    if text.isascii():  # most text by far, and a tenth of the time
        return " ".join(text.lower().translate(_DROPPED).split())
    # Some letters have a case only once they are decomposed (`ℌ`), so: decompose, fold the case, decompose again.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(ch if ch.isalnum() else " " if ch.isspace() else "" for ch in decomposed).split())


def snippet(text: str, length: int = 90) -> str:
    """The first words of a letter on one line, for a list."""
    line = one_line(text)
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"


def count(number: int, noun: str) -> str:
    """`1 hour`, `1,200 hours`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def unwrap(text: str) -> str:
    """Text from a source file, as it should be read: its lines flow together and blank lines part paragraphs."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _is_kept(ch: str) -> bool:
    return unicodedata.category(ch) not in ("Cc", "Cs") and ch not in _BIDI_OVERRIDES
