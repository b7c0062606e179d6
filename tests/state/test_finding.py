"""Finding a person, handler by handler: at a facility and everywhere, as a family and as somebody who harvests."""

import pytest

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.domain.inmates import Custody, InmateQuery
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts, facilities, inmates
from rxconnect.state import visitors
from rxconnect.state.family.contacts import FoundState
from rxconnect.state.family.facilities import ChooseFacilityState, LocationsState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.purchases import AmountState
from tests.state.driver import name_of, sign_in

EVERYWHERE = f"{routes.FIND_INMATE}?everywhere=yes"


@pytest.fixture
def cedar(facility):
    return facility(name="Cedar Ridge", city="Walla Walla", state="WA")


@pytest.fixture
def harbor(facility):
    return facility(name="Harbor County Jail", city="Newport", state="OR")


@pytest.fixture
def shawn(harbor, inmate):
    return inmate(harbor, first_name="Shawn", last_name="O'Neill", number="H-55210", housing="Unit 2")


@pytest.fixture
def searching(server, actor):
    """`searching()`: somebody without any location, looking everywhere. `searching(facility_id)`: looking there."""

    def begin(facility_id=None):
        who = actor()
        tab = server.tab(sign_in(who))
        if facility_id is None:
            return who, tab.open(routes.START).go(EVERYWHERE)
        db.write(facilities.add_location, who, facility_id)
        db.write(walkthrough.choose_facility, who, facility_id)
        return who, tab.open(routes.FIND_INMATE)

    return begin


def select(tab, person):
    """Press SELECT beside somebody whom the tab shows."""
    (ticket,) = [shown["ticket"] for shown in tab.shown(FindInmateState, "results") if shown["id"] == person]
    return tab.call(FindInmateState.select_match(ticket))


def found(tab):
    return [person["id"] for person in tab.shown(FindInmateState, "results")]


def summary(tab):
    return tab.shown(FindInmateState, "summary")


def spend(actor, searches, address=""):
    for _ in range(searches):
        db.write(inmates.count_search, actor, InmateQuery(last_name="nobody"), address)


@pytest.mark.parametrize("text", ["", "c", " c.", "9"])
def test_less_than_two_letters_find_no_facility_and_say_nothing(server, actor, cedar, text):
    tab = server.tab(sign_in(actor())).open(routes.PROFILE).call(LocationsState.search("ced"))
    assert [found["id"] for found in tab.shown(LocationsState, "results")] == [cedar]

    tab.call(LocationsState.search(text))

    assert (tab.shown(LocationsState, "results"), tab.shown(LocationsState, "has_searched")) == ([], False)
    tab.call(LocationsState.search("wa"))
    assert [found["id"] for found in tab.shown(LocationsState, "results")] == [cedar]


def test_who_does_not_know_the_facility_finds_the_person_and_goes_on_to_credits(searching, harbor, shawn):
    sam, tab = searching()
    assert tab.address == routes.FIND_INMATE
    assert tab.shown(FindInmateState, "is_everywhere")
    tab.call(FindInmateState.type_first_name("Sean")).call(FindInmateState.type_last_name("Oneil"))
    (person,) = tab.shown(FindInmateState, "results")
    assert (person["id"], person["facility"], person["place"]) == (shawn, "Harbor County Jail", "Newport, OR")
    select(tab, shawn)

    assert tab.address == routes.FOUND
    assert tab.shown(FoundState, "contact")["name"] == "Shawn O'Neill"
    assert [place.id for place in db.read(facilities.my_locations, sam)] == [harbor]
    tab.go(routes.BUY_CREDITS)
    assert tab.shown(AmountState, "facility_id") == str(harbor)


