"""Lots: the payments that a wallet's unused credits came from.

Credits are spent oldest first. So the unused credits of a wallet are in its newest lots, and sending a message writes
nothing here. A lot shrinks only when its credits leave together with their money: back to the card, to another
facility, or to a bank that disputes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session, col, select

from rxconnect.models import Lot, Purchase
from rxconnect.services.money import wallets


@dataclass(frozen=True, slots=True)
class Part:
    """`credits` of a lot, and the `cents` that they are worth."""

    lot: Lot
    credits: int
    cents: int


def create_lot(session: Session, purchase: Purchase) -> None:
    """Create the lot of a purchase that has just been paid."""
    session.add(
        Lot(
            account_id=purchase.account_id,
            facility_id=purchase.facility_id,
            purchase_id=purchase.id,
            credits=purchase.credits,
            cents=purchase.credits * purchase.price_cents,
        )
    )


def unused_parts(session: Session, account_id: int, facility_id: int, *, lock: bool = False) -> list[Part]:
    """The unused, paid credits of a wallet, lot by lot, newest first. `lock` as in `newest_parts`."""
    credits = wallets.balance(session, account_id, facility_id)
    return newest_parts(session, account_id, facility_id, credits, lock=lock)


def unused_part_of(session: Session, lot: Lot, *, lock: bool = False) -> Part:
    """The unused part of one lot, which may be empty. `lock` as in `newest_parts`."""
    parts = unused_parts(session, lot.account_id, lot.facility_id, lock=lock)
    return next((part for part in parts if part.lot.id == lot.id), Part(lot, 0, 0))


def newest_parts(
    session: Session, account_id: int, facility_id: int, credits: int, *, lock: bool = False
) -> list[Part]:
    """The parts of a wallet's newest lots that make up `credits`, newest first.

    They make up fewer when a bank has taken the money back. `lock` locks the lots until the transaction ends.
    """
    wanted = (
        select(Lot)
        .where(Lot.account_id == account_id, Lot.facility_id == facility_id)
        .where(Lot.gone_credits < Lot.credits, Lot.gone_cents < Lot.cents)
        .order_by(col(Lot.id).desc())
    )
    parts = []
    for lot in session.exec(wanted.with_for_update() if lock else wanted):
        if credits <= 0:
            break
        part = part_of(lot, min(credits, lot.credits - lot.gone_credits))
        credits -= part.credits
        if part.cents:
            parts.append(part)
    return parts


def part_of(lot: Lot, credits: int) -> Part:
    """A part of a lot: `credits` of its remaining credits, and their share of its remaining cents, rounded down."""
    return Part(lot, credits, (lot.cents - lot.gone_cents) * credits // (lot.credits - lot.gone_credits))


def take_from_lot(session: Session, lot_id: int, credits: int, cents: int) -> None:
    """Take a part out of a lot. The table's CHECK refuses to take more than is left."""
    _change_remaining(session, lot_id, credits, cents)


def put_back_into_lot(session: Session, lot_id: int, credits: int, cents: int) -> None:
    """Put a part back into a lot that it was taken out of."""
    _change_remaining(session, lot_id, -credits, -cents)


def _change_remaining(session: Session, lot_id: int, credits: int, cents: int) -> None:
    gone_credits, gone_cents = col(Lot.gone_credits), col(Lot.gone_cents)
    session.exec(
        update(Lot)
        .where(col(Lot.id) == lot_id)
        .values(gone_credits=gone_credits + credits, gone_cents=gone_cents + cents)
        .execution_options(synchronize_session="fetch")
    )
