from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound, Throttled
from rxconnect.domain.inmates import Custody, InmateQuery, Person
from rxconnect.domain.problems import Problem
from rxconnect.models import Inmate, InmateMove
from rxconnect.search import directory
from rxconnect.services.directory import contacts, facilities, inmates

MARCUS = Person("20418873", "Marcus", "Delgado", birth_date=date(1990, 6, 15), housing="Unit C")


@pytest.fixture
def sam(actor):
    return actor()


@pytest.fixture
def cedar(sam, facility):
    """Cedar Ridge, among Sam's locations, with a small roster."""
    facility_id = facility(name="Cedar Ridge")
    db.write(facilities.add_location, sam, facility_id)
    book(
        facility_id,
        MARCUS,
        Person("20418874", "Marcus", "Delgado-Reyes"),
        Person("H-55210", "Shawn", "O'Neill", suffix="Jr."),
        Person("30000001", "Roberto", "Núñez"),
        Person("30000002", "Jesús", "De La Cruz"),
        Person("30000003", "William", "McDonald III"),
        Person("30000004", "Maria", "Thompson"),
    )
    return facility_id


def book(facility_id, *people):
    db.write(inmates.add_to_roster, facility_id, people)


def found(actor, facility_id, number="", first_name="", last_name="", offset=0):
    query = InmateQuery(number, first_name, last_name)
    db.write(inmates.count_search, actor, query)
    return db.read(inmates.find, actor, facility_id, query, offset=offset)[0]


def names(*query, **more):
    return [view.name for view in found(*query, **more)]


@pytest.mark.parametrize("number", ["20418873", " 2041-8873 ", "2041 8873"])
def test_a_whole_number_finds_exactly_its_person(sam, cedar, number):
    assert [(view.name, view.why) for view in found(sam, cedar, number)] == [("Marcus Delgado", "")]


def test_the_beginning_of_a_number_finds_everyone_who_has_it_in_order(sam, cedar):
    views = found(sam, cedar, "2041")

    assert [view.number for view in views] == ["20418873", "20418874"]
    assert views[0].why == "number begins with “2041”"


def test_numbers_are_found_without_their_separators_and_shown_as_given(sam, cedar):
    assert found(sam, cedar, "h55210")[0].detail == "H-55210"


def test_an_exact_name_comes_first_and_one_of_two_surnames_is_enough(sam, cedar):
    views = found(sam, cedar, last_name="Delgado")

    assert [(view.name, view.why) for view in views] == [
        ("Marcus Delgado", ""),
        ("Marcus Delgado-Reyes", "one of two names is “Delgado”"),
    ]


@pytest.mark.parametrize(
    ("first_name", "last_name", "name", "why"),
    [
        ("Markus", "Delgado", "Marcus Delgado", "sounds like “Markus”"),
        ("Shaun", "ONeill", "Shawn O'Neill Jr.", "sounds like “Shaun”"),
        ("Sean", "O’Neill", "Shawn O'Neill Jr.", "sounds like “Sean”"),
        ("Beto", "Nunez", "Roberto Núñez", "“Beto” is a nickname of this name"),
        ("Chuy", "", "Jesús De La Cruz", "“Chuy” is a nickname of this name"),
        ("Bill", "Mc Donald", "William McDonald III", "“Bill” is a nickname of this name"),
        ("", "Delacruz", "Jesús De La Cruz", ""),
        ("", "Thompsen", "Maria Thompson", "close to “Thompsen”"),
        ("", "Thopmson", "Maria Thompson", "close to “Thopmson”"),
        ("Thompson", "Maria", "Maria Thompson", "first and last name swapped"),
        ("", "Roberto", "Roberto Núñez", "as a first name"),
        ("Mar", "Thom", "Maria Thompson", "begins with “Mar”"),
    ],
)
def test_a_name_is_forgiven_and_the_match_explained(sam, cedar, first_name, last_name, name, why):
    best = found(sam, cedar, first_name=first_name, last_name=last_name)[0]

    assert (best.name, best.why) == (name, why)


def test_a_formal_name_finds_the_person_booked_under_the_nickname(sam, cedar):
    book(cedar, Person("30000009", "Bill", "Ortega"))

    best = found(sam, cedar, first_name="William", last_name="Ortega")[0]

    assert (best.name, best.why) == ("Bill Ortega", "nickname of “William”")


def test_a_name_nothing_like_it_is_not_found(sam, cedar):
    assert found(sam, cedar, first_name="Zebulon", last_name="Quartermain") == []


def test_a_right_number_with_a_wrong_name_says_so(sam, cedar):
    views = found(sam, cedar, "20418873", first_name="Zebulon")

    assert [(view.name, view.why) for view in views] == [("Marcus Delgado", "same number, another name")]


def test_a_right_name_with_a_wrong_number_says_so(sam, cedar):
    assert found(sam, cedar, "99999999", last_name="Thompson")[0].why == "same name, another number"


def test_age_is_counted_to_the_day(sam, cedar):
    with clock.at(datetime(2024, 6, 14, 12, tzinfo=UTC)):
        assert found(sam, cedar, "20418873")[0].detail == "20418873 · age 33 · unit C"
    with clock.at(datetime(2024, 6, 15, 12, tzinfo=UTC)):
        assert found(sam, cedar, "20418873")[0].detail == "20418873 · age 34 · unit C"


def test_a_birth_year_alone_gives_an_age_that_is_wrong_by_no_more_than_one(sam, cedar):
    book(cedar, Person("7700001", "Ann", "Lee", birth_year=1990))
    with clock.at(datetime(2026, 3, 4, tzinfo=UTC)):
        assert found(sam, cedar, "7700001")[0].detail == "7700001 · age 35"


