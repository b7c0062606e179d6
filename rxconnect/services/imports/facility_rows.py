"""Reads facilities from a file. Three formats are known, told apart by their header.

**Ours** needs `key`, `name` and `state` (code or name), and may have `kind`, `address`, `city`, `zip`, `county`,
`time_zone`, `opening` (open, paused, listed, closed), `price_cents`, `min_credits`, `max_credits`, `character_limit`,
`characters_per_credit`, `expires_after_days`, `rules` (divided by `|`), and every setting that an administrator keeps
(`domain.facility_settings`).

**HIFLD's** is the federal export of *Prison Boundaries*: `FACILITYID`, `NAME`, `STATE`, `TYPE`, `STATUS` and more.

**UCLA's** is the table of the Behind Bars Data Project, which builds on HIFLD's: `Facility.ID`, `HIFLD.ID`, `Name`,
`State`, `Description`, `Jurisdiction` and more.

In all of them an unknown value (an empty cell, or `import_cells.UNKNOWN`) leaves the stored value unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from rxconnect.domain import states
from rxconnect.domain.errors import BadFile
from rxconnect.domain.facilities import Opening
from rxconnect.domain.facility_settings import BOUNDS, OFFERED, YES_OR_NO, Setting
from rxconnect.domain.imports import ImportReport
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.text import one_line
from rxconnect.domain.titles import title_case
from rxconnect.services.files import columns
from rxconnect.services.files.cells import blank_if_unknown, is_formula
from rxconnect.services.files.columns import Fields
from rxconnect.services.files.rows import ImportFile, Row

Values = dict[str, Any]
Cells = dict[str, str]

_PLACE = {"address": ("street",), "city": ("town",), "county": (), "zip": ("zip_code", "zipcode", "postal_code")}
# The longest value of each text, and the least and greatest of each number.
_TEXTS = {"name": 160, "kind": 60, "address": 200, "city": 80, "county": 80}
_NUMBERS = {
    "price_cents": (1, 1_000),
    "min_credits": (1, 1_000),
    "max_credits": (1, 10_000),
    "character_limit": (1, 100_000),
    "characters_per_credit": (1, 100_000),
    "promised_hours": (1, 1_000),
    "expires_after_days": (1, 365),
    "release_after_days": (0, 60),
}
_NUMBERS |= {setting.value: bounds for setting, bounds in BOUNDS.items() if setting not in _NUMBERS}
_CHOICES = {
    Setting.OPENING.value: tuple(Opening),
    **{setting.value: offered for setting, offered in OFFERED.items()},
    **{setting.value: ("yes", "no") for setting in YES_OR_NO},
}
_HIFLD_ONLY = {"securelvl", "naicscode", "telephone", "status", "type"}
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEY_MAX = 120
_MOST_ROWS = 100_000


class Source(StrEnum):
    """The list whose numbers identify a facility: the value of `Facility.source`."""

    HIFLD = "hifld"
    UCLA = "ucla"


class Format(StrEnum):
    """The format of a file."""

    OURS = "ours"
    HIFLD = "HIFLD's Prison Boundaries"
    UCLA = "UCLA's Behind Bars"


_FIELDS: dict[Format, Fields] = {
    Format.OURS: {
        "key": (),
        "name": (),
        "state": (),
        "kind": ("type",),
        **_PLACE,
        "time_zone": (),
        **dict.fromkeys(_CHOICES, ()),
        **dict.fromkeys(_NUMBERS, ()),
        "rules": (),
    },
    Format.HIFLD: {"source_id": ("facilityid",), "name": (), "state": (), "kind": ("type",), "status": (), **_PLACE},
    Format.UCLA: {
        "source_id": ("facilityid",),
        "hifld_id": (),
        "name": (),
        "state": (),
        "kind": ("description",),
        "jurisdiction": (),
        **_PLACE,
    },
}


class FacilityRow(NamedTuple):
    """A facility as a file describes it: `values` are fields of `Facility`, and only those that are known.

    `ids` are its numbers by source; the first is the file's own. It is empty for our own format, which has keys. `line`
    is the row's line in the file.
    """

    values: Values
    ids: dict[Source, str]
    is_closed: bool = False
    line: int = 0

    @property
    def identity(self) -> str:
        """The same for two rows of a file that describe one facility."""
        return next(iter(self.ids.values()), "") or self.values["key"]


class FacilityFile:
    """An open list of facilities. Raises `BadFile` when the file is something else."""

    def __init__(self, file: ImportFile, given: Mapping[str, str]):
        self._file, self.name = file, file.name
        self.format = _format_of(file.header, given)
        self.columns = columns.detect_columns(file.header, _FIELDS[self.format], given)
        wanted = ("key" if self.format is Format.OURS else "source_id", "name", "state")
        if missing := [field for field in wanted if field not in self.columns]:
            raise BadFile(
                "This is not a list of facilities: it needs the columns key, name and state, or FACILITYID, NAME and STATE. "
                "The columns are {columns}. Say which one it is: {options}.",
                columns=[*filter(None, file.header[:40])] or ["–"],
                options=" ".join(f'--map {field}="COLUMN"' for field in missing),
            )
        file.require_columns(self.columns.positions.values())

    def read(self) -> tuple[list[FacilityRow], ImportReport]:
        """Every good row, and a report about the bad ones."""
        report = ImportReport(notes=[*self._file.notes])
        found: dict[str, FacilityRow] = {}
        for row in self._file.rows():
            report.total += 1
            if report.total > _MOST_ROWS:
                raise BadFile(
                    "{name} has more than {most} rows, so it is not a list of facilities.",
                    name=self.name,
                    most=_MOST_ROWS,
                )
            try:
                read = self._parse_row(row)._replace(line=row.line)
                if read.identity in found:
                    raise ValueError(f"{read.identity} was in an earlier row already; the first was kept")
                found[read.identity] = read
            except ValueError as reason:
                report.leave_out(self._file.place_of(row.line), str(reason))
        return list(found.values()), report

    def _parse_row(self, row: Row) -> FacilityRow:
        if row.fault:
            raise ValueError(row.fault)
        cells = {field: blank_if_unknown(row.cells[position]) for field, position in self.columns.positions.items()}
        return parse_own_row(cells) if self.format is Format.OURS else parse_listed_row(cells, Source[self.format.name])


def parse_own_row(cells: Cells) -> FacilityRow:
    """One row of our own format. Raises `ValueError` with the reason."""
    key, state = cells["key"], states.code_of(cells["state"])
    if not key:
        raise ValueError("the key is missing")
    if not _KEY.fullmatch(key):
        raise ValueError(f"key “{key[:30]}” must be small letters, digits and single hyphens")
    if len(key) > _KEY_MAX:
        raise ValueError(f"key is longer than {_KEY_MAX} characters")
    if not cells["state"]:
        raise ValueError("the state is missing")
    if not state:
        raise ValueError(_no_such_state(cells["state"]))
    texts = {name: one_line(cells[name]) for name in _TEXTS if cells.get(name)}
    values: Values = {name: _checked_text(name, text) for name, text in texts.items()}
    values |= {"key": key, "state": state} | _zip_value(cells) | _number_values(cells) | _choice_values(cells)
    if "name" not in values:
        raise ValueError("the name is missing")
    return FacilityRow(values, {})


def parse_listed_row(cells: Cells, source: Source) -> FacilityRow:
    """One row of a public list. Raises `ValueError` with the reason. An unknown state becomes "" instead."""
    ids = {source: cells["source_id"]} | ({Source.HIFLD: cells["hifld_id"]} if cells.get("hifld_id") else {})
    for number in ids.values():
        if not number:
            raise ValueError("the facility's id is missing")
        if not re.fullmatch(r"[0-9]{1,18}", number):
            raise ValueError(f"the facility's id “{number[:30]}” is not a number")
    state = states.code_of(cells["state"])
    if cells["state"] and not state:
        raise ValueError(_no_such_state(cells["state"]))
    cells = cells | {"kind": cells.get("kind") or cells.get("jurisdiction", "")}
    texts = {name: title_case(one_line(cells[name])) for name in _TEXTS if cells.get(name)}
    values: Values = {name: _checked_text(name, text) for name, text in texts.items()} | _zip_value(cells)
    if "name" not in values:
        raise ValueError("the name is missing")
    values |= {"state": state} if state else {}
    return FacilityRow(values, ids, cells.get("status", "").casefold() == "closed")


def _format_of(header: list[str], given: Mapping[str, str]) -> Format:
    plain = {columns.plain_name(name) for name in header}
    if "key" in given or "key" in plain or not ("facilityid" in plain or "source_id" in given):
        return Format.OURS
    is_hifld = plain & _HIFLD_ONLY or "facilityid" in (name.casefold() for name in header)
    return Format.HIFLD if is_hifld else Format.UCLA


def _no_such_state(text: str) -> str:
    return f"there is no state “{text[:30]}”"


def _checked_text(name: str, text: str) -> str:
    if name == "name" and not any(ch.isalnum() for ch in text):
        raise ValueError("the name is missing")
    if len(text) > _TEXTS[name]:
        raise ValueError(f"{name} is longer than {_TEXTS[name]} characters")
    return _refuse_formula(name, text)


def _refuse_formula(name: str, text: str) -> str:
    if is_formula(text):
        raise ValueError(f"{name} looks like a spreadsheet formula")
    return text


def _zip_value(cells: Cells) -> Values:
    """A ZIP code, with the leading zeros that spreadsheets remove. Anything that is no ZIP code is left out."""
    text = cells.get("zip", "")
    text = text.zfill(5) if re.fullmatch(r"[0-9]{3,5}", text) else text
    return {"zip_code": text} if re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", text) else {}


def _number_values(cells: Cells) -> Values:
    found: Values = {}
    for name, (least, most) in _NUMBERS.items():
        text = cells.get(name, "")
        if not text:
            continue
        number = whole_number(text, least=least, most=most)
        if number is None:
            raise ValueError(f"{name} “{text[:30]}” must be a whole number from {least:,} to {most:,}")
        found[name] = number
    return found


def _choice_values(cells: Cells) -> Values:
    found: Values = {}
    for name, offered in _CHOICES.items():
        if text := cells.get(name, "").casefold():
            if text not in offered:
                raise ValueError(f"{name} “{text[:30]}” must be one of {', '.join(offered)}")
            found[name] = text == "yes" if name in YES_OR_NO else text
    if zone := cells.get("time_zone"):
        if zone not in available_timezones():
            raise ValueError(f"there is no time zone “{zone[:40]}”; write it such as America/Chicago")
        found["time_zone"] = zone
    if rules := cells.get("rules"):
        found["rules"] = [_refuse_formula("a rule", one_line(rule)) for rule in rules.split("|") if one_line(rule)]
    return found
