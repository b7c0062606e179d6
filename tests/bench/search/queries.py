"""Queries with known answers: draws a person from the roster, and types the name as families do.

Only answerable queries are used: at most `_NAMESAKES` people in the scope fit the *intended* names as well as the
person, since no search can rank namesakes. The oracle decides whether the errors made the query ambiguous.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from rxconnect.domain import clock
from tests.bench.search import given, misplaced, slips
from tests.bench.search.directory import Directory, Person, bare, fold

LIMIT = 10
_NAMESAKES = 5
_PARTICLES = {"de", "la", "los", "del", "van", "der", "st", "mc", "o"}
_TRIES = 200_000


@dataclass(frozen=True)
class Typed:
    """The typed text, and the intended names as folded prefixes, to count namesakes.

    `in_fields` is the same with each text in its own field, when it was typed elsewhere.
    """

    first: str = ""
    last: str = ""
    number: str = ""
    meant: tuple[str, str] = ("", "")
    born: str = ""
    in_fields: Typed | None = None


@dataclass(frozen=True)
class Query:
    """A query and the person it is for. `facility` is "" for a search everywhere."""

    id: str
    kind: str
    facility: str
    first: str
    last: str
    number: str
    answer: tuple[str, str]
    born: str = ""
    # The query with each text in its own field, for those who do not read texts apart: the oracle and the rivals.
    in_fields: Query | None = None

    @property
    def scope(self) -> str:
        return "facility" if self.facility else "everywhere"

    def line(self) -> str:
        """The query as a line of input for the command."""
        asked = {"facility": self.facility, "first": self.first, "last": self.last, "number": self.number}
        asked["born"] = self.born
        given = {name: text for name, text in asked.items() if text}
        return json.dumps({"id": self.id} | given | {"limit": LIMIT}, ensure_ascii=False)

    def truth(self) -> str:
        """The answer as a line of `truth.jsonl`."""
        facility, number = self.answer
        known = {"id": self.id, "kind": self.kind, "scope": self.scope, "facility": facility, "number": number}
        return json.dumps(known)


Typing = Callable[["_Typist", Person], Typed | None]


def generate(directory: Directory, nicknames: dict[str, list[str]], count: int, seed: int) -> list[Query]:
    """About `count` queries, spread evenly over the kinds, a third of them without a facility, in random order."""
    typist = _Typist(Random(f"{seed} queries"), nicknames)
    everywhere = [kind for kind in KINDS if kind not in _ONLY_IN_A_FACILITY]
    found = [
        *_of_scope(directory, typist, list(KINDS), count - count // 3, in_facility=True),
        *_of_scope(directory, typist, everywhere, count // 3, in_facility=False),
    ]
    typist.rng.shuffle(found)
    return found


def write(queries: list[Query], folder: Path) -> None:
    """Write `queries.jsonl` and `truth.jsonl`."""
    (folder / "queries.jsonl").write_text("".join(f"{query.line()}\n" for query in queries), encoding="utf-8")
    (folder / "truth.jsonl").write_text("".join(f"{query.truth()}\n" for query in queries), encoding="utf-8")


def _of_scope(
    directory: Directory, typist: _Typist, kinds: list[str], count: int, *, in_facility: bool
) -> Iterator[Query]:
    scope = "f" if in_facility else "e"
    for place, kind in enumerate(kinds):
        for number in range(count * place // len(kinds), count * (place + 1) // len(kinds)):
            yield _one(directory, typist, kind, f"{scope}{number}", in_facility=in_facility)


def _one(directory: Directory, typist: _Typist, kind: str, query_id: str, *, in_facility: bool) -> Query:
    """Draw people until one suits this kind of query."""
    for _ in range(_TRIES):
        person = typist.rng.choice(directory.people)
        typed = KINDS[kind](typist, person)
        facility = person.facility if in_facility else ""
        if typed and _can_be_answered(directory, typed.in_fields or typed, facility):
            answer = (person.facility, person.number)
            query = Query(query_id, kind, facility, typed.first, typed.last, typed.number, answer, typed.born)
            if right := typed.in_fields:
                return replace(query, in_fields=replace(query, first=right.first, last=right.last, number=right.number))
            return query
    raise ValueError(f"nobody in this directory can be searched for by {kind}")


def _can_be_answered(directory: Directory, typed: Typed, facility: str) -> bool:
    if typed.meant != ("", "") and directory.called(*typed.meant, facility or None) > _NAMESAKES:
        return False
    if not typed.number or typed.last:
        return True
    within = directory.at[facility] if facility else directory.everywhere()
    return sum(index in within for index in _neighbours(directory, bare(typed.number), within)) <= _NAMESAKES


def _neighbours(directory: Directory, number: str, within: range) -> set[int]:
    """The people whose number contains this one. It may contain a wrong digit."""
    exact = set(directory.by_number.get(number, ()))
    if len(within) == len(directory.people):
        return exact
    return {index for index in within if number in bare(directory.people[index].number)}


class _Typist:
    """Types people's names for each kind of query. A kind returns None for an unsuitable person."""

    def __init__(self, rng: Random, nicknames: dict[str, list[str]]) -> None:
        self.rng, self.nicknames = rng, nicknames

    def both(self, person: Person, first: str | None = None, last: str | None = None) -> Typed:
        """Both names, or the given text instead of one or both."""
        return Typed(
            first=self.cased(first if first is not None else person.first),
            last=self.cased(last if last is not None else person.last),
            meant=(fold(person.first), fold(person.last)),
        )

    def cased(self, text: str) -> str:
        """The text in capitals as typed on a phone or a keyboard."""
        style = self.rng.random()
        return text.lower() if style < 0.4 else text.title() if style < 0.8 else text


