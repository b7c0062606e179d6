"""Rosters of one and of many facilities: the dry run, what looks wrong, who moved, and imports that are killed."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import col, delete, func, select

from rxconnect import db
from rxconnect.domain.errors import BadFile, NotFound
from rxconnect.domain.imports import Suspicious
from rxconnect.domain.inmates import InmateQuery
from rxconnect.models import (
    Facility,
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
from rxconnect.search import directory
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.imports import imports
from tests.services.rosters.lists import in_words

HEADER = "facility,number,first_name,last_name,birth_date,housing,status"


@pytest.fixture
def write(tmp_path, database):
    """`write(lines…)` writes a file of several facilities' rosters and returns its path."""
    names = itertools.count()

    def save(*lines, header=HEADER):
        path = tmp_path / f"roster-{next(names)}.csv"
        path.write_text("\n".join([header, *lines]) + "\n")
        return path

    return save


@pytest.fixture
def places(facility):
    """Three facilities of Oregon and one of Maine, by key."""
    keys = {"alder": "OR", "birch": "OR", "cedar": "OR", "maine": "ME"}
    return {key: facility(key=key, name=key.capitalize(), state=state) for key, state in keys.items()}


def run(path, *, facility="", yes=False):
    with imports.open_rosters(path, facility=facility) as roster:
        return in_words(imports.import_rosters(roster, accept_suspicious=yes))


def plan(path, *, facility=""):
    with imports.open_rosters(path, facility=facility) as roster:
        return in_words(imports.plan_rosters(roster))


def held():
    """(facility, number, custody) of everyone, by name."""
    query = select(Inmate, Facility.key).join(Facility, col(Facility.id) == Inmate.facility_id)
    with db.reading() as session:
        return {row.first_name: (key, row.number, row.custody) for row, key in session.exec(query)}


def ids():
    with db.reading() as session:
        return {row.first_name: row.id for row in session.exec(select(Inmate))}


def counts(plan):
    return plan.new, plan.changed, plan.moved, plan.missing, plan.unchanged, plan.bad_rows


def people(facility, count, *, first=1):
    return [f"{facility},{n},N{chr(97 + n % 26)}{chr(97 + n // 26)},Lee,,," for n in range(first, first + count)]


def test_a_file_with_a_column_of_facilities_holds_the_rosters_of_all_of_them(write, places):
    report = run(write("birch,1,Bo,Lee,,,", "alder,1,Ann,Lee,,,", "birch,2,Cy,Lee,,,", "alder,2,Di,Lee,,,"))

    assert counts(report) == (4, 0, 0, 0, 0, 0)
    assert {name: place for name, (place, *_) in held().items()} == {
        "Bo": "birch",
        "Ann": "alder",
        "Cy": "birch",
        "Di": "alder",
    }


def test_facilities_that_are_not_in_the_file_stay_as_they_are(write, places):
    run(write("alder,1,Ann,Lee,,,", "birch,1,Bo,Lee,,,"))

    report = run(write("alder,1,Ann,Lee,,,"))

    assert counts(report) == (0, 0, 0, 0, 1, 0)


def test_unknown_facilities_are_reported_once_each_and_stop_nothing_else(write, places):
    report = run(write("alder,1,Ann,Lee,,,", "oak,1,Bo,Lee,,,", "oak,2,Cy,Lee,,,", ",3,Di,Lee,,,"))

    assert counts(report) == (1, 0, 0, 0, 0, 3)
    assert [(bad.line, bad.reason) for bad in report.bad] == [
        (3, "there is no facility with the key or the name “oak” (2 rows)"),
        (5, "the facility is missing"),
    ]


def test_the_reason_of_a_bad_row_is_safe_to_print(tmp_path, places):
    path = tmp_path / "roster.jsonl"
    rows = [{"facility": "alder"}, {"facility": "al\0der\x1b[2J"}]
    path.write_text("\n".join(json.dumps(row | {"number": 1, "first": "Ann", "last": "Lee"}) for row in rows))

    assert [bad.reason for bad in run(path).bad] == ["there is no facility with the key or the name “alder[2J”"]


def test_a_file_of_unknown_facilities_alone_is_refused_with_what_to_say(write, places):
    with pytest.raises(BadFile, match=r'no usable row.* say --place "oak=KEY"\.$'):
        run(write("oak,1,Ann,Lee,,,"))


