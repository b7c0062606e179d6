from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.domain.inmates import InmateQuery
from rxconnect.domain.walkthrough import WalkthroughStep
from rxconnect.models import Draft, Purchase
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts, facilities


@pytest.fixture
def sam(actor):
    return actor()


@pytest.fixture
def cedar(sam, facility):
    facility_id = facility(name="Cedar Ridge", city="Walla Walla", state="WA")
    db.write(facilities.add_location, sam, facility_id)
    return facility_id


@pytest.fixture
def marcus(sam, cedar, inmate):
    """A contact of Sam's at Cedar Ridge."""
    return db.write(contacts.add_at_my_location, sam, inmate(cedar)).id


def stands(actor):
    return db.read(walkthrough.get, actor)


def test_someone_new_stands_at_the_facility_and_reading_that_writes_nothing(sam):
    first = stands(sam)

    assert (first.step, first.is_active, first.facility_id, first.purchase_id) == (
        WalkthroughStep.FACILITY,
        False,
        None,
        "",
    )


def test_get_started_begins_at_the_facility(sam):
    begun = db.write(walkthrough.begin, sam)

    assert (begun.step, begun.is_active) == (WalkthroughStep.FACILITY, True)


def test_everything_chosen_and_typed_is_there_on_another_device(sam, cedar, marcus):
    db.write(walkthrough.begin, sam)
    db.write(walkthrough.choose_facility, sam, cedar)
    db.write(walkthrough.save_query, sam, InmateQuery("2041", "Marcus", "Núñez-O’Neill", born="1990"))

    there = stands(sam)

    assert (there.step, there.facility, there.facility_place) == (
        WalkthroughStep.INMATE,
        "Cedar Ridge",
        "Walla Walla, WA",
    )
    assert (there.number, there.first_name, there.last_name) == ("2041", "Marcus", "Núñez-O’Neill")
    assert there.born == "1990"
    assert db.write(walkthrough.choose_contact, sam, marcus).step == WalkthroughStep.CREDITS
    assert stands(sam).contact_id == marcus


def test_get_started_again_goes_on_at_the_same_step(sam, cedar):
    db.write(walkthrough.begin, sam)
    before = db.write(walkthrough.choose_facility, sam, cedar)

    assert db.write(walkthrough.begin, sam) == before


def test_after_the_last_step_get_started_starts_anew(sam, cedar, marcus):
    db.write(walkthrough.begin, sam)
    db.write(walkthrough.choose_contact, sam, marcus)
    done = db.write(walkthrough.finish, sam)

    anew = db.write(walkthrough.begin, sam)

    assert (done.step, done.is_active) == (WalkthroughStep.DONE, False)
    assert (anew.step, anew.is_active, anew.facility_id, anew.contact_id) == (
        WalkthroughStep.FACILITY,
        True,
        None,
        None,
    )


def test_what_was_chosen_without_get_started_is_kept_when_it_begins(sam, cedar, marcus):
    db.write(walkthrough.choose_contact, sam, marcus)

    begun = db.write(walkthrough.begin, sam)

    assert (begun.step, begun.facility_id, begun.contact_id) == (WalkthroughStep.FACILITY, cedar, marcus)


def test_another_facility_lets_go_of_the_person_chosen_at_the_first(sam, cedar, marcus, facility):
    harbor = facility()
    db.write(facilities.add_location, sam, harbor)
    db.write(walkthrough.choose_contact, sam, marcus)

    assert db.write(walkthrough.choose_facility, sam, cedar).contact_id == marcus
    assert db.write(walkthrough.choose_facility, sam, harbor).contact_id is None


def test_without_a_facility_the_person_is_sought_everywhere_and_get_started_resumes_there(sam):
    db.write(walkthrough.begin, sam)
    db.write(walkthrough.search_everywhere, sam)
    db.write(walkthrough.save_query, sam, InmateQuery("", "Sean", "Oneil", is_everywhere=True, state="OR"))

    there = db.write(walkthrough.begin, sam)

    assert (there.step, there.facility_id) == (WalkthroughStep.INMATE, None)
    assert (there.is_everywhere, there.state, there.last_name) == (True, "OR", "Oneil")


def test_choosing_a_facility_ends_looking_everywhere(sam, cedar):
    db.write(walkthrough.search_everywhere, sam)

    assert not db.write(walkthrough.choose_facility, sam, cedar).is_everywhere


def test_only_my_own_locations_can_be_chosen(sam, cedar, facility, actor):
    for account, place in ((sam, facility()), (sam, 4711), (actor(), cedar)):
        with pytest.raises(NotFound):
            db.write(walkthrough.choose_facility, account, place)

    assert stands(sam).facility_id is None


