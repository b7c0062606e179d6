"""Disputes: a buyer's bank takes the money of a purchase back, and perhaps returns it.

What is unused of the credits that this money paid for is frozen as long as the bank has it. If we win, both return; if we
lose, the frozen credits are no more. Credits that were spent by then stay spent: the facility bears that.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain.clock import now
from rxconnect.domain.comparisons import Difference, Mismatch
from rxconnect.domain.ledger import AccountKind, Entry
from rxconnect.domain.purchases import PurchaseStatus, check_move
from rxconnect.models import Dispute, DisputedLot, Journal, Lot, Purchase
from rxconnect.payments.port import DisputeRecord, DisputeState
from rxconnect.services import checkout, discrepancies, ledger, lots, processor, wallets


def check(dispute_id: str) -> None:
    """The processor says that a dispute has begun or ended: ask how it stands. One about no purchase of ours is ignored.

    Raises `ProcessorUnavailable`.
    """
    record = processor.current().retrieve_dispute(dispute_id)
    # Events overtake each other: what is disputed was paid, even if nobody has told us so yet.
    checkout.check_intent(record.intent_id)
    db.write(settle, record)


def settle(session: Session, record: DisputeRecord) -> bool:
    """Record how a dispute stands, each change once. False when nothing was new, or it is not about a purchase of ours."""
    purchase = session.exec(select(Purchase).where(Purchase.intent_id == record.intent_id).with_for_update()).first()
    if purchase is None or not PurchaseStatus(purchase.status).has_receipt:
        return False
    dispute = session.get(Dispute, record.id, with_for_update=True)
    if dispute is None:
        dispute = _open(session, record, purchase)
    elif dispute.status == record.state:
        return False
    if record.state is not DisputeState.OPEN and dispute.status == DisputeState.OPEN:
        _close(session, dispute, purchase, record.state)
    return True


def _open(session: Session, record: DisputeRecord, purchase: Purchase) -> Dispute:
    """Freeze what is unused of what the bank took, and count the money as gone: all of the purchase, or a part."""
    # A bank may dispute a purchase twice: a part, and then the rest.
    if purchase.status != PurchaseStatus.DISPUTED:
        check_move(PurchaseStatus(purchase.status), PurchaseStatus.DISPUTED)
        purchase.status = PurchaseStatus.DISPUTED
    dispute = Dispute(id=record.id, purchase_id=purchase.id, cents=record.amount_cents)
    session.add(dispute)
    session.flush()
    # All are looked at before the first is frozen, since freezing changes what is unused.
    unused = [(lot, _unused_of(session, lot)) for lot in _lots_of(session, purchase)]
    left, entries = record.amount_cents, []
    for lot, credits in unused:
        cents = min(left, lot.cents - lot.gone_cents)
        entries += _freeze(session, dispute, lot, credits, cents)
        left -= cents
    if entries:
        _post(session, "dispute", dispute.id, entries)
    if left:
        # The bank took more than the purchase is still worth here: a person has to look at that.
        found = Difference(Mismatch.DISPUTE, record.id, record.amount_cents - left, record.amount_cents)
        discrepancies.keep(session, found, purchase.facility_id)
    return dispute


def _lots_of(session: Session, purchase: Purchase) -> list[Lot]:
    """Its lots that are worth something, newest first: there the unused credits are."""
    mine = select(Lot).where(Lot.purchase_id == purchase.id, Lot.gone_cents < Lot.cents)
    return list(session.exec(mine.order_by(col(Lot.id).desc()).with_for_update()))


def _unused_of(session: Session, lot: Lot) -> int:
    """How many of a lot's credits are unused. What another purchase has paid for is not frozen in their place."""
    unused = wallets.balance(session, lot.account_id, lot.facility_id)
    parts = lots.newest(session, lot.account_id, lot.facility_id, unused, lock=True)
    return next((part.credits for part in parts if part.lot.id == lot.id), 0)


def _freeze(session: Session, dispute: Dispute, lot: Lot, unused: int, cents: int) -> list[Entry]:
    """Let the cents go from a lot, and with them the credits that they paid for, as far as these are unused."""
    if not cents:
        return []
    assert lot.id is not None
    paid_for = cents * (lot.credits - lot.gone_credits) // (lot.cents - lot.gone_cents)
    credits = min(unused, paid_for)
    lots.take(session, lot.id, credits, cents)
    session.add(DisputedLot(dispute_id=dispute.id, lot_id=lot.id, credits=credits, cents=cents))
    entries = [Entry(AccountKind.TAKINGS, -cents, facility_id=lot.facility_id), Entry(AccountKind.PROCESSOR, cents)]
    if credits:
        entries += [
            Entry(AccountKind.WALLET, -credits, owner_id=lot.account_id, facility_id=lot.facility_id),
            Entry(AccountKind.FROZEN, credits, owner_id=lot.account_id, facility_id=lot.facility_id),
        ]
    return entries


def _close(session: Session, dispute: Dispute, purchase: Purchase, state: DisputeState) -> None:
    dispute.status, dispute.ended_at = state, now()
    rows = session.exec(
        select(DisputedLot, Lot)
        .join(Lot, col(Lot.id) == DisputedLot.lot_id)
        .where(DisputedLot.dispute_id == dispute.id)
        .order_by(col(Lot.id))
    ).all()
    if state is DisputeState.WON:
        _return(session, dispute, rows)
        discrepancies.resolve(session, [dispute.id], [Mismatch.DISPUTE])
        if not _is_disputed(session, purchase):
            check_move(PurchaseStatus(purchase.status), PurchaseStatus.PAID)
            purchase.status = PurchaseStatus.PAID
        return
    entries = []
    for part, lot in rows:
        if part.credits:
            entries += [
                Entry(AccountKind.FROZEN, -part.credits, owner_id=lot.account_id, facility_id=lot.facility_id),
                Entry(AccountKind.ISSUED, part.credits, facility_id=lot.facility_id),
            ]
    if entries:
        _post(session, "dispute lost", dispute.id, entries)


def _is_disputed(session: Session, purchase: Purchase) -> bool:
    """Whether the bank has, or has kept, money of this purchase."""
    others = select(Dispute.id).where(Dispute.purchase_id == purchase.id, Dispute.status != DisputeState.WON)
    return session.exec(others).first() is not None


def _return(session: Session, dispute: Dispute, rows: Sequence[tuple[DisputedLot, Lot]]) -> None:
    """The money is back, and so are the credits that were frozen."""
    entries = [Entry(AccountKind.PROCESSOR, -sum(part.cents for part, _ in rows))]
    for part, lot in rows:
        assert lot.id is not None
        lots.put_back(session, lot.id, part.credits, part.cents)
        entries.append(Entry(AccountKind.TAKINGS, part.cents, facility_id=lot.facility_id))
        if part.credits:
            entries += [
                Entry(AccountKind.FROZEN, -part.credits, owner_id=lot.account_id, facility_id=lot.facility_id),
                Entry(AccountKind.WALLET, part.credits, owner_id=lot.account_id, facility_id=lot.facility_id),
            ]
    if not rows:
        return
    opened = session.exec(select(Journal.id).where(Journal.idempotency_key == f"dispute:{dispute.id}")).one()
    _post(session, "dispute won", dispute.id, entries, reverses=opened)


def _post(session: Session, kind: str, dispute_id: str, entries: list[Entry], *, reverses: int | None = None) -> None:
    subject = f"dispute:{dispute_id}"
    key = subject if kind == "dispute" else f"{subject}:{kind.removeprefix('dispute ')}"
    ledger.post(session, kind=kind, key=key, subject=subject, entries=entries, reverses=reverses)