def test_the_facility_step_leads_to_looking_everywhere_and_get_started_comes_back_to_it(searching, server):
    sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneil")).call(FindInmateState.search_in_state("or"))
    another = server.tab(sign_in(sam)).open(routes.START)
    assert another.address == routes.FIND_INMATE
    for one in (another, tab.open(routes.FIND_INMATE)):
        assert one.shown(FindInmateState, "is_everywhere")
        assert one.shown(FindInmateState, "in_state") == "OR"
        assert one.shown(FindInmateState, "last_name") == "Oneil"


def test_choosing_a_facility_looks_there_again(searching, cedar, harbor, shawn):
    sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill"))
    assert found(tab) == [shawn]
    db.write(facilities.add_location, sam, cedar)
    tab.forget_frames().go(routes.FIND_FACILITY).call(ChooseFacilityState.choose(cedar))
    assert not tab.shown(FindInmateState, "is_everywhere")
    assert tab.shown(FindInmateState, "facility") == "Cedar Ridge"
    assert found(tab) == []


def test_everywhere_and_back_again_at_the_press_of_a_button(searching, cedar, shawn):
    _sam, tab = searching(cedar)
    tab.call(FindInmateState.type_last_name("Oneill"))
    assert summary(tab).startswith("Nobody at Cedar Ridge matches that.")
    tab.call(FindInmateState.search_everywhere(True))
    assert (found(tab), summary(tab)) == ([shawn], "One person matches.")
    tab.call(FindInmateState.search_everywhere(False))
    assert found(tab) == []


def test_nobody_found_leads_from_the_facility_to_everywhere_and_from_one_state_to_all(searching, cedar, shawn):
    _sam, tab = searching(cedar)
    tab.call(FindInmateState.type_last_name("Oneill")).call(FindInmateState.widen_search)
    assert found(tab) == [shawn]
    tab.call(FindInmateState.search_in_state("WA"))
    assert summary(tab).startswith("Nobody in Washington matches that.")
    tab.call(FindInmateState.widen_search)
    assert (found(tab), tab.shown(FindInmateState, "in_state")) == ([shawn], "")
    tab.call(FindInmateState.type_last_name("Quartermain"))
    assert summary(tab).startswith("Nobody on our lists matches that.")


def test_who_only_comes_near_is_called_possible_and_at_a_facility_it_points_further(searching, harbor, shawn):
    _sam, tab = searching(harbor)
    tab.call(FindInmateState.type_first_name("Sean")).call(FindInmateState.type_last_name("Oneill"))
    assert found(tab) == [shawn]
    assert summary(tab) == "One possible match. Not the person you are looking for? Choose Everywhere above."
    tab.call(FindInmateState.search_everywhere(True))
    assert summary(tab) == "One possible match."
    tab.call(FindInmateState.type_first_name("Shawn"))
    assert summary(tab) == "One person matches."


def test_whatever_field_a_name_and_a_number_are_typed_into_they_are_found_and_marked(searching, shawn):
    _sam, tab = searching()
    for typed in (
        FindInmateState.search({"last_name": "O'Neill, Shawn"}),
        FindInmateState.search({"first_name": "Shawn O'Neill"}),
        FindInmateState.search({"number": "DOC# H-55210"}),
        FindInmateState.search({"number": "Oneill H-55210"}),
        FindInmateState.search({"last_name": "Oneill, #H-55210"}),
    ):
        (person,) = tab.call(typed).shown(FindInmateState, "results")
        marked = "".join(text for text, is_typed in person["pieces"] + person["detail_pieces"] if is_typed)
        assert (person["id"], person["why"]) == (shawn, "")
        assert "O'Neill" in marked or "H-55210" in marked
        assert summary(tab) == "One person matches."


def test_a_year_of_birth_or_an_age_puts_namesakes_into_an_order(searching, server, cedar, inmate):
    old, young = (inmate(cedar, first_name="Joan", last_name="Reed", birth_year=year) for year in (1961, 1999))
    sam, tab = searching(cedar)
    tab.call(FindInmateState.type_last_name("Reed"))
    for born, first in (("1961", old), ("1999", young), (f"{clock.now().year - 1999}", young)):
        tab.call(FindInmateState.type_born(born))
        assert (found(tab)[0], len(found(tab))) == (first, 2)
    another = server.tab(sign_in(sam)).open(routes.FIND_INMATE)
    assert another.shown(FindInmateState, "born") == tab.shown(FindInmateState, "born")


