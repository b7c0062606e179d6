"""A receipt as a PDF."""

from __future__ import annotations

from rxconnect.documents.paper import Html, document, facts_table, pdf, table, tag
from rxconnect.domain.receipts import ReceiptView
from rxconnect.i18n import _, number_text


def receipt_pdf(receipt: ReceiptView) -> bytes:
    """Print a receipt. Raises `CannotPrint`."""
    return pdf(receipt_html(receipt))


def receipt_html(receipt: ReceiptView) -> Html:
    """The receipt's HTML for print."""
    return document(
        _("Receipt {number}").format(number=receipt.number),
        tag("h1", _("Receipt {number}").format(number=receipt.number)),
        tag("p", receipt.issued, class_="muted lead"),
        facts_table(
            (_("Bought by"), receipt.buyer),
            (_("Facility"), receipt.facility),
            (_("Place"), receipt.facility_place),
            (_("Message credits"), number_text(receipt.credits)),
            (_("Price of each"), receipt.price),
            (_("Fees"), _("none")),
            (_("Card"), receipt.card_label),
            (_("Status"), receipt.status),
            total=(_("Total"), receipt.total),
        ),
        *_refunds_and_disputes(receipt),
    )


def _refunds_and_disputes(receipt: ReceiptView) -> list[Html]:
    """Later refunds and disputes of the payment."""
    parts = [tag("p", receipt.explanation, class_="note")] if receipt.explanation else []
    if receipt.refunds:
        rows = [
            (
                one.at,
                number_text(one.credits),
                one.amount,
                one.card_label,
                one.status_label,
                _join_cause_and_reason(one.cause, one.reason),
            )
            for one in receipt.refunds
        ]
        columns = (_("Asked for"), _("Credits"), _("Amount"), _("To"), _("Status"), _("Why"))
        parts += [tag("h2", _("Refunds")), table(_("Every refund of this payment"), columns, rows)]
    if receipt.refunded:
        parts.append(
            facts_table((_("Refunded, or on its way"), receipt.refunded), total=(_("Paid after refunds"), receipt.kept))
        )
    return parts


def _join_cause_and_reason(cause: str, reason: str) -> str:
    return f"{cause}: {reason}" if reason else cause
