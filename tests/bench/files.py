"""How long the import of a roster takes in each format, in turns, and of a national list of facilities."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from rxconnect import db
from rxconnect.config import settings
from rxconnect.services.directory import facilities
from rxconnect.services.imports import imports
from tests.bench import servers
from tests.bench.report import Report, Row, answered, measured
from tests.services.files import books
from tests.services.files.books import Shown

ROWS, FACILITIES, ROUNDS = 30_000, 6_737, 5
_WRITERS = {**books.FORMATS, **books.TEXTS}
_FORMS = ("CSV", "CSV in UTF-16", "JSON lines", "a JSON array", "a JSON object with one array", "a JSON array of arrays", "XLSX", "XLS",
          "ODS", "CSV, gzip", "CSV, zip", "JSON lines, gzip", "XLSX, zip", *books.TEXTS)  # fmt: skip
# How much longer than CSV a format may take.
_AT_MOST, _XLSX_AT_MOST = 1.5, 3.0
_FACILITIES_AT_MOST = 5  # seconds
_KEY = "alder-county"
_FIRST = ("ANA", "BEN", "CARLA", "DAVID", "ELENA", "FRANK", "GLORIA", "HECTOR", "IRIS", "JAMES", "KIM", "LUIS")
_LAST = ("ABBOTT", "BAEZ", "CRUZ", "DIAZ", "ELLIS", "FORD", "GARZA", "HOLT", "IBARRA", "JONES", "KING", "LOPEZ")
_WORDS = ("Pine", "Oak", "Cedar", "Harbor", "River", "Lake", "Stone", "Maple", "Eagle", "Fox", "North", "South")


def read(report: Report) -> None:
    """Import the same people from every format, again and again, each time into an empty database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form in _FORMS:
            _WRITERS[form](folder / form, _people())
        times: dict[str, list[float]] = {form: [] for form in _FORMS}
        for _ in range(ROUNDS):
            for form in _FORMS:
                with _empty_database(folder):
                    times[form].append(_import(folder / form))
        _judge(times, report)
        with _empty_database(folder):
            report.rows.append(_facilities(folder))


def _judge(times: dict[str, list[float]], report: Report) -> None:
    csv = median(times["CSV"])
    for form, seconds in times.items():
        report.rows.append(measured(f"{ROWS:,} people from {form}", seconds, "s"))
        most = _XLSX_AT_MOST if form.startswith("XLSX") else _AT_MOST
        ratio = median(seconds) / csv
        row = answered(f"{form}, compared with CSV", f"{ratio:.2f} ×", target=f"≤ {most} ×", is_met=ratio <= most)
        report.rows.append(row)


@contextmanager
def _empty_database(folder: Path) -> Iterator[None]:
    empty, data = folder / "empty", folder / "data"
    with servers.used(data):
        if not empty.exists():
            db.upgrade()
            db.write(facilities.create_facility, key=_KEY, name="Alder County Jail", opening="open", state="OR")
            db.pack_file(settings().data_dir / "rxconnect.db", empty)
        else:
            data.mkdir(exist_ok=True)
            shutil.copy(empty, data / "rxconnect.db")
        yield
    shutil.rmtree(data)


def _import(path: Path) -> float:
    began = time.perf_counter()
    with imports.open_rosters(path, facility=_KEY) as roster:
        plan = imports.import_rosters(roster)
    assert plan.new == ROWS
    return time.perf_counter() - began


def _people() -> list[list[books.Cell]]:
    rng = random.Random(1)
    rows: list[list[books.Cell]] = [["Inmate Number", "First Name", "Last Name", "Middle Name", "DOB", "Unit", "Race"]]
    for number in range(1, ROWS + 1):
        birth = date(1950, 1, 1) + timedelta(days=rng.randrange(20_000))
        first, last, middle = rng.choice(_FIRST), rng.choice(_LAST) + rng.choice(_LAST), rng.choice(_FIRST)
        shown, day = Shown(number, "00000000", f"{number:08}"), Shown(birth, "mm/dd/yyyy", birth.strftime("%m/%d/%Y"))
        rows.append([shown, first, last, middle, day, f"B-{rng.randrange(40)}", "W"])
    return rows


def _facilities(folder: Path) -> Row:
    rng = random.Random(2)
    rows: list[list[books.Cell]] = [["Facility.ID", "State", "Name", "City"]]
    rows += [
        [str(n), "Ohio", f"{rng.choice(_WORDS)} {rng.choice(_WORDS)} {rng.choice(_WORDS)} Jail", rng.choice(_WORDS)]
        for n in range(1, FACILITIES + 1)
    ]
    books.as_csv(folder / "facilities.csv", rows)
    began = time.perf_counter()
    with imports.open_facilities(folder / "facilities.csv") as file:
        assert imports.import_facilities(file).new == FACILITIES
    seconds = time.perf_counter() - began
    return measured(f"{FACILITIES:,} facilities", [seconds], "s", at_most=_FACILITIES_AT_MOST)
