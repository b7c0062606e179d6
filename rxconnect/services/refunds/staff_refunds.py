"""Refunds by staff: unused credits of one purchase at their facility, with a reason that the family reads."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain.accounts import Actor, Permission
from rxconnect.domain.audit import AuditKind
from rxconnect.domain.errors import Invalid, NotAllowed, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.domain.refunds import REASON_MAX, Cause, RefundOffer, RefundView
from rxconnect.domain.text import one_line
from rxconnect.models import Lot, Receipt, Refund
from rxconnect.services.audit.recording import record
from rxconnect.services.money import lots
from rxconnect.services.money.lots import Part
from rxconnect.services.refunds import refund_payouts, refund_views, refunds
from rxconnect.services.refunds.refunds import Why


def offer(session: Session, actor: Actor, number: str) -> RefundOffer:
    """The most that the actor can refund of a receipt of their facility. Raises `NotAllowed` and `NotFound`."""
    facility_ids = actor.facilities(Permission.REFUND)
    if not facility_ids:
        raise NotAllowed
    return refund_views.offer(session, _unused_of(session, facility_ids, number))


def request_refund(actor: Actor, number: str, credits: int, reason: str) -> list[RefundView]:
    """Refund unused credits of one purchase. Opens its own transactions, none of them around the processor.

    Raises `NotAllowed`, `PasswordNeeded`, `NotFound` for a receipt of another facility, and `Invalid` with `credits` or
    `reason`.
    """
    facility_ids = actor.must(Permission.REFUND)
    reason = one_line(reason)
    if not 3 <= len(reason) <= REASON_MAX:
        raise Invalid(reason=Problem.REFUND_REASON_UNREADABLE(most=REASON_MAX))
    why = Why(Cause.STAFF, reason, actor.account_id)
    refund_ids = db.write(_create_pending_refunds, actor, facility_ids, number, credits, why)
    refund_payouts.carry_out(refund_ids)
    return db.read(refund_views.refund_views, col(Refund.id).in_(refund_ids))


def _create_pending_refunds(
    session: Session, actor: Actor, facility_ids: Collection[int], number: str, credits: int, why: Why
) -> list[str]:
    part = _unused_of(session, facility_ids, number, lock=True)
    if not 1 <= credits <= part.credits:
        raise Invalid(credits=Problem.REFUND_BEYOND_UNUSED(most=part.credits))
    refund_id = refunds.create_pending_refund(session, lots.part_of(part.lot, credits), why, secrets.token_hex(16))
    about = f"refund {refund_id}"
    record(session, actor, part.lot.facility_id, AuditKind.REFUND_MADE, subject=about, credits=credits)
    return [refund_id]


def _unused_of(session: Session, facility_ids: Collection[int], number: str, *, lock: bool = False) -> Part:
    """The unused part of a purchase at one of these facilities. `lock` locks its lots until the transaction ends.

    Raises `NotFound` for a purchase at another facility.
    """
    row = session.exec(
        select(Lot)
        .join(Receipt, col(Receipt.purchase_id) == Lot.purchase_id)
        .where(Receipt.number == number.strip().upper(), col(Receipt.facility_id).in_(facility_ids))
        .where(Lot.facility_id == Receipt.facility_id)
    ).first()
    if row is None:
        raise NotFound("receipt")
    parts = lots.unused_parts(session, row.account_id, row.facility_id, lock=lock)
    # Credits that moved away and came back are in a newer lot of the same purchase.
    return next((part for part in parts if part.lot.purchase_id == row.purchase_id), Part(row, 0, 0))
