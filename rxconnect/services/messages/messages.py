"""Messages of a family: send, read and search them. An actor sees only their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, bindparam, update
from sqlmodel import Session, col, func, select

from rxconnect import live
from rxconnect.domain import clock, privilege, terms
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.dates import short_date
from rxconnect.domain.errors import Invalid, NoLongerPrivileged, NotAllowed, NotFound, TermsNotAccepted
from rxconnect.domain.message_search import FoundMessages, FoundMessageView, FoundPersonView, MessageFilter, highlight
from rxconnect.domain.messages import (
    Direction,
    Lane,
    MessageStatus,
    MessageView,
    ThreadView,
)
from rxconnect.domain.problems import Problem
from rxconnect.domain.review import ViewKind
from rxconnect.domain.text import fold, one_line, snippet, title
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Contact, Draft, Facility, Inmate, Message, StaffView
from rxconnect.services.messages import deliveries, drafts, outlooks
from rxconnect.services.messages.message_moves import hold_credits
from rxconnect.services.messages.message_views import is_for_family, newest_messages, status_label
from rxconnect.services.messages.new_messages import create_message

# A page shows at most this many messages of a thread or of a search at first.
PAGE = 30
FEWEST_LETTERS = 2
_SEARCH_MAX = 120

# Built once, since building them takes longer than running them.
_RANKED = (
    select(
        Message.id,
        func.row_number()
        .over(partition_by=col(Message.contact_id), order_by=(col(Message.created_at).desc(), col(Message.id).desc()))
        .label("place"),
    )
    .where(col(Message.account_id) == bindparam("owner"), is_for_family())
    .subquery()
)
# The newest message with each contact.
_THREADS = (
    select(Message, Inmate, Facility)
    .join(_RANKED, _RANKED.c.id == Message.id)
    .join(Contact, col(Contact.id) == Message.contact_id)
    .join(Inmate, col(Inmate.id) == Contact.inmate_id)
    .join(Facility, col(Facility.id) == Inmate.facility_id)
    .where(_RANKED.c.place == 1)
    .order_by(col(Message.created_at).desc(), col(Message.id).desc())
)
_UNREAD = (
    select(col(Message.contact_id), func.count())
    .where(
        col(Message.account_id) == bindparam("owner"),
        col(Message.direction) == Direction.INCOMING,
        col(Message.read_at).is_(None),
        is_for_family(),
    )
    .group_by(col(Message.contact_id))
)
_IN_REVIEW = select(func.count()).where(
    col(Message.account_id) == bindparam("owner"),
    col(Message.direction) == Direction.OUTGOING,
    col(Message.status).in_([status for status in MessageStatus if status.is_undecided]),
)


def send(
    session: Session, actor: Actor, draft_id: int, *, accepted_terms: str, must_be_privileged: bool = False
) -> int:
    """Send a draft: create the message, hold its credits, delete the draft. A second SEND returns the first message.

    Returns the message's id. An ordinary one is not screened yet: `screening.submissions.send` does both. Raises the errors
    of `drafts.check_and_preview`, `TermsNotAccepted` when `accepted_terms` is not the current version, and
    `NoLongerPrivileged` when the letter `must_be_privileged`, because the page said so, and would not be.
    """
    if not actor.may(Permission.WRITE_MESSAGES):
        raise NotAllowed
    # A second SEND at the same moment waits for this lock until the first has deleted the draft.
    draft = session.exec(
        select(Draft).where(Draft.id == draft_id, Draft.account_id == actor.account_id).with_for_update()
    ).first()
    if draft is None:
        if (sent := sent_message_id(session, actor, draft_id)) is not None:
            return sent
        raise NotFound("draft")
    ready = drafts.require_sendable(session, draft)
    if accepted_terms != terms.VERSION:
        raise TermsNotAccepted
    message, items = create_message(session, actor, ready)
    if must_be_privileged and message.lane != Lane.PRIVILEGED:
        raise NoLongerPrivileged
    session.delete(draft)
    # Last, because it locks the wallet until the transaction ends.
    for item in items:
        hold_credits(session, message, item)
    assert message.id is not None
    deliveries.deliver_if_approved(session, message)
    return message.id


def sent_message_id(session: Session, actor: Actor, draft_id: int) -> int | None:
    """The id of the message that was sent from this draft; None if it was not sent."""
    mine = Message.account_id == actor.account_id, Message.draft_id == draft_id
    return session.exec(select(Message.id).where(*mine)).first()


def get(session: Session, actor: Actor, message_id: int) -> MessageView:
    """One of the actor's messages. Raises `NotFound`."""
    mine = Message.id == message_id, Message.account_id == actor.account_id, is_for_family()
    found = newest_messages(session, *mine, limit=1)
    if not found:
        raise NotFound("message")
    seen, sealed = times_seen(session, message_id)
    return replace(
        found[0],
        times_seen=seen,
        times_sealed=sealed,
        lane_note=_lane_note(session, found[0], seen),
        outlook=outlooks.outlook(session, actor, message_id),
    )