def test_a_year_of_birth_that_cannot_be_read_is_said_and_searched_without(searching, shawn):
    _sam, tab = searching()
    tab.call(FindInmateState.search({"last_name": "Oneill", "born": "unknown"}))
    assert found(tab) == [shawn]
    assert summary(tab).endswith("We could not read a year of birth or an age, so we searched without it.")


def test_an_unknown_number_beside_a_name_is_no_number(searching, shawn):
    _sam, tab = searching()
    for number in ("unknown", "n/a", "no lo sé"):
        tab.call(FindInmateState.search({"last_name": "Oneill", "number": number}))
        assert (found(tab), summary(tab)) == ([shawn], "One person matches.")


@pytest.mark.parametrize(
    "form", [{"last_name": "Reed, Joan"}, {"first_name": "Joan Reed"}, {"number": "unknown", "last_name": "Joan Reed"}]
)
def test_when_many_match_nothing_is_asked_for_that_was_typed_into_another_field(searching, cedar, inmate, form):
    for _ in range(21):
        inmate(cedar, first_name="Joan", last_name="Reed")
    _sam, tab = searching()
    tab.call(FindInmateState.search_in_state("WA")).call(FindInmateState.search(form))
    assert summary(tab) == "Many people match. Here are the 20 likeliest. Add the inmate number."


@pytest.mark.parametrize("code", ["", "XX", "%", "wash"])
def test_a_state_that_there_is_not_narrows_nothing(searching, shawn, code):
    _sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill")).call(FindInmateState.search_in_state(code))
    assert (found(tab), tab.shown(FindInmateState, "in_state")) == ([shawn], "")


@pytest.mark.parametrize(
    ("first_name", "last_name", "state", "helps"),
    [
        ("", "Reed", "", "Add a state, a first name, or the inmate number."),
        ("J", "Reed", "", "Add a state, the whole first name, or the inmate number."),
        ("J.", "Reed", "WA", "Add the whole first name or the inmate number."),
        ("Joan", "Reed", "WA", "Add the inmate number."),
    ],
)
def test_when_many_match_everywhere_it_says_what_would_help(
    searching, cedar, inmate, first_name, last_name, state, helps
):
    for _ in range(21):
        inmate(cedar, first_name="Joan", last_name="Reed")
    _sam, tab = searching()
    form = {"first_name": first_name, "last_name": last_name}
    tab.call(FindInmateState.search_in_state(state)).call(FindInmateState.search(form))
    assert summary(tab) == f"Many people match. Here are the 20 likeliest. {helps}"


def test_show_more_goes_two_hundred_deep_and_does_not_claim_to_have_shown_everyone(searching, cedar, inmate):
    for _ in range(203):
        inmate(cedar, first_name="Joan", last_name="Reed")
    _sam, tab = searching(cedar)
    tab.call(FindInmateState.type_last_name("Reed"))
    for shown in range(20, 200, 20):
        assert len(found(tab)) == shown
        assert tab.shown(FindInmateState, "has_more")
        tab.call(FindInmateState.load_more)
    assert len(set(found(tab))) == 200
    assert not tab.shown(FindInmateState, "has_more")
    assert summary(tab) == "Many people match. Here are the 200 likeliest. Type more to narrow it down."
    tab.call(FindInmateState.load_more)
    assert len(found(tab)) == 200


def test_the_search_button_says_what_is_too_little_and_typing_does_not(searching):
    _sam, tab = searching()
    tab.call(FindInmateState.type_last_name("R"))
    assert tab.said(FindInmateState) == ""
    tab.call(FindInmateState.search({"last_name": "R"}))
    assert "at least two letters" in tab.said(FindInmateState)
    tab.call(FindInmateState.type_last_name("x" * 200))
    assert tab.shown(FindInmateState, "problems").keys() == {"last_name"}
    assert found(tab) == []