def test_a_roster_without_a_facility_is_refused(write, places):
    with pytest.raises(BadFile, match="--facility"):
        run(write("1,Ann,Lee", header="number,first,last"))


def test_a_file_of_many_facilities_is_not_taken_for_the_roster_of_one(write, places):
    with pytest.raises(BadFile, match="about birch as well"):
        run(write("alder,1,Ann,Lee,,,", "birch,1,Bo,Lee,,,"), facility="alder")


def test_one_facilitys_bad_rows_leave_its_roster_alone(write, places):
    run(write("alder,1,Ann,Lee,,,", "birch,1,Bo,Lee,,,"))

    report = run(write("alder,1,,,,,", "birch,1,Bo,Lee,,,"), yes=True)

    assert counts(report) == (0, 0, 0, 0, 1, 1)
    assert report.notes == ["Alder has no usable row in the file, so its roster stays as it is."]
    assert held()["Ann"] == ("alder", "1", "held")


def test_a_dry_run_shows_what_would_happen_and_changes_nothing(write, places):
    run(write(*people("alder", 20), "birch,77,Mo,Lee,,,"))
    before = held()

    shown = plan(write(*people("alder", 18, first=2), "alder,77,Mo,Lee,,C,", "alder,99,New,Lee,,,", "alder,,X,Y,,,"))

    assert counts(shown) == (1, 0, 1, 2, 18, 1)
    assert shown.examples["new"] == ["99 New Lee"]
    assert shown.examples["moved"] == ["77 Mo Lee: from Birch to Alder"]
    assert shown.examples["missing"] == ["1 Nba Lee", "20 Nua Lee"]
    assert shown.suspicious == []
    assert held() == before


def test_what_changed_is_shown_with_what_it_was(write, places):
    run(write("alder,1,Ann,Lee,1990-01-02,B,"))

    shown = plan(write("alder,1,Ann,Ray,1990-01-02,,"))

    assert shown.examples == {"changed": ["1 Ann Lee: last name Lee, now Ray, housing B, now unknown"]}


def test_a_roster_that_shrinks_by_more_than_a_fifth_needs_a_yes(write, places):
    run(write(*people("alder", 10)))
    a_fifth, more = write(*people("alder", 8)), write(*people("alder", 7))

    assert plan(a_fifth).suspicious == []
    assert plan(more).suspicious == ["3 of 10 people held at Alder would be there no more"]
    with pytest.raises(Suspicious, match="3 of 10 people held at Alder"):
        run(more)
    assert {custody for *_, custody in held().values()} == {"held"}
    assert run(more, yes=True).missing == 3


def test_as_many_may_come_as_go_but_not_everyone_at_once(write, places):
    run(write(*people("alder", 10)))

    assert plan(write(*people("alder", 10, first=5))).suspicious == []
    assert plan(write(*people("alder", 10, first=50))).suspicious != []


def test_nothing_is_stored_when_any_of_many_rosters_looks_wrong(write, places):
    run(write(*people("alder", 10), *people("birch", 10, first=100)))

    with pytest.raises(Suspicious, match="Birch"):
        run(write(*people("alder", 12), *people("birch", 1, first=100)))

    assert len(held()) == 20


def test_other_names_under_the_same_numbers_need_a_yes(write, places):
    run(write(*(row.replace(",Lee,", ",Ray,") for row in people("alder", 10))))

    with pytest.raises(Suspicious, match="10 of 10 numbers at Alder would belong to other names"):
        run(write(*people("alder", 10)))


def test_a_roster_of_which_more_than_a_fifth_is_left_out_needs_a_yes(write, places):
    a_fifth = write(*people("alder", 12), *["alder,1,Mo,Lee,,,"] * 3, *people("birch", 10, first=50))
    more = write(*people("alder", 11), *["alder,1,Mo,Lee,,,"] * 3, *people("birch", 10, first=50))
    reason = "3 of 14 rows of alder would be left out, as line 13, because 1 was in an earlier row already"

    assert plan(a_fifth).suspicious == []
    assert [shown.split(";")[0] for shown in plan(more).suspicious] == [reason]
    with pytest.raises(Suspicious, match=reason):
        run(more)
    assert held() == {}
    assert run(more, yes=True).new == 21


def test_all_that_looks_wrong_is_told_before_a_yes(write, places):
    run(write(*people("alder", 12)))

    with pytest.raises(Suspicious) as refused:
        run(write(*people("birch", 12), *["birch,1,Mo,Lee,,,"] * 4), facility="birch")

    reasons = " ".join(map(str, refused.value.reasons))
    assert "4 of 16 rows of birch would be left out" in reasons
    assert "12 of 12 people held at Alder would move away" in reasons


