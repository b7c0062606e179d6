"""Words that stand where a value is unknown. A program, a database or a clerk wrote them into an empty cell."""

from __future__ import annotations

import re

from rxconnect.services.files.cells import UNKNOWN, in_any_case

# Spreadsheets and databases write these, then people.
_OF_PROGRAMS = """
    #n/a #na #n/a! #ref! #value! #name? #null! #div/0! #num! #error! #error <na> <null> <none> <nil> <blank> <empty> <unset>
    <unknown> [null] [none] [blank] (null) (none) (blank) (n/a) (na) (unknown) (empty) \\n nil nan nat nul undefined empty
    blank -nan n.a. n.a n\\a n/a. nr n/r -1.#ind 1.#qnan
"""
_OF_PEOPLE = (
    "tbd", "t.b.d.", "tba", "t.b.a.", "to be determined", "to be announced", "pending", "no data", "no value",
    "not known", "not provided", "not given", "not stated", "not listed", "not reported", "not specified", "not entered",
    "not recorded", "not on file", "not found", "none listed", "none reported", "none given", "none known",
    "none provided", "none on file", "none entered", "unspecified", "unavailable", "unk.", "unkn", "unkwn", "unknwn",
    "missing", "data missing", "no entry", "no record", "no information", "no info", "nothing",
)  # fmt: skip
_OF_NAMES = (
    "nmn", "nmi", "nfn", "nln", "fnu", "lnu", "mnu", "n.m.n.", "n.m.i.", "nmn.", "nmi.", "no middle name", "no middle",
    "no middle initial", "no first name", "no last name", "no name", "first name unknown", "last name unknown",
    "no mid name", "no suffix", "no alias", "no aliases", "no aka", "no nickname", "no known aliases", "no known alias",
)  # fmt: skip
_SIGNS = """
    . .. ... * ** *** ? ?? ??? - -- --- ---- _ __ / // \\ # + ~ = ( ) () [] {} <> , ; : ! | & @ %
"""
# A list writes one of these words instead of a name that it does not tell, perhaps among others: `UNIDENTIFIED MALE #2`.
_WITHHELD_TEXT = """
    juvenile juveniles juv withheld confidential unidentified redacted sealed expunged suppressed undisclosed undisclosable
    anonymous anonymized restricted nonpublic
"""
_WITHHELD = frozenset(_WITHHELD_TEXT.split())
# These are names, or parts of names, too. Only a name of nothing else is nobody's: `MINOR, MALE`, but not `MINOR, KEITH`.
_NOBODY_TEXT = """
    minor minors child children youth male female adult name names first last inmate offender detainee prisoner person subject
    individual unknown unk victim protected not released public available listed on file
"""
_NOBODY = frozenset(_NOBODY_TEXT.split())
_OF_PLACES = ("unassigned", "not assigned", "none assigned", "no housing", "no unit", "no cell", "unhoused")

NOTHING = (
    UNKNOWN
    | in_any_case(_OF_PROGRAMS.split())
    | in_any_case(_OF_PEOPLE)
    | in_any_case(_OF_NAMES)
    | in_any_case(f"({word})" for word in _OF_NAMES)
    | in_any_case(f"<{word}>" for word in ("nmn", "nmi"))
    | frozenset(("NaN", "NaT", "<NaN>", "#N/a", "n/A", "N/a", *_SIGNS.split()))
)
# A program writes these into an empty cell, and nobody would write them for a status.
OF_PROGRAMS = in_any_case([*_OF_PROGRAMS.split(), "null"]) | {"NaN", "NaT"}
NO_PLACE = in_any_case(_OF_PLACES)
# These forms of words for nothing are names of people as well. A program writes `nan` and `NaN`, but `Nan` is a name.
# Papers write `FNU` as the first name of somebody who has only one name, so people are known by it.
FIRST_NAMES = in_any_case(["na", "fnu"]) | {"Nan", "NAN"}
LAST_NAMES = in_any_case(["na", "none", "null", "nil", "lnu"]) | {"Nan", "NAN"}

NO_NAMES = in_any_case(_WITHHELD | _NOBODY)

_NO_LETTER = re.compile(r"[^\w]+")
_ZEROS = re.compile(r"0+(\.0+)?")


def is_nothing(cell: str) -> bool:
    """Whether a cell says that its value is unknown. Signs without a letter or digit (`.`, `*`, `--`) say so as well."""
    return cell in NOTHING or _NO_LETTER.fullmatch(cell) is not None


def is_withheld(name: str) -> bool:
    """Whether a whole name stands for somebody whose name is not told. `NO_NAMES` are the words of which one is in it then."""
    words = {*re.findall(r"[^\W\d_]+", name.casefold())}
    return not words.isdisjoint(_WITHHELD) or (bool(words) and words <= _NOBODY)


def is_no_number(cell: str) -> bool:
    """Whether a cell names no inmate: zeros alone are what a system writes before it gives a number."""
    return is_nothing(cell) or cell in NO_PLACE or _ZEROS.fullmatch(cell) is not None
