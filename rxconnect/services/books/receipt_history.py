"""The history of a family's money, newest first: purchases, refunds, transfers of credits, and disputes by banks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from rxconnect.domain import cards, dates, money
from rxconnect.domain.accounts import Actor
from rxconnect.domain.purchases import receipt_number
from rxconnect.domain.receipts import (
    LINES_PER_PAGE,
    Choice,
    Filter,
    HistoryLine,
    HistoryView,
    Movement,
    MovementKind,
    ReceiptStatus,
    status_of,
)
from rxconnect.domain.refunds import Cause, RefundStatus
from rxconnect.domain.text import sort_key
from rxconnect.i18n import N_, _
from rxconnect.models import Dispute, DisputedLot, Facility, Purchase, Receipt, Refund, Transfer
from rxconnect.services.purchases import receipts

_REFUND_TONES = {RefundStatus.PENDING: "wait", RefundStatus.PAID: "good", RefundStatus.FAILED: "bad"}
_OPEN = (N_("With your bank"), "wait")
_DISPUTES = {receipts.WON: (N_("The payment stands"), "good"), receipts.LOST: (N_("Reversed for good"), "bad")}


def history_page(session: Session, actor: Actor, wanted: Filter, *, start: int = 0) -> HistoryView:
    """A page of the actor's history: at most fifty lines, from the line with index `start` on."""
    everything = _all_movements(session, actor)
    found = [movement for movement in everything if movement.is_wanted(wanted)]
    shown = found[start : start + LINES_PER_PAGE]
    taken_back = sum(movement.taken_back_cents for movement in found)
    return HistoryView(
        lines=[_history_line(movement, start + place) for place, movement in enumerate(shown)],
        first=start + 1 if shown else 0,
        last=start + len(shown),
        total=len(found),
        paid=money.dollars(sum(movement.paid_cents for movement in found)),
        refunded=money.dollars(sum(movement.refunded_cents for movement in found)),
        taken_back=money.dollars(taken_back) if taken_back else "",
        facilities=_facility_choices(everything),
        years=_choices({str(movement.local.year): str(movement.local.year) for movement in everything}),
        kinds=_choices(
            {kind.value: kind.label for kind in MovementKind if any(each.kind is kind for each in everything)}
        ),
        query=wanted.query,
        is_filtered=wanted != Filter(),
    )


def movements(session: Session, actor: Actor, wanted: Filter) -> list[Movement]:
    """All of the actor's movements that match the filter, newest first."""
    return [movement for movement in _all_movements(session, actor) if movement.is_wanted(wanted)]


def _all_movements(session: Session, actor: Actor) -> list[Movement]:
    of = (_purchases, _refunds, _transfers, _disputes)
    found = [movement for read in of for movement in read(session, actor.account_id)]
    return sorted(found, key=lambda movement: movement.at, reverse=True)


def _purchases(session: Session, account_id: int) -> Iterable[Movement]:
    """Every receipt, with the present state of its payment."""
    back = _cents_back(session, account_id)
    banks = _bank_status(session, account_id)
    for receipt in session.exec(select(Receipt).where(Receipt.account_id == account_id)):
        status = banks.get(receipt.purchase_id) or status_of(
            receipt.total_cents,
            paid_back=back.get((receipt.purchase_id, RefundStatus.PAID), 0),
            on_its_way=back.get((receipt.purchase_id, RefundStatus.PENDING), 0),
        )
        yield Movement(
            kind=MovementKind.PURCHASE,
            at=receipt.issued_at,
            zone=receipt.time_zone,
            what=_("{credits} bought").format(credits=money.credits(receipt.credits)),
            facility_id=receipt.facility_id,
            facility=receipt.facility,
            credits=receipt.credits,
            price_cents=receipt.price_cents,
            paid_cents=receipt.total_cents,
            card_label=cards.card_label(receipt.card_brand, receipt.card_last_four),
            number=receipt.number,
            status=status.label,
            tone=status.tone,
        )


def _cents_back(session: Session, account_id: int) -> dict[tuple[str, str], int]:
    """The refunded cents by purchase and status, without corrections, which belong to no purchase."""
    rows = session.exec(
        select(Refund.purchase_id, Refund.status, func.sum(Refund.cents))
        .where(Refund.account_id == account_id, Refund.credits > 0)
        .group_by(col(Refund.purchase_id), col(Refund.status))
    )
    return {(purchase_id, status): int(cents) for purchase_id, status, cents in rows}


def _bank_status(session: Session, account_id: int) -> dict[str, ReceiptStatus]:
    """The purchases that a bank disputes, or has taken back."""
    rows = session.exec(
        select(Dispute.purchase_id, Dispute.status)
        .join(Purchase, col(Purchase.id) == Dispute.purchase_id)
        .where(Purchase.account_id == account_id, Dispute.status != receipts.WON)
        .order_by(col(Dispute.created_at))
    )
    return {purchase_id: receipts.status_when_disputed(status) for purchase_id, status in rows}


