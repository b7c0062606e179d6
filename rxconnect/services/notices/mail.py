"""Makes an email of a row of the outbox, with its headers, and hands it to the mail server.

Our headers say that no person wrote it (`docs/decisions/0067-*`): `Auto-Submitted` of RFC 3834 on all, `Precedence` on notices.
"""

from __future__ import annotations

import asyncio
import ipaddress
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from rxconnect import i18n, routes, world
from rxconnect.config import settings
from rxconnect.domain.numbers import whole_number
from rxconnect.i18n import _
from rxconnect.models import Email
from rxconnect.services.notices import html, signing, unsubscribing

_MESSAGE_ID, _THREAD = "message id", "thread"


class _Whole(UnstructuredHeader, BaseHeader):
    """A header on one line. Python would write a long address as an encoded word, which no mailbox reads as an address."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_POLICY = default.clone(header_factory=_HEADERS)


async def send(email: Email) -> None:
    """Send to the mail server, or write a file if none is set. Only the installation's own world sends emails."""
    if not world.current().is_own:
        return
    if not settings().smtp_url:
        await asyncio.to_thread(_write_file, email.id or 0, message_of(email))
        return
    url = urlsplit(settings().smtp_url)
    await aiosmtplib.send(
        message_of(email),
        hostname=url.hostname,
        port=url.port,
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        # None upgrades the connection when the server offers it; True insists.
        start_tls={"smtp": None, "smtps": False, "smtp+starttls": True}[url.scheme],
    )


def message_of(email: Email) -> EmailMessage:
    """The email as text and as HTML, in the language in which it was written."""
    sender = _sender()
    message = EmailMessage(policy=_POLICY)
    message["From"] = f"RxConnect <{sender}>"
    message["To"] = email.to
    message["Subject"] = email.subject
    message["Date"] = format_datetime(email.created_at)
    _add_ids(message, email, sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    if email.kind:
        message["Precedence"] = "bulk"
    with i18n.using_language(email.language):
        footer = _footer(message, email)
        message.set_content(f"{email.body.rstrip()}\n{_as_text(footer)}")
        message.add_alternative(html.page(email.subject, email.body, footer), subtype="html")
    return message


def bounced_email_id(message_id: str) -> int | None:
    """The id of the email that had this Message-ID; None if we did not write it."""
    written, _dot, rest = message_id.strip().removeprefix("<").partition("@")[0].partition(".")
    number, _dot, token = rest.partition(".")
    return whole_number(number) if signing.is_signed(token, _MESSAGE_ID, written, number) else None


def _add_ids(message: EmailMessage, email: Email, host: str) -> None:
    """Every retry has the same id, so a mailbox can drop the copy if a worker died before it stored the success.

    The token in it proves to `bounces` that we wrote it. The emails about a conversation refer to a root that was never sent.
    """
    written, number = f"{email.created_at.timestamp():.0f}", str(email.id)
    message["Message-ID"] = f"<{written}.{number}.{signing.sign(_MESSAGE_ID, written, number)}@{host}>"
    if email.thread:
        message["In-Reply-To"] = message["References"] = f"<{signing.sign(_THREAD, email.thread)}@{host}>"


def _footer(message: EmailMessage, email: Email) -> list[html.Link]:
    """The links below an email that need not be sent. Also adds the headers of RFC 8058, which need https."""
    if email.account_id is None or not unsubscribing.is_offered(email.kind):
        return []
    address = unsubscribing.address(email.account_id, email.kind)
    message["List-Unsubscribe"] = f"<{address}>"
    if settings().is_https:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return [
        html.Link(_("No more emails of this kind"), address),
        html.Link(_("Choose what you hear of, and when"), routes.absolute_url(routes.NOTICES)),
    ]


def _as_text(footer: list[html.Link]) -> str:
    lines = [f"{link.label}: {link.address}\n" for link in footer]
    # Two hyphens and a blank begin a signature, which programs show apart.
    return "".join(["\n-- \n", *lines]) if lines else ""


def _sender() -> str:
    """The sender: the mail server's user if that is an address, since many servers require it; else our host's."""
    user = unquote(urlsplit(settings().smtp_url).username or "")
    if "@" in user:
        return user
    host = urlsplit(settings().origin).hostname or "localhost"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return f"no-reply@{host}"
    return "no-reply@localhost"


def _write_file(email_id: int, message: EmailMessage) -> None:
    folder = world.current().folder / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{email_id:06}.eml").write_bytes(bytes(message))
