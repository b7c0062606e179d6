"""The demonstration's facilities: invented, in real towns, and as varied as real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rxconnect.domain.facilities import Opening, WaitingLetters


@dataclass(frozen=True)
class Roster:
    """The size of a facility's roster, and the format of its inmate numbers."""

    people: int
    number: str = "{:08}"
    first_number: int = 10_000_000
    are_women: bool = False


@dataclass(frozen=True)
class Site:
    """A facility's arguments for `create_facility`, and its roster. A listed or closed facility has no roster."""

    facility: dict[str, Any]
    roster: Roster | None = None


_CODES = "Write in words that staff can read. Codes and ciphers are not delivered."
_NUMBERS = "Do not pass on telephone numbers or addresses of other people."
_FOR_ONE = "A message is for the person it is addressed to, not for others in custody."
_LEGAL = "Messages here are not confidential. Use legal mail for anything about a case."
_ROUTINES = "Do not describe the staff, the building or its routines."
_LANGUAGES = "Messages in English or Spanish are read first; other languages take longer."

# Their own translations. One of Cedar Ridge's is missing, which its settings say.
_IN_SPANISH = {
    _CODES: "Escriba con palabras que el personal pueda leer. No se entregan códigos ni claves.",
    _NUMBERS: "No mande números de teléfono ni direcciones de otras personas.",
    _FOR_ONE: "Un mensaje es para la persona a quien va dirigido, no para otras personas detenidas.",
    _LEGAL: "Los mensajes de aquí no son confidenciales. Para lo que tenga que ver con un caso, use el correo legal.",
    _ROUTINES: "No describa al personal, el edificio ni sus rutinas.",
}

CEDAR_RIDGE = "cedar-ridge"
# Where most of the demonstration happens. A summary has its day, like the pages that it tells of.
STATE = "WA"
HARBOR_COUNTY = "harbor-county"

