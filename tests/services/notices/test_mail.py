"""What an email is: its headers, its text and its HTML, as a real mail server receives them."""

from __future__ import annotations

import asyncio
import re
from email.headerregistry import Address

import pytest
from aiosmtplib.email import flatten_message
from sqlmodel import select

from rxconnect import db
from rxconnect.domain.notices import NoticeKind
from rxconnect.models import Account, Email
from rxconnect.services.notices import emails, html, mail
from rxconnect.services.notices.notices import notify
from tests.mailboxes import Mailbox, html_of, serve, text_of

__all__ = ["serve"]
BODY = "Hello Sam,\n\nMarcus wrote to you. Sign in to read it:\n\nhttps://rx.example/messages/7\n\nWarm regards,\nRxConnect\n"


@pytest.fixture
def received(serve, setting, actor):
    """`received(kind, …)` notifies an account and returns the email that its mail server got."""
    serve(mailbox := Mailbox())
    setting(public_url="https://rx.example")
    sam = actor()

    def receive(kind=NoticeKind.REPLY, subject="Marcus wrote to you", body=BODY, thread="contact 7"):
        with db.transaction() as session:
            account = session.get_one(Account, sam.account_id)
            notify(session, account, kind, lambda: (subject, body), path="/messages/7", thread=thread)
        assert asyncio.run(emails.deliver_due()).done == 1
        return mailbox.received[-1]

    return receive


def test_an_optional_email_can_be_switched_off_by_one_click(received):
    message = received()
    address = message["List-Unsubscribe"]
    assert re.fullmatch(r"<https://rx\.example/unsubscribe\?token=\d+\.reply\.[0-9a-f]{32}>", address)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.strip("<>") in text_of(message)
    assert address.strip("<>") in html_of(message)
    assert "https://rx.example/profile/notices" in text_of(message)


def test_the_address_of_that_click_is_on_one_line_as_it_is(received, setting):
    received()
    setting(public_url="https://connect.a-long-name-of-a-department.state.example")
    with db.reading() as session:
        message = mail.message_of(session.exec(select(Email)).one())
    for wire in (bytes(message), flatten_message(message)):
        (line,) = [one for one in wire.splitlines() if one.startswith(b"List-Unsubscribe:")]
        assert line.decode() == f"List-Unsubscribe: {message['List-Unsubscribe']}"
        assert len(line) > 100


@pytest.mark.parametrize("kind", [NoticeKind.REFUND, NoticeKind.SIGN_IN, NoticeKind.RECEIPT, NoticeKind.LAWYER])
def test_what_must_be_sent_has_no_way_out(received, kind):
    message = received(kind)
    assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == (None, None)
    assert "unsubscribe" not in text_of(message) + html_of(message)


def test_without_https_no_click_is_promised(received, setting):
    setting(public_url="http://rx.example")
    message = received()
    assert message["List-Unsubscribe"].startswith("<http://rx.example/unsubscribe")
    assert message["List-Unsubscribe-Post"] is None


def test_no_program_that_answers_by_itself_takes_it_for_a_persons(received):
    message = received()
    assert (message["Auto-Submitted"], message["Precedence"]) == ("auto-generated", "bulk")
    assert message["From"].addresses == (Address("RxConnect", "no-reply", "rx.example"),)


def test_an_accounts_link_is_no_bulk_mail(serve):
    serve(mailbox := Mailbox())
    db.write(emails.queue, "sam@example.com", "Choose a new password", "http://localhost:8000/reset-password?token=x")
    assert asyncio.run(emails.deliver_due()).done == 1
    (message,) = mailbox.received
    assert (message["Auto-Submitted"], message["Precedence"], message["List-Unsubscribe"]) == (
        "auto-generated",
        None,
        None,
    )


def test_emails_about_one_contact_are_one_conversation_and_name_nobody(received):
    first, second, other = received(), received(), received(thread="contact 8")
    assert first["References"] == second["References"] == first["In-Reply-To"]
    assert first["References"] != other["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert received(NoticeKind.REFUND, thread="")["References"] is None
    assert "contact" not in first.as_string()


def test_an_email_that_is_sent_again_has_the_same_id(received):
    received()
    with db.reading() as session:
        row = session.exec(select(Email)).one()
    assert mail.message_of(row)["Message-ID"] == mail.message_of(row)["Message-ID"]


def test_the_html_loads_nothing_and_leads_only_to_us(received):
    page = html_of(received(body=f"{BODY}\nSee https://evil.example/x and https://rx.example.evil.example/y too.\n"))
    assert not re.search(r"<(img|script|iframe|link|object|form|video)\b|url\(|@import|src=|background=", page)
    assert set(re.findall(r'href="(https?://[^/"]+)', page)) == {"https://rx.example"}
    assert 'content="light dark"' in page
    assert "prefers-color-scheme: dark" in page


def test_the_html_says_what_the_text_says_and_escapes_it(received):
    message = received(subject="A <b> name", body=BODY.replace("Marcus", "<script>alert(1)</script> & Co"))
    page = html_of(message)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co wrote to you." in page
    assert '<p class="go"><a href="https://rx.example/messages/7">Open RxConnect</a></p>' in page
    assert "Warm regards,<br>RxConnect" in page
    assert "<title>A &lt;b&gt; name</title>" in page


def test_a_line_above_an_address_becomes_its_link(setting, database):
    setting(public_url="https://rx.example")
    page = html.page(
        "Today", "Marcus wrote to you\nhttps://rx.example/messages/7\n\nThe receipt: https://rx.example/receipts/1.", []
    )
    assert '<p><a href="https://rx.example/messages/7">Marcus wrote to you</a></p>' in page
    assert 'The receipt: <a href="https://rx.example/receipts/1">https://rx.example/receipts/1</a>.' in page
