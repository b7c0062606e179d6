"""The kiosk's pages: what one person sees, that it ends by itself, and that the next person is told nothing of it."""

from datetime import timedelta

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import SYSTEM, Actor, ActorKind, Post, Role
from rxconnect.models import Facility, Message, PrintPage
from rxconnect.services.kiosk import devices
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from rxconnect.services.review import review
from rxconnect.state.kiosk.idle import KioskIdleState
from rxconnect.state.kiosk.letters import ConversationState, InsideState, LetterState
from rxconnect.state.kiosk.notices import InsideNoticesState
from rxconnect.state.kiosk.replies import ReplyState
from rxconnect.state.kiosk.rules import InsideRulesState
from rxconnect.state.kiosk.senders import SendersState
from rxconnect.state.session import SessionState
from tests import kiosks
from tests.state.driver import LOAD_PAGE, MOVE_TO_PAGE, let_pass, name_of, sign_in, sign_in_at_kiosk

ENDED = f"{routes.KIOSK}?done=ended"
SECOND = timedelta(seconds=1)


@pytest.fixture
def own(life):
    """A life whose letter was approved, at a facility where letters are read on kiosks."""
    own = life("Xanthippe")
    with db.transaction() as session:
        place = session.get_one(Facility, own.facility_id)
        place.reads_on_kiosks, place.free_replies = True, 3
        # A letter in a batch would be handed over on paper.
        session.delete(session.get_one(PrintPage, own.page_id))
    posts = (Post(own.facility_id, Role.REVIEWER),)
    db.write(review.approve, Actor(own.member_id, "Reader", "", ActorKind.STAFF, posts), own.message_id)
    return own


@pytest.fixture
def tab(server, own):
    return server.tab(kiosk=sign_in_at_kiosk(own.person)).open(routes.KIOSK_INBOX)


def test_a_person_sees_their_own_on_every_page(tab, own):
    assert tab.shown(SessionState, "first_name") == "Xanthippe"
    there = {
        routes.KIOSK_INBOX: InsideState,
        routes.fill(routes.KIOSK_THREAD, own.contact_id): ConversationState,
        routes.fill(routes.KIOSK_LETTER, own.message_id): LetterState,
        routes.fill(routes.KIOSK_REPLY, own.reply_id): ReplyState,
        routes.KIOSK_NOTICES: InsideNoticesState,
        routes.KIOSK_SENDERS: SendersState,
        routes.KIOSK_RULES: InsideRulesState,
    }
    for address, state in there.items():
        tab.forget_frames().open(address)
        assert tab.shown(state, "ready"), address
        assert tab.said(state) == "", address
        assert tab.redirects == [], address
        assert "Xanthippe" in tab.heard, address


def test_a_new_letter_has_no_words_until_it_is_opened_and_counts_as_opened_then(tab, own):
    tab.go(routes.fill(routes.KIOSK_THREAD, own.contact_id))
    assert "We miss you, says" not in tab.heard
    tab.go(routes.fill(routes.KIOSK_LETTER, own.message_id))
    assert "We miss you, says Xanthippe." in tab.heard
    with db.reading() as session:
        assert session.get_one(Message, own.message_id).status == "opened"


def test_a_reply_is_begun_written_and_sent(tab, own):
    tab.go(routes.fill(routes.KIOSK_LETTER, own.message_id)).call(LetterState.reply(own.contact_id))
    draft_id = tab.shown(ReplyState, "draft")["id"]
    assert tab.address == routes.fill(routes.KIOSK_REPLY, draft_id)
    tab.forget_frames().go(routes.fill(routes.KIOSK_REPLY, own.reply_id)).call(ReplyState.send)
    assert tab.said(ReplyState) == ""
    assert tab.address == routes.fill(routes.KIOSK_THREAD, own.contact_id)
    assert [one["is_mine"] for one in tab.shown(ConversationState, "thread")["messages"]].count(True) == 2


