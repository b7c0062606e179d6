"""Every page, loaded as a browser loads it."""

import pytest

from rxconnect import db, routes
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import contacts, facilities
from rxconnect.services.messages import drafts
from rxconnect.state.door.outbox import OutboxState
from rxconnect.state.family.cards import CardsState, PaymentState
from rxconnect.state.family.contacts import ContactsState, FoundState
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.drafts import ComposeState, DraftsState, SendState
from rxconnect.state.family.facilities import ChooseFacilityState
from rxconnect.state.family.inmates import FindInmateState
from rxconnect.state.family.messages import InboxState, MessageState, ThreadState
from rxconnect.state.family.profile import ProfileState
from rxconnect.state.family.purchases import AmountState, ReviewState
from rxconnect.state.family.receipts import ReceiptsState, ReceiptState
from rxconnect.state.family.wallets import CreditsState
from rxconnect.state.session import SessionState
from tests.services.buying import order
from tests.state.driver import sign_in

ALWAYS_THERE = {
    routes.DASHBOARD: DashboardState,
    routes.FIND_FACILITY: ChooseFacilityState,
    routes.CREDITS: CreditsState,
    routes.BUY_CREDITS: AmountState,
    routes.CARDS: CardsState,
    routes.RECEIPTS: ReceiptsState,
    routes.INBOX: InboxState,
    routes.DRAFTS: DraftsState,
    routes.CONTACTS: ContactsState,
    routes.PROFILE: ProfileState,
    routes.OUTBOX: OutboxState,
}


def test_a_fresh_account_sees_every_page_ready_and_empty(family):
    tab = family(name="Sam Rivera")
    for address, state in ALWAYS_THERE.items():
        tab.open(address)
        assert tab.shown(state, "ready"), address
        assert tab.said(state) == "", address
        assert tab.redirects == [], address
        assert "apology" not in tab.vars[SessionState.get_full_name()] or not tab.shown(SessionState, "apology")
    tab.open(routes.DASHBOARD)
    assert tab.shown(SessionState, "first_name") == "Sam"
    assert tab.shown(DashboardState, "is_new")


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        (routes.START, routes.FIND_FACILITY),
        (routes.FIND_INMATE, routes.FIND_FACILITY),
        (routes.FOUND, routes.FIND_FACILITY),
        (routes.COMPOSE_NEW, "/compose/1"),
    ],
)
def test_a_fresh_account_is_led_to_where_it_can_begin(family, address, leads_to):
    assert family().open(address).redirects == [leads_to]


def test_a_lived_in_account_sees_its_own_on_every_page(server, life):
    own = life("Xanthippe")
    ready_to_pay = order(own.actor, own.facility_id)
    there = {
        **ALWAYS_THERE,
        routes.FIND_INMATE: FindInmateState,
        routes.FOUND: FoundState,
        routes.fill(routes.RECEIPT, own.receipt_number): ReceiptState,
        routes.fill(routes.PAYMENT, own.purchase_id): PaymentState,
        routes.fill(routes.REVIEW, ready_to_pay): ReviewState,
        routes.fill(routes.THREAD, own.contact_id): ThreadState,
        routes.fill(routes.MESSAGE, own.message_id): MessageState,
        routes.fill(routes.COMPOSE, own.draft_id): ComposeState,
        routes.fill(routes.SEND, own.draft_id): SendState,
    }
    tab = server.tab(sign_in(own.actor))
    for address, state in there.items():
        tab.forget_frames().open(address)
        assert tab.shown(state, "ready"), address
        assert tab.said(state) == "", address
        assert tab.redirects == [], address
        assert "Xanthippe" in tab.heard, address


