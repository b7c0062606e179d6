"""Emails that come back: at once from the mail server, or later as a message; and how an address is tried again."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from sqlmodel import select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.notices import NoticeKind
from rxconnect.models import Account, DeadAddress, Email
from rxconnect.services.accounts import accounts
from rxconnect.services.notices import bounces, dead_addresses, emails, mail
from rxconnect.services.notices.notices import notify
from tests.mailboxes import Mailbox, serve

__all__ = ["serve"]


@pytest.fixture
def sam(actor):
    return actor()


def tell(actor, kind=NoticeKind.REPLY):
    with db.transaction() as session:
        notify(
            session, session.get_one(Account, actor.account_id), kind, lambda: ("It happened", "Body"), path="/inbox"
        )


def rows():
    with db.reading() as session:
        return session.exec(select(Email).order_by(Email.id)).all()


def dead():
    with db.reading() as session:
        return [row.email for row in session.exec(select(DeadAddress))]


def deliver():
    return asyncio.run(emails.deliver_due()).done


def message_id(email):
    return str(mail.message_of(email)["Message-ID"])


def report(message_id, *, status="5.1.1", action="failed", quoted="message/rfc822"):
    """A bounce message as Postfix writes it."""
    quotation = f"Message-ID: {message_id}\r\nSubject: It happened\r\n\r\n" + ("Body\r\n" if "rfc822" in quoted else "")
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: no-reply@rx.example\r\nSubject: Undelivered Mail\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; someone@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: {quoted}\r\n\r\n{quotation}\r\n--b--\r\n"
    ).encode()


def take(raw):
    return db.write(bounces.take, raw)


@pytest.mark.parametrize(
    "said", ["550 no such person", "550 5.1.1 User unknown", "553 5.1.2 no such domain", "550 5.2.1 disabled"]
)
def test_an_address_that_the_server_refuses_for_good_gets_nothing_optional_any_more(serve, sam, said):
    serve(Mailbox(**{sam.email.partition("@")[0]: said}))
    tell(sam)
    assert deliver() == 0
    assert dead() == [sam.email]
    assert rows()[0].attempts == emails._MAX_ATTEMPTS
    tell(sam)
    assert len(rows()) == 1


@pytest.mark.parametrize(
    "said",
    [
        "450 4.2.1 try later", "552 5.2.2 mailbox full", "550 5.7.1 your server is blocked", "554 5.7.0 spam", "421 busy",
        "550 Blocked: listed by an RBL", "550 Access denied", "550 refused by local POLICY", "550 poor reputation",
    ],
)  # fmt: skip
def test_a_full_mailbox_and_what_is_about_us_are_tried_again(serve, sam, said):
    serve(Mailbox(**{sam.email.partition("@")[0]: said}))
    tell(sam)
    assert deliver() == 0
    assert dead() == []
    assert rows()[0].attempts == 1


@pytest.mark.parametrize("quoted", ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers"])
def test_a_bounce_message_stops_the_address_to_which_the_email_went(sam, quoted):
    tell(sam)
    assert take(report(message_id(rows()[0]), quoted=quoted)) == sam.email
    assert dead() == [sam.email]
    assert take(report(message_id(rows()[0]), quoted=quoted)) == sam.email


@pytest.mark.parametrize(
    "change", [{"status": "4.4.1"}, {"status": "5.2.2"}, {"status": "5.7.1"}, {"action": "delayed"}, {"status": ""}]
)
def test_a_delay_and_a_refusal_of_us_stop_nothing(sam, change):
    tell(sam)
    assert take(report(message_id(rows()[0]), **change)) == ""
    assert dead() == []


def test_nobody_can_stop_the_emails_to_somebody_else(sam, actor):
    bo = actor()
    tell(sam)
    tell(bo)
    mine, theirs = map(message_id, rows())
    written, number, token = mine.strip("<").partition("@")[0].split(".")
    for forged in (
        theirs.replace(theirs.split(".")[2].partition("@")[0], token),
        f"<{written}.{rows()[1].id}.{token}@localhost>",
        f"<{written}.{number}.{'0' * 32}@localhost>",
        f"<{written}.{number}@localhost>",
        "<>",
        "",
        f"<{written}.{'9' * 400}.{token}@localhost>",
    ):
        assert take(report(forged)) == ""
    assert dead() == []


def test_an_old_email_and_one_from_before_the_address_was_confirmed_again_say_nothing(sam):
    tell(sam)
    raw = report(message_id(rows()[0]))
    with clock.at(clock.now() + timedelta(days=31)):
        assert take(raw) == ""
    with db.transaction() as session:
        session.get_one(Account, sam.account_id).email_verified_at = clock.now()
    assert take(raw) == ""


def test_hostile_messages_change_nothing_and_break_nothing(sam):
    tell(sam)
    raw, chance = report(message_id(rows()[0]), status="4.0.0"), random.Random(7)
    nested = b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n' * 50
    for hostile in (
        b"",
        b"\0" * 1000,
        nested,
        b"Content-Type: multipart/report\r\n\r\n",
        b"\xff\xfe: \xff\r\n\r\n",
        raw[:300],
    ):
        assert take(hostile) == ""
    for _ in range(200):
        mutated = bytearray(raw)
        for _ in range(5):
            mutated[chance.randrange(len(mutated))] = chance.randrange(256)
        take(bytes(mutated))
    assert dead() in ([], [sam.email])


def test_what_must_be_sent_and_links_are_still_tried_once(serve, sam):
    serve(mailbox := Mailbox())
    db.write(dead_addresses.record, sam.email, "550")
    tell(sam)
    tell(sam, NoticeKind.REFUND)
    db.write(accounts.resend_verification, sam)
    assert deliver() == 2
    assert {message["Subject"] for message in mailbox.received} == {"It happened", "Please confirm your email address"}


def test_opening_a_link_that_was_sent_there_makes_the_address_good_again(sam):
    db.write(dead_addresses.record, sam.email, "550")
    db.write(accounts.resend_verification, sam)
    token = db.read(emails.outbox)[0].link.partition("token=")[2]
    db.write(accounts.verify_email, token)
    assert dead() == []
    tell(sam)
    assert rows()[-1].kind == "reply"
