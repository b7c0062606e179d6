"""The story of a purchase: its attempts, journals, refunds, transfers and disputes, and the credits that are left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from rxconnect.domain import cards, money
from rxconnect.domain.explanations import Heading, Line, Story, Verdict
from rxconnect.domain.ledger import JournalGroup
from rxconnect.domain.purchases import Failure, PurchaseStatus, receipt_number
from rxconnect.domain.refunds import Cause, RefundStatus
from rxconnect.domain.text import counted_noun
from rxconnect.models import Account, Dispute, Facility, Lot, Purchase, Refund, Transfer
from rxconnect.services.books.wallet_movements import local_time, movement_sentence, movements
from rxconnect.services.money import ledger_proof, lots


def tell_purchase(session: Session, purchase: Purchase) -> Story:
    """Tell a purchase's whole history."""
    facility = session.get_one(Facility, purchase.facility_id)
    buyer = session.get_one(Account, purchase.account_id)
    status = PurchaseStatus(purchase.status)
    number = f", receipt {receipt_number(purchase.id)}" if status.has_receipt else ""
    yield Heading(
        f"Purchase {purchase.id}{number}: {money.credits(purchase.credits)} at {facility.name} for "
        f"{money.dollars(purchase.credits * purchase.price_cents)}, by {buyer.name} ({buyer.email})"
    )
    refunds = session.exec(
        select(Refund).where(Refund.purchase_id == purchase.id).order_by(col(Refund.created_at))
    ).all()
    yield from _timeline(session, purchase, facility, list(refunds))
    yield Line(_attempts_text(purchase))
    for lot in session.exec(select(Lot).where(Lot.purchase_id == purchase.id).order_by(col(Lot.id))):
        yield Line(_remaining_text(session, lot))
    yield Verdict(
        [
            *ledger_proof.differences(session, purchase=purchase.id),
            *(line for refund in refunds for line in ledger_proof.differences(session, refund=refund.id)),
            *(line for one in _transfers_of(session, purchase) for line in _transfer_differences(session, one)),
            *(line for one in _disputes_of(session, purchase) for line in _dispute_differences(session, one)),
        ]
    )


def _timeline(session: Session, purchase: Purchase, facility: Facility, refunds: list[Refund]) -> Iterator[Line]:
    """Every journal and every change of the purchase, in chronological order."""
    moments = [(purchase.created_at, Line("Begun.", local_time(purchase.created_at, facility)))]
    moments += [moment for refund in refunds for moment in _refund_lines(session, refund)]
    moments += [moment for dispute in _disputes_of(session, purchase) for moment in _dispute_lines(dispute, facility)]
    subjects = [
        JournalGroup.PURCHASE.subject(purchase.id),
        *(JournalGroup.REFUND.subject(refund.id) for refund in refunds),
        *(JournalGroup.TRANSFER.subject(transfer.id) for transfer in _transfers_of(session, purchase)),
        *(JournalGroup.DISPUTE.subject(dispute.id) for dispute in _disputes_of(session, purchase)),
    ]
    for place in _facilities_of(session, purchase):
        for movement in movements(session, purchase.account_id, place.id, *subjects):
            after = "" if movement.wallet_after is None else f"{money.credits(movement.wallet_after)} at {place.name}"
            moments.append(
                (movement.at, Line(movement_sentence(session, movement, place), local_time(movement.at, place), after))
            )
    moments.sort(key=lambda moment: moment[0])
    yield from (line for _at, line in moments)


def _refund_lines(session: Session, refund: Refund) -> Iterator[tuple[datetime, Line]]:
    """The times when a refund was requested and when it ended. Its journals show what it moved in the wallet."""
    facility = session.get_one(Facility, refund.facility_id)
    why = f"{Cause(refund.cause).label}{f': {refund.reason}' if refund.reason else ''}"
    asked = f"Refund {refund.id} of {money.dollars(refund.cents)} began. {why}."
    yield refund.created_at, Line(asked, local_time(refund.created_at, facility))
    if refund.ended_at and refund.status == RefundStatus.PAID:
        paid = f"Refund {refund.id}: the processor paid {money.dollars(refund.cents)} back to the card."
        yield refund.ended_at, Line(paid, local_time(refund.ended_at, facility))
    elif refund.ended_at:
        stays = "" if refund.lot_id else " The money stays set aside, for staff to see to."
        failed = f"Refund {refund.id}: the card did not take {money.dollars(refund.cents)} back.{stays}"
        yield refund.ended_at, Line(failed, local_time(refund.ended_at, facility))


def _dispute_lines(dispute: Dispute, facility: Facility) -> Iterator[tuple[datetime, Line]]:
    began = f"Dispute {dispute.id}: the buyer’s bank took {money.dollars(dispute.cents)} back."
    yield dispute.created_at, Line(began, local_time(dispute.created_at, facility))
    if dispute.ended_at:
        yield (
            dispute.ended_at,
            Line(f"Dispute {dispute.id} was {dispute.status}.", local_time(dispute.ended_at, facility)),
        )


def _attempts_text(purchase: Purchase) -> str:
    status = PurchaseStatus(purchase.status)
    tried = f"Charged in {counted_noun(purchase.attempt, 'attempt')}" if purchase.attempt else "Never charged"
    card = (
        f", the last one with {cards.card_label(purchase.card_brand, purchase.card_last_four)}"
        if purchase.attempt
        else ""
    )
    match status:
        case PurchaseStatus.FAILED:
            outcome = f" It failed: {Failure(purchase.failure)}." if purchase.failure else " It failed."
        case PurchaseStatus.DISPUTED:
            outcome = " It was paid, and the bank has taken the money back."
        case PurchaseStatus.PAID:
            outcome = " It was paid."
        case _:
            outcome = " Its outcome is not known yet." if status.is_under_way else ""
    return f"{tried}{card}.{outcome}"


def _remaining_text(session: Session, lot: Lot) -> str:
    """A sentence about the credits of a lot that are unused, and the refund that they are worth."""
    facility = session.get_one(Facility, lot.facility_id)
    unused = lots.unused_part_of(session, lot)
    came = "moved there" if lot.transfer_id else "bought"
    gone = f", {lot.gone_credits:,} went elsewhere with their money" if lot.gone_credits else ""
    back = f", which could be refunded for {money.dollars(unused.cents)}" if unused.cents else ""
    return f"Of {money.credits(lot.credits)} {came} at {facility.name}{gone}, {unused.credits:,} are unused{back}."


def _transfers_of(session: Session, purchase: Purchase) -> list[Transfer]:
    moved = select(Lot.transfer_id).where(Lot.purchase_id == purchase.id, col(Lot.transfer_id).is_not(None))
    return list(session.exec(select(Transfer).where(col(Transfer.id).in_(moved)).order_by(col(Transfer.id))))


def _disputes_of(session: Session, purchase: Purchase) -> list[Dispute]:
    return list(
        session.exec(select(Dispute).where(Dispute.purchase_id == purchase.id).order_by(col(Dispute.created_at)))
    )


def _facilities_of(session: Session, purchase: Purchase) -> list[Facility]:
    """The facilities at which credits of a purchase have been."""
    places = select(Lot.facility_id).where(Lot.purchase_id == purchase.id)
    return list(session.exec(select(Facility).where(col(Facility.id).in_(places)).order_by(col(Facility.id))))


def _transfer_differences(session: Session, transfer: Transfer) -> list[str]:
    return ledger_proof.differences(session, transfer=str(transfer.id))


def _dispute_differences(session: Session, dispute: Dispute) -> list[str]:
    return ledger_proof.differences(session, dispute=dispute.id)
