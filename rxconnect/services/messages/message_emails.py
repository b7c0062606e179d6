"""Emails that tell a family what happened to a message. They never contain its text."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session, col, select

from rxconnect import i18n, live, routes
from rxconnect.domain.text import one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _
from rxconnect.models import Account, Contact, Inmate, Message
from rxconnect.services.notices import emails


def email_family(session: Session, message: Message, wording: Callable[[str], tuple[str, str]]) -> None:
    """Email the family about a message. An unverified address gets no email, because it might be a stranger's.

    `wording` takes the first name of the person in custody, and returns the subject and the sentence before the link.
    It is called with the family's language set.
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
    link = routes.absolute_url(routes.fill(routes.MESSAGE, message.id))
    with i18n.using_language(account.language):
        subject, sentence = wording(name)
        body = _("Hello {name},\n\n{subject}. {sentence}\n\n{link}\n\nWarm regards,\nRxConnect\n").format(
            name=account.name, subject=one_line(subject), sentence=sentence, link=link
        )
        emails.queue(session, account.email, one_line(subject), body)


def wake_family(session: Session, message: Message) -> None:
    """Reload the family's open pages when this transaction commits."""
    live.publish(session, Topic(Subject.THREADS, message.account_id))


def wake_person(session: Session, message: Message) -> None:
    """Reload the open kiosk of the person in custody when this transaction commits."""
    inmate_id = session.get_one(Contact, message.contact_id).inmate_id
    live.publish(session, Topic(Subject.INSIDE, inmate_id))
