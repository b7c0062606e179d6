"""Frozen credits: when a bank takes the money of a purchase back, the purchase's lots lose it, and unused credits
freeze.

Credits that were already spent stay spent, at the facility's cost. A bank may also take more than the purchase is still
worth, while a refund of a part is under way. If that refund fails, the bank gets that part too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, func, select

from rxconnect.domain.comparisons import Difference, Mismatch
from rxconnect.domain.ledger import AccountKind, Entry, JournalKind
from rxconnect.models import Dispute, DisputedLot, Journal, Lot, Purchase
from rxconnect.payments.port import DisputeState
from rxconnect.services.money import discrepancies, ledger, lots
from rxconnect.services.money.lots import Part

_KEY_ENDS = {JournalKind.DISPUTE: "", JournalKind.DISPUTE_WON: ":won", JournalKind.DISPUTE_LOST: ":lost"}


def write_off(session: Session, dispute: Dispute, purchase: Purchase) -> int:
    """Write off the part of a disputed purchase that the bank has taken and that is not written off yet.

    When the bank took more than the purchase is still worth, a discrepancy shows the rest to staff, until the purchase
    is worth it. Returns the number of credits that were frozen.
    """
    taken = _written_off_cents(session, dispute)
    parts = _newest_parts(session, purchase, dispute.cents - taken)
    for part in parts:
        _write_off_part(session, dispute, part)
    _post_journal(session, JournalKind.DISPUTE, dispute, _freezing_entries(parts), after=taken)
    if dispute.status == DisputeState.LOST:
        _post_journal(session, JournalKind.DISPUTE_LOST, dispute, _cancelling_entries(parts), after=taken)
    taken += sum(part.cents for part in parts)
    if taken < dispute.cents:
        found = Difference(Mismatch.DISPUTE, dispute.id, taken, dispute.cents)
        discrepancies.store_difference(session, found, purchase.facility_id)
    else:
        discrepancies.resolve_gone(session, [dispute.id], [Mismatch.DISPUTE])
    return sum(part.credits for part in parts)


def write_off_returned(session: Session, purchase: Purchase) -> int:
    """After a failed refund or a won dispute, write off what other disputes of the purchase could not take before.

    Returns the number of credits that were frozen.
    """
    of_banks = select(Dispute).where(Dispute.purchase_id == purchase.id, Dispute.status != DisputeState.WON)
    return sum(write_off(session, dispute, purchase) for dispute in session.exec(of_banks.order_by(Dispute.id)).all())


def cancel_frozen(session: Session, dispute: Dispute) -> None:
    """Cancel the frozen credits of a lost dispute: the bank keeps the money."""
    _post_journal(session, JournalKind.DISPUTE_LOST, dispute, _cancelling_entries(_written_off_parts(session, dispute)))


def return_frozen(session: Session, dispute: Dispute) -> None:
    """Return the frozen credits of a dispute that we won: the money is ours again."""
    parts = _written_off_parts(session, dispute)
    for part in parts:
        lots.put_back_into_lot(session, _lot_id(part.lot), part.credits, part.cents)
    entries = [replace(entry, amount=-entry.amount) for entry in _freezing_entries(parts)]
    key = JournalKind.DISPUTE.subject(dispute.id)
    opened = session.exec(select(Journal.id).where(Journal.idempotency_key == key)).one_or_none()
    _post_journal(session, JournalKind.DISPUTE_WON, dispute, entries, reverses=opened)
    discrepancies.resolve_gone(session, [dispute.id], [Mismatch.DISPUTE])


def _written_off_cents(session: Session, dispute: Dispute) -> int:
    """The cents of the purchase that were written off for the dispute."""
    cents = select(func.coalesce(func.sum(DisputedLot.cents), 0)).where(DisputedLot.dispute_id == dispute.id)
    return int(session.exec(cents).one())


def _newest_parts(session: Session, purchase: Purchase, cents: int) -> list[Part]:
    """The parts of a purchase's lots that make up `cents`, newest lots first, since they hold the unused credits.

    Credits of other purchases are never frozen in place of spent ones.
    """
    mine = select(Lot).where(Lot.purchase_id == purchase.id, Lot.gone_cents < Lot.cents)
    parts = []
    for lot in session.exec(mine.order_by(col(Lot.id).desc()).with_for_update()).all():
        some = min(cents, lot.cents - lot.gone_cents)
        if not some:
            break
        paid_for = some * (lot.credits - lot.gone_credits) // (lot.cents - lot.gone_cents)
        parts.append(Part(lot, min(lots.unused_part_of(session, lot, lock=True).credits, paid_for), some))
        cents -= some
    return parts


def _write_off_part(session: Session, dispute: Dispute, part: Part) -> None:
    lot_id = _lot_id(part.lot)
    lots.take_from_lot(session, lot_id, part.credits, part.cents)
    row = session.get(DisputedLot, (dispute.id, lot_id))
    if row is None:
        row = DisputedLot(dispute_id=dispute.id, lot_id=lot_id, credits=0, cents=0)
    row.credits += part.credits
    row.cents += part.cents
    session.add(row)


def _written_off_parts(session: Session, dispute: Dispute) -> list[Part]:
    """Everything that was written off for a dispute."""
    mine = select(DisputedLot, Lot).join(Lot).where(DisputedLot.dispute_id == dispute.id).order_by(col(Lot.id))
    return [Part(lot, row.credits, row.cents) for row, lot in session.exec(mine)]


def _freezing_entries(parts: Sequence[Part]) -> list[Entry]:
    """The entries that move the money to the bank, and freeze the credits."""
    return [
        entry
        for part in parts
        for entry in (
            Entry(AccountKind.TAKINGS, -part.cents, facility_id=part.lot.facility_id),
            Entry(AccountKind.PROCESSOR, part.cents),
            _owner_entry(AccountKind.WALLET, -part.credits, part.lot),
            _owner_entry(AccountKind.FROZEN, part.credits, part.lot),
        )
    ]


def _cancelling_entries(parts: Sequence[Part]) -> list[Entry]:
    """The entries that cancel frozen credits."""
    return [
        entry
        for part in parts
        for entry in (
            _owner_entry(AccountKind.FROZEN, -part.credits, part.lot),
            Entry(AccountKind.ISSUED, part.credits, facility_id=part.lot.facility_id),
        )
    ]


def _owner_entry(kind: AccountKind, amount: int, lot: Lot) -> Entry:
    return Entry(kind, amount, owner_id=lot.account_id, facility_id=lot.facility_id)


def _post_journal(
    session: Session,
    kind: JournalKind,
    dispute: Dispute,
    entries: Sequence[Entry],
    *,
    after: int = 0,
    reverses: int | None = None,
) -> None:
    """Post a journal. `after` (the cents written off before) makes the keys of several journals of a dispute unique."""
    moving = [entry for entry in entries if entry.amount]
    if not moving:
        return
    subject = kind.subject(dispute.id)
    key = f"{subject}{_KEY_ENDS[kind]}{f':{after}' if after else ''}"
    ledger.post_journal(session, kind=kind, key=key, subject=subject, entries=moving, reverses=reverses)


def _lot_id(lot: Lot) -> int:
    assert lot.id is not None
    return lot.id
