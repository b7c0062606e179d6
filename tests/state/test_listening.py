"""Open tabs that load by themselves: after a commit, in every tab that may know, rarely enough, and never of another's."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from rxconnect import db, live, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import ActorKind, Role
from rxconnect.domain.errors import NotAllowed
from rxconnect.domain.topics import Subject, Topic
from rxconnect.payments.sandbox_faults import Fault
from rxconnect.services.accounts import sign_ins
from rxconnect.services.money import processor
from rxconnect.services.paper import replies
from rxconnect.services.purchases import checkout, purchases
from rxconnect.services.review import review
from rxconnect.state import listening
from rxconnect.state.family import messages
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.messages import InboxState, ThreadState
from rxconnect.state.family.purchases import ReviewState
from rxconnect.state.session import SessionState
from rxconnect.state.staff.figures import FiguresState
from tests.rooms import seat_of
from tests.services.buying import order
from tests.services.conftest import pair  # noqa: F401 - a fixture
from tests.state.driver import LOAD_PAGE, MOVE_TO_PAGE, name_of, sign_in
from tests.state.test_worlds import Inhabited


@pytest.fixture
def inbox(server, pair):  # noqa: F811
    """`inbox(writer)`: a tab at the inbox of the family."""
    return lambda writer: server.tab(sign_in(writer.family)).open(routes.INBOX).forget_frames()


def reply(writer, subject="Hello"):
    whom = (writer.inmate_id, writer.family.account_id)
    return db.write(replies.deliver_reply, writer.reviewer, *whom, subject=subject, body="I am well.")


def settle(server, seconds=0.3):
    """Let the tabs load for a while."""
    server.run(asyncio.sleep, seconds)


def subjects(tab):
    return [thread["subject"] for thread in tab.shown(InboxState, "threads")]


def loads(tab):
    """How often the tab was told its threads."""
    return sum("threads_rx_state_" in frame for frame in tab.frames)


@pytest.mark.parametrize(
    ("happens", "is_called"),
    [
        ([], False),
        ([["3"]], True),
        ([["4"], ["5", "6"]], False),
        ([["3"], *([f"other {n}"] for n in range(900))], True),
        # So many that nobody remembers the first.
        ([[f"other {n}"] for n in range(1_100)], True),
        # Notifications were lost.
        ([None], True),
    ],
)
def test_whoever_listens_since_a_moment_hears_of_a_change_since_then(happens, is_called):
    live.wake_listeners(["3"])
    called = threading.Event()
    since = live.mark()
    for addresses in happens:
        live.wake_all_listeners() if addresses is None else live.wake_listeners(addresses)
    live.listen("3", called.set, since)
    live.stop_listening("3", called.set)
    assert called.is_set() == is_called


def test_a_reply_that_comes_while_the_inbox_is_read_is_shown_too(server, pair, monkeypatch):  # noqa: F811
    writer = pair()
    read = messages._inbox_data
    coming = [threading.Thread(target=reply, args=(writer, "Just now"))]

    def read_and_be_late(*args):
        found = read(*args)
        while coming:
            thread = coming.pop()
            thread.start()
            thread.join()
        return found

    monkeypatch.setattr(messages, "_inbox_data", read_and_be_late)
    tab = server.tab(sign_in(writer.family)).open(routes.INBOX)
    settle(server)
    assert subjects(tab) == ["Just now"]


def test_every_open_tab_of_the_account_shows_what_was_committed(server, pair, inbox):  # noqa: F811
    writer = pair()
    tabs = [inbox(writer), inbox(writer)]
    reply(writer, "Come soon")
    settle(server)
    assert [subjects(tab) for tab in tabs] == [["Come soon"], ["Come soon"]]
    assert [tab.shown(SessionState, "unread") for tab in tabs] == [1, 1]
    reply(writer, "Come sooner")
    settle(server)
    assert [subjects(tab) for tab in tabs] == [["Come sooner"], ["Come sooner"]]


def test_what_is_rolled_back_wakes_nobody(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer)
    with pytest.raises(RuntimeError), db.transaction() as session:
        live.publish(session, Topic(Subject.THREADS, writer.family.account_id))
        raise RuntimeError
    settle(server)
    assert loads(tab) == 0


def test_a_part_of_a_transaction_wakes_nobody_before_the_whole_is_committed(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer)
    with db.transaction() as session:
        with session.begin_nested():
            live.publish(session, Topic(Subject.THREADS, writer.family.account_id))
        settle(server)
        assert loads(tab) == 0
    settle(server)
    assert loads(tab) == 1


def test_a_thousand_changes_load_a_tab_ten_times_a_second_at_most(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer)

    async def change_much() -> float:
        began = asyncio.get_running_loop().time()
        for _ in range(1_000):
            await asyncio.to_thread(publish, writer)
        return asyncio.get_running_loop().time() - began

    seconds = server.run(change_much)
    settle(server)
    assert 1 <= loads(tab) <= seconds / 0.1 + 2


def publish(writer):
    with db.transaction() as session:
        live.publish(session, Topic(Subject.THREADS, writer.family.account_id))


def test_the_last_of_many_changes_is_shown(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer)

    async def change_much() -> None:
        for number in range(20):
            await asyncio.to_thread(reply, writer, f"Letter {number}")

    server.run(change_much)
    settle(server)
    assert subjects(tab) == ["Letter 19"]


def test_nobody_hears_of_another_account(server, pair, inbox):  # noqa: F811
    one, other = pair(), pair()
    tab = inbox(one)
    reply(other, "For the other")
    settle(server)
    assert tab.frames == []


def test_a_change_in_one_world_wakes_nobody_in_another(server, database):
    one, other = Inhabited(0), Inhabited(1)
    assert one.life.actor.account_id == other.life.actor.account_id
    for each in (one, other):
        each.enter(server)
        each.tab.open(routes.INBOX).forget_frames()
    with one.world.bound(), db.transaction() as session:
        live.publish(session, Topic(Subject.THREADS, one.life.actor.account_id))
    settle(server)
    assert (loads(one.tab), loads(other.tab)) == (1, 0)
    assert [*one.crossings(), *other.crossings()] == []


@pytest.mark.parametrize("subject", Subject)
def test_each_topic_may_be_heard_by_those_only_whom_it_is_about(pair, actor, subject):  # noqa: F811
    writer, other = pair(), pair()
    is_of_facility = subject in (Subject.DESK, Subject.REPORTS, Subject.ROSTERS, Subject.LEDGER)
    theirs = writer.facility_id if is_of_facility else writer.family.account_id
    auditor, trainer = (actor(role=role, facility_id=writer.facility_id) for role in (Role.AUDITOR, Role.TRAINER))
    administrator = actor(role=Role.ADMINISTRATOR, facility_id=writer.facility_id)
    everyone = [writer.family, writer.reviewer, other.family, other.reviewer, auditor, trainer, administrator]
    inside = replace(actor(kind=ActorKind.KIOSK), inmate_id=theirs)
    everyone += [inside, replace(actor(kind=ActorKind.KIOSK), inmate_id=theirs + 1)]
    hear = [who for who in everyone if Topic(subject, theirs).may_be_heard_by(who)]
    whom = {
        Subject.DESK: [writer.reviewer, administrator],
        Subject.REPORTS: [auditor, administrator],
        Subject.ROSTERS: [administrator],
        Subject.LEDGER: [auditor, administrator],
        Subject.INSIDE: [inside],
        # A room is for its seats, which are no accounts.
        Subject.ROOM: [],
        Subject.REQUIREMENTS: [],
    }
    assert hear == whom.get(subject, [writer.family])


def test_a_room_may_be_heard_by_its_own_seats_alone(open_room):
    room, other = open_room(), open_room(starter="another room")
    seats = [seat_of(token) for token in (room.trainer, room.join(), other.trainer)]
    topic = Topic(Subject.ROOM, seats[0].session_id)
    assert [topic.may_be_heard_by(seat) for seat in seats] == [True, True, False]
    requirements = Topic(Subject.REQUIREMENTS, seats[0].session_id)
    assert [requirements.may_be_heard_by(seat) for seat in seats] == [True, False, False]
    of_rooms = {Subject.ROOM, Subject.REQUIREMENTS}
    others = [Topic(subject, seats[0].session_id) for subject in set(Subject) - of_rooms]
    assert not any(one.may_be_heard_by(seat) for one in others for seat in seats)


def test_who_may_not_hear_a_topic_is_refused_and_not_registered(pair):  # noqa: F811
    writer = pair()
    with pytest.raises(NotAllowed):
        listening.listen(writer.family, Topic(Subject.DESK, writer.facility_id), InboxState.reload)
    assert live._listeners == {}


def test_nothing_is_left_of_a_tab_that_is_closed(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer)
    assert live._listeners
    server.run(tab.close)
    assert (live._listeners, listening._tabs) == ({}, {})


def test_a_tab_that_went_to_another_page_is_not_woken(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer).go(routes.DRAFTS).forget_frames()
    assert live._listeners == {}
    reply(writer)
    settle(server)
    assert tab.frames == []


def test_a_handler_that_runs_after_the_tab_has_gone_on_does_not_listen(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer)

    async def go_on_at_once() -> None:
        await tab.post(name_of(InboxState, "reload"))
        tab.address = routes.DRAFTS
        await tab.post(MOVE_TO_PAGE)

    server.run(go_on_at_once)
    assert live._listeners == {}


def test_a_tab_that_was_signed_out_elsewhere_is_turned_away_once_and_forgotten(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer)
    db.write(sign_ins.sign_out_everywhere, writer.family)
    reply(writer, "Secret")
    settle(server)
    assert "Secret" not in tab.heard
    assert tab.redirects == [f"{routes.SIGN_IN}?next={routes.INBOX}"]
    assert live._listeners == {}


def test_the_next_person_at_a_tab_hears_nothing_of_the_first(server, pair, inbox):  # noqa: F811
    one, other = pair(), pair()
    tab = inbox(one)
    tab.reconnect(sign_in(other.family)).open(routes.INBOX).forget_frames()
    reply(one, "For the first")
    settle(server)
    assert tab.frames == []


def test_a_page_that_loads_by_itself_keeps_nobody_signed_in(server, pair, inbox):  # noqa: F811
    writer = pair()
    token = sign_in(writer.family)
    tab = server.tab(token).open(routes.INBOX)
    begun = clock.now()
    with clock.at(begun + timedelta(minutes=20)):
        reply(writer)
        settle(server)
    assert loads(tab) > 1
    assert db.read(last_used, token) <= begun


def test_a_page_loads_as_its_own_visitor_whatever_went_on_around_the_commit(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer)
    # In forty days this sign-in will have ended.
    with clock.at(clock.now() + timedelta(days=40)):
        reply(writer, "From later")
    settle(server)
    assert subjects(tab) == ["From later"]


def test_an_event_that_comes_after_its_socket_has_closed_leaves_nothing(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer)
    socket = tab.socket
    server.run(tab.close)
    tab.socket = socket
    tab.send(LOAD_PAGE)
    assert (live._listeners, listening._tabs) == ({}, {})


def last_used(session, token):
    from sqlmodel import select

    from rxconnect.models import SignIn
    from rxconnect.services.accounts import seen

    row = session.exec(select(SignIn).where(SignIn.token_hash == sign_ins.hash_token(token))).one()
    return seen.last_use(row.token_hash, row.seen_at)


def test_what_was_just_said_stays_when_a_page_loads_by_itself(server, pair, inbox):  # noqa: F811
    writer = pair()
    tab = inbox(writer).call(InboxState.search("x" * 200))
    said = tab.said(InboxState)
    assert said
    reply(writer)
    settle(server)
    assert (loads(tab), tab.said(InboxState), tab.focused) == (1, said, [])


def test_a_page_shows_by_itself_how_a_charge_ended_that_another_process_has_finished(server, life):
    own = life()
    purchase_id = order(own.actor, own.facility_id)
    processor.sandbox().plan("confirm", Fault.TIMEOUT_AFTER)
    tabs = [server.tab(sign_in(own.actor)).open(routes.fill(routes.REVIEW, purchase_id)) for _ in range(2)]
    tabs[0].call(ReviewState.submit)
    settle(server)
    assert [tab.shown(ReviewState, "is_charging") for tab in tabs] == [True, True]
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert checkout.reconcile().done == 1
    settle(server)
    receipt = db.read(purchases.get, own.actor, purchase_id).receipt_number
    assert [tab.redirects for tab in tabs] == [[routes.fill(routes.RECEIPT, receipt)]] * 2


def test_submit_leads_to_the_receipt_once_although_its_own_charge_wakes_the_page(server, life):
    own = life()
    tab = server.tab(sign_in(own.actor)).open(routes.fill(routes.REVIEW, order(own.actor, own.facility_id)))
    tab.send(name_of(ReviewState, "submit"))
    settle(server)
    assert len(tab.redirects) == 1


def test_the_dashboard_and_a_conversation_show_what_became_of_a_letter_by_themselves(server, pair):  # noqa: F811
    writer = pair()
    message_id = writer.send().id
    dashboard = server.tab(sign_in(writer.family)).open(routes.DASHBOARD)
    conversation = server.tab(sign_in(writer.family)).open(routes.fill(routes.THREAD, writer.contact_id))
    db.write(review.approve, writer.reviewer, message_id)
    settle(server)
    assert [letter["outcome"] for letter in dashboard.shown(DashboardState, "letters")] == ["Approved"]
    assert [message["status_label"] for message in conversation.shown(ThreadState, "messages")] == ["Approved"]


def test_a_page_that_reloads_by_itself_leaves_the_focus_and_the_notice_alone(server, pair):  # noqa: F811
    writer = pair()
    tab = server.tab(sign_in(writer.reviewer)).open(routes.FIGURES).go(routes.STAFF_CONTACTS).go(routes.FIGURES)
    focused = list(tab.focused)
    writer.send()
    settle(server)
    assert tab.shown(FiguresState, "today")["waiting"] == 1
    assert tab.focused == focused