def _exact(typist: _Typist, person: Person) -> Typed:
    return typist.both(person)


def _last_name(typist: _Typist, person: Person) -> Typed:
    return Typed(last=typist.cased(person.last), meant=("", fold(person.last)))


def _initial_and_last(typist: _Typist, person: Person) -> Typed:
    initial = fold(person.first)[0]
    typed = initial.upper() + typist.rng.choice(("", ".", ""))
    return Typed(first=typed, last=typist.cased(person.last), meant=(initial, fold(person.last)))


def _half_typed(typist: _Typist, person: Person) -> Typed | None:
    """Three to five letters of the last name, and one to four of the first."""
    first, last = fold(person.first).split()[0], fold(person.last)
    if len(first) < 3 or len(last) < 4:
        return None
    first = first[: typist.rng.randrange(1, min(5, len(first)))]
    last = last[: typist.rng.randrange(3, min(6, len(last)))].strip()
    return Typed(first=typist.cased(first), last=typist.cased(last), meant=(first, last))


def _half_last_name(typist: _Typist, person: Person) -> Typed | None:
    """The whole first name, and the beginning of the last name."""
    last = fold(person.last)
    if len(last) < 4:
        return None
    last = last[: typist.rng.randrange(2, len(last))].strip()
    return Typed(first=typist.cased(person.first), last=typist.cased(last), meant=(fold(person.first), last))


def _one_typo(typist: _Typist, person: Person) -> Typed | None:
    which = typist.rng.choice(("first", "last"))
    name = fold(person.first if which == "first" else person.last)
    return typist.both(person, **{which: slips.typo(typist.rng, name)}) if len(name) > 3 else None


def _two_edits(typist: _Typist, person: Person) -> Typed | None:
    """Two errors in one name of at least six letters."""
    which = typist.rng.choice(("first", "last", "last"))
    name = fold(person.first if which == "first" else person.last)
    if len(name) < 6 or " " in name:
        return None
    return typist.both(person, **{which: slips.two_edits(typist.rng, name)})


def _typo_in_both(typist: _Typist, person: Person) -> Typed | None:
    first, last = fold(person.first), fold(person.last)
    if len(first) < 4 or len(last) < 4:
        return None
    return typist.both(person, first=slips.typo(typist.rng, first), last=slips.typo(typist.rng, last))


