"""Verification of chains, for operators and for reports. It reads a chain once, row by row, in one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, String, exists, or_, type_coerce
from sqlalchemy import select as columns
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, col, select

from rxconnect.domain.audit_chain import Break, ChainRow, Flaw, Head, Verification, genesis, verify
from rxconnect.models import AuditChain, AuditHead, AuditRow, Facility
from rxconnect.models.types import UtcDateTime

# Rows that the database sends at once.
_AT_ONCE = 5_000


class _ReadTime(UtcDateTime):
    """A time as it is stored. SQLite keeps whatever somebody puts into the column: what is no time comes as it is."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text in SQLite, which is parsed here."""
        return String() if dialect.name == "sqlite" else super().load_dialect_impl(dialect)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """The aware datetime, in UTC, or what is stored instead of one."""
        if isinstance(value, datetime):
            return super().process_result_value(value, dialect)
        try:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        except (TypeError, ValueError):
            return value


_FIELDS = tuple(
    type_coerce(col(AuditRow.at), _ReadTime()) if name == "at" else col(getattr(AuditRow, name))
    for name in ChainRow._fields
)


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """A facility's chain and its head, which is that of an empty chain if the database has no record of the end."""

    facility_id: int
    key: str
    head: Head


def ends(session: Session, facility_id: int | None = None) -> list[ChainEnd]:
    """The head of each chain that has begun, sorted by the facility's key, or only of this facility's.

    A chain has begun if anything is left of it: its end, a row, or a head that was kept.
    """
    chain, place = AuditChain, col(Facility.id)
    found = columns(place, col(Facility.key), col(chain.sequence), col(chain.hash)).join(
        chain, col(chain.facility_id) == place, isouter=True
    )
    left = (exists().where(col(table.facility_id) == place) for table in (AuditRow, AuditHead))
    found = found.where(or_(col(chain.facility_id).is_not(None), *left))
    if facility_id is not None:
        found = found.where(place == facility_id)
    chains = session.connection().execute(found.order_by(col(Facility.key)))
    return [ChainEnd(one, key, Head(sequence or 0, last or genesis(one))) for one, key, sequence, last in chains if one]


def head(session: Session, facility_id: int) -> Head:
    """The head of a chain that has begun, such as one to which something was just recorded."""
    (end,) = ends(session, facility_id)
    return end.head


def verify_chain(session: Session, facility_id: int, head: Head | None = None) -> Verification:
    """Verify a facility's chain up to its first broken row. `head` is one that was mailed or printed."""
    found = verify(facility_id, rows(session, facility_id), head=head, kept=_kept_heads(session, facility_id))
    if found.first_broken is None and session.get(AuditChain, facility_id) is None:
        return replace(found, first_broken=Break(found.rows + 1, Flaw.NO_END))
    return found


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
