"""The lists of batches that were printed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from rxconnect.domain import dates
from rxconnect.domain.print_batches import PrintBatchLine
from rxconnect.models import Account, Facility, PrintBatch, PrintPage

_SHOWN = 50


def batch_lines(session: Session, *where: ColumnElement[bool]) -> list[PrintBatchLine]:
    """The newest batches, those to confirm first."""
    counts = (func.count(col(PrintPage.message_id)), func.count(col(PrintPage.notice_id)))
    columns: Any = (PrintBatch, Facility, Account.name, *counts)
    rows = session.exec(
        select(*columns)
        .join(Facility, col(Facility.id) == PrintBatch.facility_id)
        .join(Account, col(Account.id) == PrintBatch.made_by_account_id)
        .join(PrintPage, col(PrintPage.batch_id) == PrintBatch.id)
        .where(*where)
        .group_by(col(PrintBatch.id), col(Facility.id), col(Account.name))
        .order_by(col(PrintBatch.confirmed_at).is_not(None), col(PrintBatch.id).desc())
        .limit(_SHOWN)
    )
    return [
        PrintBatchLine(
            id=batch.id or 0,
            facility=facility.name,
            made=dates.day_and_time(batch.made_at, facility.time_zone),
            made_by=by,
            letters=letters,
            notices=notices,
            confirmed=dates.day_and_time(batch.confirmed_at, facility.time_zone) if batch.confirmed_at else "",
        )
        for batch, facility, by, letters, notices in rows
    ]