def _sound(typist: _Typist, person: Person) -> Typed | None:
    """One or both names, spelled by sound."""
    first, last = fold(person.first), fold(person.last)
    which = typist.rng.random()
    heard_first = slips.sound_alike(typist.rng, first) if which < 0.5 else first
    heard_last = slips.sound_alike(typist.rng, last) if which > 0.35 else last
    return typist.both(person, heard_first, heard_last) if heard_first and heard_last else None


def _nickname(typist: _Typist, person: Person) -> Typed | None:
    nickname = given.nickname(typist.rng, fold(person.first))
    return typist.both(person, first=nickname) if nickname else None


def _listed_nickname(typist: _Typist, person: Person) -> Typed | None:
    """A nickname from the long public list, where many are rare and some are odd."""
    options = [name for name in typist.nicknames.get(fold(person.first), ()) if len(name) > 1]
    return typist.both(person, first=typist.rng.choice(options)) if options else None


def _nickname_with_a_typo(typist: _Typist, person: Person) -> Typed | None:
    nickname = given.nickname(typist.rng, fold(person.first)).lower()
    return typist.both(person, first=slips.typo(typist.rng, nickname)) if len(nickname) > 3 else None


def _swapped(typist: _Typist, person: Person) -> Typed:
    return typist.both(person, first=person.last, last=person.first)


def _one_of_two_surnames(typist: _Typist, person: Person) -> Typed | None:
    words = fold(person.last).split()
    if len(words) != 2 or words[0] in _PARTICLES:
        return None
    one = typist.rng.choice(words)
    return Typed(typist.cased(person.first), typist.cased(one), meant=(fold(person.first), one))


def _surnames_joined(typist: _Typist, person: Person) -> Typed | None:
    """Two surnames joined, separated differently than on the roster, or in the other order."""
    words = fold(person.last).split()
    if len(words) != 2 or words[0] in _PARTICLES:
        return None
    parting = " " if "-" in person.last else "-"
    return typist.both(person, last=typist.rng.choice(("".join(words), parting.join(words), " ".join(reversed(words)))))


def _marks_dropped(typist: _Typist, person: Person) -> Typed | None:
    """Accents, apostrophes and points left out, or particles joined, as most people type."""
    first, last = fold(person.first), fold(person.last)
    if last.split()[0] in _PARTICLES:
        last = typist.rng.choice((last.replace(" ", ""), last, last.split()[-1]))
    is_plain = first == person.first.lower() and last == person.last.lower()
    return None if is_plain or "-" in person.last else typist.both(person, first, last)


def _suffix(typist: _Typist, person: Person) -> Typed | None:
    """A suffix on the roster left out, or typed with the last name."""
    if not person.suffix:
        return None
    typed = typist.rng.choice(("", f" {person.suffix}", f", {person.suffix}", f" {person.suffix.lower().rstrip('.')}"))
    return typist.both(person, last=person.last + typed)


def _alias(typist: _Typist, person: Person) -> Typed | None:
    if not person.aliases:
        return None
    first, _, last = typist.rng.choice(person.aliases.split("; ")).partition(" ")
    return Typed(typist.cased(first), typist.cased(last), meant=(fold(first), fold(last)))


def _number(typist: _Typist, person: Person) -> Typed:
    return Typed(number=person.number)


def _number_otherwise(typist: _Typist, person: Person) -> Typed | None:
    """The number without separators, with others, or in lower case."""
    number = person.number
    forms = {bare(number), number.replace("-", " "), number.lower()}
    if number.isdigit():
        forms.add(f"{number[:3]}-{number[3:]}")
    forms.discard(number)
    return Typed(number=typist.rng.choice(sorted(forms))) if forms else None


def _number_without_letters(typist: _Typist, person: Person) -> Typed | None:
    """`55210` for `H-55210`."""
    digits = person.number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
    return Typed(number=digits) if digits != person.number else None


def _number_begun(typist: _Typist, person: Person) -> Typed | None:
    """The beginning of the number."""
    number = bare(person.number)
    return Typed(number=number[: typist.rng.randrange(4, len(number))]) if len(number) > 4 else None


