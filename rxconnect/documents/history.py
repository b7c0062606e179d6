"""The payment history as a table for a spreadsheet: CSV by RFC 4180."""

from __future__ import annotations

import csv
import io

from rxconnect.domain.receipts import Movement, MovementKind
from rxconnect.i18n import N_, _

_COLUMNS = (
    N_("Date"),
    N_("Time zone"),
    N_("Kind"),
    N_("What"),
    N_("Facility"),
    N_("To facility"),
    N_("Credits"),
    N_("Price each"),
    N_("Paid"),
    N_("Refunded"),
    N_("Taken back by the bank"),
    N_("Card"),
    N_("Status"),
    N_("Receipt"),
    N_("Note"),
)
# A spreadsheet runs a cell that begins with one of these as a formula.
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_KINDS = {
    MovementKind.PURCHASE: N_("Purchase"),
    MovementKind.REFUND: N_("Refund to card"),
    MovementKind.TRANSFER: N_("Transfer"),
    MovementKind.DISPUTE: N_("Dispute"),
}


def history_csv(movements: list[Movement]) -> bytes:
    """Write the movements as CSV, one a row, in dollars without a sign: payments and refunds have a column each.

    The file begins with a byte order mark, which RFC 4180 does not mention. Without it Excel, which most families will
    use, reads UTF-8 as Windows-1252 and garbles every accent. Other programs skip it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_(column) for column in _COLUMNS])
    writer.writerows([escape_formula(cell) for cell in _csv_row(movement)] for movement in movements)
    return text.getvalue().encode("utf-8-sig")


def _csv_row(one: Movement) -> tuple[str, ...]:
    return (
        f"{one.local:%Y-%m-%d %H:%M}",
        one.zone,
        _(_KINDS[one.kind]),
        one.what,
        one.facility,
        one.to_facility,
        str(one.credits or ""),
        _decimal_amount(one.price_cents),
        _decimal_amount(one.paid_cents),
        _decimal_amount(one.refunded_cents),
        _decimal_amount(one.taken_back_cents),
        one.card_label,
        one.status,
        one.number,
        one.note,
    )


def _decimal_amount(cents: int) -> str:
    """`1050` -> `10.50`; "" for nothing."""
    return f"{cents // 100}.{cents % 100:02d}" if cents else ""


def escape_formula(cell: str) -> str:
    """The cell, with an apostrophe before it if a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_BEGINS) else cell