def test_a_roster_of_which_nothing_can_be_used_needs_no_yes(write, places):
    assert counts(run(write("alder,1,,,,,", *people("birch", 10)))) == (10, 0, 0, 0, 0, 1)


def test_the_roster_of_another_facility_needs_a_yes(write, places):
    run(write(*people("alder", 12)))

    with pytest.raises(Suspicious, match="12 of 12 people held at Alder would move away"):
        run(write(*people("birch", 12)), facility="birch")


def test_someone_who_moved_keeps_contacts_and_conversation(write, places, actor, pair):
    both = pair(facility_fields={"key": "dogwood", "state": "OR"}, number="D-7", first_name="Mo", last_name="O'Neill")
    sent = both.send(subject="Before the move")

    report = run(write("birch,D7,Mo,O’NEILL,1990-01-02,,"), facility="birch")

    assert counts(report) == (0, 0, 1, 0, 0, 0)
    assert held()["Mo"] == ("birch", "D7", "held")
    assert ids()["Mo"] == both.inmate_id
    assert both.message(sent.id).subject == "Before the move"
    (contact,) = db.read(contacts.my_contacts, both.family)
    assert (contact.id, contact.facility, contact.is_reachable) == (both.contact_id, "Birch", True)
    assert "Birch" in [place.name for place in db.read(facilities.my_locations, both.family)]
    with db.reading() as session:
        (move,) = session.exec(select(InmateMove)).all()
    assert (move.inmate_id, move.from_facility_id, move.number) == (both.inmate_id, both.facility_id, "D-7")


def test_someone_who_moved_keeps_all_but_the_housing_that_a_file_has_no_column_for(write, places):
    run(write("alder,1,Mo,Lee,1990-01-02,B,"))

    run(write("birch,1,Mo,Lee", header="facility,number,first,last"), facility="birch")

    with db.reading() as session:
        (mo,) = session.exec(select(Inmate)).all()
    assert (str(mo.birth_date), mo.housing) == ("1990-01-02", "")


def test_someone_who_moved_is_found_where_they_are_and_where_they_were(write, places, actor):
    run(write("alder,1,Mo,Oakley,,,", "birch,2,Bo,Lee,,,"))
    sam = actor()
    for place in ("alder", "birch"):
        db.write(facilities.add_location, sam, places[place])

    run(write("birch,1,Mo,Oakley,,,", "birch,2,Bo,Lee,,,"), facility="birch")

    for place in ("alder", "birch"):
        found, _ = db.read(inmates.find, sam, places[place], InmateQuery(last_name="Oakley"))
        assert [view.facility for view in found] == ["Birch"]


def test_whoever_moved_away_is_not_missing_from_the_old_facility_and_comes_back_as_the_same(write, places):
    run(write("alder,1,Mo,Lee,,,", *people("alder", 9, first=10)))
    before = ids()["Mo"]
    run(write("birch,1,Mo,Lee,,,"), facility="birch")

    assert counts(run(write(*people("alder", 9, first=10)), facility="alder")) == (0, 0, 0, 0, 9, 0)
    assert held()["Mo"] == ("birch", "1", "held")

    assert run(write("alder,1,Mo,Lee,,,", *people("alder", 9, first=10)), facility="alder").moved == 1
    assert (held()["Mo"], ids()["Mo"]) == (("alder", "1", "held"), before)


def test_someone_who_was_released_or_reported_as_moved_is_the_same_person_elsewhere(write, places):
    run(write("alder,1,Mo,Lee,,,transferred", "alder,2,Jo,Lee,,,released", "alder,3,Ann,Lee,,,"))
    before = ids()

    report = run(write("birch,1,Mo,Lee,,,", "birch,2,Jo,Lee,,,"), facility="birch")

    assert (report.moved, ids()) == (2, before)
    assert counts(run(write("alder,1,Mo,Lee,,,transferred", "alder,3,Ann,Lee,,,"), facility="alder"))[:4] == (
        0,
        0,
        0,
        0,
    )
    assert held()["Mo"] == ("birch", "1", "held")


