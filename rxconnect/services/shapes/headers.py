"""Reads the names of columns: `INMATE_LAST_NM`, `inmateLastName` and `Name, Last` are all the last name of a person.

A name is split into words, each word has one meaning, and the words together name a field. A name with any other word is
about something else: `Attorney Last Name`, `Charge Number`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rxconnect.services.shapes.number_names import is_agency, rank_of_number
from rxconnect.services.shapes.short_names import SHORT_NAMES
from rxconnect.services.shapes.spanish_names import SPANISH_NAMES


class Meaning(NamedTuple):
    """The field that a column's name stands for. A lower `rank` is the likelier of two columns for one field."""

    field: str
    rank: int


# Each meaning, and the words for it. Meanings with a minus are dropped: they say nothing about which field it is.
_VOCABULARY = """
person: inmate inmates offender offenders prisoner prisoners detainee detainees resident residents arrestee individual person
    persons defendant def subject subj ofndr offndr offdr inm inmt aic aics pic iic client convict incarceratedperson
    incarceratedindividual adultincustody personincustody incarceratedpersons pers suspect
number: number no num nbr nr numb nmbr id ids identifier identification ident key idno idnum idnumber
name: name names nm nam nme
first: first fst frst given fore christian
last: last lst surname sur family paternal
second: second 2nd maternal
middle: middle mid mdl
initial: initial init initials
full: full complete whole entire
suffix: suffix sfx suf suff sufx suffx generation generational gen namesuffix
alias: alias aliases aka akas nickname nicknames nick moniker monikers alsoknownas othername othernames othernamesused
birth: birth born brth bth
date: date dt dte dat dtd datetime timestamp dttm
time: time tm
year: year yr
housing: housing housed hsg
unit: unit pod block blk dorm dormitory tier wing section sect module mod building bldg cellblock quad bunk bed cell cells
    cellnumber living lvg floor room corridor
assignment: assignment assigned assign assgn
location: location loc locn
area: area
type: type typ kind
status: status stat sts
custody: custody cust incustody
legal: legal
facility: facility facilities fac fclty institution inst instn site complex
jail: jail prison
code: code cd cde
release: release released releases rel rls rlse rlsd discharge discharged disch dischg departure
booking: booking book booked bookings bookin bkg bk bkng admission admit admitted adm intake commitment commit received recd
    incarceration confinement detention arrest
incarcerated: incarcerated confined detained held active
reason: reason reasons rsn disposition
out: out
in: in
flag: flag flg indicator ind
- current: current curr cur currently currentlyin latest present actual act true primary prim committed comm legalname final
- small: the of on at is and or by for s desc descr description text txt value val utc local est mm dd yyyy yy
    mmddyyyy yyyymmdd mmddyy ccyymmdd cyymmdd cymd ymd mdy
    record rec information info data display still now attribute attributes property properties fields
    detail details demographic demographics personal profile
"""
_ESTIMATE = "est"
_PERSON_PHRASE = re.compile(
    r"\b(?:adults?|persons?|people|individuals?) in custody\b|\bincarcerated (?:persons?|individuals?|people)\b"
)
# Somebody may be booked again, so the date of the first booking is the less likely one.
_ORIGINAL = frozenset(("original", "orig"))
# The beginnings of what `_tokens` joins.
_LETTERS = frozenset(("do", "ak"))
_GONE = re.compile(
    r"releas|discharg|\brls|\brel (d|t)|status|\bstat\b|custody|incarcerat|depart|\bexit|\bleft\b|\bgone\b|\bout\b|\bactive|"
    r"dispo|paroled|deceased|\bdeath|\bdied|\bmovement|\bevent\b|\baction\b|\bactivity\b|\blocation\b|whereabouts|\bremarks?\b|\bcomments?\b|\bnotes?\b"
)
# What may come, and what is about something else than the person's stay.
_EXPECTED = re.compile(
    r"\bproj|\btent|sched|expect|estimat|\best\b|anticipat|earl|eligib|\bmax|\bmin|mandator|condition|possible|potential|plann|"
    r"future|target|presumptive|approx|next|court|bond|\bcharge|case|warrant|marital|level|class|grade|score|citizen|immigra"
)
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|#")
_WHOLE = SHORT_NAMES | SPANISH_NAMES | {
    "dob": "birth date", "dobirth": "birth date", "birthdate": "birth date", "bdate": "birth date", "birthday": "birth date",
    "yob": "birth year", "birthyr": "birth year", "aka": "alias", "mi": "middle initial", "mname": "middle name",
    "fname": "first name", "lname": "last name", "fnam": "first name", "lnam": "last name", "mnam": "middle name",
    "fnm": "first name", "lnm": "last name", "mnm": "middle name", "minit": "middle initial", "minitial": "middle initial",
    "forename": "first name", "forenames": "first name", "surname": "last name", "surnames": "last name", "firstnm": "first name",
    "jrsr": "suffix", "inout": "in out", "xref": "xref", "bookno": "booking number", "bkno": "booking number",
    "releasedt": "release date", "reldate": "release date", "reldt": "release date", "dor": "release date",
    "dateout": "release date", "outdate": "release date", "timeout": "release time", "bookdate": "booking date",
    "doa": "booking date", "datein": "booking date", "indate": "booking date", "incustody": "in custody",
    "bc": "booking number", "bookandcase": "booking number", "bookcase": "booking number",
}  # fmt: skip
# The words of each field, the likeliest combination first. Their order in a name does not matter.
_FIELDS = """
last_name: last name | last | legal last name
second_last_name: last name second | last second
first_name: first name | first | legal first name
middle_name: middle name | middle | middle initial | middle name initial | initial | legal middle name
given_names: first middle | first middle name | first middle initial | first name initial | first middle name initial
suffix: suffix | name suffix | last name suffix | suffix code | name suffix code
aliases: alias | alias name | alias full name
name: full name | name | last first middle name | last first name | last first | last first middle | last first middle
    initial | last first middle name initial | full last first name | full last first middle name | last first middle
    name suffix | last first middle suffix | last first middle initial suffix | last first name suffix | legal name |
    full legal name | person
birth_date: birth date | birth
birth_year: birth year
release_date: release date | release date time | release time | release | jail release date | facility release date
release_reason: release reason | release type | release code
booking_date: booking date | booking date time | booking time | booking
status: status | custody status | booking status | booking custody status | release status | incarcerated status | jail status |
    in out status | in out | in out flag | in custody | in custody flag | custody flag | in jail | in jail flag | incarcerated flag |
    in facility | incarcerated | incarcerated in custody | status code |
    custody status code | custody | legal status | custody legal status | facility status | housing status
facility: facility | facility name | facility number | facility code | facility location | housing facility | facility
    housing | facility assignment | custody facility | jail | jail name | jail code | jail location | jail facility
housing: housing unit | housing unit number | housing location | unit location | housing assignment | unit assignment
    | housing facility unit | facility unit | unit | housing | unit number | housing unit location | housing unit assignment
    | housing code | unit code |
    housing unit code | unit name | housing name | housing area | facility area | location | area | location area | location code
name_type: name type | name type code | alias type | alias name type | alias type code
"""
# Of these, the first one that is there is the housing.
_UNITS = ("unit", "pod", "block", "blk", "cellblock", "dorm", "dormitory", "module", "mod", "wing", "building", "bldg", "section",
          "tier", "floor", "quad", "corridor", "room", "cell", "cells", "bunk", "bed")  # fmt: skip


