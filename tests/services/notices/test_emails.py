"""Emails: queued with what they tell of, handed to a real mail server once, tried again when it is away."""

from __future__ import annotations

import asyncio
import email
from datetime import timedelta
from email import policy

import pytest
from aiosmtpd.smtp import AuthResult
from sqlmodel import select

from rxconnect import config, db
from rxconnect.config import settings
from rxconnect.domain import clock
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.models import Email
from rxconnect.services.notices import emails
from tests.mailboxes import Mailbox, free_port, serve, text_of

__all__ = ["serve"]


def queue(to="sam@example.com", subject="Hello", body="Good news.\n\nhttp://x.test/a?b=1"):
    db.write(emails.queue, to, subject, body)


def deliver():
    return asyncio.run(emails.deliver_due()).done


def rows():
    with db.reading() as session:
        return session.exec(select(Email).order_by(Email.id)).all()


def test_a_queued_email_reaches_the_mail_server_once(serve):
    serve(mailbox := Mailbox())
    queue(body="Señora, 你好 🙂\n" + "x" * 2000)
    assert deliver() == 1
    assert deliver() == 0
    (message,) = mailbox.received
    assert (message["To"], message["Subject"]) == ("sam@example.com", "Hello")
    assert text_of(message).splitlines() == ["Señora, 你好 🙂", "x" * 2000]
    assert rows()[0].sent_at


def test_an_email_of_a_transaction_that_fails_is_never_sent(serve):
    serve(mailbox := Mailbox())
    with pytest.raises(ZeroDivisionError), db.transaction() as session:
        emails.queue(session, "sam@example.com", "Hello", "Never")
        _ = 1 / 0
    assert deliver() == 0
    assert mailbox.received == []


def test_many_workers_send_each_email_once(serve):
    serve(mailbox := Mailbox())
    for number in range(12):
        queue(subject=f"Letter {number}")

    async def workers():
        return await asyncio.gather(*(emails.deliver_due() for _ in range(4)))

    assert sum(batch.done for batch in asyncio.run(workers())) == 12
    assert sorted(m["Subject"] for m in mailbox.received) == sorted(f"Letter {n}" for n in range(12))


def test_a_refused_email_keeps_its_error_and_waits_longer_each_time(serve):
    serve(mailbox := Mailbox())
    mailbox.answer = "451 the mailbox is asleep"
    queue()
    start = clock.now()
    with clock.at(start):
        assert deliver() == 0
    for tries, minutes in enumerate((1, 3, 7), 1):
        with clock.at(start + timedelta(minutes=minutes, seconds=-1)):
            assert deliver() == 0
        assert rows()[0].attempts == tries
        with clock.at(start + timedelta(minutes=minutes)):
            assert deliver() == 0
        assert rows()[0].attempts == tries + 1
    assert "the mailbox is asleep" in rows()[0].error
    assert rows()[0].attempts == 4
    mailbox.answer = "250 OK"
    with clock.at(start + timedelta(minutes=15)):
        assert deliver() == 1
    assert rows()[0].error == ""


def test_one_refused_email_does_not_hold_up_the_next(serve):
    class Picky(Mailbox):
        async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
            if address.startswith("nobody"):
                return "550 no such person"
            envelope.rcpt_tos.append(address)
            return "250 OK"

    serve(mailbox := Picky())
    queue(to="nobody@example.com")
    queue()
    assert deliver() == 1
    assert [m["To"] for m in mailbox.received] == ["sam@example.com"]
    assert "550" in rows()[0].error


def test_a_mail_server_that_is_away_is_tried_again_later(database, setting):
    setting(smtp_url=f"smtp://127.0.0.1:{free_port()}")
    queue()
    assert deliver() == 0
    assert rows()[0].error
    assert rows()[0].sent_at is None


def test_an_email_is_given_up_after_some_two_days(serve):
    serve(mailbox := Mailbox())
    queue()
    with db.transaction() as session:
        session.exec(select(Email)).one().attempts = emails._MAX_ATTEMPTS
    assert deliver() == 0
    assert mailbox.received == []


def test_the_email_of_a_worker_that_died_is_taken_over_when_its_lease_ends(serve):
    serve(Mailbox())
    queue()
    assert db.write(emails._claim_due, 0)
    assert deliver() == 0
    with clock.at(clock.now() + emails._LEASE):
        assert deliver() == 1


def test_the_servers_user_and_password_may_hold_any_character(serve):
    seen = []

    def authenticate(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    serve(
        mailbox := Mailbox(),
        user="mailer%40example.org:p%40ss%2Fw%3Ard@",
        authenticator=authenticate,
        auth_require_tls=False,
    )
    queue()
    assert deliver() == 1
    assert seen == [(b"mailer@example.org", b"p@ss/w:rd")]
    assert mailbox.received[0]["From"] == "RxConnect <mailer@example.org>"


def test_starttls_is_insisted_on_when_the_address_says_so(serve, setting):
    server = serve(mailbox := Mailbox())
    setting(smtp_url=f"smtp+starttls://127.0.0.1:{server.port}")
    queue()
    assert deliver() == 0
    assert mailbox.received == []
    assert "STARTTLS" in rows()[0].error


def test_without_a_mail_server_emails_become_files_that_a_mail_program_opens(database):
    queue()
    assert deliver() == 1
    (file,) = (database / "outbox").glob("*.eml")
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (message["To"], message["From"]) == ("sam@example.com", "RxConnect <no-reply@localhost>")
    assert "Good news." in text_of(message)


def test_the_outbox_shows_the_newest_first_with_the_link_to_follow(database):
    queue(subject="First")
    queue(subject="Second", body="nothing to follow")
    second, first = db.read(emails.outbox)
    assert (first.subject, first.link, first.at) == ("First", "http://x.test/a?b=1", "just now")
    assert (second.subject, second.link) == ("Second", "")


def test_in_production_there_is_no_outbox_and_a_sent_body_is_erased(serve):
    serve(mailbox := Mailbox())
    queue(body="the link")
    real = settings()
    production = real.model_copy(update={"mode": "production"})
    assert not production.is_demo
    with config.using(production):
        with pytest.raises(NotFound):
            db.read(emails.outbox)
        assert deliver() == 1
    assert text_of(mailbox.received[0]).strip() == "the link"
    assert rows()[0].body == ""


def test_addresses_are_kept_in_lower_case_with_an_ascii_domain():
    assert emails.normalised_address(" Sam@EXAMPLE.com\n") == "sam@example.com"
    assert emails.normalised_address("rosa@Bücher.de") == "rosa@xn--bcher-kva.de"


@pytest.mark.parametrize(
    "text", ["", " ", "x", "a@b@c.de", "sam@example.com\nBcc: x@y.org", "josé@example.com", "x@host.test"]
)
def test_what_cannot_be_mailed_to_is_refused(text):
    with pytest.raises(Invalid):
        emails.normalised_address(text)
