"""Turns a row of a roster file into a person.

A file may have two million rows that repeat the same names, dates and units, so results are cached.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from rxconnect.domain.inmates import ALIASES_MAX, NUMBER_MAX, Custody, Person
from rxconnect.domain.readings import field_name
from rxconnect.domain.sentences import Sentence
from rxconnect.domain.text import one_line
from rxconnect.domain.titles import name_case
from rxconnect.i18n import N_
from rxconnect.search.normalise import name_key, number_key
from rxconnect.services.files.cells import is_formula
from rxconnect.services.rosters.roster_columns import Written
from rxconnect.services.shapes.names import in_order
from rxconnect.services.shapes.words import NO_NAMES, is_nothing, is_withheld

_STATUSES = {"": Custody.HELD} | {custody.value: custody for custody in Custody}
_NEEDED = ("number", "first_name", "last_name", "status")
_NAME_SIGNS = set("'ʻ.&,-‐‑–()/\"“”")
_FOOTNOTES = "*†‡ "
# Programs write an apostrophe with any of these.
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ", "'"))
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./#-]{0,23}")
_BETWEEN_ALIASES = re.compile(r"\s*[;|\n]\s*|\s+/\s+")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_SHORTENED = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_FIRST_MAX, _LAST_MAX, _SUFFIX_MAX, _HOUSING_MAX, _ALIAS_MAX = 60, 80, 8, 40, 150


class Unusable(ValueError):
    """A row that must not change anything, with the reason. `word` is the status that we do not know, if that is it."""

    def __init__(self, reason: Sentence, word: str = ""):
        super().__init__(reason)
        self.reason, self.word = reason, word


def parse_person(written: Written) -> Person:
    """The person of one row. Raises `Unusable` with the reason, for the operator.

    Only number, a name and status have to be readable. Another cell that is not costs that cell (`Person.unread`). An only name
    is the last one, wherever it stands.
    """
    unread: frozenset[str] = frozenset()
    for cell in written:
        if cell and cell[0] in "=+@-" and is_formula(cell):
            written, unread = _without_formulas(written)
            break
    if written.first_name.isupper() or written.last_name.isupper():
        written = _with_names_in_name_case(written)
    number = _parse_number(written.number)
    if not (written.first_name.isalpha() and written.last_name.isalpha()) or not NO_NAMES.isdisjoint(written[1:4]):
        _refuse_withheld(" ".join(written[1:4]))
    if not written.last_name or not any(map(str.isalpha, written.last_name)):
        written = written._replace(first_name="", last_name=written.first_name)
    first_name = _parse_optional_name("first_name", written.first_name, _FIRST_MAX)
    last_name = _parse_name("name" if not first_name else "last_name", written.last_name, _LAST_MAX)
    custody = _STATUSES.get(written.status)
    if custody is None:
        word = one_line(written.status)
        raise Unusable(Sentence("the status “{word}” is unknown", word=word[:30]), word)
    try:
        rest = _parse_rest(written)
    except ValueError:
        rest, bad = _parse_what_can_be_read(written)
        unread |= bad
    return Person(number, first_name, last_name, *rest[:5], custody, rest[5], unread)


_Rest = tuple[str, str, date | None, int | None, str, str]
_REST = ("middle_name", "suffix", "birth_date", "birth_year", "housing", "aliases")


def _parse_rest(written: Written) -> _Rest:
    """What may be unknown of a person, in the order of `_REST`. Raises `ValueError` when any of it is not readable."""
    return (
        _parse_optional_name("middle_name", written.middle_name, _FIRST_MAX),
        _parse_optional_name("suffix", written.suffix, _SUFFIX_MAX),
        _parse_date(written.birth_date) if written.birth_date else None,
        int(written.birth_year) if written.birth_year and not written.birth_date else None,
        _within_limit("housing", written.housing, _HOUSING_MAX),
        _parse_aliases(written.aliases) if written.aliases else "",
    )


def _parse_what_can_be_read(written: Written) -> tuple[_Rest, frozenset[str]]:
    """As `_parse_rest`, with nothing in the place of each cell that is not readable, and the fields of those cells."""
    bad = set()
    for field in _REST:
        alone = Written._make("" for _ in Written._fields)._replace(**{field: getattr(written, field)})
        try:
            _parse_rest(alone)
        except ValueError:
            bad.add(field)
            written = written._replace(**{field: ""})
    return _parse_rest(written), frozenset(bad | ({"birth_date", "birth_year"} if "birth_date" in bad else set()))


def _with_names_in_name_case(written: Written) -> Written:
    """The cells with names in capitals turned into name case. A short name such as `AJ` in `AJ Smith` stays."""
    is_all_capitals = (written.first_name + written.last_name).isupper()

    def readable(name: str, *, is_last: bool = False) -> str:
        return _in_name_case(name, is_last) if name.isupper() and (is_all_capitals or len(name) > 2) else name

    return written._replace(
        first_name=readable(written.first_name),
        middle_name=readable(written.middle_name),
        last_name=readable(written.last_name, is_last=True),
        suffix=readable(written.suffix, is_last=True),
        aliases=readable(written.aliases),
    )


@lru_cache(maxsize=65_536)
def _in_name_case(name: str, is_last: bool) -> str:
    return name_case(one_line(name), is_last=is_last)


def _without_formulas(written: Written) -> tuple[Written, frozenset[str]]:
    """The cells without those that a spreadsheet would run, and their fields. Raises `ValueError` for a needed one."""
    suspects = frozenset(field for field, cell in written._asdict().items() if is_formula(cell))
    if needed := next((field for field in _NEEDED if field in suspects), ""):
        raise Unusable(Sentence("the {field} looks like a spreadsheet formula", field=field_name(needed)))
    return written._replace(**dict.fromkeys(suspects, "")), suspects


def alias_of(written: Written) -> str:
    """The name of a row that only gives another name of somebody; "" if it cannot be read."""
    name = " ".join(filter(None, (written.first_name, written.middle_name, written.last_name, written.suffix)))
    try:
        return _parse_aliases(_in_name_case(name, True) if name.isupper() else name)
    except ValueError:
        return ""


def with_aliases(person: Person, more: Iterable[str]) -> Person:
    """The person with more aliases. A first name alone is followed by the person's last name."""
    every = [alias if " " in alias else f"{alias} {person.last_name}" for alias in more if alias]
    return replace(person, aliases=_parse_aliases(";".join(filter(None, (person.aliases, *every)))))


