"""Letters at the kiosk: the inbox, a conversation, and the opening of one letter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select

from rxconnect.domain import dates, privilege
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import NotFound
from rxconnect.domain.inside import (
    InsideConversation,
    InsideHome,
    InsideLetter,
    InsideMessage,
    InsideThread,
    added_label,
    reply_label,
    reply_note,
)
from rxconnect.domain.messages import Direction, ItemKind, Lane, MessageStatus
from rxconnect.domain.photos import PhotoView
from rxconnect.domain.text import snippet
from rxconnect.i18n import _
from rxconnect.models import Account, Contact, Facility, Item, Message
from rxconnect.services.inside import allowances, answers, notices, prints, replies
from rxconnect.services.inside.people import contact_of, here, initials, person_id
from rxconnect.services.messages import deliveries, messages, reply_credits
from rxconnect.services.messages.message_moves import move_to_status
from rxconnect.services.photos import serving

# How many messages of a conversation a page shows at first.
PAGE = 20
_ARRIVED = [status for status in MessageStatus if status.has_arrived]
_READ = (MessageStatus.OPENED, MessageStatus.REPLIED)
# The condition for a part of a letter that was not opened. A reply credit is delivered by its answer.
_IS_UNOPENED = (col(Item.status) == MessageStatus.DELIVERED, col(Item.kind) != ItemKind.REPLY)


def home(session: Session, actor: Actor) -> InsideHome:
    """What the person sees first: the inbox, the drafts, whether notices wait, and the allowance."""
    place = here(session, actor)
    return InsideHome(
        name=place.person.full_name,
        threads=inbox(session, actor),
        drafts=replies.my_drafts(session, actor),
        unread_notices=notices.unread_count(session, actor),
        allowance=allowances.of_person(session, place),
    )


def inbox(session: Session, actor: Actor) -> list[InsideThread]:
    """The person's conversations, the newest first."""
    place, inmate_id = here(session, actor), person_id(actor)
    newest_first = (col(Message.created_at).desc(), col(Message.id).desc())
    number = func.row_number().over(partition_by=col(Message.contact_id), order_by=newest_first).label("place")
    ranked = (
        select(Message.id, number)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .where(Contact.inmate_id == inmate_id, _is_shown())
        .subquery()
    )
    query: Any = (
        select(Message, Contact, Account.name)
        .join(ranked, ranked.c.id == Message.id)
        .join(Contact, col(Contact.id) == Message.contact_id)
        .join(Account, col(Account.id) == Contact.account_id)
        .where(ranked.c.place == 1)
        .order_by(*newest_first)
    )
    rows = session.exec(query).all()
    wordless = deliveries.without_words(session, [message.id for message, *_rest in rows])
    unread, paid = _unread(session, inmate_id), reply_credits.count(session, inmate_id)
    added = _added(session, col(Contact.inmate_id) == inmate_id, by=Message.contact_id)
    return [
        InsideThread(
            contact_id=message.contact_id,
            name=name,
            initials=initials(name),
            snippet=_snippet(message, is_wordless=message.id in wordless),
            at=dates.short_date(message.created_at, place.zone),
            at_iso=message.created_at.isoformat(),
            is_mine=message.direction == Direction.INCOMING,
            unread=unread.get(message.contact_id, 0),
            added=added.get(message.contact_id, ""),
            is_blocked=contact.blocked_at is not None,
            answers_paid=paid.get(message.contact_id, 0),
        )
        for message, contact, name in rows
    ]


def thread(session: Session, actor: Actor, contact_id: int, *, length: int = PAGE) -> InsideConversation:
    """The newest `length` messages of a conversation, in chronological order. Raises `NotFound`.

    A letter that was not opened yet has no words here.
    """
    contact, family = contact_of(session, actor, contact_id)
    shown = _messages(session, actor, Message.contact_id == contact_id, limit=length + 1)
    if not shown:
        raise NotFound("contact")
    pays, why_not = _who_pays_or_why_not(session, actor, contact_id)
    return InsideConversation(
        contact_id=contact_id,
        name=family.name,
        initials=initials(family.name),
        messages=shown[-length:],
        has_older=len(shown) > length,
        is_blocked=contact.blocked_at is not None,
        can_reply=bool(pays),
        why_no_reply=why_not,
        pays=pays,
        drafts=replies.my_drafts(session, actor, contact_id),
    )


def open_letter(session: Session, actor: Actor, message_id: int) -> InsideLetter:
    """Open a letter: it counts as opened from its first opening on. Raises `NotFound`.

    What was added to it since counts as opened from now on, and is named once more.
    """
    mine = _mine(actor, select(Message)).where(Message.id == message_id)
    message = session.exec(mine.with_for_update(of=Message)).first()
    if message is None:
        raise NotFound("message")
    added = _added(session, col(Message.id) == message_id, by=Message.id).get(message_id, "")
    if message.direction == Direction.OUTGOING and (added or message.status == MessageStatus.DELIVERED):
        move_to_status(session, message, MessageStatus.OPENED, items=_unopened(session, message_id), by=actor)
        session.flush()
    letter = get(session, actor, message_id)
    return replace(letter, message=replace(letter.message, added=added))


def get(session: Session, actor: Actor, message_id: int) -> InsideLetter:
    """A letter that is open already, or a reply, as it is now. Raises `NotFound`, also for a letter that was never opened."""
    found = _messages(session, actor, Message.id == message_id, limit=1)
    if not found or found[0].is_unread:
        raise NotFound("message")
    shown = found[0]
    can_ask, note = prints.state_of(session, message_id)
    return InsideLetter(
        message=shown,
        lane_note=_lane_note(session, shown),
        can_ask_for_print=can_ask,
        print_note=note,
        can_reply=not shown.is_mine and bool(_who_pays_or_why_not(session, actor, shown.contact_id)[0]),
        notice=notices.about(session, actor, message_id),
    )


