import subprocess
import sys

import pytest

from rxconnect import db
from rxconnect.domain.accounts import Role
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.services.directory import facilities
from tests.worlds import disconnect


def create(name, **fields):
    return db.write(facilities.create_facility, name=name, **fields)


def found(actor, text):
    return [view.name for view in db.read(facilities.search, actor, text)]


def _found_in(state, actor):
    return lambda session: facilities.search(session, actor, "harbor", state=state)


def _matches_in(state):
    return lambda session: facilities.search_with_scores(session, "harbor", state=state)


@pytest.fixture
def sam(actor):
    return actor()


@pytest.fixture
def known(database):
    create("Cedar Ridge Correctional Center", city="Walla Walla", county="Walla Walla", state="WA", zip_code="99362")
    create("Seagoville Federal Correctional Institution", city="Seagoville", county="Dallas", state="TX")
    create("South Florida Reception Center", city="Doral", county="Miami-Dade", state="FL", zip_code="33178")
    create("Big Sandy United States Penitentiary", city="Inez", county="Martin", state="KY")
    create("Hoke CI", city="Raeford", county="Hoke", state="NC")
    create("Harbor County Jail", city="Astoria", county="Clatsop", state="OR", zip_code="97103")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cedar ridge", "Cedar Ridge Correctional Center"),
        ("Ridge Cedar", "Cedar Ridge Correctional Center"),
        ("Cedar Ridge CC", "Cedar Ridge Correctional Center"),
        ("cedr rigde", "Cedar Ridge Correctional Center"),
        ("walla-walla", "Cedar Ridge Correctional Center"),
        ("Washington", "Cedar Ridge Correctional Center"),
        ("993", "Cedar Ridge Correctional Center"),
        ("FCI Seagoville", "Seagoville Federal Correctional Institution"),
        ("SFRC", "South Florida Reception Center"),
        ("miami dade", "South Florida Reception Center"),
        ("USP Big Sandy", "Big Sandy United States Penitentiary"),
        ("big sandy pen.", "Big Sandy United States Penitentiary"),
        ("Hoke Correctional Institution", "Hoke CI"),
        ("harbor co. jail", "Harbor County Jail"),
        ("harbor OR", "Harbor County Jail"),
    ],
)
def test_a_facility_is_found_by_what_people_call_it(known, sam, text, name):
    assert found(sam, text)[0] == name


@pytest.mark.parametrize("text", ["", "   ", "🙂", "\x00", "<script>", "qqqqzzzz", "' OR 1=1 --qqqq"])
def test_what_fits_nothing_finds_nothing(known, sam, text):
    assert found(sam, text) == []


def test_an_open_facility_comes_before_an_equal_one_that_is_not(sam):
    create("Lake Jail", state="OH")
    create("Lake Jail", state="OH", opening="open")

    assert [view.is_open for view in db.read(facilities.search, sam, "lake jail")] == [True, False]


def test_a_search_shows_at_most_its_limit(sam):
    for _ in range(5):
        create("Lake Jail", state="OH")

    assert len(db.read(facilities.search, sam, "lake", limit=3)) == 3


def test_a_very_long_search_is_refused_with_a_sentence(known, sam):
    with pytest.raises(Invalid) as refused:
        found(sam, "x" * 10_000)

    assert refused.value.fields == {"text": Problem.FACILITY_QUERY_TOO_LONG(most=120)}


def test_a_search_in_one_state_finds_nothing_elsewhere(known, sam):
    for state in ("FL", "fl", "Florida"):
        assert [view.place for view in db.read(facilities.search, sam, "correctional center", state=state)] == [
            "Doral, FL"
        ]


@pytest.mark.parametrize("state", ["XX", "Narnia", "Not Available", "\x00"])
def test_a_state_that_there_is_not_is_refused_with_a_sentence(known, sam, state):
    for find in (_found_in(state, sam), _matches_in(state)):
        with pytest.raises(Invalid) as refused:
            db.read(find)
        assert refused.value.fields == {"state": Problem.STATE_UNKNOWN()}


def test_no_state_narrows_nothing(known, sam):
    for state in ("", " "):
        assert [match.state for match in db.read(_matches_in(state))] == ["OR"]


def test_operators_get_keys_and_scores(known):
    (match, *_) = db.read(facilities.search_with_scores, "seagoville fci", limit=3)

    assert match == ("seagoville-federal-correctional-institution-tx", match.name, "Seagoville", "TX", match.score)
    assert 0.9 < match.score <= 1


def test_a_search_sees_a_new_facility_at_once(known, sam):
    assert found(sam, "juniper") == []

    create("Juniper Jail")

    assert found(sam, "juniper") == ["Juniper Jail"]


