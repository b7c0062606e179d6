"""Receipts, and the history of a family's payments, refunds and transfers, as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from rxconnect.domain.errors import NotFound
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.refunds import RefundView
from rxconnect.i18n import N_, _

# The most lines on a page of the history.
LINES_PER_PAGE = 50


class ReceiptStatus(StrEnum):
    """The present status of a payment. The receipt itself never changes."""

    PAID = "paid"
    REFUNDING = "refunding"
    PARTLY_REFUNDED = "partly refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    TAKEN_BACK = "taken back"

    @property
    def label(self) -> str:
        """The status in a few words."""
        return _(_STATUSES[self][0])

    @property
    def tone(self) -> str:
        """`good`, `wait` or `bad`: the colour family of the label."""
        return _STATUSES[self][1]

    @property
    def explanation(self) -> str:
        """One sentence that explains the status; "" where the label is enough."""
        explanation = _STATUSES[self][2]
        return _(explanation) if explanation else ""


_STATUSES = {
    ReceiptStatus.PAID: (N_("Paid"), "good", ""),
    ReceiptStatus.REFUNDING: (
        N_("Refund on its way"),
        "wait",
        N_("Money is on its way back to your card. Banks usually show it within five to ten days."),
    ),
    ReceiptStatus.PARTLY_REFUNDED: (N_("Partly refunded"), "good", N_("A part of this payment is back on your card.")),
    ReceiptStatus.REFUNDED: (N_("Refunded"), "good", N_("All of this payment is back on your card.")),
    ReceiptStatus.DISPUTED: (
        N_("Disputed by your bank"),
        "bad",
        N_(
            "Your bank has reversed this payment while it looks into it. Until it decides, the credits that are left of it are frozen."
        ),
    ),
    ReceiptStatus.TAKEN_BACK: (
        N_("Reversed by your bank"),
        "bad",
        N_(
            "Your bank has reversed this payment for good and returned the money to you, so the credits that were left of it are gone."
        ),
    ),
}


def status_of(total_cents: int, *, paid_back: int, on_its_way: int) -> ReceiptStatus:
    """The status of an undisputed payment, from the cents that are back on its card, or on their way there."""
    if on_its_way:
        return ReceiptStatus.REFUNDING
    if paid_back:
        return ReceiptStatus.REFUNDED if paid_back >= total_cents else ReceiptStatus.PARTLY_REFUNDED
    return ReceiptStatus.PAID


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """Proof of a purchase. Everything but the status and the refunds was copied when it was paid, and never changes.

    `refunded` (money back or on its way) and `kept` are "" when nothing was refunded. `is_last_step` says that the
    buyer has just paid.
    """

    number: str
    issued: str
    buyer: str
    facility_id: int
    facility: str
    facility_place: str
    credits: int
    price: str
    total: str
    card_label: str
    status: str
    status_tone: str
    explanation: str
    refunds: list[RefundView]
    refunded: str
    kept: str
    is_last_step: bool = False


class MovementKind(StrEnum):
    """The kind of a line of the history. URLs contain the value."""

    PURCHASE = "purchases"
    REFUND = "refunds"
    TRANSFER = "transfers"
    DISPUTE = "disputes"

    @property
    def label(self) -> str:
        """The label of its filter."""
        return _(_KINDS[self])


_KINDS = {
    MovementKind.PURCHASE: N_("Purchases"),
    MovementKind.REFUND: N_("Refunds"),
    MovementKind.TRANSFER: N_("Moved credits"),
    MovementKind.DISPUTE: N_("Bank disputes"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the history; None means all. A year is a calendar year in the facility's time zone."""

    facility_id: int | None = None
    year: int | None = None
    kind: MovementKind | None = None

    @classmethod
    def parse(cls, facility: str = "", year: str = "", kind: str = "") -> Filter:
        """Parse a filter from a URL or a page. Raises `NotFound` when it is malformed."""
        facility_id, of_year = whole_number(facility), whole_number(year)
        if (facility and facility_id is None) or (year and of_year is None) or kind not in ("", *MovementKind):
            raise NotFound("list")
        return cls(facility_id, of_year, MovementKind(kind) if kind else None)

    @property
    def query(self) -> str:
        """The filter as a query string: `facility=3&year=2026`."""
        chosen = {"facility": self.facility_id, "year": self.year, "kind": self.kind}
        return urlencode({name: value for name, value in chosen.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of a family's money or credits. `zone` is the facility's time zone.

    `refunded_cents` went back to the card or are on their way; a bank took `taken_back_cents`. `number` is the
    receipt's, or "". Only a transfer has a `to_facility`. `note` is a sentence, or "".
    """

    kind: MovementKind
    at: datetime
    zone: str
    what: str
    facility_id: int
    facility: str
    credits: int = 0
    price_cents: int = 0
    paid_cents: int = 0
    refunded_cents: int = 0
    taken_back_cents: int = 0
    card_label: str = ""
    number: str = ""
    status: str = ""
    tone: str = ""
    note: str = ""
    to_facility_id: int | None = None
    to_facility: str = ""

    @property
    def local(self) -> datetime:
        """The time of the movement, in the facility's time zone."""
        return self.at.astimezone(ZoneInfo(self.zone))

    def is_wanted(self, wanted: Filter) -> bool:
        """Whether it matches the filter. A transfer belongs to both facilities."""
        return (
            wanted.facility_id in (None, self.facility_id, self.to_facility_id)
            and wanted.year in (None, self.local.year)
            and wanted.kind in (None, self.kind)
        )


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A line of the history as shown. `about` stands below `what`; `number` is the receipt to link to, or ""."""

    key: str
    what: str
    about: str
    note: str
    number: str
    amount: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a filter."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One page of the history, and the sums of all lines that pass the filter; `taken_back` is "" when it is zero.

    `first` and `last` are the numbers of the lines shown, from 1, or 0 when there are none; `total` counts all. A list
    of choices is empty when it would offer only one. `query` is the filter as a query string.
    """

    lines: list[HistoryLine]
    first: int
    last: int
    total: int
    paid: str
    refunded: str
    taken_back: str
    facilities: list[Choice]
    years: list[Choice]
    kinds: list[Choice]
    query: str
    is_filtered: bool
