"""Converts names IN CAPITALS, as official records have them, to title case."""

from __future__ import annotations

import re

from rxconnect.domain.text import fold

# Abbreviations with a vowel. Those without one are recognised without a list.
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
# Small letters within a person's name. Those of the second set are small only after one of the first: `de la Rosa`, `La
# Rosa`.
_PARTICLES, _AFTER_PARTICLES = {"DA", "DAS", "DE", "DEL", "DOS", "VON", "Y"}, {"DEN", "DER", "LA", "LAS", "LOS"}
_NUMERALS = {"II", "III", "IV"}
_VOWELS = re.compile(r"[aeiouy]")
_AFTER_APOSTROPHE = re.compile(r"(?<=['’])\w(?=\w)")
_WORD = re.compile(r"[\w'’]+")


def title_case(text: str) -> str:
    """`BIBB CI AT O'NEILL` -> `Bibb CI at O'Neill`. Text that already has small letters is left as it is."""
    if any(ch.islower() for ch in text):
        return text
    return _WORD.sub(lambda match: _title_word(match.group(), starts=match.start() == 0), text)


def name_case(text: str, *, is_last: bool = False) -> str:
    """A person's first or last name: `DE LA CRUZ` -> `de la Cruz`, `MCDONALD III` -> `McDonald III`.

    It does not guess capitals within a word: `MACDONALD` -> `Macdonald`. A first name starts with a capital: `De
    Andre`.
    """
    words, small = text.split(" "), False
    for index, word in enumerate(words):
        small = word in _PARTICLES or (small and word in _AFTER_PARTICLES)
        if small and index < len(words) - 1 and (is_last or index > 0):
            words[index] = word.lower()
        else:
            words[index] = _WORD.sub(lambda match: _name_word(match.group(), is_last=is_last), word)
    return " ".join(words)


def _name_word(word: str, *, is_last: bool) -> str:
    if word in _NUMERALS or (len(word) == 2 and not is_last and _is_initials(word)):
        return word
    capitalised = "Mc" + word[2:].capitalize() if word.startswith("MC") and len(word) > 3 else word.capitalize()
    return _AFTER_APOSTROPHE.sub(lambda match: match.group().upper(), capitalised)


def _title_word(word: str, *, starts: bool) -> str:
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
    """Whether a word is an abbreviation, since it is short and has no vowel: `JCCC`, `TPFW`."""
    return word.isalpha() and len(word) <= 5 and not _VOWELS.search(fold(word)) and word not in _SHORT_WORDS