def _number_slip(typist: _Typist, person: Person) -> Typed:
    return Typed(number=slips.wrong_digit(typist.rng, person.number))


def _number_slip_and_name(typist: _Typist, person: Person) -> Typed:
    number = slips.wrong_digit(typist.rng, person.number)
    return Typed(number=number, last=typist.cased(person.last))


def _number_with_a_digit_too_many(typist: _Typist, person: Person) -> Typed:
    return Typed(number=misplaced.digit_too_many(typist.rng, person.number))


def _number_with_zeros_or_letters(typist: _Typist, person: Person) -> Typed | None:
    number = misplaced.zeros_or_letters(typist.rng, person.number)
    return Typed(number=number) if number else None


def _number_look_alike(typist: _Typist, person: Person) -> Typed | None:
    number = misplaced.look_alike(typist.rng, person.number)
    return Typed(number=number) if number else None


def _number_with_a_label(typist: _Typist, person: Person) -> Typed:
    number = misplaced.labelled(typist.rng, person.number)
    return Typed(number=number, in_fields=Typed(number=person.number))


def _number_and_name_in_one_field(typist: _Typist, person: Person) -> Typed:
    text = misplaced.with_name(typist.rng, person.number, person.first, person.last)
    right = Typed(number=person.number, last=person.last)
    return _in_a_field(typist.rng.choice(("number", "last", "first")), text, right)


def _whole_name_in_one_field(typist: _Typist, person: Person) -> Typed:
    text = misplaced.whole_name(typist.rng, person.first, person.middle, person.last, person.suffix)
    return _in_a_field(typist.rng.choice(("last", "last", "first")), typist.cased(text), typist.both(person))


def _number_unknown_and_year_of_birth(typist: _Typist, person: Person) -> Typed | None:
    """A last name that many may have, and the year of birth or the age instead of the number."""
    if not person.born:
        return None
    born = typist.rng.choice((str(person.born), str(clock.now().year - person.born)))
    number = misplaced.unknown(typist.rng)
    right = Typed(last=person.last)
    return Typed(last=typist.cased(person.last), number=number, born=born, in_fields=right)


def _in_a_field(field: str, text: str, right: Typed) -> Typed:
    """The text typed into one field, where `right` is what should be in which."""
    texts = {"first": "", "last": "", "number": ""} | {field: text}
    return Typed(**texts, meant=right.meant, in_fields=right)


KINDS: dict[str, Typing] = {
    "exact": _exact,
    "last name only": _last_name,
    "initial and last name": _initial_and_last,
    "half-typed names": _half_typed,
    "half-typed last name": _half_last_name,
    "one typo": _one_typo,
    "two edits in one name": _two_edits,
    "typo in both names": _typo_in_both,
    "sound-alike": _sound,
    "nickname": _nickname,
    "nickname from a public list": _listed_nickname,
    "nickname with a typo": _nickname_with_a_typo,
    "swapped names": _swapped,
    "one of two surnames": _one_of_two_surnames,
    "surnames joined": _surnames_joined,
    "marks dropped": _marks_dropped,
    "suffix": _suffix,
    "alias or maiden name": _alias,
    "number": _number,
    "number written otherwise": _number_otherwise,
    "number without its letters": _number_without_letters,
    "number begun": _number_begun,
    "number with a slip": _number_slip,
    "number with a slip and last name": _number_slip_and_name,
    "number with a digit too many": _number_with_a_digit_too_many,
    "number with zeros or letters in front": _number_with_zeros_or_letters,
    "number with look-alikes": _number_look_alike,
    "number with a label": _number_with_a_label,
    "number and name in one field": _number_and_name_in_one_field,
    "whole name in one field": _whole_name_in_one_field,
    "number unknown, and year of birth or age": _number_unknown_and_year_of_birth,
}
# Everywhere these would fit too many people, or would not test the search.
_ONLY_IN_A_FACILITY = {
    "last name only", "half-typed names", "number without its letters", "number begun", "number with a slip",
    "number with a digit too many", "number with zeros or letters in front", "number with look-alikes",
    "number unknown, and year of birth or age",
}  # fmt: skip