def unread_count(session: Session, actor: Actor) -> int:
    """How many letters the person has not opened."""
    return sum(_unread(session, person_id(actor)).values())


def _who_pays_or_why_not(session: Session, actor: Actor, contact_id: int) -> tuple[str, str]:
    """As `answers.who_pays_or_why_not`; both "" in a conversation in which no letter has arrived."""
    try:
        return answers.who_pays_or_why_not(session, answers.correspondence(session, actor, contact_id))
    except NotFound:
        return "", ""


def _is_shown() -> ColumnElement[bool]:
    """The condition for what a person sees at the kiosk: letters that have arrived, and their own replies."""
    return or_(col(Message.direction) == Direction.INCOMING, col(Message.status).in_(_ARRIVED))


def _is_unread() -> ColumnElement[bool]:
    """The condition for a letter that came to the kiosk, and was not opened. Letters on paper were read on paper."""
    return and_(
        col(Message.direction) == Direction.OUTGOING,
        col(Message.status) == MessageStatus.DELIVERED,
        col(Message.on_kiosk_at).is_not(None),
    )


def _added(session: Session, where: Any, *, by: Any) -> dict[int, str]:
    """What was added to letters that were opened before, in words, by this column of their messages.

    That is a part whose rejection was overturned after the rest was opened.
    """
    query: Any = (
        select(by, Item.kind)
        .join(Item, col(Item.message_id) == col(Message.id))
        .join(Contact, col(Contact.id) == Message.contact_id)
        .where(where, col(Message.status).in_(_READ), col(Message.on_kiosk_at).is_not(None), *_IS_UNOPENED)
    )
    kinds: dict[int, set[str]] = defaultdict(set)
    for key, kind in session.exec(query):
        kinds[key].add(kind)
    return {key: added_label(those) for key, those in kinds.items()}


def _unopened(session: Session, message_id: int) -> list[int]:
    """The items of a letter that have arrived, and were not opened."""
    items = session.exec(select(Item.id).where(Item.message_id == message_id, *_IS_UNOPENED))
    return [item_id for item_id in items if item_id is not None]


def _mine(actor: Actor, query: Any) -> Any:
    return query.join(Contact, col(Contact.id) == Message.contact_id).where(
        Contact.inmate_id == person_id(actor), _is_shown()
    )


def _unread(session: Session, inmate_id: int) -> dict[int, int]:
    query: Any = select(Message.contact_id, func.count()).join(Contact, col(Contact.id) == Message.contact_id)
    query = query.where(Contact.inmate_id == inmate_id, _is_unread()).group_by(col(Message.contact_id))
    return dict(session.exec(query).all())


def _messages(session: Session, actor: Actor, *where: Any, limit: int) -> list[InsideMessage]:
    """The newest `limit` of the person's messages that meet every condition, in chronological order."""
    columns: Any = (Message, Account.name, Facility.time_zone)
    query = (
        _mine(actor, select(*columns))
        .join(Account, col(Account.id) == Message.account_id)
        .join(Facility, col(Facility.id) == Message.facility_id)
        .where(*where)
        .order_by(col(Message.created_at).desc(), col(Message.id).desc())
        .limit(limit)
    )
    rows = session.exec(query).all()
    ids = [message.id for message, *_rest in rows]
    wordless, photos = deliveries.without_words(session, ids), serving.of_letters_to_inmate(session, actor, ids)
    added = _added(session, col(Message.id).in_(ids), by=Message.id)
    return [
        _view(message, name, zone, message.id in wordless, photos.get(message.id, []), added.get(message.id, ""))
        for message, name, zone in reversed(rows)
    ]


def _view(
    message: Message, name: str, zone: str, is_wordless: bool, photos: list[PhotoView], added: str
) -> InsideMessage:
    status, is_mine = MessageStatus(message.status), message.direction == Direction.INCOMING
    is_unread = not is_mine and status is MessageStatus.DELIVERED and message.on_kiosk_at is not None
    return InsideMessage(
        id=message.id or 0,
        contact_id=message.contact_id,
        name=name,
        is_mine=is_mine,
        subject="" if is_wordless else message.subject,
        body="" if is_wordless or is_unread else message.body,
        written_in=message.language,
        at=dates.day_and_time(message.created_at, zone),
        at_iso=message.created_at.isoformat(),
        is_unread=is_unread,
        is_part_missing=is_wordless,
        added=added,
        is_privileged=message.lane == Lane.PRIVILEGED,
        status=status if is_mine else "",
        status_label=reply_label(status) if is_mine else "",
        status_tone=status.tone if is_mine else "",
        status_note=reply_note(status) if is_mine else "",
        photos=[] if is_unread else photos,
    )


def _snippet(message: Message, *, is_wordless: bool) -> str:
    """The beginning of a message; of an unread letter its subject alone, or that it is a letter."""
    if is_wordless:
        return ""
    is_unread = (message.direction, message.status) == (Direction.OUTGOING, MessageStatus.DELIVERED)
    return (message.subject or _("A letter")) if is_unread and message.on_kiosk_at else snippet(message.body)


def _lane_note(session: Session, message: InsideMessage) -> str:
    """What is true of a privileged letter; "" for an ordinary one."""
    if not message.is_privileged:
        return ""
    seen, _sealed = messages.times_seen(session, message.id)
    return privilege.notice_of_opened() if seen else privilege.notice_of_received()
