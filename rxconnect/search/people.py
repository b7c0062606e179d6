"""Find people on one facility's roster by number, first name, last name, or several of them.

The database narrows the roster to people whose first letters could fit. Each of those is compared in full and gets a
cost: 0 is exact, then come beginnings, then the nearest. `why` says what about an inexact match is inexact.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from rxconnect.domain.inmates import MAX_DEPTH, Custody, InmateQuery
from rxconnect.domain.text import one_line
from rxconnect.models import Inmate
from rxconnect.search import nicknames
from rxconnect.search.normalise import name_key, number_key, sound

_BEGINS, _PART, _SPOKEN, _NICKNAME, _SWAPPED, _CLOSE, _DIFFERS = 10, 12, 15, 20, 25, 30, 100
# First letters that one spoken name may be written with: Kris and Chris, Jeffrey and Geoffrey, Yvan and Ivan.
_SPOKEN_LETTERS = ("ckq", "gj", "fpv", "sczx", "eiy", "kgpn", "rw", "aou")


class Match(NamedTuple):
    """How well something fits: `cost` 0 is exact, and then `why` is ""."""

    cost: int
    why: str = ""


class Typed(NamedTuple):
    """What was typed into one field, as typed and as it is compared; empty when there is nothing to compare."""

    text: str
    key: str


class _Query(NamedTuple):
    number: Typed
    first: Typed
    last: Typed


class _Person(NamedTuple):
    number: str
    first: str
    last: str


def find(session: Session, facility_id: int, query: InmateQuery) -> list[tuple[int, str]]:
    """The ids of the people who fit, best first, each with why; at most `MAX_DEPTH`, always in the same order."""
    wanted = _Query(
        Typed(one_line(query.number), number_key(query.number)),
        Typed(one_line(query.first_name), name_key(query.first_name)),
        Typed(one_line(query.last_name), name_key(query.last_name)),
    )
    columns = (col(Inmate.number_key), col(Inmate.first_key), col(Inmate.last_key), col(Inmate.custody), col(Inmate.id))
    rows = session.execute(select(*columns).where(col(Inmate.facility_id) == facility_id, _could_fit(wanted)))
    found = []
    for number, first, last, custody, inmate_id in rows:
        match = _compare(wanted, _Person(number, first, last))
        if match:
            order = (number, last, first) if wanted.number.key else (last, first, number)
            found.append((match.cost, custody != Custody.HELD, order, inmate_id, match.why))
    return [(inmate_id, why) for *_, inmate_id, why in sorted(found)[:MAX_DEPTH]]


def _compare(wanted: _Query, person: _Person) -> Match | None:
    """How well a person fits everything typed. A number or a name that is right outweighs a slip in the other."""
    has_number, has_name = bool(wanted.number.key), bool(wanted.first.key or wanted.last.key)
    number = _number(wanted.number, person.number) if has_number else None
    name = _name(wanted, person) if has_name else None
    if number and name:
        return _both(number, name)
    if not (has_number and has_name):
        return number or name
    if number and number.cost == 0:
        return Match(_DIFFERS, "same number, another name")
    if name and name.cost <= _PART:
        return Match(_DIFFERS + name.cost, "same name, another number")
    return None


def _number(typed: Typed, key: str) -> Match | None:
    if key == typed.key:
        return Match(0)
    return Match(_BEGINS, f"number begins with “{typed.text}”") if key.startswith(typed.key) else None


def _name(wanted: _Query, person: _Person) -> Match | None:
    straight = _names(wanted.first, wanted.last, person)
    swapped = _names(wanted.last, wanted.first, person)
    if swapped is None or swapped.cost > _SPOKEN:
        return straight
    swapped = _both(Match(_SWAPPED, _why_swapped(wanted)), swapped)
    return min(straight or swapped, swapped)


def _why_swapped(wanted: _Query) -> str:
    if wanted.first.key and wanted.last.key:
        return "first and last name swapped"
    return "as a last name" if wanted.first.key else "as a first name"


def _names(first: Typed, last: Typed, person: _Person) -> Match | None:
    by_first = _first_name(first, person.first) if first.key else Match(0)
    by_last = _one_name(last, person.last) if last.key else Match(0)
    return _both(by_first, by_last) if by_first and by_last else None


def _first_name(typed: Typed, key: str) -> Match | None:
    """As any name, and through the tables of nicknames and spellings."""
    options = [_one_name(typed, key)]
    if nicknames.is_other_spelling(typed.key, key):
        options.append(Match(_SPOKEN, f"sounds like “{typed.text}”"))
    if nicknames.is_nickname(key, typed.key):
        options.append(Match(_NICKNAME, f"nickname of “{typed.text}”"))
    if nicknames.is_nickname(typed.key, key):
        options.append(Match(_NICKNAME, f"“{typed.text}” is a nickname of this name"))
    return min((option for option in options if option), default=None)


def _one_name(typed: Typed, key: str) -> Match | None:
    if key.replace(" ", "") == typed.key.replace(" ", ""):
        return Match(0)
    if _shares_a_part(typed.key, key):
        return Match(_PART, f"one of two names is “{typed.text}”" if " " in key else f"part of “{typed.text}”")
    if key.startswith(typed.key):
        return Match(_BEGINS, f"begins with “{typed.text}”")
    spoken = sound(typed.key)
    if len(spoken) > 2 and spoken in (sound(part) for part in (key, *key.split())):
        return Match(_SPOKEN, f"sounds like “{typed.text}”")
    slips = min(OSA.distance(typed.key, part) for part in (key, *key.split()))
    return Match(_CLOSE + slips, f"close to “{typed.text}”") if slips <= _slips_forgiven(typed.key) else None


def _shares_a_part(one: str, other: str) -> bool:
    """Whether one is a whole part of the other: `delgado` of `delgado reyes`."""
    return one in other.split() or other in one.split()


def _slips_forgiven(key: str) -> int:
    return 0 if len(key) < 4 else 1 if len(key) < 7 else 2


def _both(one: Match, other: Match) -> Match:
    return Match(one.cost + other.cost, ", ".join(why for why in (one.why, other.why) if why))


def _could_fit(wanted: _Query) -> ColumnElement[bool]:
    """The people worth comparing, found through the indexes on facility and key by the first letters of names."""
    options = []
    first, last = wanted.first.key, wanted.last.key
    if wanted.number.key:
        options.append(col(Inmate.number_key).startswith(wanted.number.key))
    if first and last:
        options.append(and_(_begins_like(Inmate.first_key, first), _begins_like(Inmate.last_key, last)))
        options.append(and_(_begins_like(Inmate.first_key, last), _begins_like(Inmate.last_key, first)))
    elif first or last:
        options.append(_begins_like(Inmate.first_key if first else Inmate.last_key, first or last))
        options.append(col(Inmate.last_key if first else Inmate.first_key).startswith((first or last)[:2]))
    return or_(*options)


def _begins_like(column: Any, key: str) -> ColumnElement[bool]:
    """Any part of the name begins with a letter that this one may begin with, or is one of its relatives."""
    letters = {word[0] for word in key.split()}
    spoken = letters.union(*(group for group in _SPOKEN_LETTERS if letters & set(group)))
    parts = [col(column).contains(f" {letter}") for letter in sorted(letters)]
    return or_(func.substr(column, 1, 1).in_(sorted(spoken)), col(column).in_(nicknames.relatives(key)), *parts)
