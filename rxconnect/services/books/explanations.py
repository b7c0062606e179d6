"""Explanations: the history of one wallet, purchase or message, from the raw postings, in plain words.

A `Story` is read from the database line by line, in constant memory, so the caller must consume it inside the session's
transaction. It ends with the checks of `ledger check`, limited to this one thing.
"""

from __future__ import annotations

from sqlmodel import Session, col, or_, select

from rxconnect.domain import money
from rxconnect.domain.errors import NotFound
from rxconnect.domain.explanations import Heading, Line, Story, Verdict
from rxconnect.domain.ledger import JournalGroup
from rxconnect.domain.messages import Direction, MessageStatus
from rxconnect.models import Account, Facility, Item, LedgerAccount, Message, MessageEvent, Purchase, Receipt
from rxconnect.services.books.purchase_story import tell_purchase
from rxconnect.services.books.wallet_movements import IN_WALLET, local_time, movement_sentence, movements
from rxconnect.services.money import ledger_proof


def explain_wallet(session: Session, email: str, facility_key: str) -> Story:
    """The story of an account's wallet at a facility. Raises `NotFound` before the first line."""
    account = session.exec(select(Account).where(Account.email == email.strip().lower())).one_or_none()
    if account is None:
        raise NotFound("account")
    facility = session.exec(select(Facility).where(Facility.key == facility_key)).one_or_none()
    if facility is None:
        raise NotFound("facility")
    return _tell_wallet(session, account, facility)


def explain_purchase(session: Session, name: str) -> Story:
    """The story of a purchase, by its id or its receipt's number: attempts, credits and money.

    Raises `NotFound` before the first line.
    """
    by_number = select(Receipt.purchase_id).where(Receipt.number == name.strip().upper())
    row = session.exec(
        select(Purchase).where(or_(Purchase.id == name.strip().lower(), col(Purchase.id).in_(by_number)))
    ).one_or_none()
    if row is None:
        raise NotFound("purchase")
    return tell_purchase(session, row)


def explain_message(session: Session, message_id: int) -> Story:
    """The story of a message: its statuses and credits, never its text. Raises `NotFound` before the first line."""
    row = session.get(Message, message_id)
    if row is None:
        raise NotFound("message")
    return _tell_message(session, row)


def _tell_wallet(session: Session, account: Account, facility: Facility) -> Story:
    yield Heading(f"The wallet of {account.name} ({account.email}) at {facility.name}")
    credits = held = frozen = 0
    is_empty = True
    for movement in movements(session, account.id, facility.id):
        is_empty = False
        credits = credits if movement.wallet_after is None else movement.wallet_after
        held = held if movement.held_after is None else movement.held_after
        frozen = frozen if movement.frozen_after is None else movement.frozen_after
        yield Line(
            movement_sentence(session, movement, facility),
            local_time(movement.at, facility),
            _balance_text(credits, held, frozen),
        )
    if is_empty:
        yield Line("Nothing ever happened in it.")
    yield Verdict(_wallet_differences(session, account.id, facility.id))


def _wallet_differences(session: Session, owner_id: int | None, facility_id: int | None) -> list[str]:
    """The differences in a wallet's ledger accounts, its lots, and the holds of its messages."""
    accounts = session.exec(
        select(LedgerAccount.id).where(
            LedgerAccount.owner_id == owner_id,
            LedgerAccount.facility_id == facility_id,
            col(LedgerAccount.kind).in_(IN_WALLET),
        )
    ).all()
    found = [sentence for one in accounts for sentence in ledger_proof.differences(session, account=one)]
    return [*found, *ledger_proof.differences(session, owner=owner_id, facility=facility_id)]


def _tell_message(session: Session, message: Message) -> Story:
    facility = session.get_one(Facility, message.facility_id)
    family = session.get_one(Account, message.account_id)
    items = session.exec(select(Item).where(Item.message_id == message.id).order_by(col(Item.id))).all()
    is_outgoing = message.direction == Direction.OUTGOING
    whose = f"from {family.name} ({family.email})" if is_outgoing else f"to {family.name} ({family.email})"
    yield Heading(f"Message {message.id} {whose}, at {facility.name}, for {money.credits(message.cost_credits)}")
    events = session.exec(
        select(MessageEvent).where(MessageEvent.message_id == message.id).order_by(col(MessageEvent.id))
    )
    kinds = {item.id: item.kind for item in items}
    turns = [(event.at, Line(_event_sentence(event, kinds), local_time(event.at, facility))) for event in events]
    for movement in movements(
        session,
        message.account_id,
        message.paid_facility_id or message.facility_id,
        JournalGroup.MESSAGE.subject(message.id),
    ):
        after = "" if movement.wallet_after is None else f"{money.credits(movement.wallet_after)} in the wallet"
        turns.append(
            (
                movement.at,
                Line(movement_sentence(session, movement, facility), local_time(movement.at, facility), after),
            )
        )
    turns.sort(key=lambda turn: turn[0])
    yield from (line for _moment, line in turns)
    for item in items:
        if item.credits:
            yield Line(_where_credits_are(item, whose="Its" if len(items) == 1 else f"Its {item.kind}’s"))
    yield Verdict(ledger_proof.differences(session, message=message.id))


def _event_sentence(event: MessageEvent, kinds: dict[int | None, str]) -> str:
    by = f", by {event.by_role}" if event.by_role else ""
    which = f" ({kinds[event.item_id]} {event.item_id})" if event.item_id else ""
    return f"{MessageStatus(event.status).label}{which}{by}."


def _where_credits_are(item: Item, *, whose: str) -> str:
    credits, status = money.credits(item.credits), MessageStatus(item.status)
    if status.is_pending:
        return f"{whose} {credits} must be set aside now."
    return f"{whose} {credits} must be {'back in the wallet' if status.returns_credits else 'spent'}."


def _balance_text(credits: int, held: int, frozen: int) -> str:
    """`12 credits, 1 set aside, 3 frozen`."""
    aside = f", {held:,} set aside" if held else ""
    return f"{money.credits(credits)}{aside}{f', {frozen:,} frozen' if frozen else ''}"
