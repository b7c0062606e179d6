"""Verification of chains, for operators and for reports. It reads a chain once, row by row, in one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from rxconnect.domain.audit_chain import ChainRow, Head, Verification, verify
from rxconnect.models import AuditChain, AuditHead, AuditRow, Facility

# Rows that the database sends at once.
_AT_ONCE = 5_000
_FIELDS = tuple(col(getattr(AuditRow, name)) for name in ChainRow._fields)


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """A facility's chain and its head."""

    facility_id: int
    key: str
    head: Head


def ends(session: Session, facility_id: int | None = None) -> list[ChainEnd]:
    """The head of each chain that has begun, sorted by the facility's key, or only of this facility's."""
    found = columns(
        col(AuditChain.facility_id), col(Facility.key), col(AuditChain.sequence), col(AuditChain.hash)
    ).join(Facility, col(Facility.id) == col(AuditChain.facility_id))
    if facility_id is not None:
        found = found.where(col(AuditChain.facility_id) == facility_id)
    chains = session.connection().execute(found.order_by(col(Facility.key)))
    return [ChainEnd(place, key, Head(sequence, last)) for place, key, sequence, last in chains]


def head(session: Session, facility_id: int) -> Head:
    """The head of a chain that has begun, such as one to which something was just recorded."""
    (end,) = ends(session, facility_id)
    return end.head


def verify_chain(session: Session, facility_id: int, head: Head | None = None) -> Verification:
    """Verify a facility's chain up to its first broken row. `head` is one that was mailed or printed."""
    return verify(facility_id, rows(session, facility_id), head=head, kept=_kept_heads(session, facility_id))


def rows(session: Session, facility_id: int) -> Iterator[ChainRow]:
    """All rows of a chain in order, without holding them in memory."""
    query = columns(*_FIELDS).where(col(AuditRow.facility_id) == facility_id).order_by(col(AuditRow.sequence))
    found = session.connection().execution_options(stream_results=True, yield_per=_AT_ONCE).execute(query)
    for row in found:
        yield ChainRow._make(row)


def _kept_heads(session: Session, facility_id: int) -> list[Head]:
    """The heads in the database: each day's, and the end to which the next row is added."""
    daily = select(AuditHead.sequence, AuditHead.hash).where(AuditHead.facility_id == facility_id)
    end = select(AuditChain.sequence, AuditChain.hash).where(AuditChain.facility_id == facility_id)
    found = [Head(*one) for query in (daily, end) for one in session.exec(query)]
    return [one for one in found if one.sequence]
