"""What families read about somebody who is missing from a list, or who is on it again after they counted as released."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from rxconnect.domain import clock, dates, money
from rxconnect.domain.inmates import Custody
from rxconnect.domain.refunds import Cause, RefundStatus
from rxconnect.i18n import _
from rxconnect.models import Facility, Inmate, InmateAbsence, Refund


def label(absence: InmateAbsence | None, inmate: Inmate, facility: Facility) -> str:
    """`Not on the list since Jun 12`; "" for somebody who is on the list, or who counts as released."""
    if absence is None or absence.returned_at or inmate.custody != Custody.HELD:
        return ""
    return _("Not on the list since {day}").format(day=dates.short_day(absence.since, facility.time_zone))


def note(session: Session, absence: InmateAbsence | None, inmate: Inmate, facility: Facility, account_id: int) -> str:
    """What an absence means for this family, in a few sentences; "" if there is nothing to say."""
    if absence is None or inmate.custody != Custody.HELD:
        return ""
    if absence.returned_at is None:
        return _(
            "{first_name} has not been on the list of {facility} since {day}. Lists can have gaps, so this may mean nothing. "
            "You can still write. If a message cannot be delivered, its credits come back to you."
        ).format(
            first_name=inmate.called,
            facility=facility.name,
            day=dates.short_day(absence.since, facility.time_zone),
        )
    refunded = refunded_cents(session, absence, account_id)
    if not refunded:
        return ""
    return _(
        "{first_name} has been back on the list of {facility} since {day}. In between, {amount} was refunded to your card, "
        "because the list said otherwise. The refund is yours; to write, you need credits again."
    ).format(
        first_name=inmate.called,
        facility=facility.name,
        day=dates.short_day(absence.returned_at, facility.time_zone),
        amount=money.dollars(refunded),
    )


def refunded_cents(session: Session, absence: InmateAbsence, account_id: int) -> int:
    """The cents that went back to this account's cards while the person counted as released."""
    if absence.released_at is None:
        return 0
    total = select(func.coalesce(func.sum(Refund.cents), 0)).where(
        Refund.account_id == account_id,
        Refund.cause == Cause.RELEASED,
        Refund.status != RefundStatus.FAILED,
        col(Refund.created_at).between(absence.released_at, absence.returned_at or clock.now()),
    )
    return int(session.exec(total).one())
