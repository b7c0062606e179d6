"""Open items: problems with a facility's money that do not resolve by themselves, for staff to look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from rxconnect.domain import clock, dates, money
from rxconnect.domain.comparisons import Mismatch
from rxconnect.domain.finance import Unreconciled
from rxconnect.domain.purchases import PurchaseStatus, receipt_number
from rxconnect.domain.refunds import Cause, RefundStatus
from rxconnect.i18n import _
from rxconnect.models import Discrepancy, Facility, Purchase, Refund
from rxconnect.services.money import lots

# A refund that takes longer than this becomes an open item.
_PENDING_REFUND = timedelta(days=1)
# The most items of each kind. If there are more, they probably have one cause.
_MOST = 100
_UNDER_WAY = [status for status in PurchaseStatus if status.is_under_way]


def open_items(session: Session, facility: Facility) -> list[Unreconciled]:
    """All open items of this facility, the oldest first, at most a hundred of each kind."""
    found = [
        *_discrepancies(session, facility),
        *_slow_refunds(session, facility),
        *_failed_corrections(session, facility),
        *_failed_departures(session, facility),
        *_slow_purchases(session, facility),
    ]
    found.sort(key=lambda one: one[0])
    return [item for _since, item in found]


def _discrepancies(session: Session, facility: Facility) -> list[tuple[datetime, Unreconciled]]:
    rows = session.exec(
        select(Discrepancy)
        .where(Discrepancy.facility_id == facility.id, col(Discrepancy.resolved_at).is_(None))
        .order_by(col(Discrepancy.found_at))
        .limit(_MOST)
    )
    return [
        (
            row.found_at,
            Unreconciled(
                key=f"difference-{row.id}",
                what=Mismatch(row.kind).label,
                explanation=Mismatch(row.kind).explanation,
                about=row.about,
                amount=_("{ours} here, {theirs} there").format(
                    ours=money.dollars(row.our_cents), theirs=money.dollars(row.their_cents)
                ),
                since=dates.ago(row.found_at),
            ),
        )
        for row in rows
    ]


def _slow_refunds(session: Session, facility: Facility) -> list[tuple[datetime, Unreconciled]]:
    slow = col(Refund.created_at) < clock.now() - _PENDING_REFUND
    return _refund_items(
        session,
        select(Refund).where(Refund.facility_id == facility.id, Refund.status == RefundStatus.PENDING, slow),
        _("A refund is not through"),
        _("The processor has had it for more than a day. It is asked again every hour."),
    )


def _failed_corrections(session: Session, facility: Facility) -> list[tuple[datetime, Unreconciled]]:
    failed = (Refund.cause == Cause.CORRECTION, Refund.status == RefundStatus.FAILED)
    return _refund_items(
        session,
        select(Refund).where(Refund.facility_id == facility.id, *failed),
        _("A wrong charge could not be returned"),
        _("The card took nothing back. The money is set aside; ask the family how it may be paid."),
    )


def _failed_departures(session: Session, facility: Facility) -> list[tuple[datetime, Unreconciled]]:
    """Failed refunds after a release or a closed account, while the credits are unused."""
    causes = [cause for cause in Cause if cause.is_departure]
    failed = select(Refund).where(
        Refund.facility_id == facility.id, Refund.status == RefundStatus.FAILED, col(Refund.cause).in_(causes)
    )
    newest = {refund.lot_id: refund for refund in session.exec(failed.order_by(col(Refund.created_at)))}
    unused = [refund.id for refund in newest.values() if refund.lot_id in _unused_lots(session, refund)]
    return _refund_items(
        session,
        select(Refund).where(col(Refund.id).in_(unused)),
        _("What was left could not be refunded"),
        _("The card took nothing back, so the credits are in the wallet again. Ask the family how it may be paid."),
    )


def _unused_lots(session: Session, refund: Refund) -> set[int | None]:
    """The lots with unused credits in the wallet that a refund was for."""
    return {part.lot.id for part in lots.unused_parts(session, refund.account_id, refund.facility_id)}


def _refund_items(
    session: Session, which: SelectOfScalar[Refund], what: str, explanation: str
) -> list[tuple[datetime, Unreconciled]]:
    return [
        (
            refund.created_at,
            Unreconciled(
                key=f"refund-{refund.id}",
                what=what,
                explanation=explanation,
                about=refund.intent_id,
                amount=money.dollars(refund.cents),
                since=dates.ago(refund.created_at),
                number=receipt_number(refund.purchase_id) if refund.lot_id else "",
            ),
        )
        for refund in session.exec(which.order_by(col(Refund.created_at)).limit(_MOST))
    ]


def _slow_purchases(session: Session, facility: Facility) -> list[tuple[datetime, Unreconciled]]:
    """Purchases whose lease has ended: some time after they were submitted, or after the buyer's time at their bank."""
    rows = session.exec(
        select(Purchase)
        .where(Purchase.facility_id == facility.id, col(Purchase.status).in_(_UNDER_WAY))
        .where(col(Purchase.lease_until) <= clock.now())
        .order_by(col(Purchase.lease_until))
        .limit(_MOST)
    )
    return [
        (
            purchase.lease_until or purchase.created_at,
            Unreconciled(
                key=f"purchase-{purchase.id}",
                what=_("A purchase has no outcome yet"),
                explanation=_(
                    "The processor has not said whether it was charged. It is asked again every ten seconds."
                ),
                about=purchase.id,
                amount=money.dollars(purchase.credits * purchase.price_cents),
                since=dates.ago(purchase.lease_until or purchase.created_at),
            ),
        )
        for purchase in rows
    ]
