"""One browser tab, several people: a tab keeps its id over a sign-out, and the server what it holds under the id."""

import pytest

from rxconnect import db, routes
from rxconnect.services.accounts import sign_ins
from rxconnect.services.messages import drafts
from rxconnect.state import words
from rxconnect.state.family.cards import PaymentState
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.drafts import ComposeState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.messages import MessageState
from rxconnect.state.family.purchases import ReviewState
from rxconnect.state.session import SessionState
from tests.services.buying import order
from tests.state.driver import LOAD_PAGE, MOVE_TO_PAGE, Tab, name_of, sign_in


@pytest.fixture
def left_behind(server, life):
    """`left_behind()`: a tab in which someone looked at everything of theirs, and who it was."""

    def leave():
        theirs = life("Xanthippe")
        tab = server.tab(sign_in(theirs.actor)).open(routes.DASHBOARD)
        for address in (routes.FIND_INMATE, routes.CONTACTS, routes.PROFILE, routes.RECEIPTS):
            tab.go(address)
        tab.go(routes.fill(routes.THREAD, theirs.contact_id)).go(routes.fill(routes.MESSAGE, theirs.answer_id))
        tab.go(routes.fill(routes.PAYMENT, theirs.purchase_id)).call(PaymentState.edit_card(theirs.card_id))
        tab.go(routes.fill(routes.COMPOSE, theirs.draft_id)).call(ComposeState.reload)
        return tab.forget_frames(), theirs

    return leave


def _next_person(tab: Tab, actor) -> Tab:
    tab.cookie = sign_in(actor) if actor else ""
    return tab.open(routes.DASHBOARD)


def test_the_next_person_at_a_tab_is_told_nothing_of_the_first(left_behind, actor):
    tab, _theirs = left_behind()
    _next_person(tab, actor(name="Bo Lee"))
    assert tab.shown(SessionState, "name") == "Bo Lee"
    assert "Xanthippe" not in tab.heard
    assert tab.shown(PaymentState, "cards") == []


def test_nobody_at_a_tab_is_told_anything_after_a_sign_out(server, left_behind):
    tab, _theirs = left_behind()
    db.write(sign_ins.sign_out, tab.cookie)
    _next_person(tab, None)
    assert "Xanthippe" not in tab.heard
    assert tab.shown(SessionState, "name") == ""


def test_a_sign_in_that_ended_is_told_nothing_at_the_next_page_load(left_behind):
    tab, theirs = left_behind()
    db.write(sign_ins.sign_out_everywhere, theirs.actor)
    tab.open(routes.DASHBOARD)
    assert "Xanthippe" not in tab.heard
    assert set(tab.redirects) == {f"{routes.SIGN_IN}?next={routes.DASHBOARD}"}


@pytest.mark.parametrize("first_event", [MOVE_TO_PAGE, name_of(DashboardState, "load")])
def test_the_next_person_is_told_nothing_whatever_is_asked_first(left_behind, actor, first_event):
    tab, _theirs = left_behind()
    tab.reconnect(sign_in(actor(name="Bo Lee")))
    tab.address = routes.INBOX
    tab.send(first_event).send(LOAD_PAGE)
    assert "Xanthippe" not in tab.heard


def test_what_a_tab_holds_of_one_person_is_not_written_into_the_letters_of_another(left_behind, actor):
    tab, _theirs = left_behind()
    bo = actor(name="Bo Lee")
    draft_id = db.write(drafts.get_or_create_empty, bo)
    tab.reconnect(sign_in(bo))
    tab.address = routes.fill(routes.COMPOSE, draft_id)
    tab.send(name_of(ComposeState, "check_and_preview")).send(name_of(ComposeState, "reload"))
    kept = db.read(drafts.get, bo, draft_id)
    assert "Xanthippe" not in f"{kept.subject} {kept.body}"
    assert "Xanthippe" not in tab.heard


def test_a_tab_of_one_person_shows_another_no_card_of_theirs(left_behind, actor):
    tab, theirs = left_behind()
    tab.reconnect(sign_in(actor())).send(name_of(PaymentState, "edit_card"), {"card_id": theirs.card_id})
    assert "99362" not in tab.heard


def test_a_tab_of_one_person_hands_another_no_search_results(server, life, actor):
    theirs = life("Xanthippe")
    tab = server.tab(sign_in(theirs.actor)).open(routes.FIND_INMATE).forget_frames()
    tab.reconnect(sign_in(actor())).send(name_of(FindInmateState, "load_more"))
    assert "Xanthippe" not in tab.heard


def test_a_charge_that_ends_after_the_next_person_came_is_not_shown_to_them(server, life, actor):
    theirs = life("Xanthippe")
    address = routes.fill(routes.REVIEW, order(theirs.actor, theirs.facility_id))
    tab = server.tab(sign_in(theirs.actor)).open(address).forget_frames()
    tab.cookie = sign_in(actor(name="Bo Lee"))

    async def meanwhile() -> None:
        await tab.post(name_of(ReviewState, "submit"))
        await tab.connect()
        await tab.post(LOAD_PAGE)

    server.run(meanwhile)
    assert "Xanthippe" not in tab.heard.rpartition("Bo Lee")[2]


def test_the_place_where_a_browser_keeps_unsaved_words_is_another_for_each_person_and_the_same_on_every_device(
    server, life, actor
):
    own, bo = life(), actor(name="Bo Lee")
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.COMPOSE, own.draft_id))
    place = tab.shown(SessionState, "browser_key")
    assert len(place) == 32
    elsewhere = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    assert elsewhere.shown(SessionState, "browser_key") == place
    tab.cookie = sign_in(bo)
    tab.open(routes.fill(routes.COMPOSE, own.draft_id))
    assert tab.shown(SessionState, "browser_key") not in ("", place)


def test_saving_after_the_sign_in_ended_leads_to_the_sign_in_and_back(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.COMPOSE, own.draft_id))
    db.write(sign_ins.sign_out_everywhere, own.actor)
    tab.send(name_of(ComposeState, "reload"))
    assert tab.redirects == [f"{routes.SIGN_IN}?next=/compose/{own.draft_id}"]
    assert tab.shown(SessionState, "turned_away") == words.signed_out_reason()
    # A page that is loaded whole has its sentence from the server.
    assert tab.open(routes.SIGN_IN).shown(SessionState, "turned_away") == ""


def test_two_tabs_of_two_people_never_mix(server, life):
    first, second = life("Xanthippe"), life("Balthazar")
    one, other = server.tab(sign_in(first.actor)), server.tab(sign_in(second.actor))
    for mine, theirs in zip(first.addresses, second.addresses, strict=True):
        one.go(mine)
        other.go(theirs)
    assert "Balthazar" not in one.heard
    assert "Xanthippe" not in other.heard


def test_the_page_is_never_told_the_cookie_a_password_or_a_column_that_no_read_model_has(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    for address in own.addresses:
        tab.go(address)
    assert tab.cookie not in tab.heard
    for column in (
        "password_hash",
        "token_hash",
        "search_text",
        "payment_token",
        "cvc_token",
        "intent_id",
        "lease_until",
    ):
        assert column not in tab.heard, column


def test_the_page_is_told_the_sign_ins_hash_at_most_where_it_opens_nothing(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    assert sign_ins.hash_token(tab.cookie) not in tab.heard


def test_a_letter_seen_before_is_not_shown_while_another_loads(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.MESSAGE, own.message_id)).forget_frames()
    tab.go(routes.fill(routes.MESSAGE, own.answer_id))
    first = next(frame for frame in tab.frames if MessageState.get_full_name() in frame)
    assert '"message_rx_state_": null' in first