def test_another_accounts_contact_purchase_or_draft_cannot_be_chosen(sam, cedar, marcus, actor):
    rosa = actor()
    draft_id, purchase_id = written(sam), bought(sam, cedar)

    with pytest.raises(NotFound):
        db.write(walkthrough.choose_contact, rosa, marcus)
    with pytest.raises(NotFound):
        db.write(walkthrough.go_to_step, rosa, WalkthroughStep.WRITE, draft_id=draft_id)
    with pytest.raises(NotFound):
        db.write(walkthrough.go_to_step, rosa, WalkthroughStep.CREDITS, purchase_id=purchase_id)
    assert stands(rosa) == stands(actor())


def test_the_purchase_and_the_draft_of_the_walk_are_remembered(sam, cedar, marcus):
    draft_id, purchase_id = written(sam), bought(sam, cedar)
    db.write(walkthrough.choose_contact, sam, marcus)

    db.write(walkthrough.go_to_step, sam, WalkthroughStep.CREDITS, purchase_id=purchase_id)
    db.write(walkthrough.go_to_step, sam, WalkthroughStep.WRITE, draft_id=draft_id)

    assert (stands(sam).step, stands(sam).purchase_id, stands(sam).draft_id) == (
        WalkthroughStep.WRITE,
        purchase_id,
        draft_id,
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (InmateQuery(number="1" * 61), "number"),
        (InmateQuery(first_name="x" * 121), "first_name"),
        (InmateQuery(last_name="é" * 10_000), "last_name"),
        (InmateQuery(born="9" * 41), "born"),
    ],
)
def test_what_is_too_long_is_refused_and_what_was_there_stays(sam, query, field):
    db.write(walkthrough.save_query, sam, InmateQuery("2041", "Marcus", "Delgado"))

    with pytest.raises(Invalid) as refused:
        db.write(walkthrough.save_query, sam, query)

    assert refused.value.fields.keys() == {field}
    assert (stands(sam).number, stands(sam).first_name, stands(sam).last_name) == ("2041", "Marcus", "Delgado")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "👩‍👧", "שלום", "%_'\"", "x" * 120])
def test_strange_text_is_kept_as_it_was_typed(sam, text):
    db.write(walkthrough.save_query, sam, InmateQuery(last_name=text))
    assert stands(sam).last_name == text


def test_control_characters_are_not_kept(sam):
    db.write(walkthrough.save_query, sam, InmateQuery(last_name="Del\x00ga\u202edo"))
    assert stands(sam).last_name == "Delgado"


def test_a_location_removed_on_the_way_leads_back_to_choosing_one(sam, cedar):
    db.write(walkthrough.begin, sam)
    db.write(walkthrough.choose_facility, sam, cedar)

    db.write(facilities.remove_location, sam, cedar)

    assert (stands(sam).step, stands(sam).facility_id) == (WalkthroughStep.FACILITY, None)


def test_a_contact_or_draft_gone_on_the_way_is_not_offered(sam, marcus):
    draft_id = written(sam)
    db.write(walkthrough.choose_contact, sam, marcus)
    db.write(walkthrough.go_to_step, sam, WalkthroughStep.WRITE, draft_id=draft_id)

    db.write(contacts.remove, sam, marcus)
    with db.transaction() as session:
        session.delete(session.get_one(Draft, draft_id))

    assert (stands(sam).contact_id, stands(sam).draft_id) == (None, None)


def test_whom_somebody_looked_for_is_forgotten_after_a_day_and_once_the_letter_is_sent(sam, cedar, actor):
    other = actor()
    db.write(walkthrough.choose_facility, sam, cedar)
    for someone in (sam, other):
        db.write(walkthrough.save_query, someone, InmateQuery("2041", "Marcus", "Delgado", born="34"))
    with clock.at(clock.now() + timedelta(hours=23)):
        assert db.write(walkthrough.clear_old_queries).done == 0
        assert stands(sam).last_name == "Delgado"
        db.write(walkthrough.finish, other)
        assert stands(other).last_name == ""
    with clock.at(clock.now() + timedelta(hours=25)):
        assert db.write(walkthrough.clear_old_queries).done == 1
    there = stands(sam)
    assert (there.number, there.first_name, there.last_name, there.born) == ("", "", "", "")
    assert stands(sam).facility_id == cedar


def written(actor):
    with db.transaction() as session:
        draft = Draft(account_id=actor.account_id)
        session.add(draft)
        session.flush()
        return draft.id


def bought(actor, facility_id):
    with db.transaction() as session:
        session.add(Purchase(id="p1", account_id=actor.account_id, facility_id=facility_id, credits=5, price_cents=25))
    return "p1"
