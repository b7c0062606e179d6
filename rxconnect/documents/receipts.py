"""A receipt on paper."""

from __future__ import annotations

from rxconnect.documents.paper import Html, facts, pdf, sheet, table, tag
from rxconnect.domain.receipts import ReceiptView


def receipt_pdf(receipt: ReceiptView) -> bytes:
    """The receipt as a PDF. Raises `CannotPrint`."""
    return pdf(receipt_html(receipt))


def receipt_html(receipt: ReceiptView) -> Html:
    """The receipt as it is printed."""
    return sheet(
        f"Receipt {receipt.number}",
        tag("h1", f"Receipt {receipt.number}"),
        tag("p", receipt.issued, class_="muted lead"),
        facts(
            ("Bought by", receipt.buyer),
            ("Facility", receipt.facility),
            ("Place", receipt.facility_place),
            ("Message credits", f"{receipt.credits:,}"),
            ("Price of each", receipt.price),
            ("Fees", "none"),
            ("Card", receipt.card_label),
            ("Status", receipt.status),
            total=("Total", receipt.total),
        ),
        *_since(receipt),
    )


def _since(receipt: ReceiptView) -> list[Html]:
    """What became of the payment."""
    parts = [tag("p", receipt.explanation, class_="note")] if receipt.explanation else []
    if receipt.refunds:
        rows = [
            (one.at, f"{one.credits:,}", one.amount, one.card_label, one.status_label, _why(one.cause, one.reason))
            for one in receipt.refunds
        ]
        columns = ("Asked for", "Credits", "Amount", "To", "Status", "Why")
        parts += [tag("h2", "Refunds"), table("Every refund of this payment", columns, rows)]
    if receipt.refunded:
        parts.append(facts(("Refunded, or on its way", receipt.refunded), total=("Paid in the end", receipt.kept)))
    return parts


def _why(cause: str, reason: str) -> str:
    return f"{cause}: {reason}" if reason else cause
