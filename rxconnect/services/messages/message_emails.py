"""Emails that tell a family what happened to a message. They never contain its text."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session, col, select

from rxconnect import live, routes
from rxconnect.domain.notices import NoticeKind
from rxconnect.domain.text import one_line
from rxconnect.domain.topics import Subject, Topic
from rxconnect.i18n import _
from rxconnect.models import Account, Contact, Inmate, Message
from rxconnect.services.notices.notices import notify


def email_family(
    session: Session, message: Message, kind: NoticeKind, wording: Callable[[str], tuple[str, str]]
) -> None:
    """Notify the family of something about a message. All emails about one contact belong to one conversation.

    `wording` takes the first name of the person in custody, and returns the subject and the sentence before the link.
    It is called with the family's language set.
    """
    account, inmate = session.exec(
        select(Account, Inmate)
        .join(Contact, col(Contact.account_id) == Account.id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .where(Contact.id == message.contact_id)
    ).one()
    assert message.id is not None
    path = routes.fill(routes.MESSAGE, message.id)

    def email() -> tuple[str, str]:
        subject, sentence = wording(inmate.called)
        body = _("Hello {name},\n\n{subject}. {sentence}\n\n{link}\n\nWarm regards,\nRxConnect\n").format(
            name=account.name, subject=one_line(subject), sentence=sentence, link=routes.absolute_url(path)
        )
        return subject, body

    notify(session, account, kind, email, path=path, thread=f"contact {message.contact_id}")


def wake_family(session: Session, message: Message) -> None:
    """Reload the family's open pages when this transaction commits."""
    live.publish(session, Topic(Subject.THREADS, message.account_id))


def wake_person(session: Session, message: Message) -> None:
    """Reload the open kiosk of the person in custody when this transaction commits."""
    inmate_id = session.get_one(Contact, message.contact_id).inmate_id
    live.publish(session, Topic(Subject.INSIDE, inmate_id))
