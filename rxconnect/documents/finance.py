"""A facility's finances as a table for a spreadsheet: a row for each day or month, and a last one with the sums."""

from __future__ import annotations

import csv
import io

from rxconnect.domain.finance import FinanceExport, FinanceSum
from rxconnect.i18n import N_, _

_COLUMNS = (
    N_("From"),
    N_("Until"),
    N_("Purchases"),
    N_("Takings"),
    N_("Refunds"),
    N_("Taken back by banks"),
    N_("Moved with families"),
    N_("What is left"),
)


def finance_csv(export: FinanceExport) -> bytes:
    """Write the sums as CSV, in dollars without a sign, with the byte order mark that Excel needs (`documents.history`)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_(column) for column in _COLUMNS])
    writer.writerows(_row(one) for one in (*export.sums, export.total))
    return text.getvalue().encode("utf-8-sig")


def _row(one: FinanceSum) -> tuple[str, ...]:
    cents = one.takings, one.refunds, one.disputes, one.moved, one.net
    return (one.begins.isoformat(), one.last.isoformat(), str(one.purchases), *map(_decimal_amount, cents))


def _decimal_amount(cents: int) -> str:
    """`-1050` -> `-10.50`."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