def _lines(text: str) -> list[tuple[str, str]]:
    """The lines of a table: the word before the colon, and what follows."""
    pairs = (line.partition(":") for line in text.strip().replace("\n    ", " ").splitlines())
    return [(name, rest) for name, _, rest in pairs]


_WORDS = {
    word: "" if meaning.startswith("-") else meaning for meaning, words in _lines(_VOCABULARY) for word in words.split()
}
_RANKS = {
    frozenset(words.split()): Meaning(field, rank)
    for field, every in _lines(_FIELDS)
    for rank, words in enumerate(every.split("|"))
}
# The least rank of a name that may be about something else.
_WEAK = {"status": _RANKS[frozenset(["custody"])].rank, "housing": _RANKS[frozenset(["location"])].rank}
_KINDS = 100
_SHORT_NO = re.compile(r"№|N\.?[º°]|^N[uú]m(?=\W|$)", re.IGNORECASE)
# What a name may say about the form of its cells, in brackets or as the number of their characters.
_FORM = re.compile(
    r"\s*[(\[](?:age|years?|yrs|[mdy/.\- ]{4,12}|last,? first\b[^)\]]*|l,? ?f,? ?m)[)\]]\s*$|(?<=[a-z]{3})(?:[678]|c?ymd|mdy)$",
    re.IGNORECASE,
)
# A column may hold two things, one below the other.
_WITH_ADDRESS = re.compile(
    r"\s*(?:[/&,+\n]|\band\b)\s*(?:home |street |mailing |residence )?addr(?:ess)?\.?\s*$", re.IGNORECASE
)
# What a report adds to the name of a column.
_NUMBERED = re.compile(r"(?<=[a-zA-Z])\d{1,2}$")
_OF_PEOPLE = {"birth_date", "birth_year", "booking_date", "release_date", "housing", "status", "suffix"}
# A column that an agency calls its own is less likely than one without its name.
_OF_AGENCY, _OF_ANY = 50, 700
_LONGEST = 300  # characters of a name; a file may have one of a gigabyte
_SHORTEST_FIRST = 3  # letters of the first of several words that are written as one, such as `inmatedateofbirth`