@pytest.mark.parametrize(
    "row",
    [
        "birch,1,Mo,Ray,,,",  # another name
        "birch,2,Mo,Lee,,,",  # another number
        "birch,1,Mo,Lee,1991-01-02,,",  # another birth date
        "birch,1,Jo,Ray,1990-01-02,,",  # other names
        "maine,1,Mo,Lee,,,",  # another state, which numbers its people by itself
        "maine,1,Mo,Ray,1990-01-02,,",
    ],
)
def test_somebody_who_is_only_alike_is_a_different_person(write, places, row):
    run(write("alder,1,Mo,Lee,1990-01-02,,"))

    report = run(write(row))

    assert (report.new, report.moved) == (1, 0)
    with db.reading() as session:
        assert len(session.exec(select(Inmate).where(Inmate.custody == "held")).all()) == 2


def test_someone_who_moved_to_another_state_with_their_number_and_birth_date_is_the_same(write, places):
    run(write("alder,1,Mo,Lee,1990-01-02,,"))
    before = ids()

    assert counts(run(write("maine,1,Mo,Lee,1990-01-02,,"), facility="maine")) == (0, 0, 1, 0, 0, 0)
    assert (held()["Mo"], ids()) == (("maine", "1", "held"), before)


def test_someone_born_on_july_1_is_known_again_in_another_state(write, places):
    run(write("alder,1,Mo,Lee,1990-07-01,,"))

    assert run(write("maine,1,Mo,Lee,1990-07-01,,")).moved == 1


def test_someone_born_on_july_1_is_nobody_with_another_birth_date_of_that_year(write, places):
    run(write("alder,1,Mo,Lee,1990-07-01,,"))

    assert run(write("birch,1,Mo,Lee,1990-11-30,,")).new == 1


def test_a_year_of_birth_alone_says_too_little_in_another_state(write, places):
    header = "facility,number,first,last,birth_year"
    run(write("alder,1,Mo,Lee,1990", header=header))

    assert run(write("maine,1,Mo,Lee,1990", header=header)).new == 1


@pytest.mark.parametrize("row", ["birch,1,Mo,Leee,1990-01-02,,", "birch,1,Moe,Lee,1990-01-02,,"])
def test_someone_who_moved_may_have_one_name_mistyped_where_the_birth_date_is_theirs(write, places, row):
    run(write("alder,1,Mo,Lee,1990-01-02,,"))

    assert counts(run(write(row))) == (0, 0, 1, 0, 0, 0)


def test_the_roster_of_a_facility_in_another_state_needs_a_yes_among_others_too(write, places):
    born = [row.replace("Lee,", "Lee,1990-01-02") for row in people("alder", 12)]
    run(write(*born))

    with pytest.raises(Suspicious, match="12 of 12 people held at Alder would move away"):
        run(write(*(row.replace("alder", "maine") for row in born), "birch,99,Bo,Lee,,,"))

    assert len(held()) == 12


def test_a_year_of_birth_does_not_contradict_a_date_in_it(write, places):
    run(write("alder,1,Mo,Lee,1990", header="facility,number,first,last,birth_year"))

    assert run(write("birch,1,Mo,Lee,1990-11-30,,")).moved == 1


FIRST_WEEK = (
    "alder,1,Mo,Lee,,,",
    "alder,2,Jo,Lee,,,",
    "birch,3,Bo,Lee,,,",
    "birch,4,Cy,Lee,,,",
    "cedar,5,Di,Lee,,,",
    *people("alder", 20, first=20),
    *people("birch", 20, first=50),
    *people("cedar", 20, first=80),
)
# Mo and Bo change places, Jo goes to Cedar, Cy is missing, and Di is on two rosters.
SECOND_WEEK = (
    "alder,3,Bo,Lee,,,",
    "birch,1,Mo,Lee,,,",
    "cedar,2,Jo,Lee,,,",
    "cedar,5,Di,Lee,,,",
    "alder,5,Di,Lee,,,",
    "alder,2,Jo,Lee,,,transferred",
    *FIRST_WEEK[5:],
)


