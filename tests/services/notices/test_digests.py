"""The daily email: one, at the hour of the account's first location, with everything that waited, exactly once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.notices import NoticeKind, Pace, next_digest
from rxconnect.models import Account, DeadAddress, DigestLine, Email, Location
from rxconnect.services.notices import choices, digests
from rxconnect.services.notices.notices import notify
from rxconnect.services.paper import replies
from tests.services.scheduling.running import run_job

# Ten in the morning in Los Angeles.
MORNING = datetime(2026, 3, 3, 18, tzinfo=UTC)
EVENING = datetime(2026, 3, 4, 2, tzinfo=UTC)


@pytest.fixture
def daily(actor, facility):
    """`daily()`: an account in California that hears of replies and deliveries once a day."""

    def add():
        sam, place = actor(), facility(name="Cedar Ridge", time_zone="America/Los_Angeles")
        with db.transaction() as session:
            session.add(Location(account_id=sam.account_id, facility_id=place))
        for kind in (NoticeKind.REPLY, NoticeKind.DELIVERED):
            db.write(choices.choose, sam, kind, Pace.DAILY)
        return sam

    return add


def tell(actor, subject, at, kind=NoticeKind.REPLY, path="/messages/7"):
    with clock.at(at), db.transaction() as session:
        notify(session, session.get_one(Account, actor.account_id), kind, lambda: (subject, "Body"), path=path)


def digests_at(moment):
    with clock.at(moment):
        return run_job(digests.send_due)


def emails():
    with db.reading() as session:
        return session.exec(select(Email).order_by(Email.id)).all()


def test_one_email_lists_what_happened_at_six_where_the_first_location_is(daily):
    sam = daily()
    tell(sam, "Marcus wrote to you", MORNING)
    tell(
        sam, "Your message was handed over to Marcus", MORNING + timedelta(hours=5), NoticeKind.DELIVERED, "/messages/8"
    )
    assert digests_at(EVENING - timedelta(seconds=1)) == 0
    assert digests_at(EVENING) == 1
    assert digests_at(EVENING + timedelta(hours=1)) == 0
    (email,) = emails()
    assert (email.kind, email.account_id, email.subject) == ("daily", sam.account_id, "What happened today")
    assert "Marcus wrote to you\nhttp://localhost:8000/messages/7" in email.body
    assert "handed over to Marcus\nhttp://localhost:8000/messages/8" in email.body
    with db.reading() as session:
        assert session.exec(select(DigestLine)).all() == []


def test_what_happens_after_the_hour_waits_for_the_next_evening(daily):
    sam = daily()
    tell(sam, "Marcus wrote to you", EVENING)
    assert digests_at(EVENING + timedelta(hours=23, minutes=59)) == 0
    assert digests_at(EVENING + timedelta(days=1)) == 1


def test_a_server_that_was_away_for_days_sends_one_email_and_each_account_has_its_own(daily):
    sam, bo = daily(), daily()
    for day in range(3):
        tell(sam, f"Reply {day}", MORNING + timedelta(days=day))
    tell(bo, "Another one", MORNING)
    assert digests_at(EVENING + timedelta(days=5)) == 2
    first, second = emails()
    assert all(f"Reply {day}" in first.body for day in range(3))
    assert "Another one" in second.body
    assert "Reply" not in second.body


def test_a_worker_that_dies_before_the_commit_leaves_the_lines_to_the_next(daily):
    tell(daily(), "Marcus wrote to you", MORNING)
    with clock.at(EVENING):
        with pytest.raises(ZeroDivisionError), db.transaction() as session:
            assert digests._send(session, digests._due_account_ids(session, 0)[0])
            _ = 1 / 0
        assert emails() == []
        assert run_job(digests.send_due) == 1


def test_no_word_of_a_letter_and_no_facility_is_in_it(pair):
    family = pair(facility_fields={"name": "Cedar Ridge"})
    db.write(choices.choose, family.family, NoticeKind.REPLY, Pace.DAILY)
    about = (family.reviewer, family.inmate_id, family.family.account_id)
    db.write(replies.deliver_reply, *about, subject="Xanthippe", body="The garden is in bloom.")
    assert digests_at(clock.now() + timedelta(days=2)) == 1
    (email,) = emails()
    for word in ("Xanthippe", "garden", "Cedar"):
        assert word not in f"{email.subject} {email.body}"


@pytest.mark.parametrize("why", ["closed", "unconfirmed", "dead"])
def test_nobody_gets_it_who_reads_there_no_more(daily, why):
    sam = daily()
    tell(sam, "Marcus wrote to you", MORNING)
    with db.transaction() as session:
        account = session.get_one(Account, sam.account_id)
        if why == "closed":
            account.closed_at = MORNING
        elif why == "unconfirmed":
            account.email_verified_at = None
        else:
            session.add(DeadAddress(email=account.email))
    assert digests_at(EVENING) == 0
    assert emails() == []


@pytest.mark.parametrize(
    ("now", "then"),
    [
        # The clocks go forward in the night between: 18:00 is an hour earlier.
        ("2026-03-08T01:59:00+00:00", "2026-03-08T02:00:00+00:00"),
        ("2026-03-08T02:00:00+00:00", "2026-03-09T01:00:00+00:00"),
        ("2026-11-01T00:30:00+00:00", "2026-11-01T01:00:00+00:00"),
        ("2026-11-01T01:00:00+00:00", "2026-11-02T02:00:00+00:00"),
    ],
)
def test_the_hour_is_the_same_when_the_clocks_change(now, then):
    assert next_digest(datetime.fromisoformat(now), "America/Los_Angeles") == datetime.fromisoformat(then)