def meaning_of(name: str) -> Meaning | None:
    """The field that a column of this name holds, and how likely; None for an unknown one."""
    if len(name) > _LONGEST:
        return None
    if not name.isascii():
        name = "".join(ch for ch in unicodedata.normalize("NFD", name) if not unicodedata.combining(ch))
    plain = re.sub(r"[^a-z0-9]+", "", name.casefold())
    if plain in _WHOLE:
        tokens = _WHOLE[plain].split()
        found: set[str] | None = set(tokens)
    else:
        tokens = _tokens(name)
        found = _meanings(tokens) or _meanings([plain])
    if _ESTIMATE in tokens[:-1] and "release" in (found or ()):
        # Behind a date it is a time zone.
        return None
    if found is not None and (meaning := _RANKS.get(frozenset(found)) or _RANKS.get(frozenset(found - {"custody"}))):
        return _ranked(meaning, plain)
    if not _ORIGINAL.isdisjoint(tokens):
        return _meaning_of_original([token for token in tokens if token not in _ORIGINAL])
    if (rank := rank_of_number(tokens)) is not None:
        return Meaning("number", rank)
    return _meaning_without_agency(tokens) or _meaning_without_form(name)


def with_unnumbered(header: Sequence[str]) -> Callable[[str], Meaning | None]:
    """`meaning_of` for this header, in which a report may have numbered its columns: `InmateName1` is a name there.

    Programs of reports number what they have shown elsewhere. A number that tells two columns apart, as in `Name1` and `Name2`,
    stays, and so does one behind a blank.
    """
    bases = [_NUMBERED.sub("", name).casefold() for name in header]
    single = {name for name, base in zip(header, bases, strict=True) if bases.count(base) == 1}

    def meaning(name: str) -> Meaning | None:
        found = meaning_of(name)
        base = _NUMBERED.sub("", name) if name in single else name
        # A mere `ID1` may count rows, as a mere `ID` may.
        if found is None and base != name and not is_bare_number(base) and (found := meaning_of(base)):
            return Meaning(found.field, found.rank + _OF_AGENCY)
        return found

    return meaning


def _meaning_without_agency(tokens: list[str]) -> Meaning | None:
    """The meaning of a name behind an agency's: `MDOC Status`, `BCSO Booking No`. A `DOC Name` is not a person's."""
    if len(tokens) < 2 or not is_agency(tokens[0]):
        return None
    if tokens[1:] == ["name"]:
        return None
    meaning = meaning_of("id" if tokens[1:] == ["number"] else " ".join(tokens[1:]))
    if meaning is None:
        return None
    # An agency's `ID` is more than a mere `ID`.
    rank = meaning.rank + (-_OF_ANY if meaning.field == "number" and meaning.rank > _OF_ANY else _OF_AGENCY)
    return Meaning(meaning.field, rank)


def _meaning_without_form(name: str) -> Meaning | None:
    """The meaning of a name that also says how its cells are written: `DOB (Age)`, `Name (Last, First)`, `DOB8`."""
    bare = _FORM.sub("", _WITH_ADDRESS.sub("", name)).strip()
    return meaning_of(bare) if bare and bare != name else None


