"""For a moment, while one worker takes over, two may run the jobs: on both databases each thing is done once."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db, jobs
from rxconnect.domain import clock
from rxconnect.domain.messages import MessageStatus
from rxconnect.domain.notices import NoticeKind, Pace
from rxconnect.domain.terms import VERSION
from rxconnect.models import Account, Contact, DigestLine, Email, Facility, Inmate, Message, MessageEvent, Purchase
from rxconnect.services.leaving import departures
from rxconnect.services.messages import drafts
from rxconnect.services.messages.message_moves import move_to_status
from rxconnect.services.notices import choices, emails
from rxconnect.services.notices.notices import notify
from rxconnect.services.purchases import charges
from rxconnect.services.screening import submissions
from tests.databases import server_for
from tests.services.buying import buy, is_sound, order, refunded_cents
from tests.soak import worlds


@pytest.fixture(params=[worlds.SQLITE, worlds.POSTGRESQL])
def world(request):
    """A world in a database of its own."""
    with worlds.database(server_for(request.param, request)):
        yield worlds.build()


def run_every_job(_):
    """What one scheduler does until nothing is left for now."""

    async def run():
        for job in jobs.JOBS:
            batch = await job.work()
            assert batch.errors == []
            while batch.resume_after is not None:
                batch = await job.work(batch.resume_after)
                assert batch.errors == []

    with clock.at(clock.now() + timedelta(minutes=1)):
        asyncio.run(run())


def leave_much_to_do(world):
    """Emails to send, charges and refunds that nobody finished, a letter and money of somebody who was released."""
    for _ in range(3):
        family, contact_id = world.family()
        buy(family, world.place, 20)
        draft_id = db.write(drafts.get_or_create_empty, family, contact_id)
        db.write(drafts.save, family, draft_id, subject="Hello", body="We miss you.")
        db.write(submissions.send, family, draft_id, accepted_terms=VERSION)
        db.write(charges.begin_attempt, family, order(family, world.place, 5))
        tell_in_the_evening(family)
    db.write(leave_a_paid_answer, family, contact_id)
    with db.transaction() as session:
        session.get_one(Inmate, world.inmate_id).custody = "released"


def tell_in_the_evening(family):
    """Two notices for the family's daily email, which was due an hour ago."""
    db.write(choices.choose, family, NoticeKind.REPLY, Pace.DAILY)
    with clock.at(clock.now() - timedelta(days=1, hours=1)), db.transaction() as session:
        account = session.get_one(Account, family.account_id)
        account.email_verified_at = clock.now()
        for number in range(2):
            notify(
                session,
                account,
                NoticeKind.REPLY,
                lambda: ("Somebody wrote to you", ""),
                path=f"/messages/{number + 1}",
            )


def leave_a_paid_answer(session, family, contact_id):
    """A letter that was delivered on a kiosk, whose answer is paid for."""
    inmate_id = session.get_one(Contact, contact_id).inmate_id
    session.get_one(Facility, session.get_one(Inmate, inmate_id).facility_id).reads_on_kiosks = True
    draft_id = drafts.get_or_create_empty(session, family, contact_id)
    drafts.save(session, family, draft_id, subject="Hello", body="Write back.")
    drafts.pay_for_answer(session, family, draft_id, pays=True)
    letter = session.get_one(Message, submissions.send(session, family, draft_id, accepted_terms=VERSION))
    move_to_status(session, letter, MessageStatus.APPROVED)
    move_to_status(session, letter, MessageStatus.DELIVERED)


def test_schedulers_that_overlap_do_everything_once(world):
    leave_much_to_do(world)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run_every_job, range(4)))
    # What one look brought about, the next finds: refunds of what came back, and emails about them.
    for _ in range(3):
        run_every_job(0)
    with db.reading() as session:
        assert {(email.attempts, email.sent_at is None) for email in session.exec(select(Email))} == {(1, False)}
        returned = session.exec(select(MessageEvent.message_id).where(MessageEvent.status == "undeliverable")).all()
        assert sorted(Counter(returned).values()) == [1, 1, 1]
        unanswered = session.exec(select(MessageEvent).where(MessageEvent.status == "expired")).all()
        assert len(unanswered) == 1
        statuses = Counter(session.exec(select(Purchase.status)))
        assert statuses["charging"] == 0
        assert statuses["failed"] == 3
        daily = session.exec(select(Email).where(Email.kind == "daily")).all()
        assert len({email.account_id for email in daily}) == len(daily) == 3
        assert all(email.body.count("Somebody wrote to you") == 2 for email in daily)
        assert session.exec(select(DigestLine)).all() == []
    # The world itself came with a family that had nine credits left, and the letter that was delivered took one.
    assert refunded_cents() == (3 * 20 + 9 - 1) * 25
    assert is_sound()


def test_a_row_that_somebody_else_has_locked_is_passed_over_and_the_next_one_done(postgres_server):
    with worlds.database(postgres_server):
        leave_much_to_do(worlds.build())
        with db.transaction() as session:
            email = session.exec(select(Email).order_by(Email.id).limit(1).with_for_update()).one()
            waiting = select(Message).where(Message.status == "in review").order_by(Message.id).limit(1)
            message = session.exec(waiting.with_for_update()).one()
            for batch in (asyncio.run(emails.deliver_due()), departures.follow_up_departures()):
                assert batch.done > 1
                assert batch.errors == []
        with db.reading() as session:
            assert session.get_one(Email, email.id).attempts == 0
            assert session.get_one(Message, message.id).status == "in review"
