"""The words that names are made of, and which of them somebody may have meant who typed another one.

Every word is kept under the hashes of itself, of itself less any one letter, and of its sound. Two words that differ
by one letter more, less, other, or by two letters swapped, share one of the first: one question with a dozen hashes
finds what looks or sounds alike among all the names of the country.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, text
from sqlmodel import Session

from rxconnect.search import likeness, nicknames, wordlists
from rxconnect.search.likeness import TOO_FAR
from rxconnect.search.normalise import Name, beginnings, sound

_LONGEST_KEYED = 20  # letters; whatever comes after them is not compared
_CANDIDATES, _BEGINNINGS = 40, 60

# The condition that a word begins with certain letters; `begins` has its parameters.
BEGINS = "w.text >= :from_text AND w.text < :to_text"
_WORDS = "SELECT w.text, w.id, w.people FROM name_word w"
_BY_KEY = text(f"{_WORDS} JOIN name_word_key k ON k.word_id = w.id WHERE k.key IN :some").bindparams(
    bindparam("some", expanding=True)
)
_BY_TEXT = text(f"{_WORDS} WHERE w.text IN :some").bindparams(bindparam("some", expanding=True))
_BY_BEGINNING = text(f"{_WORDS} WHERE {BEGINS} ORDER BY w.people DESC, w.text LIMIT {_BEGINNINGS}")


class Word(NamedTuple):
    """A word that may have been meant: its id, what speaks against it, and how many people have it."""

    id: int
    cost: int
    people: int


def keys_of(word: str) -> set[int]:
    """The hashes under which a word is kept."""
    return _spelling_keys(word) | ({_hash("~" + spoken)} if (spoken := sound(word)) else set())


def _spelling_keys(word: str) -> set[int]:
    short = word[:_LONGEST_KEYED]
    less = {short[:gap] + short[gap + 1 :] for gap in range(len(short))} if len(short) > 2 else set()
    return {_hash(variant) for variant in less | {short}}


def _hash(text: str) -> int:
    """31 bits, which any database takes for an ordinary integer; the rare wrong one costs a comparison and no more."""
    return zlib.crc32(text.encode()) & 0x7FFFFFFF


class Meant(NamedTuple):
    """The words that may have been meant by one typed name, the nearest first: as a first name, and as a last."""

    firsts: list[Word]
    lasts: list[Word]


def meant(session: Session, typed: Sequence[Name]) -> list[Meant]:
    """For each typed name the words on the rosters of the country that may have been meant, at most 40 a side."""
    forms = [name.forms for name in typed]
    known = _alike(session, {form for of_name in forms for form in of_name if len(form) > 1})
    return _sorted_out(forms, known)


def meant_with_two_slips(session: Session, typed: Sequence[Name]) -> list[Meant]:
    """As `meant`, but the words with two slips, which take longer to find."""
    forms = [name.forms for name in typed]
    near = {word for of_name in forms for form in of_name for word in wordlists.two_slips_away(session, form)}
    found = session.connection().execute(_BY_TEXT, {"some": sorted(near)}) if near else ()
    return _sorted_out(forms, {word: (word_id, people) for word, word_id, people in found})


def _sorted_out(forms: list[set[str]], known: dict[str, tuple[int, int]]) -> list[Meant]:
    return [
        Meant(_nearest(of_name, known, is_first=True), _nearest(of_name, known, is_first=False)) for of_name in forms
    ]


def begins(letters: str) -> dict[str, str]:
    """The parameters of `BEGINS`; none for no letters."""
    return {"from_text": letters, "to_text": letters + "\U0010ffff"} if letters else {}


def _alike(session: Session, typed: set[str]) -> dict[str, tuple[int, int]]:
    """Words that look or sound like one of these, are its relatives, or begin with it: their ids and people."""
    if not typed:
        return {}
    connection = session.connection()
    keys = sorted({key for word in typed for key in keys_of(word)})
    found = list(connection.execute(_BY_KEY, {"some": keys}))
    if exactly := sorted({other for word in typed for other in (*nicknames.relatives(word), *beginnings(word))}):
        found += connection.execute(_BY_TEXT, {"some": exactly})
    for word in sorted(typed):
        if len(word) > 2:
            found += connection.execute(_BY_BEGINNING, begins(word))
    return {word: (word_id, people) for word, word_id, people in found}


def _nearest(forms: set[str], known: dict[str, tuple[int, int]], *, is_first: bool) -> list[Word]:
    best: dict[str, int] = {}
    for form in forms:
        for word in known:
            cost = likeness.roughly(form, word, is_first)
            if cost < best.get(word, TOO_FAR):
                best[word] = cost
    words = [Word(known[word][0], cost, known[word][1]) for word, cost in best.items()]
    return sorted(words, key=lambda word: (word.cost, -word.people, word.id))[:_CANDIDATES]