def _meaning_of_original(tokens: list[str]) -> Meaning | None:
    """The meaning of a name with the word *original*: `originalBookDateTime` is a date of booking. Else it says too little."""
    meaning = _RANKS.get(frozenset(_meanings(tokens) or ()))
    return Meaning(meaning.field, meaning.rank + 100) if meaning and meaning.field == "booking_date" else None


def has_address(name: str) -> bool:
    """Whether a column holds an address behind what its name says first: `Name / Address`."""
    return _WITH_ADDRESS.search(name) is not None


def unit_kind(name: str) -> int:
    """The kind of unit that a column's name names, a smaller number for a larger unit; 0 if it names none."""
    plain = re.sub(r"[^a-z]+", "", name.casefold())
    return next((kind for kind, unit in enumerate(_UNITS, 1) if unit in plain), 0)


def lists_people(columns: Iterable[str]) -> bool:
    """Whether columns of these names are those of a list of people: a number and a name, and not only *id* and *name*."""
    fields = {
        meaning.field if meaning else "number"
        for column in columns
        if (meaning := meaning_of(column)) or is_bare_number(column)
    }
    return "number" in fields and ("last_name" in fields or ("name" in fields and not fields.isdisjoint(_OF_PEOPLE)))


def names_people(columns: Iterable[str]) -> bool:
    """Whether there are at least a number and a name, as in a list whose title says that it is one of people."""
    fields = {meaning.field for column in columns if (meaning := meaning_of(column))}
    return "number" in fields and not fields.isdisjoint(("name", "last_name"))


def is_bare_number(name: str) -> bool:
    """Whether a column is called *number* alone, in any form: `#`, `No.`, `ID`, `ID #`, `Nº`. It may only count the rows."""
    tokens = _tokens(_SHORT_NO.sub("No", name))
    return bool(tokens) and all(_WORDS.get(token) == "number" for token in tokens)


def is_weak(meaning: Meaning) -> bool:
    """Whether a column of this name only may be its field: *Custody* often holds no status, and *Location* no housing."""
    weakest = _WEAK.get(meaning.field)
    return weakest is not None and meaning.rank % _KINDS >= weakest


def leads_to(name: str) -> bool:
    """Whether a column's name hints that it says who has left: a release, a discharge, a status, or who is in custody."""
    words = re.sub(r"[^a-z]+", " ", _spaced(name).casefold())
    return _GONE.search(words) is not None and not _EXPECTED.search(words)


def _spaced(name: str) -> str:
    return " ".join(_SPLIT.findall(name.replace("'", "").replace("’", "")))


def _tokens(name: str) -> list[str]:
    """The words of a name in lower case. Letters that stand for words stay together: `F Name`, `M.I.`, `D.O.B.`."""
    spaced = " ".join(_SPLIT.findall(re.sub(r"['’]s\b", "", name))).casefold()
    joined: list[str] = []
    for word in _PERSON_PHRASE.sub("person", spaced).split():
        if joined and (joined[-1] + word in _WHOLE or joined[-1] + word in _LETTERS):
            joined[-1] += word
        else:
            joined.append("number" if word == "#" else word)
    return joined


def _meanings(tokens: list[str]) -> set[str] | None:
    """What these words mean, without those about a person or nothing; None when any word is unknown."""
    found: set[str] = set()
    for token in tokens:
        words = _WHOLE[token].split() if token in _WHOLE else _segments(token)
        if words is None:
            return None
        found.update(words)
    found.discard("")
    if found - {"person"}:
        found.discard("person")
    return found


def _segments(token: str) -> list[str] | None:
    """The meanings of the words that make up a token such as `inmatelastname`."""
    if token in _WORDS:
        return [_WORDS[token]]
    for end in range(len(token) - 1, 1, -1):
        is_word = token[:end] in _WORDS and (end >= _SHORTEST_FIRST or token[:end] == "of")
        if is_word and (rest := _segments(token[end:])) is not None:
            return [_WORDS[token[:end]], *rest]
    return None


def _ranked(meaning: Meaning, plain: str) -> Meaning:
    """The meaning, with a pod before a cell and a cell before a bed."""
    if meaning.field != "housing":
        return meaning
    return Meaning("housing", meaning.rank + _KINDS * max(0, unit_kind(plain) - 1))
