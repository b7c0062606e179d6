"""A person is not only their number: the cases of rosters that made people come and go, each under its number."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, func, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import NotFound
from rxconnect.domain.imports import Suspicious
from rxconnect.domain.inmates import InmateQuery
from rxconnect.domain.terms import VERSION
from rxconnect.models import Email, Facility, Inmate, InmateAbsence, InmateMove, Message, RosterSheet
from rxconnect.search import directory
from rxconnect.services.custody import roster_absences, roster_merges, roster_reports, roster_undo
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.services.imports import imports
from rxconnect.services.leaving import departures, returns
from rxconnect.services.messages import drafts
from rxconnect.services.refunds import refund_payouts, refunds
from rxconnect.services.screening import submissions
from tests.services.buying import buy, is_sound
from tests.services.rosters.lists import in_words

HEADER = "Inmate Number,Last Name,First Name,DOB"
# Enough others that one who is gone does not look wrong.
OTHERS = [f"90{n},OTHER,P{chr(97 + n)},1970-03-{n + 1:02}" for n in range(9)]
DAY = timedelta(days=1)
JUNE = datetime(2026, 6, 12, 18, tzinfo=UTC)


@pytest.fixture
def bring(tmp_path, database):
    """`bring("pine", rows…)` imports rows as the roster of a facility, or of all without a key."""
    names = itertools.count()

    def run(facility, *rows, header=HEADER, yes=False, dry=False):
        path = tmp_path / f"list-{next(names)}.csv"
        path.write_text("\n".join([header, *rows]) + "\n")
        with imports.open_rosters(path, facility=facility) as roster:
            if dry:
                return in_words(imports.plan_rosters(roster))
            return in_words(imports.import_rosters(roster, accept_suspicious=yes))

    return run


@pytest.fixture
def pine(facility):
    """A county jail in Oregon."""
    return facility(key="pine", name="Pine County", state="OR", price_cents=25)


@pytest.fixture
def prison(facility):
    """A state prison in Oregon."""
    return facility(key="prison", name="State Prison", state="OR", price_cents=25)


def everyone():
    """(number, custody, facility key) by first name, with how many have that name."""
    with db.reading() as session:
        rows = session.exec(select(Inmate, Facility.key).join(Facility, col(Facility.id) == Inmate.facility_id)).all()
    return {row.first_name: (row.number, row.custody, key) for row, key in rows}


def count():
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(Inmate)).one()


def id_of(first_name):
    with db.reading() as session:
        return session.exec(select(Inmate.id).where(Inmate.first_name == first_name)).one()


def sheets_are_right():
    with db.transaction() as session:
        before = dict(session.exec(select(RosterSheet.facility_id, RosterSheet.body)).all())
        directory.write_sheets(session, before)
        return before == dict(session.exec(select(RosterSheet.facility_id, RosterSheet.body)).all())


def follow_up():
    """What the jobs do about people who left or came back."""
    for job in (roster_absences.release_due, departures.follow_up_departures, returns.tell_returns):
        assert job().errors == []
    refund_payouts.carry_out_due()


def subjects():
    with db.reading() as session:
        return list(session.exec(select(Email.subject).order_by(col(Email.id))))


@pytest.fixture
def family(bring, pine, actor):
    """A family with twenty credits and a letter in review to Marcus (0042) at Pine County."""
    with clock.at(JUNE - DAY):
        bring("pine", "0042,REYES,MARCUS,1990-02-03", *OTHERS)
        family = actor()
        db.write(facilities.add_location, family, pine)
        contact = db.write(contacts.add_at_my_location, family, id_of("Marcus"))
        buy(family, pine, 20)
        draft_id = db.write(drafts.get_or_create_empty, family, contact.id)
        db.write(drafts.save, family, draft_id, subject="Hello", body="We miss you.")
        db.write(submissions.send, family, draft_id, accepted_terms=VERSION)
    return family


def contact_of(family):
    (contact,) = db.read(contacts.my_contacts, family)
    return contact


# 01


def test_01_a_lost_zero_is_a_new_number_of_the_same_person(bring, family):
    report = bring("pine", "42,REYES,MARCUS,1990-02-03", *OTHERS)
    follow_up()

    assert (report.new, report.changed, report.released, report.missing) == (0, 1, 0, 0)
    assert "number 0042 → 42: Marcus Reyes" in report.merges[0]
    assert (count(), everyone()["Marcus"]) == (10, ("42", "held", "pine"))
    assert (contact_of(family).number, contact_of(family).is_reachable) == ("42", True)
    assert (contact_of(family).credits, db.read(refunds.my_refunds, family)) == (19, [])
    with db.reading() as session:
        assert session.exec(select(Message.status)).all() == ["in review"]
    assert sheets_are_right()
    again = bring("pine", "42,REYES,MARCUS,1990-02-03", *OTHERS)
    assert (again.changed, again.unchanged, again.merges) == (0, 10, [])


@pytest.mark.parametrize("born", ["", "1990"])
def test_01_without_a_whole_birth_date_it_is_asked_and_never_merged(bring, pine, born):
    header = "Inmate Number,Last Name,First Name,Birth Year"
    day2 = ("42,ABEL,ANN," + born, *(row[:-6] for row in OTHERS))
    bring("pine", "0042,ABEL,ANN," + born, *(row[:-6] for row in OTHERS), header=header)

    shown = bring("pine", *day2, header=header, dry=True)
    with pytest.raises(Suspicious, match="1 person would be released and come back under another number"):
        bring("pine", *day2, header=header)

    assert "0042 Ann Abel as 42, but without a whole birth date" in shown.suspicious[0]
    assert everyone()["Ann"] == ("0042", "held", "pine")
    report = bring("pine", *day2, header=header, yes=True)
    assert (report.new, report.missing, report.released, report.merges) == (1, 1, 0, [])
    assert count() == 11


# 02


def test_02_somebody_booked_again_is_the_same_person(bring, pine):
    bring("pine", "26-001,AVILA,ROSA,1985-05-05", *OTHERS)
    before = id_of("Rosa")

    bring("pine", "26-099,AVILA,ROSA,1985-05-05", *OTHERS)

    assert (id_of("Rosa"), everyone()["Rosa"], count()) == (before, ("26-099", "held", "pine"), 10)


def test_02_within_thirty_days_in_two_imports(bring, pine):
    with clock.at(JUNE):
        bring("pine", "26-001,AVILA,ROSA,1985-05-05", *OTHERS)
        bring("pine", *OTHERS)
    before = id_of("Rosa")
    with clock.at(JUNE + 5 * DAY):
        bring("pine", *OTHERS)
        follow_up()
        assert everyone()["Rosa"][1] == "released"
    with clock.at(JUNE + 20 * DAY):
        report = bring("pine", "26-099,AVILA,ROSA,1985-05-05", *OTHERS)

    assert len(report.merges) == 1
    assert (id_of("Rosa"), everyone()["Rosa"]) == (before, ("26-099", "held", "pine"))
    assert sheets_are_right()


def test_02_at_a_facility_whose_state_is_unknown(bring, facility):
    facility(key="alone", name="Alone")
    bring("alone", "26-001,AVILA,ROSA,1985-05-05", *OTHERS)
    bring("alone", *OTHERS)

    assert len(bring("alone", "26-099,AVILA,ROSA,1985-05-05", *OTHERS).merges) == 1


def test_02_both_numbers_may_be_listed_for_a_day(bring, pine):
    bring("pine", "26-001,AVILA,ROSA,1985-05-05", *OTHERS)
    before = id_of("Rosa")
    bring("pine", "26-001,AVILA,ROSA,1985-05-05", "26-099,AVILA,ROSA,1985-05-05", *OTHERS)

    assert len(bring("pine", "26-099,AVILA,ROSA,1985-05-05", *OTHERS).merges) == 1
    assert (id_of("Rosa"), everyone()["Rosa"]) == (before, ("26-099", "held", "pine"))


def test_02_who_was_on_the_same_list_from_the_beginning_is_nobody_new(bring, pine):
    bring("pine", "26-001,AVILA,ROSA,1985-05-05", "26-099,AVILA,ROSA,1985-05-05", *OTHERS)

    report = bring("pine", "26-099,AVILA,ROSA,1985-05-05", *OTHERS)

    assert (report.merges, report.missing, count()) == ([], 1, 11)


def test_02_not_after_thirty_days(bring, pine):
    with clock.at(JUNE):
        bring("pine", "26-001,AVILA,ROSA,1985-05-05", *OTHERS)
    with clock.at(JUNE + DAY):
        bring(
            "pine", "26-001,AVILA,ROSA,1985-05-05,released", *(f"{row}," for row in OTHERS), header=HEADER + ",Status"
        )
    with clock.at(JUNE + 40 * DAY):
        assert bring("pine", "26-099,AVILA,ROSA,1985-05-05", *OTHERS).new == 1


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        (["1,COLE,AL,1980-01-01,J,"], ["2,COLE,AL,1980-01-01,M,"], "middle names or suffixes differ"),
        (["1,COLE,AL,1980-01-01,,Jr"], ["2,COLE,AL,1980-01-01,,Sr"], "middle names or suffixes differ"),
        (
            ["1,COLE,AL,1980-01-01,,", "2,COLE,AL,1980-01-01,,"],
            ["3,COLE,AL,1980-01-01,,"],
            "more than one person",
        ),
        (["1,COLE,AL,1980-01-01,,"], ["3,COLE,AL,1980-01-01,,", "4,COLE,AL,1980-01-01,,"], "more than one person"),
    ],
)
def test_02_who_may_be_somebody_else_is_asked_and_never_merged(bring, pine, first, then, why):
    header = HEADER + ",Middle Name,Suffix"
    others = [f"{row},," for row in OTHERS]
    bring("pine", *first, *others, header=header)

    with pytest.raises(Suspicious, match=why):
        bring("pine", *then, *others, header=header)
    report = bring("pine", *then, *others, header=header, yes=True)

    assert (report.merges, report.new, report.missing) == ([], len(then), len(first))


@pytest.mark.parametrize(("middle", "another"), [("", "Jay"), ("J", "Jay"), ("Jay", "J")])
def test_02_an_initial_or_no_middle_name_contradicts_nothing(bring, pine, middle, another):
    header = HEADER + ",Middle Name"
    others = [f"{row}," for row in OTHERS]
    bring("pine", f"1,COLE,AL,1980-01-01,{middle}", *others, header=header)

    assert len(bring("pine", f"2,COLE,AL,1980-01-01,{another}", *others, header=header).merges) == 1


# 03


@pytest.mark.parametrize("at_once", [1, 30_000])
@pytest.mark.parametrize("is_prison_first", [True, False])
def test_03_from_the_county_to_the_state_prison_is_a_move(bring, pine, prison, monkeypatch, is_prison_first, at_once):
    monkeypatch.setattr(imports, "_AT_ONCE", at_once)
    header = "facility," + HEADER
    others = [f"pine,{row}" for row in OTHERS]
    bring("", "pine,26-0103,CARR,CAL,1982-01-03", *others, header=header)
    before, row = id_of("Cal"), "prison,1234567,CARR,CAL,1982-01-03"
    rows = [row, *others] if is_prison_first else [*others, row]

    shown = bring("", *rows, header=header, dry=True)
    report = bring("", *rows, header=header)

    assert shown.counts() == report.counts()
    assert (report.moved, report.new, report.missing, len(report.merges)) == (1, 0, 0, 1)
    assert (id_of("Cal"), everyone()["Cal"]) == (before, ("1234567", "held", "prison"))
    with db.reading() as session:
        assert session.exec(select(InmateMove.number)).all() == ["26-0103"]
    assert sheets_are_right()
    again = bring("", *rows, header=header)
    assert (again.new, again.changed, again.moved, again.missing, again.unchanged) == (0, 0, 0, 0, 10)


def test_03_the_county_may_drop_them_first(bring, pine, prison):
    bring("pine", "26-0103,CARR,CAL,1982-01-03", *OTHERS)
    bring("pine", *OTHERS)

    assert len(bring("prison", "1234567,CARR,CAL,1982-01-03").merges) == 1
    assert (everyone()["Cal"], count()) == (("1234567", "held", "prison"), 10)


def test_03_the_prison_may_list_them_first(bring, pine, prison):
    bring("pine", "26-0103,CARR,CAL,1982-01-03", *OTHERS)
    before = id_of("Cal")
    bring("prison", "1234567,CARR,CAL,1982-01-03", "7,NEW,MAN,1970-01-01")
    assert count() == 12

    report = bring("pine", *OTHERS)

    assert (len(report.merges), report.moved, report.missing) == (1, 1, 0)
    assert (id_of("Cal"), everyone()["Cal"], count()) == (before, ("1234567", "held", "prison"), 11)
    assert sheets_are_right()
    assert bring("prison", "1234567,CARR,CAL,1982-01-03", "7,NEW,MAN,1970-01-01").unchanged == 2


@pytest.mark.parametrize("status", ["transferred", "released"])
def test_03_the_county_may_say_that_they_left(bring, pine, prison, status):
    header, others = "facility," + HEADER + ",Status", [f"pine,{row}," for row in OTHERS]
    left, came = f"pine,26-0103,CARR,CAL,1982-01-03,{status}", "prison,1234567,CARR,CAL,1982-01-03,"
    bring("pine", "26-0103,CARR,CAL,1982-01-03", *OTHERS)
    before = id_of("Cal")

    report = bring("", left, came, *others, header=header)

    assert (report.moved, report.new, report.released, report.changed, len(report.merges)) == (1, 0, 0, 0, 1)
    assert (id_of("Cal"), everyone()["Cal"]) == (before, ("1234567", "held", "prison"))
    again = bring("", left, came, *others, header=header)
    assert (again.unchanged, again.new, count()) == (11, 0, 10)


def test_03_days_after_the_county_said_that_they_left(bring, pine, prison):
    header, others = HEADER + ",Status", [f"{row}," for row in OTHERS]
    bring("pine", "26-0103,CARR,CAL,1982-01-03,", *others, header=header)
    bring("pine", "26-0103,CARR,CAL,1982-01-03,transferred", *others, header=header)
    assert len(bring("prison", "1234567,CARR,CAL,1982-01-03").merges) == 1
    assert bring("pine", "26-0103,CARR,CAL,1982-01-03,transferred", *others, header=header).new == 0


def test_03_the_states_namesake_is_nobody_else(bring, pine, prison, facility):
    facility(key="maine", name="Maine", state="ME")
    bring("pine", "26-0103,CARR,CAL,1982-01-03", *OTHERS)
    bring("pine", *OTHERS)

    assert bring("maine", "1234567,CARR,CAL,1982-01-03").new == 1


# Missing is not released


def test_a_missing_person_can_be_written_to_until_the_days_are_over_and_two_lists_lack_them(bring, family):
    with clock.at(JUNE):
        report = bring("pine", *OTHERS)
        follow_up()
        assert (report.missing, report.released) == (1, 0)
        assert "1 person is not on the list any more (0042 Marcus Reyes)" in " ".join(report.notes)
        assert contact_of(family).fate_label == "Not on the list since Jun 12"
        assert "You can still write" in contact_of(family).fate_note
        assert contact_of(family).is_reachable
        draft_id = db.write(drafts.get_or_create_empty, family, contact_of(family).id)
        assert "since Jun 12" in db.read(drafts.get, family, draft_id).absence_note
    with clock.at(JUNE + 4 * DAY):
        follow_up()
        assert everyone()["Marcus"][1] == "held", "one list is not two"
        bring("pine", *OTHERS)
        follow_up()
        assert contact_of(family).custody_label == "Released"
        assert contact_of(family).fate_label == "Released"
        follow_up()
    (refund,) = db.read(refunds.my_refunds, family)
    assert refund.credits == 20
    assert sheets_are_right()


def test_the_same_file_twice_is_one_list(bring, pine):
    with clock.at(JUNE):
        bring("pine", "1,ABEL,ANN,1980-01-01", *OTHERS)
        bring("pine", *OTHERS)
        bring("pine", *OTHERS)
    with clock.at(JUNE + 4 * DAY):
        follow_up()
    assert everyone()["Ann"][1] == "held"


def test_two_lists_at_once_wait_for_the_days(bring, pine):
    with clock.at(JUNE):
        bring("pine", "1,ABEL,ANN,1980-01-01", *OTHERS)
        bring("pine", *OTHERS)
        bring("pine", *OTHERS, "99,NEW,MAN,1970-01-01")
        follow_up()
    assert everyone()["Ann"][1] == "held"
    with clock.at(JUNE + 3 * DAY):
        follow_up()
    assert everyone()["Ann"][1] == "released"


def test_a_facility_sets_its_days(bring, facility):
    facility(key="quick", name="Quick", release_after_days=0)
    bring("quick", "1,ABEL,ANN,1980-01-01", *OTHERS)
    bring("quick", *OTHERS)
    follow_up()
    assert everyone()["Ann"][1] == "held"
    bring("quick", *OTHERS, "99,NEW,MAN,1970-01-01")
    follow_up()
    assert everyone()["Ann"][1] == "released"


def test_a_status_releases_at_once(bring, family):
    report = bring(
        "pine", "0042,REYES,MARCUS,1990-02-03,released", *(f"{row}," for row in OTHERS), header=HEADER + ",Status"
    )
    follow_up()

    assert (report.released, report.missing) == (1, 0)
    assert contact_of(family).custody_label == "Released"
    assert db.read(refunds.my_refunds, family) != []


def test_who_was_only_missing_is_back_without_a_word(bring, family):
    with clock.at(JUNE):
        bring("pine", *OTHERS)
        told = subjects()
        report = bring("pine", "0042,REYES,MARCUS,1990-02-03", *OTHERS)
        follow_up()
    assert report.back == 1
    assert (contact_of(family).fate_label, contact_of(family).fate_note) == ("", "")
    assert subjects() == told


def test_who_comes_back_after_a_release_is_where_they_were_and_the_refund_is_told(bring, family):
    with clock.at(JUNE):
        bring("pine", *OTHERS)
    with clock.at(JUNE + 4 * DAY):
        bring("pine", *OTHERS)
        for _ in range(2):
            follow_up()
    with clock.at(JUNE + 10 * DAY):
        report = bring("pine", "0042,REYES,MARCUS,1990-02-03", *OTHERS)
        follow_up()
        follow_up()
        contact = contact_of(family)
    assert report.back == 1
    assert "1 person is on the list again" in " ".join(report.notes)
    assert "Marcus Reyes (0042) counted as released, and $5.00 went back to cards. That stays." in report.notes
    assert (contact.is_reachable, contact.custody_label) == (True, "")
    assert "$5.00 was refunded" in contact.fate_note
    assert subjects().count("Marcus is on the list again") == 1
    assert is_sound()


def test_a_missing_person_is_shown_so_in_a_search(bring, family, pine):
    with clock.at(JUNE):
        bring("pine", *OTHERS)
        (found,), _ = db.read(inmates.find, family, pine, InmateQuery(last_name="Reyes"))
    assert found.custody_label == "Not on the list since Jun 12"


# 05


@pytest.mark.parametrize("order", [1, -1])
def test_05_in_custody_wins_over_released(bring, pine, order):
    rows = ["A1,SMITH,JOHN,released", "A1,SMITH,JOHN,active", "A2,DOE,JANE,active"][:: order or 1]

    report = bring("pine", *rows, header="Inmate Number,Last Name,First Name,Status")

    assert everyone()["John"] == ("A1", "held", "pine")
    assert (report.new, report.bad_rows) == (2, 0)
    assert "1 row disagrees with an earlier one about the same person" in " ".join(report.notes)


# 06


def test_06_rows_that_say_the_same_are_nothing_wrong(bring, pine):
    rows = ["A1,SMITH,JOHN,THEFT", "A1,SMITH,JOHN,ARSON", "A2,DOE,JANE,THEFT", "A2,DOE,JANE,DUI", "A2,DOE,JANE,FTA"]

    report = bring("pine", *rows, "A3,ROE,AL,FTA", header="Inmate Number,Last Name,First Name,Charge")

    assert (report.new, report.bad_rows, report.suspicious) == (3, 0, [])
    assert "3 rows repeat people already read." in report.notes


def test_06_reasons_are_not_counted_as_facilities():
    assert "and 1 more reason" in str(Suspicious(["3 of 6 rows of pine would be left out", "5 of 6 people are gone"]))


# 11


@pytest.mark.parametrize("header", ["Inmate Number,Last Name,First Name", "inmate number,LAST NAME,first name"])
def test_11_the_header_again_and_a_total_are_no_people(bring, pine, header):
    rows = ["A1,SMITH,JOHN", "A2,DOE,JANE", header, "A3,ROE,AL", "Total: 3,,"]

    report = bring("pine", *rows, header="Inmate Number,Last Name,First Name")

    assert (report.new, report.bad_rows, count()) == (3, 0, 3)
    assert report.notes == ["2 rows without a person, such as the header again or a total: passed over."]


def test_11_in_a_file_of_many_facilities(bring, pine, prison):
    header = "Facility,Inmate Number,Last Name,First Name"
    report = bring("", "pine,A1,SMITH,JOHN", header, "prison,A2,DOE,JANE", header=header)
    assert (report.new, report.bad_rows) == (2, 0)


# Splitting


def test_a_merge_is_listed_and_can_be_split(bring, family):
    with clock.at(JUNE):
        bring("pine", "42,REYES,MARCUS,1990-02-03", *OTHERS)
        (merge,) = db.read(roster_merges.list_merges)
        assert (merge.from_number, merge.to_number, merge.name) == ("0042", "42", "Marcus Reyes")

        assert db.write(roster_merges.split, merge.id).is_split
        with pytest.raises(NotFound):
            db.write(roster_merges.split, merge.id)

        assert count() == 11
        assert (contact_of(family).number, contact_of(family).credits) == ("0042", 19)
        assert contact_of(family).fate_label == "Not on the list since Jun 12"
        assert sheets_are_right()
        report = bring("pine", "42,REYES,MARCUS,1990-02-03", *OTHERS)
        assert (report.unchanged, report.merges, count()) == (10, [], 11)


def test_a_merge_across_facilities_is_split_without_a_trace_of_the_move(bring, pine, prison):
    bring("pine", "26-0103,CARR,CAL,1982-01-03", *OTHERS)
    bring("pine", *OTHERS)
    bring("prison", "1234567,CARR,CAL,1982-01-03")
    (merge,) = db.read(roster_merges.list_merges)

    db.write(roster_merges.split, merge.id)

    with db.reading() as session:
        assert session.exec(select(InmateMove)).all() == []
        cals = session.exec(select(Inmate.number, Inmate.facility_id).where(Inmate.first_name == "Cal")).all()
    assert sorted(cals) == [("1234567", prison), ("26-0103", pine)]
    assert sheets_are_right()


# Taking an import back


def state():
    """All columns of everybody, and who is missing."""
    with db.reading() as session:
        people = sorted(str(row.model_dump(exclude={"id"})) for row in session.exec(select(Inmate)))
        absent = session.exec(
            select(Inmate.number, InmateAbsence.since, InmateAbsence.lists, InmateAbsence.released_at)
            .join(Inmate, col(Inmate.id) == InmateAbsence.inmate_id)
            .where(col(InmateAbsence.returned_at).is_(None))
            .order_by(Inmate.number)
        ).all()
        moves = session.exec(select(InmateMove.number)).all()
    return people, absent, moves


def test_an_import_is_taken_back_as_a_whole(bring, pine, prison):
    header = HEADER + ",Housing,Status"
    bring("prison", "55,FARR,FAY,1980-05-05,Z,", "56,GATES,GUS,1980-05-06,Z,", header=header)
    others = [f"{row},," for row in OTHERS]
    first = [
        "1,ABEL,ANN,1980-01-01,A,",
        "2,BELL,BO,1980-01-02,A,",
        "3,COLE,CY,1980-01-03,A,",
        "4,DALE,DI,1980-01-04,A,",
        "5,EARL,ED,1980-01-05,A,",
    ]
    with clock.at(JUNE):
        bring("pine", *first, *others, header=header)
        before = state()
    second = [
        "1,ABEL,ANNE,1980-01-01,B,",  # another first name and unit
        "2,BELL,BO,1980-01-02,A,released",
        "33,COLE,CY,1980-01-03,A,",  # another number
        "5,KING,KIM,1971-09-09,A,",  # the number is somebody else's
        "56,GATES,GUS,1980-05-06,A,",  # from the prison
        "99,NEW,MAN,1970-01-01,A,",
    ]
    with clock.at(JUNE + DAY):
        bring("pine", *second, *others, header=header, yes=True)
        assert state() != before

        view = db.write(roster_undo.undo_import, pine)

    assert state() == before
    assert (view.removed, view.restored) == (2, 6)
    assert sheets_are_right()
    with pytest.raises(NotFound):
        db.write(roster_undo.undo_import, pine)
    with clock.at(JUNE + 2 * DAY):
        assert bring("pine", *second, *others, header=header, yes=True).new == 2


def test_a_row_that_was_absorbed_comes_back(bring, pine, prison):
    with clock.at(JUNE):
        bring("pine", "26-0103,CARR,CAL,1982-01-03", *OTHERS)
        bring("prison", "1234567,CARR,CAL,1982-01-03", "7,NEW,MAN,1970-01-01")
        before = state()
        bring("pine", *OTHERS)
        db.write(roster_undo.undo_import, pine)
        assert state() == before
    assert sheets_are_right()


def test_refunds_that_went_out_stay_and_are_listed(bring, family, pine):
    with clock.at(JUNE):
        header = HEADER + ",Status"
        bring("pine", "0042,REYES,MARCUS,1990-02-03,released", *(f"{row}," for row in OTHERS), header=header)
        for _ in range(2):
            follow_up()
        view = db.write(roster_undo.undo_import, pine)
        follow_up()
        contact = contact_of(family)
    assert contact.is_reachable
    assert "$5.00 was refunded" in contact.fate_note
    assert subjects()[-1] == "Marcus is on the list again"
    assert [line for line in view.kept if "A refund of $5.00 stays" in line]
    assert [line for line in view.kept if "1 letter came back" in line]
    assert is_sound()


def test_a_newcomer_who_is_a_contact_by_now_is_not_deleted(bring, pine, actor):
    from rxconnect.services.directory import facilities

    bring("pine", *OTHERS)
    bring("pine", *OTHERS, "99,NEW,MAN,1970-01-01")
    family = actor()
    db.write(facilities.add_location, family, pine)
    db.write(contacts.add_at_my_location, family, id_of("Man"))

    view = db.write(roster_undo.undo_import, pine)

    assert contact_of(family).fate_label != ""
    assert "1 newcomer stayed" in view.kept[0]


def test_only_the_last_import_can_be_taken_back(bring, pine):
    bring("pine", *OTHERS)
    bring("pine", *OTHERS, "99,NEW,MAN,1970-01-01")
    newest, oldest = db.read(roster_reports.imports_of, [pine])
    assert (newest.may_undo, oldest.may_undo) == (True, False)
    assert (newest.counts["new"], newest.counts["unchanged"]) == (1, 9)
