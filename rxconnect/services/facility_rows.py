"""From a row of a facilities file to the fields of a facility. Two formats are known, told apart by their header.

**Ours** needs `key`, `name` and `state` (code or name), and may have `kind`, `address`, `city`, `zip`, `county`,
`time_zone`, `opening` (open, paused, listed, closed), `price_cents`, `min_credits`, `max_credits`, `character_limit`,
`characters_per_credit`, and `rules` (divided by `|`). An empty cell leaves a known facility's value as it is.

**UCLA's** is the table of the Behind Bars Data Project, which builds on the public HIFLD prison boundaries:
`Facility.ID`, `Name`, `State`, `Description`, `Jurisdiction`, `Address`, `City`, `Zipcode`, `County`; `NA` is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from rxconnect.domain import states
from rxconnect.domain.errors import BadFile
from rxconnect.domain.facilities import Opening
from rxconnect.domain.text import one_line
from rxconnect.domain.titles import title_case
from rxconnect.services.import_files import Row

UCLA = "ucla"
Fields = dict[str, Any]

# The longest value of each text, and the least and greatest of each number.
_TEXTS = {"name": 160, "kind": 60, "address": 200, "city": 80, "county": 80}
_NUMBERS = {
    "price_cents": (1, 1_000),
    "min_credits": (1, 1_000),
    "max_credits": (1, 10_000),
    "character_limit": (1, 100_000),
    "characters_per_credit": (1, 100_000),
}
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEY_MAX = 120


def reader_for(columns: set[str]) -> Callable[[Row], Fields]:
    """The function that reads this file's rows; it raises `ValueError` with the reason. Raises `BadFile`."""
    if {"facility_id", "name", "state"} <= columns:
        return ucla_fields
    if {"key", "name", "state"} <= columns:
        return own_fields
    raise BadFile(
        "This is not a list of facilities: it needs the columns key, name and state, or Facility.ID, Name and State."
    )


def ucla_fields(row: Row) -> Fields:
    """The fields of one row of UCLA's table. A state that it does not know either stays empty."""
    known = {name: "" if cell == "NA" else cell for name, cell in row.cells.items()}
    if not known["facility_id"].isdigit() or len(known["facility_id"]) > 18:
        raise ValueError(f"Facility.ID “{known['facility_id'][:30]}” is not a number")
    kind = known.get("description") or known.get("jurisdiction", "")
    texts = {"name": known["name"], "kind": kind} | {
        name: known.get(name, "") for name in ("address", "city", "county")
    }
    fields: Fields = {name: _text(name, title_case(one_line(text))) for name, text in texts.items()}
    state = states.code_of(known["state"])
    if known["state"] not in ("", "Not Available") and not state:
        raise ValueError(f"there is no state “{known['state'][:30]}”")
    zip_code = _zip(known.get("zipcode", ""))
    return fields | {"source": UCLA, "source_id": known["facility_id"], "state": state, "zip_code": zip_code}


def own_fields(row: Row) -> Fields:
    """The fields of one row of our own format; only those that are filled in."""
    key, state = row.cells["key"], states.code_of(row.cells["state"])
    if not _KEY.fullmatch(key) or len(key) > _KEY_MAX:
        raise ValueError(f"key “{key[:30]}” must be small letters, digits and single hyphens")
    if not state:
        raise ValueError(f"there is no state “{row.cells['state'][:30]}”")
    texts = {name: one_line(row.first(name)) for name in _TEXTS if row.first(name)}
    fields: Fields = {name: _text(name, text) for name, text in texts.items()}
    fields |= {"key": key, "state": state} | _numbers(row) | _choices(row)
    if "name" not in fields:
        raise ValueError("the name is missing")
    if fields.get("min_credits", 0) > fields.get("max_credits", fields.get("min_credits", 0)):
        raise ValueError("min_credits is more than max_credits")
    return fields


def identity(fields: Fields) -> str:
    """What makes two rows of one file the same facility."""
    return fields.get("source_id") or fields["key"]


def _text(name: str, text: str) -> str:
    if name == "name" and not any(ch.isalnum() for ch in text):
        raise ValueError("the name is missing")
    if len(text) > _TEXTS[name]:
        raise ValueError(f"{name} is longer than {_TEXTS[name]} characters")
    if text.startswith(("=", "+", "@")):
        raise ValueError(f"{name} looks like a spreadsheet formula")
    return text


def _zip(text: str) -> str:
    """A ZIP code, with the leading zero that spreadsheets take away; anything else is not one, and is left out."""
    text = text.zfill(5) if text.isdigit() and len(text) >= 3 else text
    return text if re.fullmatch(r"\d{5}(-\d{4})?", text) else ""


def _numbers(row: Row) -> Fields:
    found: Fields = {}
    for name, (least, most) in _NUMBERS.items():
        text = row.first(name)
        if not text:
            continue
        if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
            raise ValueError(f"{name} must be a whole number from {least:,} to {most:,}")
        found[name] = int(text)
    return found


def _choices(row: Row) -> Fields:
    found: Fields = {}
    if opening := row.first("opening").casefold():
        if opening not in set(Opening):
            raise ValueError(f"opening must be one of {', '.join(Opening)}")
        found["opening"] = opening
    if zone := row.first("time_zone"):
        if zone not in available_timezones():
            raise ValueError(f"there is no time zone “{zone[:40]}”")
        found["time_zone"] = zone
    if zip_code := row.first("zip", "zip_code"):
        found["zip_code"] = _zip(zip_code)
    if rules := row.first("rules"):
        found["rules"] = [one_line(rule) for rule in rules.split("|") if one_line(rule)]
    return found