def number_of(text: str) -> str:
    """The key of an inmate number, as `normalise.number_key` but faster; "" when there is none."""
    return _NOT_IN_KEY.sub("", text.lower()) if text.isascii() else number_key(text)


def _parse_number(text: str) -> str:
    if not (_NUMBER.fullmatch(text) and "  " not in text):
        text = _within_limit("number", text, NUMBER_MAX)
        if not text:
            raise Unusable(Sentence("the inmate number is missing"))
        if _SHORTENED.fullmatch(text):
            raise Unusable(
                Sentence(
                    "the inmate number {number} was shortened by a spreadsheet; format that column as text", number=text
                )
            )
        if not _NUMBER.fullmatch(text):
            raise Unusable(Sentence("the inmate number has characters other than letters, digits and - . / #"))
    return text


@lru_cache(maxsize=65_536)
def _refuse_withheld(name: str) -> None:
    if is_withheld(name):
        raise Unusable(Sentence("the name is withheld: “{name}”", name=one_line(name)[:60]))


def _parse_optional_name(what: str, text: str, most: int) -> str:
    return _parse_name(what, text, most) if text else ""


def _parse_name(what: str, text: str, most: int) -> str:
    # This is the fast path for most names.
    plain = text.isascii() and text.isalpha() and len(text) <= most
    return text if plain else _parse_unusual_name(what, text, most)


@lru_cache(maxsize=65_536)
def _parse_unusual_name(what: str, text: str, most: int) -> str:
    text = _within_limit(what, text.strip(_FOOTNOTES), most).translate(_APOSTROPHES)
    if unexpected := next((ch for ch in text if not _may_be_in_a_name(ch)), ""):
        raise Unusable(
            Sentence(
                "the {field} has a character that is not part of a name: {character}",
                field=field_name(what),
                character=unexpected,
            )
        )
    if len(name_key(text)) > most or not name_key(text):
        reason = N_("the {field} is not readable as a name") if text else N_("the {field} is missing")
        raise Unusable(Sentence(reason, field=field_name(what)))
    return text


def _may_be_in_a_name(ch: str) -> bool:
    return ch == " " or ch in _NAME_SIGNS or unicodedata.category(ch)[0] in "LMN"


def _parse_aliases(text: str) -> str:
    """Full names joined by `;`, in the order of speech, without duplicates, as many as fit."""
    every = (alias.strip() for alias in _BETWEEN_ALIASES.split(text))
    names = (_parse_optional_name("alias", in_order(alias), _ALIAS_MAX) for alias in every if not is_nothing(alias))
    kept = ""
    for name in dict.fromkeys(filter(None, names)):
        if len(kept) + len(name) < ALIASES_MAX:
            kept = f"{kept};{name}" if kept else name
    return kept


def _within_limit(what: str, text: str, most: int) -> str:
    text = text if text.isascii() and text.isprintable() and "  " not in text else one_line(text)
    if len(text) > most:
        raise Unusable(Sentence("the {field} is longer than {most} characters", field=field_name(what), most=most))
    return text


@lru_cache(maxsize=65_536)
def _parse_date(text: str) -> date:
    """The date of an ISO text, which is the form of every date that could be read (`Written`)."""
    return date.fromisoformat(text)