def test_someone_released_or_moved_is_found_and_says_so(sam, cedar, facility):
    harbor = facility(name="Harbor County Jail")
    book(cedar, replace(MARCUS, number="1000", custody=Custody.RELEASED))
    book(cedar, replace(MARCUS, number="1001"))
    with db.transaction() as session:
        moved = session.get(Inmate, found(sam, cedar, "1001")[0].id)
        moved.facility_id = harbor
        session.add(InmateMove(inmate_id=moved.id, from_facility_id=cedar, number="1001"))
        session.flush()
        directory.write_sheets(session, [cedar, harbor])

    labels = [view.custody_label for view in found(sam, cedar, first_name="Marcus", last_name="Delgado")[:3]]

    assert sorted(labels) == ["", "Moved to Harbor County Jail", "Released"]


def test_a_person_already_among_my_contacts_is_marked_for_me_only(sam, cedar, actor):
    rosa = actor()
    db.write(facilities.add_location, rosa, cedar)
    contact = db.write(contacts.add_at_my_location, sam, found(sam, cedar, "20418873")[0].id)

    assert found(sam, cedar, "20418873")[0].contact_id == contact.id
    assert not found(rosa, cedar, "20418873")[0].is_contact


def test_pages_of_twenty_follow_each_other_without_gap_or_repeat(sam, cedar):
    book(cedar, *(Person(f"7{i:07}", "Ana", f"Zamora {chr(97 + i % 26)}") for i in range(45)))

    pages = [db.read(inmates.find, sam, cedar, InmateQuery(last_name="zamora"), offset=start) for start in (0, 20, 40)]

    assert [(len(views), more) for views, more in pages] == [(20, True), (20, True), (5, False)]
    assert len({view.id for views, _ in pages for view in views}) == 45


def test_nobody_reads_deeper_than_two_hundred(sam, cedar):
    book(cedar, *(Person(f"7{i:07}", "Ana", "Zamora") for i in range(230)))
    query = InmateQuery(last_name="zamora")

    assert db.read(inmates.find, sam, cedar, query, offset=180)[1] is False
    for offset in (200, 10_000, 10**30):
        assert db.read(inmates.find, sam, cedar, query, offset=offset) == ([], False)
    assert len(db.read(inmates.find, sam, cedar, query, offset=-5)[0]) == 20


@pytest.mark.parametrize(
    "query", [("",), ("123",), ("", "J"), ("", "%%__"), ("", "", "🙂🙂"), ("", "\x00\x00"), ("", "'", "-")]
)
def test_too_little_to_search_for_is_refused(sam, cedar, query):
    with pytest.raises(Invalid) as refused:
        found(sam, cedar, *query)

    assert refused.value.fields == {"form": Problem.INMATE_QUERY_TOO_SHORT()}


def test_fields_that_are_too_long_are_each_refused(sam, cedar):
    with pytest.raises(Invalid) as refused:
        found(sam, cedar, "1" * 61, first_name="Marcus", last_name="x" * 10_000)

    assert refused.value.fields.keys() == {"number", "last_name"}


@pytest.mark.parametrize("text", ["<b>Marcus</b>", "Mar\x00cus", "\u202eMarcus", "' OR 1=1 --", "שלום", "🙂Marcus"])
def test_strange_text_is_searched_for_as_text(sam, cedar, text):
    assert set(names(sam, cedar, first_name=text)) <= {"Marcus Delgado", "Marcus Delgado-Reyes"}


def test_a_facility_that_is_not_my_location_cannot_be_searched(sam, cedar, actor, facility):
    elsewhere = facility()
    book(elsewhere, MARCUS)

    for searcher, place in ((sam, elsewhere), (actor(), cedar), (sam, 4711)):
        with pytest.raises(NotFound):
            found(searcher, place, "20418873")


def test_people_elsewhere_never_appear(sam, cedar, facility):
    elsewhere = facility()
    db.write(facilities.add_location, sam, elsewhere)
    book(elsewhere, replace(MARCUS, housing="Z"))

    assert [view.facility_id for view in found(sam, elsewhere, last_name="Delgado")] == [elsewhere]


def test_staff_do_not_search_as_families_do(actor, cedar):
    with pytest.raises(NotAllowed):
        found(actor(role=Role.REVIEWER, facility_id=cedar), cedar, "20418873")


def test_searching_a_roster_again_and_again_is_stopped(sam, cedar):
    with pytest.raises(Throttled):
        for _ in range(301):
            found(sam, cedar, "20418873")


def search_by_turns(actor, accounts, address):
    """As many searches as so many accounts may make, all from one address."""
    query = InmateQuery(last_name="Delgado")
    people = [actor() for _ in range(accounts)]
    with db.all_or_nothing() as session:
        for person in people * 300:
            inmates.count_search(session, person, query, address)


def test_many_accounts_behind_one_address_share_a_far_higher_limit(actor):
    search_by_turns(actor, 5, "93.184.216.34")

    with pytest.raises(Throttled):
        search_by_turns(actor, 1, "93.184.216.34")
    search_by_turns(actor, 1, "2001:db9:1:2::/64")


@pytest.mark.parametrize("address", ["", "127.0.0.1", "10.1.2.3", "fd00::/64"])
def test_an_address_that_is_not_of_the_internet_is_nobodys_in_particular(actor, address):
    search_by_turns(actor, 6, address)