SITES = [
    Site(
        {
            "key": CEDAR_RIDGE,
            "name": "Cedar Ridge Correctional Center",
            "kind": "State prison",
            "address": "2200 Ridge Road",
            "city": "Walla Walla",
            "state": STATE,
            "county": "Walla Walla",
            "zip_code": "99362",
            "opening": Opening.OPEN,
            "price_cents": 25,
            "character_limit": 6000,
            "characters_per_credit": 6000,
            "rules": [_NUMBERS, _CODES, _FOR_ONE, _LEGAL],
            "translations": {"es": {text: _IN_SPANISH[text] for text in (_NUMBERS, _CODES, _FOR_ONE)}},
        },
        Roster(people=620, first_number=20_410_000),
    ),
    Site(
        {
            "key": HARBOR_COUNTY,
            "name": "Harbor County Jail",
            "kind": "County jail",
            "address": "85 Pier Street",
            "city": "Astoria",
            "state": "OR",
            "county": "Clatsop",
            "zip_code": "97103",
            "opening": Opening.OPEN,
            "price_cents": 20,
            "max_credits": 100,
            "character_limit": 4000,
            "characters_per_credit": 2000,
            "rules": [_NUMBERS, _ROUTINES, _LEGAL],
            "translations": {"es": {text: _IN_SPANISH[text] for text in (_NUMBERS, _ROUTINES, _LEGAL)}},
            # People go on from a jail to a prison, and their letters go along.
            "when_moved": WaitingLetters.REROUTE,
        },
        Roster(people=140, number="H-{:05}", first_number=54_100),
    ),
    Site(
        {
            "key": "juniper-flats",
            "name": "Juniper Flats State Prison",
            "kind": "State prison",
            "address": "14000 Juniper Flats Highway",
            "city": "Bend",
            "state": "OR",
            "county": "Deschutes",
            "zip_code": "97701",
            "opening": Opening.OPEN,
            "price_cents": 30,
            "min_credits": 10,
            "character_limit": 6000,
            "characters_per_credit": 3000,
            "rules": [_NUMBERS, _CODES, _FOR_ONE],
        },
        Roster(people=310, number="JF{:06}", first_number=204_000),
    ),
    Site(
        {
            "key": "sawtooth-county",
            "name": "Sawtooth County Detention Center",
            "kind": "County jail",
            "address": "410 Canyon Rim Drive",
            "city": "Twin Falls",
            "state": "ID",
            "county": "Twin Falls",
            "zip_code": "83301",
            "opening": Opening.OPEN,
            "price_cents": 35,
            "max_credits": 60,
            "character_limit": 2000,
            "characters_per_credit": 2000,
            "rules": [_NUMBERS, _ROUTINES],
        },
        Roster(people=90, number="SC-2026-{:04}", first_number=310),
    ),
    Site(
        {
            "key": "mesa-roja",
            "name": "Mesa Roja Correctional Facility",
            "kind": "State prison",
            "address": "900 Camino de la Mesa",
            "city": "Las Cruces",
            "state": "NM",
            "county": "Doña Ana",
            "zip_code": "88001",
            "opening": Opening.OPEN,
            "price_cents": 22,
            "character_limit": 5000,
            "characters_per_credit": 2500,
            "rules": [_LANGUAGES, _NUMBERS, _CODES],
        },
        Roster(people=240, number="{:06}", first_number=512_000),
    ),
    Site(
        {
            "key": "prairie-star",
            "name": "Prairie Star Women's Correctional Facility",
            "kind": "State prison for women",
            "address": "3100 Prairie Star Parkway",
            "city": "Topeka",
            "state": "KS",
            "county": "Shawnee",
            "zip_code": "66605",
            "opening": Opening.OPEN,
            "price_cents": 25,
            "character_limit": 6000,
            "characters_per_credit": 6000,
            "rules": [_NUMBERS, _FOR_ONE, "Letters from children are welcome, with a grown-up's name below."],
        },
        Roster(people=190, number="W{:07}", first_number=1_180_000, are_women=True),
    ),
    Site(
        {
            "key": "lake-marian",
            "name": "Lake Marian County Jail",
            "kind": "County jail",
            "address": "12 Lakeshore Avenue",
            "city": "Duluth",
            "state": "MN",
            "county": "Saint Louis",
            "zip_code": "55802",
            "opening": Opening.OPEN,
            "price_cents": 15,
            "character_limit": 3000,
            "characters_per_credit": 1500,
            "rules": [_NUMBERS],
        },
        Roster(people=110, number="{:07}", first_number=3_300_000),
    ),
    Site(
        {
            "key": "palmetto-shore",
            "name": "Palmetto Shore Detention Center",
            "kind": "County jail",
            "address": "77 Old Ferry Road",
            "city": "Beaufort",
            "state": "SC",
            "county": "Beaufort",
            "zip_code": "29902",
            "opening": Opening.OPEN,
            "price_cents": 50,
            "min_credits": 4,
            "max_credits": 40,
            "character_limit": 1000,
            "characters_per_credit": 500,
            "rules": [_NUMBERS, _CODES, _ROUTINES, _LEGAL],
        },
        Roster(people=130, number="PS-{:05}", first_number=20_100),
    ),
    Site(
        {
            "key": "granite-notch",
            "name": "Granite Notch House of Corrections",
            "kind": "County jail",
            "address": "5 Quarry Lane",
            "city": "Keene",
            "state": "NH",
            "county": "Cheshire",
            "zip_code": "03431",
            "opening": Opening.OPEN,
            "price_cents": 20,
            "character_limit": 4000,
            "characters_per_credit": 4000,
            "rules": [_FOR_ONE, _LEGAL],
        },
        Roster(people=70, number="{:05}", first_number=40_200),
    ),
    Site(
        {
            "key": "mauna-view",
            "name": "Mauna View Community Correctional Center",
            "kind": "State jail",
            "address": "60 Puhau Street",
            "city": "Hilo",
            "state": "HI",
            "county": "Hawaii",
            "zip_code": "96720",
            "opening": Opening.OPEN,
            "price_cents": 30,
            "character_limit": 6000,
            "characters_per_credit": 2000,
            "rules": [_NUMBERS, _LANGUAGES],
        },
        Roster(people=100, number="A{:07}", first_number=6_014_000),
    ),
    Site(
        {
            "key": "rio-seco",
            "name": "Río Seco State Prison",
            "kind": "State prison",
            "address": "18500 Río Seco Road",
            "city": "Yuma",
            "state": "AZ",
            "county": "Yuma",
            "zip_code": "85365",
            "opening": Opening.PAUSED,
            "price_cents": 40,
            "character_limit": 3000,
            "characters_per_credit": 1000,
            "rules": [_NUMBERS, _CODES],
        },
        Roster(people=270, number="{:06}", first_number=288_000),
    ),
    Site(
        {
            "key": "bayou-landing",
            "name": "Bayou Landing Parish Jail",
            "kind": "Parish jail",
            "address": "300 Levee Street",
            "city": "Houma",
            "state": "LA",
            "county": "Terrebonne",
            "zip_code": "70360",
            "opening": Opening.PAUSED,
            "price_cents": 45,
            "character_limit": 2000,
            "characters_per_credit": 1000,
            "rules": [_NUMBERS],
        },
        Roster(people=120, number="BL{:05}", first_number=71_000),
    ),
    Site(
        {
            "key": "hollow-creek",
            "name": "Hollow Creek Correctional Institution",
            "kind": "State prison",
            "address": "1 Hollow Creek Way",
            "city": "Zanesville",
            "state": "OH",
            "county": "Muskingum",
            "zip_code": "43701",
            "opening": Opening.LISTED,
        },
    ),
    Site(
        {
            "key": "cypress-bend",
            "name": "Cypress Bend Correctional Facility",
            "kind": "State prison",
            "address": "6400 Suwannee Trail",
            "city": "Live Oak",
            "state": "FL",
            "county": "Suwannee",
            "zip_code": "32064",
            "opening": Opening.LISTED,
        },
    ),
    Site(
        {
            "key": "old-mill",
            "name": "Old Mill Work Camp",
            "kind": "Work camp",
            "address": "9 Mill Race Road",
            "city": "Elkins",
            "state": "WV",
            "county": "Randolph",
            "zip_code": "26241",
            "opening": Opening.CLOSED,
        },
    ),
]