def test_a_number_given_to_somebody_else_takes_no_contact_along(write, places, actor, pair):
    run(write("alder,7,Ana,Lopez,1990-01-02,,", *people("alder", 9, first=10)))
    family = actor()
    db.write(facilities.add_location, family, places["alder"])
    (ana,) = db.read(inmates.find, family, places["alder"], InmateQuery(first_name="Ana", last_name="Lopez"))[0]
    contact = db.write(contacts.add_at_my_location, family, ana.id)
    later = write("alder,7,Bruno,Marsh,1971-05-06,,", *people("alder", 9, first=10))

    plan = run(later)

    assert (plan.new, plan.missing, plan.changed) == (1, 1, 0)
    assert "is somebody else's now" in plan.notes[0]
    assert db.read(contacts.get, family, contact.id).name == "Ana Lopez"
    assert db.read(contacts.get, family, contact.id).fate_label.startswith("Not on the list since")
    found = db.read(inmates.find, family, places["alder"], InmateQuery(first_name="Bruno", last_name="Marsh"))[0]
    assert [(view.number, view.custody_label, view.is_contact) for view in found] == [("7", "", False)]
    again = run(later)
    assert (again.new, again.missing, again.changed) == (0, 0, 0)


@pytest.mark.parametrize(
    "row", ["alder,7,Ana,Marsh,1990-01-02,,", "alder,7,Ana,Lopez,1971-05-06,,", "alder,7,Bruno,Marsh,,,"]
)
def test_a_name_or_a_date_of_birth_alone_that_differs_is_a_correction(write, places, row):
    run(write("alder,7,Ana,Lopez,1990-01-02,,", *people("alder", 9, first=10)))

    assert (run(write(row, *people("alder", 9, first=10))).changed, len(ids())) == (1, 10)


@pytest.mark.parametrize("at_once", [1, 25, 30_000])
@pytest.mark.parametrize("order", list(itertools.permutations(["alder", "birch", "cedar"])))
def test_the_order_of_facilities_in_a_file_does_not_matter(write, places, monkeypatch, order, at_once):
    monkeypatch.setattr(imports, "_AT_ONCE", at_once)
    run(write(*FIRST_WEEK))
    before = ids()
    file = write(*sorted(SECOND_WEEK, key=lambda row: order.index(row.partition(",")[0])))

    shown = plan(file)
    done = run(file)

    assert counts(shown) == counts(done) == (1, 0, 3, 1, 62, 0)
    assert held()["Mo"] == ("birch", "1", "held")
    assert held()["Bo"] == ("alder", "3", "held")
    assert held()["Jo"] == ("cedar", "2", "held")
    assert held()["Cy"] == ("birch", "4", "held")
    assert {name: ids()[name] for name in ("Mo", "Jo", "Bo", "Cy")} == {
        name: before[name] for name in ("Mo", "Jo", "Bo", "Cy")
    }
    assert counts(run(file)) == (0, 0, 0, 0, 66, 0)


_PEOPLE = st.tuples(
    st.sampled_from(["alder", "birch", "cedar", "maine"]),
    st.sampled_from(["1", "2", "3", "A-4", "a4", ""]),
    st.sampled_from(["Mo", "Jo", "mo"]),
    st.sampled_from(["Lee", "Ray", ""]),
    st.sampled_from(["", "", "1990-01-02", "1991-01-02"]),
    st.sampled_from(["", "B"]),
    st.sampled_from(["", "", "", "released", "transferred"]),
)
_FILES = st.lists(_PEOPLE.map(",".join), min_size=1, max_size=12)


@pytest.mark.parametrize("at_once", [1, 30_000])
def test_nobody_comes_to_two_places_whose_newcomers_differ(write, places, monkeypatch, at_once):
    monkeypatch.setattr(imports, "_AT_ONCE", at_once)
    run(write("cedar,1,Mo,Lee,1991-01-02,,"))
    later = write("birch,1,Mo,Ray,1991-01-02,,", "alder,1,Mo,Lee,,,")

    shown = plan(later)

    assert counts(shown) == counts(run(later)) == (1, 0, 1, 0, 0, 0)


def test_a_gone_row_is_about_nobody_who_comes_to_another_place_as_somebody_else(write, places):
    run(write("cedar,1,Mo,Lee,,,"))
    later = write("alder,1,Mo,Lee,1990-01-02,,released", "birch,1,Mo,Lee,1991-01-02,,")

    assert counts(run(later)) == (1, 0, 1, 0, 0, 0)
    assert counts(run(later)) == (0, 0, 0, 0, 2, 0)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_FILES, min_size=1, max_size=3), st.sampled_from([1, 30_000]))