def test_moving_inside_the_app_shows_the_same_as_loading_the_page(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    tab.go(routes.fill(routes.MESSAGE, own.message_id)).go(routes.fill(routes.MESSAGE, own.answer_id))
    assert tab.shown(MessageState, "message")["id"] == own.answer_id
    tab.go(routes.fill(routes.THREAD, own.contact_id))
    assert [letter["id"] for letter in tab.shown(ThreadState, "messages")] == [own.answer_id, own.message_id]


def test_reading_an_answer_takes_it_off_the_unread(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.INBOX)
    assert tab.shown(SessionState, "unread") == 1
    tab.go(routes.fill(routes.THREAD, own.contact_id))
    assert tab.shown(SessionState, "unread") == 0


LETTERS = {
    routes.MESSAGE: (MessageState, "message", "message_id"),
    routes.THREAD: (ThreadState, "contact", "contact_id"),
    routes.COMPOSE: (ComposeState, "draft", "draft_id"),
    routes.SEND: (SendState, "draft", "draft_id"),
    routes.RECEIPT: (ReceiptState, "receipt", "receipt_number"),
    routes.PAYMENT: (PaymentState, "purchase", "purchase_id"),
}


NONSENSE = ["999999", "0", "x", "%00", "-1", "1e3", "٣", "0" * 30 + "9" * 30, "9" * 5000]


@pytest.mark.parametrize("route", LETTERS)
def test_an_address_that_leads_nowhere_says_so_and_shows_nothing_from_the_page_before(server, life, route):
    own = life()
    state, var, place = LETTERS[route]
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    for nonsense in NONSENSE:
        tab.go(routes.fill(route, getattr(own, place)))
        assert tab.shown(state, var)
        tab.go(routes.fill(route, nonsense))
        assert "could not find" in tab.said(state), nonsense
        assert tab.shown(state, "ready"), nonsense
        assert tab.shown(state, var) is None, nonsense


def test_what_is_written_is_called_a_message_on_every_page(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.DASHBOARD)
    assert tab.shown(DashboardState, "lead") == "One new message came in. One message of yours is in review."
    tab.go(routes.fill(routes.MESSAGE, "abc"))
    assert tab.said(MessageState).startswith("We could not find this message.")


@pytest.mark.parametrize(
    "address", ["//[", "/compose?contact=" + "9" * 5000, "/credits/buy?purchase=%00", "/inbox?" * 50]
)
def test_an_address_that_nobody_could_mean_is_no_error(family, address):
    assert family().open(address).frames


def test_a_conversation_stays_open_to_read_after_its_contact_was_removed(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.CONTACTS)
    tab.call(ContactsState.remove(own.contact_id))
    assert tab.shown(ContactsState, "contacts") == []
    assert "Your letters are kept." in tab.shown(SessionState, "removal")["sentence"]
    tab.go(routes.INBOX)
    assert [line["contact_id"] for line in tab.shown(InboxState, "threads")] == [own.contact_id]
    tab.go(routes.fill(routes.THREAD, own.contact_id))
    assert tab.said(ThreadState) == ""
    assert len(tab.shown(ThreadState, "messages")) == 2
    assert tab.shown(ThreadState, "contact")["is_removed"]
    tab.call(ThreadState.add_again)
    contact = tab.shown(ThreadState, "contact")
    assert (contact["is_removed"], contact["is_reachable"]) == (False, True)
    tab.go(routes.with_query(routes.COMPOSE_NEW, contact=own.contact_id))
    assert tab.shown(ComposeState, "draft")["contact_id"] == own.contact_id


def test_a_contact_is_added_again_although_its_facility_was_removed_too(server, life):
    own = life()
    db.write(contacts.remove, own.actor, own.contact_id)
    db.write(facilities.remove_location, own.actor, own.facility_id)
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.THREAD, own.contact_id)).call(ThreadState.add_again)
    assert not tab.shown(ThreadState, "contact")["is_removed"]
    assert [place.id for place in db.read(facilities.my_locations, own.actor)] == [own.facility_id]


def test_a_conversation_of_somebody_else_is_not_added(server, life):
    theirs, own = life("Xanthippe"), life("Balthazar")
    db.write(contacts.remove, theirs.actor, theirs.contact_id)
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.THREAD, theirs.contact_id))
    tab.call(ThreadState.add_again)
    assert "could not find this contact" in tab.said(ThreadState)
    assert db.read(contacts.my_contacts, theirs.actor) == []


def test_a_page_of_nothing_or_of_somebody_else_says_so_until_the_next_one(server, life):
    theirs, own = life("Xanthippe"), life("Balthazar")
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.THREAD, own.contact_id))
    assert not tab.shown(ThreadState, "is_missing")
    for nobodys in (theirs.contact_id, 999_999, "x"):
        tab.go(routes.fill(routes.THREAD, nobodys))
        assert tab.shown(ThreadState, "is_missing")
        assert tab.said(ThreadState).startswith("We could not find this con")
    tab.go(routes.fill(routes.THREAD, own.contact_id))
    assert (tab.shown(ThreadState, "is_missing"), tab.said(ThreadState)) == (False, "")
    for address, state in (
        (routes.fill(routes.MESSAGE, theirs.message_id), MessageState),
        (routes.fill(routes.COMPOSE, theirs.draft_id), ComposeState),
        (routes.fill(routes.SEND, theirs.draft_id), SendState),
        (routes.fill(routes.PAYMENT, theirs.purchase_id), PaymentState),
        (routes.fill(routes.REVIEW, theirs.purchase_id), ReviewState),
        (routes.fill(routes.RECEIPT, theirs.receipt_number), ReceiptState),
    ):
        assert tab.go(address).shown(state, "is_missing"), address


def test_the_walkthrough_goes_on_where_it_stood(server, life):
    own = life()
    db.write(walkthrough.begin, own.actor)
    db.write(walkthrough.choose_contact, own.actor, own.contact_id)
    assert server.tab(sign_in(own.actor)).open(routes.START).redirects == [routes.FOUND]


def test_a_new_letter_begins_to_the_contact_in_the_address(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(f"{routes.COMPOSE_NEW}?contact={own.contact_id}")
    assert tab.shown(ComposeState, "draft")["contact_id"] == own.contact_id
    draft_id = tab.shown(ComposeState, "draft")["id"]
    assert db.read(drafts.get, own.actor, draft_id).contact_id == own.contact_id


# Pages that the accessibility walk reaches on its way, and that it does not open by their address.
WALKED_ON_THE_WAY = {
    *(routes.START, routes.FIND_INMATE, routes.FOUND, routes.REOPEN),
    *(routes.SECOND_STEP, routes.SECOND_FACTOR, routes.RECOVERY_CODES, routes.STAFF_CONFIRM, routes.INVITATION),
}


def test_every_page_of_visitors_and_families_is_looked_at_by_the_accessibility_walk():
    from rxconnect import rxconnect as composition
    from tests.e2e import test_accessibility as walk

    pages = {address for address, *_rest in (*composition._DOOR_PAGES, *composition._FAMILY_PAGES)}
    walked = {address.partition("?")[0] for address in (*walk.OPEN, *walk.COMMON)}
    assert {
        address for address in pages if address.startswith("/") and "[" not in address
    } - walked == WALKED_ON_THE_WAY
