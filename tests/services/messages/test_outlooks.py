"""What is said of a letter that waits: true figures of its facility or none, and emails only if they come."""

from datetime import timedelta

import pytest

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.messages import Reason
from rxconnect.domain.notices import NoticeKind, Pace
from rxconnect.models import Account
from rxconnect.services.messages import withdrawals
from rxconnect.services.messages.review_times import FEWEST
from rxconnect.services.notices import choices, dead_addresses
from rxconnect.services.review import review


def read_within(writer, hours):
    begin = clock.now() - timedelta(days=2)
    with clock.at(begin):
        message_id = writer.send().id
    with clock.at(begin + timedelta(hours=hours)):
        db.write(review.approve, writer.reviewer, message_id)


def test_how_long_it_takes_is_said_once_enough_letters_were_read_and_not_before(pair):
    writer = pair(credits=20)
    for _ in range(FEWEST - 1):
        read_within(writer, 3)
    assert writer.send().outlook.reading == ""
    read_within(writer, 3)
    assert "usually read within 3 hours" in writer.send().outlook.reading


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({}, ["if it is not delivered", "answers"]),
        ({NoticeKind.DELIVERED: Pace.DAILY}, ["has it", "if it is not delivered", "answers"]),
        ({NoticeKind.REPLY: Pace.OFF}, ["if it is not delivered"]),
        ({NoticeKind.REPLY: Pace.OFF, NoticeKind.REJECTED: Pace.OFF}, []),
    ],
)
def test_only_the_emails_that_were_chosen_are_promised(pair, chosen, told):
    writer = pair()
    for kind, pace in chosen.items():
        db.write(choices.choose, writer.family, kind, pace)
    outlook = writer.send().outlook
    assert len(outlook.emails) == len(told)
    assert all(part in sentence for part, sentence in zip(told, outlook.emails, strict=True))
    assert bool(outlook.no_email) == (not told)


def test_no_email_is_promised_to_an_address_that_gets_none(pair):
    writer = pair()
    with db.transaction() as session:
        session.get_one(Account, writer.family.account_id).email_verified_at = None
    assert (writer.send().outlook.emails, "not confirmed" in writer.send().outlook.no_email) == ([], True)
    with db.transaction() as session:
        account = session.get_one(Account, writer.family.account_id)
        account.email_verified_at = clock.now()
        dead_addresses.record(session, account.email, "550 5.1.1 no such user")
    assert (writer.send().outlook.emails, "come back" in writer.send().outlook.no_email) == ([], True)


def test_a_letter_that_ended_has_no_outlook(pair):
    writer = pair()
    withdrawn, rejected = writer.send().id, writer.send().id
    db.write(withdrawals.withdraw, writer.family, withdrawn)
    db.write(review.reject, writer.reviewer, rejected, Reason.THREAT, "")
    assert (writer.message(withdrawn).outlook, writer.message(rejected).outlook) == (None, None)
