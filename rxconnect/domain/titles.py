"""Official records write names IN CAPITALS; people should not have to read them so."""

from __future__ import annotations

import re

from rxconnect.domain.text import fold

# Abbreviations that have a vowel; those without one are recognised by that.
_KEPT = {
    "ATCS",
    "CI",
    "FCI",
    "ICE",
    "IHSC",
    "OCC",
    "OKC",
    "SCI",
    "UDC",
    "US",
    "USP",
    "NE",
    "SE",
    "II",
    "III",
    "IV",
    "VI",
}
_SMALL = {"and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to"}
_SHORT_WORDS = {"BLVD", "CT", "CTR", "DR", "FT", "HWY", "JR", "LN", "MT", "MTN", "PKWY", "RD", "SGT", "SR", "ST"}
_VOWELS = re.compile(r"[aeiouy]")
_WORD = re.compile(r"[\w'’]+")


def title_case(text: str) -> str:
    """`BIBB CI AT O'NEILL` -> `Bibb CI at O'Neill`. Text that already has small letters is left as it is."""
    if any(ch.islower() for ch in text):
        return text
    return _WORD.sub(lambda match: _word(match.group(), starts=match.start() == 0), text)


def _word(word: str, *, starts: bool) -> str:
    if word in _KEPT or _is_initials(word):
        return word
    if word.lower() in _SMALL and not starts:
        return word.lower()
    if word.startswith("MC") and len(word) > 3:
        return "Mc" + word[2:].capitalize()
    if word[1:2] in ("'", "’") and len(word) > 3:
        return word[:2] + word[2:].capitalize()
    return word.capitalize()


def _is_initials(word: str) -> bool:
    """Short and without a vowel, as `JCCC` or `TPFW`: nobody's name, so an abbreviation."""
    return word.isalpha() and len(word) <= 5 and not _VOWELS.search(fold(word)) and word not in _SHORT_WORDS