def test_a_sender_is_blocked_and_unblocked(tab, own):
    tab.go(routes.KIOSK_SENDERS).call(SendersState.block(own.contact_id))
    assert tab.shown(SendersState, "senders")[0]["is_blocked"]
    assert not tab.call(SendersState.unblock(own.contact_id)).shown(SendersState, "senders")[0]["is_blocked"]


def test_the_tablet_learns_how_long_the_sign_in_lasts_and_one_press_begins_it_anew(tab):
    left = lambda: round(tab.shown(KioskIdleState, "left"))  # noqa: E731
    tab.call(KioskIdleState.look)
    assert (left(), tab.shown(KioskIdleState, "warn")) == (120, 30)
    let_pass(100 * SECOND)
    tab.call(KioskIdleState.look)
    assert left() == 20
    tab.call(KioskIdleState.stay)
    assert left() == 120


def test_an_idle_sign_in_ends_and_nothing_that_a_page_does_by_itself_keeps_it(tab):
    let_pass(110 * SECOND)
    tab.call(KioskIdleState.look).open(routes.KIOSK_INBOX)
    let_pass(11 * SECOND)
    tab.forget_frames().send(name_of(InsideState, "load"))
    assert (tab.redirects, "Xanthippe" in tab.heard) == ([ENDED], False)


def test_whoever_has_never_signed_in_is_led_to_the_sign_in_and_not_told_that_something_ended(server, own):
    assert set(server.tab().open(routes.KIOSK_INBOX).redirects) == {routes.KIOSK}


def test_a_revoked_kiosk_ends_the_sign_in_at_the_next_event(tab, own):
    with db.reading() as session:
        device_id = (
            session.connection()
            .exec_driver_sql(
                "SELECT kiosk_device_id FROM sign_in WHERE kiosk_device_id IS NOT NULL AND ended_at IS NULL"
            )
            .scalar_one()
        )
    db.write(devices.revoke, SYSTEM, own.facility_id, device_id)
    tab.forget_frames().send(name_of(InsideState, "load"))
    assert (tab.redirects, "Xanthippe" in tab.heard) == ([ENDED], False)


@pytest.mark.parametrize("first_event", [LOAD_PAGE, MOVE_TO_PAGE, name_of(InsideState, "refresh")])
def test_the_next_person_at_the_tablet_is_told_nothing_of_the_first(tab, own, life, first_event):
    for address in own.kiosk_addresses:
        tab.go(address)
    tab.forget_frames().kiosk = sign_in_at_kiosk(life("Balthazar").person)
    tab.reconnect("")
    tab.address = routes.KIOSK_INBOX
    tab.send(first_event).open(routes.KIOSK_INBOX)
    assert "Balthazar" in tab.heard
    assert "Xanthippe" not in tab.heard


def test_five_hundred_people_in_turn_at_one_tablet_are_told_nothing_of_each_other(server, facility):
    words = [f"Q{turn:03}x" for turn in range(500)]
    people = kiosks.add_crowd(facility(), words)
    tab, before = server.tab(), ""
    for word, token in zip(words, kiosks.sign_in(*people), strict=True):
        tab.forget_frames().kiosk = token
        tab.open(routes.KIOSK_INBOX)
        assert word in tab.heard
        assert not before or before not in tab.heard
        before = word
    db.write(kiosk_sign_ins.sign_out, tab.kiosk)
    tab.forget_frames().send(name_of(InsideState, "load"))
    assert (tab.redirects, before in tab.heard) == ([ENDED], False)


def test_a_family_and_a_person_in_custody_in_one_browser_are_kept_apart(server, own, life):
    cookies = {"token": sign_in(life("Balthazar").actor), "kiosk": sign_in_at_kiosk(own.person)}
    assert "Balthazar" not in server.tab(**cookies).open(routes.KIOSK_INBOX).heard
    tab = server.tab(**cookies).open(routes.INBOX)
    assert "Xanthippe" not in tab.heard
    # When the person has left, the same tab is told nothing of them either.
    tab.open(routes.KIOSK_INBOX)
    db.write(kiosk_sign_ins.sign_out, tab.kiosk)
    assert "Xanthippe" not in tab.forget_frames().open(routes.INBOX).heard