def test_a_search_sees_a_new_name_of_the_same_length_at_once(known, sam):
    assert found(sam, "harbor") == ["Harbor County Jail"]

    with db.transaction() as session:
        facility = facilities.get_by_key(session, "harbor-county-jail-or")
        facility.name = "Harper County Jail"
        facilities.invalidate_search(session)

    assert found(sam, "harper") == ["Harper County Jail"]


def test_a_search_forgets_what_was_rolled_back(known, sam):
    with pytest.raises(RuntimeError), db.transaction() as session:
        facilities.create_facility(session, name="Juniper Jail")
        assert [match.name for match in facilities.search_with_scores(session, "juniper")] == ["Juniper Jail"]
        raise RuntimeError

    create("Larch Jail")

    assert found(sam, "juniper") == []
    assert found(sam, "larch") == ["Larch Jail"]


def test_a_search_sees_that_an_older_database_was_restored(known, sam, database):
    disconnect()
    backup = (database / "rxconnect.db").read_bytes()
    create("Juniper Jail")
    assert found(sam, "juniper") == ["Juniper Jail"]

    disconnect()
    (database / "rxconnect.db").write_bytes(backup)
    create("Larch Jail")

    assert found(sam, "juniper") == []
    assert found(sam, "larch") == ["Larch Jail"]


def test_a_search_sees_what_another_process_wrote(known, sam, database):
    assert found(sam, "juniper") == []

    code = "from rxconnect import db; from rxconnect.services.directory import facilities; db.write(facilities.create_facility, name='Juniper Jail')"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

    assert found(sam, "juniper") == ["Juniper Jail"]


def test_a_search_marks_my_own_locations_and_nobody_elses(known, sam, actor):
    chosen = db.read(facilities.search, sam, "harbor")[0].id
    db.write(facilities.add_location, sam, chosen)

    assert db.read(facilities.search, sam, "harbor")[0].is_my_location
    assert not db.read(facilities.search, actor(), "harbor")[0].is_my_location


def test_adding_a_location_twice_adds_it_once(sam):
    chosen = create("Harbor County Jail")

    for _ in range(2):
        assert db.write(facilities.add_location, sam, chosen).is_my_location

    assert [view.id for view in db.read(facilities.my_locations, sam)] == [chosen]


def test_removing_a_location_touches_nobody_elses(sam, actor):
    rosa, chosen = actor(), create("Harbor County Jail")
    for account in (sam, rosa):
        db.write(facilities.add_location, account, chosen)

    db.write(facilities.remove_location, sam, chosen)

    assert db.read(facilities.my_locations, sam) == []
    assert len(db.read(facilities.my_locations, rosa)) == 1


def test_an_unknown_facility_cannot_be_added(sam):
    with pytest.raises(NotFound):
        db.write(facilities.add_location, sam, 4711)


def test_staff_have_no_locations_to_add(actor):
    chosen = create("Harbor County Jail")

    with pytest.raises(NotAllowed):
        db.write(facilities.add_location, actor(role=Role.REVIEWER, facility_id=chosen), chosen)


def test_a_view_says_place_price_and_opening(sam):
    chosen = create("Cedar Ridge", city="Walla Walla", state="WA", price_cents=25, opening="paused")

    view = db.read(facilities.get, sam, chosen)

    assert (view.place, view.price, view.is_open) == ("Walla Walla, WA", "25\u00a0¢", False)
    assert view.opening_label == "Paused for now"


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"county": "Bowie", "state": "TX"}, "Bowie County, TX"),
        ({"county": "Allen", "state": "LA"}, "Allen Parish, LA"),
        ({"state": "TX"}, "Texas"),
        ({"city": "Guantánamo"}, "Guantánamo"),
        ({}, ""),
    ],
)
def test_a_place_is_as_exact_as_what_is_known(sam, fields, place):
    assert db.read(facilities.get, sam, create("Somewhere", **fields)).place == place


def test_facilities_of_one_name_get_different_keys(sam):
    keys = [db.read(facilities.get, sam, create("Marion C.I. “North”", state="OH")).key for _ in range(3)]

    assert keys == ["marion-ci-north-oh", "marion-ci-north-oh-2", "marion-ci-north-oh-3"]


def test_an_unknown_key_gets_suggestions(known):
    with pytest.raises(NotFound):
        db.read(facilities.get_by_key, "cedar-ridge")

    assert db.read(facilities.suggest_keys, "cedar-ridge")[0] == "cedar-ridge-correctional-center-wa"
    assert "harbor-county-jail-or" in db.read(facilities.suggest_keys, "harbour-county")
