"""Emails that tell a family what happened to a message, and never what is in it."""

from __future__ import annotations

from sqlmodel import Session, col, select

from rxconnect import routes
from rxconnect.domain.text import one_line
from rxconnect.models import Account, Contact, Inmate, Message
from rxconnect.services.notices import emails


def tell(session: Session, message: Message, subject: str, sentence: str) -> None:
    """Email the family that something happened. An unproven address might be a stranger's, so it is told nothing.

    `subject` may have a `{name}`, the first name of the person in custody.
    """
    account, name = session.exec(
        select(Account, Inmate.first_name)
        .join(Contact, col(Contact.account_id) == Account.id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Contact.id == message.contact_id)
    ).one()
    if account.email_verified_at is None:
        return
    assert message.id is not None
    link = routes.absolute(routes.fill(routes.MESSAGE, message.id))
    subject = one_line(subject.format(name=name))
    body = f"Hello {account.name},\n\n{subject}. {sentence}:\n\n{link}\n\nWarm regards,\nRxConnect\n"
    emails.queue(session, account.email, subject, body)
