"""Words as screening compares them: without case, accents and punctuation, each between two spaces.

`O’Brien’s  “Número”` becomes ` obriens numero `. A word of a rule is folded in the same way, so finding it between its
two spaces finds whole words alone. Letters of scripts that write no spaces, such as Chinese, count as words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

# The first letter of the scripts of East Asia. Thai, Lao and Myanmar write no spaces either.
_EAST_ASIA = 0x2E80
_WITHOUT_SPACES = (range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800))
# Characters inside a word that are dropped. Any other character that is no letter or digit ends the word.
_JOINING = frozenset("'’‘ʼ`´")
_JOINING_CATEGORIES = frozenset({"Mn", "Me", "Mc", "Cf"})


class _Table(dict[int, str]):
    """What each character becomes, computed at its first use."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold_character(chr(code))
        return self[code]


_TABLE = _Table()
_WORD = re.compile("[^ ]+")


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text with the way back to the original.

    `words` are where each word begins in `text`, and `places` where it begins before the spaces between words became one.
    `ends` is, for each character of the original, where what it became ends.
    """

    text: str
    words: list[int]
    places: list[int]
    ends: list[int]
    original: str

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The span in the original of the folded words from `start` up to `stop`, with the marks on the last letter."""
        first, last = self._origin(start), self._origin(stop - 1) + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return first, last

    def _origin(self, place: int) -> int:
        """Which character of the original became the character at `place`, which is no space."""
        word = bisect_right(self.words, place) - 1
        return bisect_right(self.ends, self.places[word] + place - self.words[word])


def fold_words(text: str) -> str:
    """`text` folded, with a space before and after each word; a single space if it has no word."""
    words = text.translate(_TABLE).split()
    return f" {' '.join(words)} " if words else " "


def fold_with_origins(text: str) -> FoldedText:
    """The same, with the way back to the original, which takes several times as long."""
    folded = [_TABLE[ord(character)] for character in text]
    found = [(match.start(), match.group()) for match in _WORD.finditer("".join(folded))]
    lengths = (len(word) + 1 for _place, word in found)
    return FoldedText(
        text=fold_words(text),
        words=list(accumulate(lengths, initial=1)),
        places=[place for place, _word in found],
        ends=list(accumulate(map(len, folded))),
        original=text,
    )


def _fold_character(character: str) -> str:
    if character in _JOINING:
        return ""
    # Some letters have a case only after decomposition (`ℌ`), so we decompose, fold the case, and decompose again.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = "".join(one for one in decomposed if one.isalnum())
    if kept:
        return f" {kept} " if _is_a_word(character) else kept
    return "" if unicodedata.category(character) in _JOINING_CATEGORIES else " "


def _is_a_word(character: str) -> bool:
    code = ord(character)
    is_east_asian = code >= _EAST_ASIA and unicodedata.category(character) == "Lo"
    return is_east_asian or any(code in one for one in _WITHOUT_SPACES)