@example([["alder,4,Mo,Ray,,,"], ["alder,4,Mo,Lee,,,released", "birch,4,Mo,Ray,,,"]], 1)
@example(
    [
        [*["alder,1,Mo,Lee,,,"] * 9, "alder,2,Mo,Lee,1990-01-02,,"],
        ["alder,1,Mo,Lee,,,"],
        [*["alder,1,Mo,Lee,,,"] * 7, "alder,2,Mo,Lee,,,", "birch,3,Mo,Lee,1990-01-02,,"],
    ],
    1,
)
@example([["alder,4,Mo,Ray,,,"], ["alder,4,Mo,Lee,,,released", "birch,4,Mo,Lee,,,"]], 1)
@example(
    [
        ["birch,1,Mo,Lee,1990-01-02,,", "alder,1,Mo,Lee,,,", "alder,3,Mo,Lee,1990-01-02,,"],
        ["alder,1,Mo,Lee,,,released", "alder,1,Mo,Lee,1991-01-02,,", "birch,3,Mo,Lee,,,"],
    ],
    1,
)
def test_a_dry_run_tells_the_truth_and_the_second_time_changes_nothing(write, places, files, at_once):
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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports, "_AT_ONCE", at_once)
        for lines in files:
            path = write(*lines)
            try:
                shown = plan(path)
            except BadFile:
                continue
            done = run(path, yes=True)
            again = run(path, yes=True)
            assert shown.counts() == done.counts()
            assert len(shown.merges) == len(done.merges)
            assert counts(again)[:4] == (0, 0, 0, 0)
            assert counts(again)[5] == counts(done)[5]
            assert _sheets() == _sheets_made_anew()
            path.unlink()


def _sheets():
    with db.reading() as session:
        return dict(session.exec(select(RosterSheet.facility_id, RosterSheet.body)).all())


def _sheets_made_anew():
    with db.transaction() as session:
        directory.write_sheets(session, session.exec(select(RosterSheet.facility_id)).all())
    return _sheets()


def test_a_file_that_changes_while_it_is_read_is_refused(write, places):
    path = write("alder,1,Ann,Lee,,,", "birch,2,Bo,Lee,,,")

    with imports.open_rosters(path) as roster:
        path.write_text(path.read_text() + "alder,3,Cy,Lee,,,\n")
        with pytest.raises(BadFile, match="changed while it was read"):
            imports.import_rosters(roster)

    assert held() == {}


def test_one_facility_does_not_hold_a_country(write, places, monkeypatch):
    monkeypatch.setattr("rxconnect.services.rosters.roster_files._MOST_AT_ONE", 10)

    with pytest.raises(BadFile, match="more than 10 people at one facility"):
        run(write(*people("alder", 11)))


def test_an_unknown_facility_is_not_found(write, places):
    with pytest.raises(NotFound):
        run(write("alder,1,Ann,Lee,,,"), facility="oak")


_NAMES = ["".join(letters) for letters in itertools.product("BDLMN", "aeiou", "dlmnr", "aeiou")][:500]


def test_a_killed_import_leaves_whole_rosters_and_the_same_file_completes_it(tmp_path, facility, actor):
    keys = [f"jail-{n}" for n in range(60)]
    jails = {key: facility(key=key, state="OR") for key in keys}
    rows = [f"{key},{key[5:]}-{number},{name},Lee" for key in keys for number, name in enumerate(_NAMES)]
    (tmp_path / "file.csv").write_text("\n".join(["facility,number,first,last", *rows]))
    random.seed(7)

    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, Path(__file__).parents[1] / "importing.py", tmp_path / "file.csv"], env=os.environ
        )
        wanted, until = _people_by_facility(), time.monotonic() + 60
        while _people_by_facility() == wanted and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)  # another process writes, so there is nothing to wait for but its rows
        time.sleep(random.uniform(0, 0.3))  # it may be killed at any moment after the first of them
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert set(_people_by_facility().values()) <= {500}

    with db.reading() as session:
        before = len(_people_by_facility())
        sheets = session.exec(select(RosterSheet.facility_id)).all()
    assert 0 < before == len(sheets)
    assert run(tmp_path / "file.csv").unchanged == before * 500
    assert _people_by_facility() == dict.fromkeys(jails.values(), 500)
    sam = actor()
    db.write(facilities.add_location, sam, jails["jail-59"])
    found, _ = db.read(inmates.find, sam, jails["jail-59"], InmateQuery(first_name=_NAMES[499]))
    assert found[0].number == "59-499"


def _people_by_facility() -> dict[int, int]:
    counted = select(Inmate.facility_id, func.count()).group_by(col(Inmate.facility_id))
    with db.reading() as session:
        return dict(session.exec(counted).all())