def _refunds(session: Session, account_id: int) -> Iterable[Movement]:
    rows = session.exec(
        select(Refund, Purchase, Facility)
        .join(Purchase, col(Purchase.id) == Refund.purchase_id)
        .join(Facility, col(Facility.id) == Refund.facility_id)
        .where(Refund.account_id == account_id)
    )
    for refund, purchase, facility in rows:
        cause, status = Cause(refund.cause), RefundStatus(refund.status)
        is_correction = cause is Cause.CORRECTION
        if is_correction:
            yield _mistaken_charge(refund, facility)
        yield Movement(
            kind=MovementKind.REFUND,
            at=refund.created_at,
            zone=facility.time_zone,
            what=_("Refund of a wrong charge")
            if is_correction
            else _("Refund of {credits}").format(credits=money.credits(refund.credits)),
            facility_id=refund.facility_id,
            facility=facility.name,
            credits=refund.credits,
            refunded_cents=0 if status is RefundStatus.FAILED else refund.cents,
            card_label=cards.card_label(purchase.card_brand, purchase.card_last_four),
            number="" if is_correction else receipt_number(purchase.id),
            status=status.label,
            tone=_REFUND_TONES[status],
            note=f"{cause.label}: {refund.reason}" if refund.reason else f"{cause.label}.",
        )


def _mistaken_charge(refund: Refund, facility: Facility) -> Movement:
    """The charge that a correction returns. It has no receipt, since no credits were sold."""
    return Movement(
        kind=MovementKind.PURCHASE,
        at=refund.created_at,
        zone=facility.time_zone,
        what=_("Charged by mistake"),
        facility_id=refund.facility_id,
        facility=facility.name,
        paid_cents=refund.cents,
        status=_("Given back") if refund.status == RefundStatus.PAID else "",
        tone="good",
    )


def _transfers(session: Session, account_id: int) -> Iterable[Movement]:
    old, new = aliased(Facility), aliased(Facility)
    rows = session.exec(
        select(Transfer, old, new)
        .join(old, col(old.id) == Transfer.from_facility_id)
        .join(new, col(new.id) == Transfer.to_facility_id)
        .where(Transfer.account_id == account_id)
    )
    for transfer, source, target in rows:
        yield Movement(
            kind=MovementKind.TRANSFER,
            at=transfer.created_at,
            zone=target.time_zone,
            what=_("{credits} moved").format(credits=money.credits(transfer.credits)),
            facility_id=transfer.from_facility_id,
            facility=source.name,
            credits=transfer.credits,
            note=_("{amount} became {credits} at {facility}.").format(
                amount=money.dollars(transfer.cents), credits=money.credits(transfer.new_credits), facility=target.name
            ),
            to_facility_id=transfer.to_facility_id,
            to_facility=target.name,
        )


def _disputes(session: Session, account_id: int) -> Iterable[Movement]:
    """The money that banks took back. Money that they returned later counts as never taken."""
    rows = session.exec(
        select(Dispute, Receipt, func.coalesce(func.sum(DisputedLot.cents), 0))
        .join(Receipt, col(Receipt.purchase_id) == Dispute.purchase_id)
        .outerjoin(DisputedLot, col(DisputedLot.dispute_id) == Dispute.id)
        .where(Receipt.account_id == account_id)
        .group_by(col(Dispute.id), col(Receipt.number))
    )
    for dispute, receipt, cents in rows:
        status, tone = _DISPUTES.get(dispute.status, _OPEN)
        yield Movement(
            kind=MovementKind.DISPUTE,
            at=dispute.created_at,
            zone=receipt.time_zone,
            what=_("Payment disputed by your bank"),
            facility_id=receipt.facility_id,
            facility=receipt.facility,
            taken_back_cents=0 if dispute.status == receipts.WON else int(cents),
            card_label=cards.card_label(receipt.card_brand, receipt.card_last_four),
            number=receipt.number,
            status=_(status),
            tone=tone,
        )


def _history_line(movement: Movement, place: int) -> HistoryLine:
    about = [movement.facility, dates.day_and_year(movement.at, movement.zone), movement.card_label]
    return HistoryLine(
        key=str(place),
        what=movement.what,
        about=" · ".join(part for part in about if part),
        note=movement.note,
        number=movement.number,
        amount=_amount_text(movement),
        # Most payments are paid, and need no label.
        status="" if movement.status == ReceiptStatus.PAID.label else movement.status,
        tone=movement.tone,
    )


def _amount_text(movement: Movement) -> str:
    if movement.paid_cents:
        return money.dollars(movement.paid_cents)
    back = movement.refunded_cents + movement.taken_back_cents
    return money.dollars(-back) if back else ""


def _facility_choices(everything: list[Movement]) -> list[Choice]:
    names = {str(movement.facility_id): movement.facility for movement in reversed(everything)}
    names |= {str(each.to_facility_id): each.to_facility for each in everything if each.to_facility_id}
    return _choices(dict(sorted(names.items(), key=lambda item: sort_key(item[1]))))


def _choices(labels: dict[str, str]) -> list[Choice]:
    """The choices of a filter; none when there is only one."""
    return [Choice(value, label) for value, label in labels.items()] if len(labels) > 1 else []
