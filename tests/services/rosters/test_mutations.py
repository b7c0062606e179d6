"""Any list, and any slip in one cell, row or column of the next: nobody changes whom the slip did not touch, and nobody is
released without a sentence."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import BadFile
from rxconnect.domain.imports import Suspicious
from rxconnect.models import (
    Inmate,
    InmateAbsence,
    InmateMerge,
    InmateMove,
    InmateName,
    NameKeyBlock,
    NameWord,
    RosterImport,
    RosterSheet,
)
from rxconnect.services.custody import roster_absences, roster_undo
from rxconnect.services.imports import imports
from tests.services.rosters.lists import in_words

COLUMNS = ["number", "last_name", "first_name", "birth_date", "housing", "status", "release_date"]
JUNE = datetime(2026, 6, 12, 18, tzinfo=UTC)
_CELLS = {
    "number": ["0042", "42", "42.0", "B-7", "b7", "", "nan", "123456789", "4.2E+07"],
    "last_name": ["Reyes", "REYES", "Cole", "", "De La Cruz", "=1+1"],
    "first_name": ["Ann", "Bo", "ANN", "", "María", "?"],
    "birth_date": ["1990-01-02", "01/02/1990", "1991-03-04", "", "yesterday", "1900-01-01"],
    "housing": ["A", "B", ""],
    "status": ["", "active", "released", "transferred", "RELEASED", "whatever"],
    "release_date": ["", "2020-02-01", "2031-05-05", "soon"],
}
_PERSON = st.tuples(
    st.sampled_from(["0042", "42", "B-7", "1001", "1002", "1003", "2001", "2002"]),
    st.sampled_from(["Reyes", "Cole", "De La Cruz"]),
    st.sampled_from(["Ann", "Bo", "Cy"]),
    st.sampled_from(["1990-01-02", "1991-03-04", ""]),
    st.sampled_from(["A", "B", ""]),
    st.just(""),
    st.sampled_from(["", "", "2031-05-05"]),
).map(list)
_LISTS = st.lists(_PERSON, min_size=1, max_size=8, unique_by=lambda row: row[0].lower().replace("-", ""))


@st.composite
def _mutated(draw):
    """(rows, rows after one slip, numbers that the slip touched, columns that are left)."""
    rows = draw(_LISTS)
    after, columns = [list(row) for row in rows], list(range(len(COLUMNS)))
    at = draw(st.integers(0, len(rows) - 1))
    touched = {rows[at][0]}
    match draw(
        st.sampled_from(["cell", "cell", "drop", "repeat", "swap", "header", "order", "wrap", "column", "column twice"])
    ):
        case "cell":
            column = draw(st.integers(0, len(COLUMNS) - 1))
            after[at][column] = draw(st.sampled_from(_CELLS[COLUMNS[column]]))
            touched.add(after[at][0])
        case "drop":
            del after[at]
        case "repeat":
            after.append(list(after[at]))
            touched = set()
        case "swap":
            other = draw(st.integers(0, len(rows) - 1))
            after[at][0], after[other][0] = after[other][0], after[at][0]
            touched.add(rows[other][0])
        case "header":
            after.insert(at, [name.upper() for name in COLUMNS])
            touched = set()
        case "order":
            after.reverse()
            touched = set()
        case "wrap":
            after.insert(at + 1, ["", "", draw(st.sampled_from(["Maria", "de la Paz", "B"])), "", "", "", ""])
            touched.add(rows[at][0])
        case "column":
            columns.remove(draw(st.sampled_from([3, 4, 5, 6])))
            touched = set()
        case _:
            column = draw(st.integers(1, len(COLUMNS) - 1))
            value = draw(st.sampled_from(_CELLS[COLUMNS[column]]))
            after = [[*row[:column], value, *row[column + 1 :]] for row in after]
            touched = {row[0] for row in rows}
    return rows, after, touched, columns


def _key(number):
    return "".join(ch for ch in number.removesuffix(".0").lower() if ch.isalnum())


@pytest.fixture
def bring(tmp_path, facility):
    pine = facility(key="pine", name="Pine", state="OR")
    names = itertools.count()

    def run(rows, columns, *, yes):
        path = tmp_path / f"{next(names)}.csv"
        lines = [[row[column] for column in columns] for row in ([COLUMNS, *rows])]
        path.write_text("".join(",".join(line) + "\n" for line in lines))
        with imports.open_rosters(path, facility="pine") as roster:
            return in_words(imports.import_rosters(roster, accept_suspicious=yes))

    run.facility_id = pine
    return run


def _everyone():
    with db.reading() as session:
        return {row.id: row.model_dump() for row in session.exec(select(Inmate))}


def _empty():
    with db.transaction() as session:
        for table in (
            InmateAbsence,
            InmateMerge,
            RosterImport,
            InmateMove,
            RosterSheet,
            InmateName,
            NameKeyBlock,
            NameWord,
            Inmate,
        ):
            session.exec(delete(table))


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_mutated())
def test_a_slip_changes_nobody_else_and_releases_nobody_in_silence(bring, mutated):
    rows, after, touched, columns = mutated
    _empty()
    everything = range(len(COLUMNS))
    with clock.at(JUNE):
        bring(rows, everything, yes=True)
        before = _everyone()
    with clock.at(JUNE + timedelta(days=1)):
        try:
            report = bring(after, columns, yes=False)
        except Suspicious:
            assert _everyone() == before
            report = bring(after, columns, yes=True)
        except BadFile:
            assert _everyone() == before
            return
    now = _everyone()
    keys = {_key(number) for number in touched}
    changed = {one["number"] for inmate_id, one in before.items() if now[inmate_id] != one}
    assert {_key(number) for number in changed} <= keys
    told = " ".join([*report.notes, *report.suspicious, *report.merges])
    released = [one for inmate_id, one in now.items() if inmate_id in before and one["custody"] == "released"]
    assert not released or "released, says the file" in told
    _grace_is_kept(before, told)
    with clock.at(JUNE + timedelta(days=2)):
        db.write(roster_undo.undo_import, bring.facility_id)
    restored = {inmate_id: one for inmate_id, one in _everyone().items() if inmate_id in before}
    assert restored == before


def _grace_is_kept(before, told):
    """Nobody is missing without a sentence, and a job releases nobody before the days are over."""
    with db.reading() as session:
        missing = session.exec(select(InmateAbsence).where(InmateAbsence.released_at == None)).all()  # noqa: E711
    assert not missing or "not on the list any more" in told
    with clock.at(JUNE + timedelta(days=3)):
        was = _everyone()
        roster_absences.release_due()
        assert _everyone() == was
