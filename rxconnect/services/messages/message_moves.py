"""Status changes of messages: each is checked, stored as an event, and settles the credits of the moved items."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlmodel import Session, col, select

from rxconnect import live
from rxconnect.domain import clock
from rxconnect.domain.accounts import SYSTEM, Actor, ActorKind
from rxconnect.domain.errors import IllegalMove, NotFound
from rxconnect.domain.ledger import JournalGroup
from rxconnect.domain.messages import MESSAGE_MOVES, Direction, ItemKind, MessageStatus, check_move, status_of
from rxconnect.domain.topics import Subject, Topic
from rxconnect.models import Contact, Facility, Item, Message, MessageEvent
from rxconnect.services.messages import queue_entries
from rxconnect.services.money import wallets
from rxconnect.services.notices import low_credits


def hold_credits(session: Session, message: Message, item: Item) -> None:
    """Hold the credits of an item, and tell the sender if few are left. Raises `InsufficientCredits`."""
    facility_id = message.paid_facility_id or message.facility_id
    wallets.hold(
        session,
        message.account_id,
        facility_id,
        item.credits,
        key=_key(item, "hold"),
        subject=JournalGroup.MESSAGE.subject(message.id),
    )
    # Credits that are held again, after a withdrawal was undone, bring no news.
    if item.holds == 1:
        left = wallets.balance(session, message.account_id, facility_id)
        low_credits.tell_if_low(session, message.account_id, facility_id, left=left, used=item.credits)


def move_to_status(
    session: Session,
    message: Message,
    wanted: MessageStatus,
    *,
    items: Collection[int] | None = None,
    by: Actor = SYSTEM,
    note: str = "",
) -> list[Item]:
    """Move `message` to the status `wanted`: every item that can still reach it, or only these `items`.

    The caller holds the lock of `message`. Returns the moved items, whose credits are settled. A reply credit follows the
    text until that is delivered. A message that is no longer in review leaves the desk's queue. Raises `IllegalMove`, for
    example for a decision on a withdrawn message, and `NotFound` for an item of another message.
    """
    rows = session.exec(select(Item).where(Item.message_id == message.id).order_by(col(Item.id))).all()
    every = [item for item in rows if item.kind != ItemKind.REPLY]
    moving = _movable_items(message, every, wanted) if items is None else _chosen_items(every, items, wanted)
    for item in moving:
        item.status = wanted
    moving += [item for item in rows if item.kind == ItemKind.REPLY and _follow_text(session, message, item, every)]
    before, message.status = message.status, status_of(MessageStatus(item.status) for item in every)
    if not MessageStatus(message.status).is_undecided:
        message.expires_at = None
    if before == MessageStatus.IN_REVIEW and message.status != before:
        queue_entries.remove_letter(session, message)
    if MessageStatus(before).is_undecided and not MessageStatus(message.status).is_undecided:
        queue_entries.restore_appeal(session, message)
    if before != message.status == wanted:
        record_event(session, message, wanted, by=by, note=note)
    else:
        for item in moving:
            record_event(session, message, wanted, item=item, by=by, note=note)
        # A letter that is opened or answered again, since a part was delivered later, was so before.
        if message.status != before and message.status not in (MessageStatus.OPENED, MessageStatus.REPLIED):
            # The remaining items are decided already, so the message is too. Only staff can be named as its reviewer.
            record_event(
                session, message, MessageStatus(message.status), by=by if by.kind is ActorKind.STAFF else SYSTEM
            )
    for item in moving:
        _settle_credits(session, message, item)
    return moving


def record_event(
    session: Session,
    message: Message,
    status: MessageStatus,
    *,
    item: Item | None = None,
    by: Actor = SYSTEM,
    note: str = "",
) -> None:
    """Store an event: a message, or one of its items, reached a status. Open pages that show the message reload.

    A family's pages show nothing of a reply before it is delivered, so they do not reload either.
    """
    assert message.id is not None
    is_system = by.kind is ActorKind.SYSTEM
    session.add(
        MessageEvent(
            message_id=message.id,
            item_id=item.id if item else None,
            status=status,
            by_role="" if is_system else by.acts_as(message.facility_id),
            by_account_id=None if is_system else by.account_id,
            note=note,
        )
    )
    is_outgoing = message.direction == Direction.OUTGOING
    if is_outgoing or status.has_arrived:
        live.publish(session, Topic(Subject.THREADS, message.account_id))
    if not is_outgoing or status.has_arrived:
        inmate_id = session.get_one(Contact, message.contact_id).inmate_id
        live.publish(session, Topic(Subject.INSIDE, inmate_id))
    live.publish(session, Topic(Subject.DESK, message.facility_id))


def end_reply_credit(session: Session, letter: Message, item: Item, status: MessageStatus) -> None:
    """End the reply credit of a letter that was delivered: `DELIVERED` by an answer, or `EXPIRED` without one."""
    item.status = status
    record_event(session, letter, status, item=item)
    _settle_credits(session, letter, item)


def _follow_text(session: Session, message: Message, reply: Item, parts: Collection[Item]) -> bool:
    """Move a reply credit to the status of the text. Once the text is delivered, the credit waits for an answer.

    False when it does not move.
    """
    text = next((item for item in parts if item.kind == ItemKind.TEXT), None)
    status = MessageStatus(text.status) if text else status_of(MessageStatus(item.status) for item in parts)
    if status.has_arrived:
        if reply.valid_until is None:
            days = session.get_one(Facility, message.facility_id).reply_credit_days
            reply.valid_until = clock.now() + timedelta(days=days)
        return False
    has_moved = reply.status != status
    reply.status = status
    return has_moved


def _movable_items(message: Message, every: Collection[Item], wanted: MessageStatus) -> list[Item]:
    """The items that can move to `wanted`. Raises `IllegalMove` when the message cannot.

    An item that has ended stays so: only an appeal overturns a rejection, and names its items.
    """
    check_move(MessageStatus(message.status), wanted)
    statuses = {item.id: MessageStatus(item.status) for item in every}
    moving = [
        item for item in every if wanted in MESSAGE_MOVES[statuses[item.id]] and not statuses[item.id].returns_credits
    ]
    if not moving:
        raise IllegalMove(message.status, wanted)
    return moving


def _chosen_items(every: Collection[Item], items: Collection[int], wanted: MessageStatus) -> list[Item]:
    """The items with these ids. Raises `NotFound`, or `IllegalMove` when one of them cannot move to `wanted`."""
    moving = [item for item in every if item.id in items]
    if len(moving) != len(set(items)) or not moving:
        raise NotFound("item")
    for item in moving:
        check_move(MessageStatus(item.status), wanted)
    return moving


def _settle_credits(session: Session, message: Message, item: Item) -> None:
    """Spend or return an item's held credits, once its status is final."""
    status = MessageStatus(item.status)
    settled = (message.account_id, message.paid_facility_id or message.facility_id, item.credits)
    key, subject = _key(item, "settle"), JournalGroup.MESSAGE.subject(message.id)
    if item.credits and status.returns_credits:
        wallets.give_back(session, *settled, key=key, subject=subject)
    elif item.credits and status.spends_credits:
        wallets.spend(session, *settled, key=key, subject=subject)


def _key(item: Item, move: str) -> str:
    """The idempotency key of a move of an item's credits, which happens once for each time that they are held."""
    return f"item:{item.id}:{move}" if item.holds == 1 else f"item:{item.id}:{move}:{item.holds}"