def get_locked(session: Session, actor: Actor, message_id: int) -> Message:
    """A letter that the actor sent, locked until the transaction ends. Raises `NotFound`."""
    mine = select(Message).where(Message.id == message_id, Message.account_id == actor.account_id)
    message = session.exec(mine.where(Message.direction == Direction.OUTGOING).with_for_update()).first()
    if message is None:
        raise NotFound("message")
    return message


def _lane_note(session: Session, message: MessageView, seen: int) -> str:
    """What is true of a privileged message; "" for an ordinary one."""
    if not message.is_privileged:
        return ""
    if seen:
        return privilege.notice_of_opened()
    if message.direction == Direction.INCOMING:
        return privilege.notice_of_received()
    return privilege.notice(on_kiosk=session.get_one(Message, message.id).on_kiosk_at is not None)


def times_seen(session: Session, message_id: int) -> tuple[int, int]:
    """How often staff opened or printed a message, or had it beside another; and how often it was printed to be sealed.

    Each time is a row of the audit too.
    """
    views = select(StaffView.kind, func.count()).where(StaffView.message_id == message_id).group_by(col(StaffView.kind))
    times = dict(session.exec(views).all())
    sealed = times.pop(ViewKind.SEALED, 0)
    return sum(times.values()), sealed


def thread(
    session: Session, actor: Actor, contact_id: int, *, length: int = PAGE, before: datetime | None = None
) -> list[MessageView]:
    """The newest `length` messages with one contact, or those `before` a time, in chronological order."""
    contact = select(Contact.id).where(Contact.id == contact_id, Contact.account_id == actor.account_id)
    if session.exec(contact).first() is None:
        raise NotFound("contact")
    these = [Message.contact_id == contact_id, is_for_family()]
    if before is not None:
        these.append(col(Message.created_at) < before)
    return newest_messages(session, *these, limit=length)


def threads(session: Session, actor: Actor) -> list[ThreadView]:
    """The actor's threads, one for each contact: those with unread messages first, then the latest."""
    rows = session.exec(_THREADS, params={"owner": actor.account_id})
    unread = _unread_by_contact(session, actor)
    found = [
        _thread_view(message, inmate, facility, unread.get(message.contact_id, 0)) for message, inmate, facility in rows
    ]
    return sorted(found, key=lambda line: line.unread == 0)


def unread_count(session: Session, actor: Actor) -> int:
    """The number of unread messages to the actor."""
    return sum(_unread_by_contact(session, actor).values())


def in_review_count(session: Session, actor: Actor) -> int:
    """The number of the actor's messages that are sent and not yet decided."""
    return session.connection().execute(_IN_REVIEW, {"owner": actor.account_id}).scalar_one()


def mark_read(session: Session, actor: Actor, message_id: int) -> None:
    """Mark one message as read. Another account's message, or one already read, stays unchanged."""
    _mark_read(session, actor, col(Message.id) == message_id)


def mark_thread_read(session: Session, actor: Actor, contact_id: int) -> None:
    """Mark every message from one contact as read."""
    _mark_read(session, actor, col(Message.contact_id) == contact_id)


def is_search(text: str, which: MessageFilter) -> bool:
    """Whether there is anything to search for: two characters, or a filter."""
    return which is not MessageFilter.ALL or len(text.strip()) >= FEWEST_LETTERS


