"""Discrepancies: differences between the card processor's books and ours, stored until both agree."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.comparisons import Difference, Mismatch
from rxconnect.models import Discrepancy, Facility

_SHOWN = 50
_IS_OPEN = col(Discrepancy.resolved_at).is_(None)


def store_difference(session: Session, found: Difference, facility_id: int | None) -> None:
    """Store a difference, once. A resolved difference that comes back counts as found now."""
    row = Discrepancy(
        kind=found.kind,
        about=found.about,
        facility_id=facility_id,
        our_cents=found.our_cents,
        their_cents=found.their_cents,
    )
    if db.add_once(session, row):
        return
    again = update(Discrepancy).where(col(Discrepancy.kind) == found.kind, col(Discrepancy.about) == found.about)
    cents = {"our_cents": found.our_cents, "their_cents": found.their_cents}
    session.exec(again.where(col(Discrepancy.resolved_at).is_not(None)).values(found_at=clock.now()))
    session.exec(again.values(resolved_at=None, **cents))


def resolve_gone(
    session: Session, about: list[str], kinds: Collection[Mismatch], still: Collection[tuple[str, str]] = ()
) -> int:
    """Resolve the open differences about these objects, except (kind, about) pairs in `still`. Returns the count."""
    of_these = (col(Discrepancy.about).in_(about), col(Discrepancy.kind).in_(kinds))
    rows = session.exec(select(Discrepancy).where(*of_these, _IS_OPEN)).all()
    agreeing = [row for row in rows if (row.kind, row.about) not in still]
    for row in agreeing:
        row.resolved_at = clock.now()
    return len(agreeing)


def oldest_open_at(session: Session, kinds: Collection[Mismatch]) -> datetime | None:
    """The time when the oldest open difference of these kinds was found."""
    return session.exec(select(func.min(Discrepancy.found_at)).where(_IS_OPEN, col(Discrepancy.kind).in_(kinds))).one()


def open_count(session: Session) -> int:
    """The number of open differences."""
    return session.exec(select(func.count()).select_from(Discrepancy).where(_IS_OPEN)).one()


def newest_open(session: Session) -> list[Difference]:
    """The newest open differences, at most as many as fit on a page."""
    rows = session.exec(
        select(Discrepancy, Facility.name)
        .outerjoin(Facility, col(Facility.id) == Discrepancy.facility_id)
        .where(_IS_OPEN)
        .order_by(col(Discrepancy.found_at).desc(), col(Discrepancy.id).desc())
        .limit(_SHOWN)
    )
    return [Difference(Mismatch(row.kind), row.about, row.our_cents, row.their_cents, name or "") for row, name in rows]
