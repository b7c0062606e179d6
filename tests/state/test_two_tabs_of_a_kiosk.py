"""Two tabs of one tablet: one works in the very moment in which the other signs out, and the next person signs in.

Nothing of one person reaches the other, whichever comes first.
"""

import asyncio
from random import Random

import pytest
from sqlmodel import select

from rxconnect import db, live, routes
from rxconnect.domain.accounts import Actor, ActorKind, Post, Role
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Facility, KioskPerson, Message, PrintPage
from rxconnect.services.accounts import passwords
from rxconnect.services.inside import replies
from rxconnect.services.kiosk import pins
from rxconnect.services.kiosk import sign_ins as kiosk_sign_ins
from rxconnect.services.review import review
from rxconnect.state.kiosk.idle import KioskIdleState
from rxconnect.state.kiosk.letters import InsideState, LetterState
from rxconnect.state.kiosk.replies import ReplyState
from tests import kiosks
from tests.state.driver import LOAD_PAGE, name_of, sign_in_at_kiosk
from tests.state.test_listening import settle

ENDED = f"{routes.KIOSK}?done=ended"
FIRST, NEXT = "Xanthippe", "Balthazar"


@pytest.fixture
def two(life):
    """Two people who read on kiosks, with a letter that came there and a reply that they have begun."""
    return _inside(life(FIRST)), _inside(life(NEXT))


def _inside(own):
    with db.transaction() as session:
        place = session.get_one(Facility, own.facility_id)
        place.reads_on_kiosks, place.free_replies = True, 50
        session.delete(session.get_one(PrintPage, own.page_id))
    posts = (Post(own.facility_id, Role.REVIEWER),)
    db.write(review.approve, Actor(own.member_id, "Reader", "", ActorKind.STAFF, posts), own.message_id)
    return own


def _acts(own):
    """What the first person may be doing: an address, and an event there."""
    return (
        (routes.fill(routes.KIOSK_REPLY, own.reply_id), name_of(ReplyState, "send")),
        (routes.fill(routes.KIOSK_LETTER, own.message_id), name_of(LetterState, "load")),
        (routes.fill(routes.KIOSK_LETTER, own.message_id), name_of(LetterState, "ask_for_print")),
        (routes.fill(routes.KIOSK_REPLY, own.reply_id), name_of(ReplyState, "discard")),
        (routes.KIOSK_INBOX, name_of(InsideState, "refresh")),
    )


@pytest.mark.parametrize("seed", range(15))
def test_whatever_one_tab_does_while_the_other_signs_out_nothing_reaches_the_next_person(server, two, seed):
    first, following = two
    random = Random(seed)
    token, other = sign_in_at_kiosk(first.person), sign_in_at_kiosk(following.person)
    busy, leaving = (server.tab(kiosk=token).open(routes.KIOSK_INBOX) for _tab in range(2))
    address, event = _acts(first)[seed % 5]
    busy.go(address).forget_frames()

    async def act():
        for _turn in range(random.randrange(40)):
            await asyncio.sleep(0)
        await busy.post(event)

    async def leave_and_come():
        for _turn in range(random.randrange(40)):
            await asyncio.sleep(0)
        await asyncio.to_thread(db.write, kiosk_sign_ins.sign_out, token)
        leaving.forget_frames().kiosk, leaving.address = other, routes.KIOSK_INBOX
        await leaving.connect()
        await leaving.post(LOAD_PAGE)

    async def both():
        await asyncio.gather(act(), leave_and_come())

    server.run(both)
    live_of_next = Topic(Subject.INSIDE, following.inmate_id)
    db.write(lambda session: live.publish(session, live_of_next))
    settle(server, 0.15)
    busy.send(event)
    leaving.call(InsideState.refresh)
    assert (FIRST in leaving.heard, NEXT in leaving.heard) == (False, True)
    assert NEXT not in busy.heard
    assert busy.redirects[-1] == ENDED
    with db.reading() as session:
        written = session.exec(select(Message).where(Message.writer_account_id.is_not(None))).all()
    assert {(one.writer_account_id, one.contact_id) for one in written} <= {(first.person.account_id, first.contact_id)}
    assert [draft.id for draft in db.read(replies.my_drafts, following.person)] == [following.reply_id]


@pytest.mark.parametrize("page", [routes.KIOSK_RULES, routes.KIOSK_SENDERS, routes.KIOSK_INBOX])
def test_a_page_leaves_at_once_when_its_person_signs_in_at_another_kiosk(server, two, page):
    own, pin = two[0], "902158"
    with db.transaction() as session:
        row = session.get_one(KioskPerson, own.inmate_id)
        row.pin_hash = passwords.hash_password(pins.peppered(own.inmate_id, pin))
    tab = server.tab(kiosk=sign_in_at_kiosk(own.person)).open(page)
    tab.call(KioskIdleState.look).forget_frames()
    kiosk_sign_ins.sign_in(kiosks.add_device(own.facility_id), "A00001", pin)
    settle(server, 0.15)
    assert set(tab.redirects) == {ENDED}


def test_the_mark_of_a_page_is_not_the_hash_that_finds_its_sign_in(server, two):
    token = sign_in_at_kiosk(two[0].person)
    tab = server.tab(kiosk=token).open(routes.KIOSK_INBOX).call(KioskIdleState.look)
    mark = tab.shown(KioskIdleState, "mark")
    assert db.read(kiosk_sign_ins.actor_for_hash, mark) is None
    assert mark == kiosk_sign_ins.mark_of(kiosk_sign_ins.hash_token(token))
    assert kiosk_sign_ins.hash_token(token) not in tab.heard