def search(session: Session, actor: Actor, text: str, which: MessageFilter = MessageFilter.ALL) -> FoundMessages:
    """The actor's messages that contain every word of `text`, ignoring case and accents, by person; the newest come first.

    Raises `Invalid` (search) for a text that is too long.
    """
    if len(text) > _SEARCH_MAX:
        raise Invalid(search=Problem.MESSAGE_QUERY_TOO_LONG(most=_SEARCH_MAX))
    words = fold(text).split()
    if which is MessageFilter.ALL and len("".join(words)) < FEWEST_LETTERS:
        return FoundMessages()
    mine = col(Message.account_id) == actor.account_id
    wanted: list[ColumnElement[bool]] = [mine, is_for_family(), *_kept_by(which)]
    wanted += [col(Message.search_text).contains(word, autoescape=True) for word in words]
    count = session.exec(select(func.count()).select_from(Message).where(*wanted)).one()
    rows = session.exec(
        select(Message, Inmate, Facility)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Inmate, col(Inmate.id) == Contact.inmate_id)
        .join(Facility, col(Facility.id) == Message.facility_id)
        .where(*wanted)
        .order_by(col(Message.created_at).desc(), col(Message.id).desc())
        .limit(PAGE)
    ).all()
    return FoundMessages(count, len(rows), _by_person(list(rows), words))


def _is_unread(actor: Actor) -> ColumnElement[bool]:
    """The condition for an unread message to the actor."""
    incoming = col(Message.direction) == Direction.INCOMING
    mine = col(Message.account_id) == actor.account_id
    return and_(mine, incoming, is_for_family(), col(Message.read_at).is_(None))


def _unread_by_contact(session: Session, actor: Actor) -> dict[int, int]:
    return dict(session.exec(_UNREAD, params={"owner": actor.account_id}).all())


def _mark_read(session: Session, actor: Actor, which: ColumnElement[bool]) -> None:
    if session.exec(update(Message).where(_is_unread(actor), which).values(read_at=clock.now())).rowcount:
        live.publish(session, Topic(Subject.THREADS, actor.account_id))


def _thread_view(message: Message, inmate: Inmate, facility: Facility, unread: int) -> ThreadView:
    is_outgoing = message.direction == Direction.OUTGOING
    status = MessageStatus(message.status)
    return ThreadView(
        contact_id=message.contact_id,
        name=inmate.full_name,
        initials=(inmate.first_name[:1] + inmate.last_name[:1]).upper(),
        facility=facility.name,
        subject=message.subject,
        snippet=snippet(message.body),
        at=short_date(message.created_at, facility.time_zone),
        is_outgoing=is_outgoing,
        unread=unread,
        status_label=status_label(message, facility) if is_outgoing else "",
        status_tone=status.tone if is_outgoing else "",
    )


def _kept_by(which: MessageFilter) -> list[ColumnElement[bool]]:
    if which is MessageFilter.UNREAD:
        return [col(Message.direction) == Direction.INCOMING, col(Message.read_at).is_(None)]
    if which.statuses:
        return [col(Message.direction) == Direction.OUTGOING, col(Message.status).in_(which.statuses)]
    return []


def _by_person(rows: list[tuple[Message, Inmate, Facility]], words: list[str]) -> list[FoundPersonView]:
    """The messages by contact. The contact with the newest message comes first."""
    place = {contact_id: place for place, contact_id in enumerate(dict.fromkeys(row[0].contact_id for row in rows))}
    sorted_rows = sorted(rows, key=lambda row: place[row[0].contact_id])
    groups = (list(group) for _contact, group in groupby(sorted_rows, key=lambda row: row[0].contact_id))
    return [
        FoundPersonView(
            contact_id=group[0][0].contact_id,
            name=group[0][1].full_name,
            facility=group[0][2].name,
            messages=[_found_view(message, facility, words) for message, _inmate, facility in group],
        )
        for group in groups
    ]


def _found_view(message: Message, facility: Facility, words: list[str]) -> FoundMessageView:
    assert message.id is not None
    is_outgoing = message.direction == Direction.OUTGOING
    return FoundMessageView(
        id=message.id,
        subject=highlight(title(message.subject, message.body), words),
        snippet=highlight(_excerpt(message.body, words), words),
        at=short_date(message.created_at, facility.time_zone),
        is_unread=not is_outgoing and message.read_at is None,
        status_label=status_label(message, facility) if is_outgoing else "",
        status_tone=MessageStatus(message.status).tone if is_outgoing else "",
    )


def _excerpt(body: str, words: list[str]) -> str:
    """The part of a message around the first searched word, or its beginning when only the subject has it."""
    tokens = one_line(body).split()
    first = next((place for place, token in enumerate(tokens) if any(word in fold(token) for word in words)), 0)
    begin = max(0, first - 5)
    return ("… " if begin else "") + snippet(" ".join(tokens[begin:]))