def test_what_is_not_searched_for_any_more_does_not_stay_on_the_screen(searching, shawn):
    _sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill"))
    assert found(tab) == [shawn]
    tab.call(FindInmateState.type_last_name("O"))
    assert (found(tab), summary(tab)) == ([], "")


def test_someone_released_can_be_added_and_no_credits_are_offered(searching, harbor, inmate):
    gone = inmate(harbor, last_name="Quartermain", custody=Custody.RELEASED.value)
    _sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Quartermain"))
    assert [person["custody_label"] for person in tab.shown(FindInmateState, "results")] == ["Released"]
    select(tab, gone)
    assert not tab.shown(FoundState, "contact")["is_reachable"]


def test_nobody_is_added_by_an_id_or_a_ticket_that_was_made_up(searching, cedar, shawn):
    sam, tab = searching(cedar)
    tab.call(FindInmateState.search_everywhere(True)).call(FindInmateState.type_last_name("Oneill"))
    (ticket,) = [person["ticket"] for person in tab.shown(FindInmateState, "results")]
    other = ticket.replace(f"{shawn}-", f"{shawn + 1}-", 1)
    later = ticket.replace("-", "-9", 1)
    for wrong in (str(shawn), "", "x", ticket[:-1], f"{ticket}0", ticket.upper(), other, later):
        tab.call(FindInmateState.select_match(wrong))
        assert "could not find this person" in tab.said(FindInmateState), wrong
    assert db.read(contacts.my_contacts, sam) == []
    assert [place.id for place in db.read(facilities.my_locations, sam)] == [cedar]


def test_whom_another_account_was_shown_was_not_found_here(searching, server, shawn):
    _sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill"))
    (ticket,) = [person["ticket"] for person in tab.shown(FindInmateState, "results")]
    rosa, theirs = searching()
    unloaded = server.tab(sign_in(rosa)).open(routes.DASHBOARD)
    for one in (theirs, unloaded):
        one.send(name_of(FindInmateState, "select_match"), {"ticket": ticket})
        assert "could not find this person" in one.said(FindInmateState)
    assert db.read(contacts.my_contacts, rosa) == []


def test_without_a_location_nobody_looks_at_a_facility(searching, shawn):
    _sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill"))
    tab.send(name_of(FindInmateState, "search_everywhere"), {"is_everywhere": False})
    assert "could not find this facility" in tab.said(FindInmateState)
    assert found(tab) == []


SEARCHES = {
    "typing a number": FindInmateState.type_number("H-55210"),
    "typing a first name": FindInmateState.type_first_name("Shawn"),
    "typing a last name": FindInmateState.type_last_name("Neill"),
    "the button": FindInmateState.search({"last_name": "Oneill"}),
    "more": FindInmateState.load_more,
    "a state": FindInmateState.search_in_state("OR"),
    "everywhere": FindInmateState.search_everywhere(True),
    "further": FindInmateState.widen_search,
}


@pytest.mark.parametrize("way", SEARCHES)
def test_every_way_of_searching_counts_and_ends_at_the_accounts_limit(searching, shawn, way):
    sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill"))
    spend(sam, 298)
    assert tab.call(SEARCHES[way]).said(FindInmateState) == ""
    tab.call(FindInmateState.type_first_name("S")).call(SEARCHES[way])
    assert "a lot in a short time" in tab.said(FindInmateState)


def test_loading_the_page_counts_and_at_the_limit_shows_what_was_typed_and_nobody(searching, shawn):
    sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill"))
    spend(sam, 298)
    assert found(tab.open(routes.FIND_INMATE)) == [shawn]
    tab.open(routes.FIND_INMATE)
    assert "a lot in a short time" in tab.said(FindInmateState)
    assert (found(tab), tab.shown(FindInmateState, "last_name")) == ([], "Oneill")
    assert tab.shown(FindInmateState, "ready")


def test_more_refused_keeps_who_is_there(searching, cedar, inmate):
    for _ in range(25):
        inmate(cedar, first_name="Joan", last_name="Reed")
    sam, tab = searching(cedar)
    tab.call(FindInmateState.type_last_name("Reed"))
    spend(sam, 299)
    tab.call(FindInmateState.load_more)
    assert "a lot in a short time" in tab.said(FindInmateState)
    assert len(found(tab)) == 20


def test_too_little_to_search_for_costs_nothing(searching):
    sam, tab = searching()
    spend(sam, 299)
    for text in ("a", "b", "c"):
        tab.call(FindInmateState.type_last_name(text))
        assert tab.said(FindInmateState) == ""
    tab.call(FindInmateState.type_last_name("re"))
    assert tab.said(FindInmateState) == ""


def test_a_tab_that_the_server_has_forgotten_can_still_select_who_it_shows(searching, server, shawn):
    _sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill"))
    server.forget(tab)
    select(tab, shawn)
    assert tab.address == routes.FOUND


def test_a_forgotten_tab_can_select_whom_only_more_has_shown(searching, server, cedar, inmate):
    for _ in range(25):
        inmate(cedar, first_name="Joan", last_name="Reed")
    _sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Reed")).call(FindInmateState.load_more)
    last = found(tab)[-1]
    server.forget(tab)
    select(tab, last)
    assert tab.address == routes.FOUND


def test_another_search_in_another_tab_takes_nobody_off_this_ones_list(searching, server, shawn):
    sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill"))
    server.tab(sign_in(sam)).open(routes.FIND_INMATE).call(FindInmateState.type_last_name("Quartermain"))
    server.forget(tab)
    select(tab, shawn)
    assert tab.address == routes.FOUND


def test_what_a_forgotten_tab_is_refused_is_still_said_once_its_page_has_loaded_anew(searching, server, shawn):
    _sam, tab = searching()
    tab.call(FindInmateState.type_last_name("Oneill"))
    server.forget(tab)
    tab.call(FindInmateState.select_match("made up"))
    assert (found(tab), tab.shown(FindInmateState, "last_name")) == ([shawn], "Oneill")
    assert "could not find this person" in tab.said(FindInmateState)
    assert tab.open(routes.FIND_INMATE).said(FindInmateState) == ""


def test_a_tab_that_the_server_has_forgotten_searches_on_where_it_was(searching, server, harbor, shawn):
    _sam, tab = searching(harbor)
    tab.call(FindInmateState.type_first_name("Shawn"))
    server.forget(tab)
    tab.call(FindInmateState.type_last_name("Quartermain"))
    assert tab.said(FindInmateState) == ""
    assert tab.shown(FindInmateState, "first_name") == "Shawn"
    server.forget(tab)
    tab.call(FindInmateState.type_last_name("Oneill"))
    assert found(tab) == [shawn]


def test_searches_are_counted_by_the_address_that_signing_in_would_see(searching, setting):
    _sam, tab = searching()
    tab.forwarded = "6.6.6.6, 93.184.216.34"
    assert visitors.visitor_of(tab.open(routes.FIND_INMATE).socket).address == "203.0.113.9"
    setting(public_url="https://messages.example.org")
    assert visitors.visitor_of(tab.open(routes.FIND_INMATE).socket).address == "93.184.216.34"


def test_many_accounts_at_one_address_are_stopped_together(searching, shawn, monkeypatch):
    monkeypatch.setattr(inmates, "_SEARCHES_PER_ADDRESS", 3)
    monkeypatch.setattr(FindInmateState, "_network_address", lambda _self: "93.184.216.34")
    for number in range(4):
        _sam, tab = searching()
        tab.call(FindInmateState.type_last_name("Oneill"))
        assert bool(tab.said(FindInmateState)) == (number == 3)
