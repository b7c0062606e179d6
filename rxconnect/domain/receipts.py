"""Receipts and the history of a family's money: what was paid, what went back, and what moved, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from rxconnect.domain.errors import NotFound
from rxconnect.domain.refunds import RefundView
from rxconnect.i18n import N_, _

# A browser never holds more lines of the history than this.
PAGE = 50
# As many digits as every database's ids have, and a year has.
_MOST_DIGITS = 9


class ReceiptStatus(StrEnum):
    """What became of a payment since it was made. The receipt itself never changes."""

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
        """What the status means, in a sentence; "" where the label says it all."""
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
            "Your bank has taken this payment back and is looking into it. Until it decides, the credits that are left of it are set aside."
        ),
    ),
    ReceiptStatus.TAKEN_BACK: (
        N_("Taken back by your bank"),
        "bad",
        N_("Your bank has taken this payment back for good, so the credits that were left of it are gone."),
    ),
}


def status_of(total_cents: int, *, paid_back: int, on_its_way: int) -> ReceiptStatus:
    """Where a payment stands that no bank disputes, by the cents that are back on its card and on their way there."""
    if on_its_way:
        return ReceiptStatus.REFUNDING
    if paid_back:
        return ReceiptStatus.REFUNDED if paid_back >= total_cents else ReceiptStatus.PARTLY_REFUNDED
    return ReceiptStatus.PAID


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """Proof of a purchase. All but the status and the refunds was frozen when it was paid, and reads the same years later.

    `refunded` and `kept` say how much went back, or is on its way, and how much stayed; both are "" where nothing did.
    `is_last_step` is whether the buyer has come to it just now, by buying.
    """

    number: str
    issued: str
    issued_iso: str
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


class Kind(StrEnum):
    """What a line of the history is about, in the words of its address."""

    PURCHASE = "purchases"
    REFUND = "refunds"
    TRANSFER = "transfers"
    DISPUTE = "disputes"

    @property
    def label(self) -> str:
        """The kind as a filter names it."""
        return _(_KINDS[self])


_KINDS = {
    Kind.PURCHASE: N_("Purchases"),
    Kind.REFUND: N_("Refunds"),
    Kind.TRANSFER: N_("Moved credits"),
    Kind.DISPUTE: N_("Bank disputes"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines of the history are wanted; None is all. A year is the one on the facility's calendar."""

    facility_id: int | None = None
    year: int | None = None
    kind: Kind | None = None

    @classmethod
    def read(cls, facility: str = "", year: str = "", kind: str = "") -> Filter:
        """A filter as it stands in an address or comes from a page. Raises `NotFound` for what cannot be one."""
        try:
            return cls(_number(facility), _number(year), Kind(kind) if kind else None)
        except ValueError:
            raise NotFound("list") from None

    @property
    def query(self) -> str:
        """The filter as it stands in an address: `facility=3&year=2026`."""
        chosen = {"facility": self.facility_id, "year": self.year, "kind": self.kind}
        return urlencode({name: value for name, value in chosen.items() if value is not None})


def _number(text: str) -> int | None:
    """The number that a filter's text stands for, None for none. Raises `ValueError`."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise ValueError
    return int(text)


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that happened to a family's money or credits. Cents throughout; `zone` is the facility's time zone.

    `refunded_cents` went back or are on their way; `taken_back_cents` a bank took. `number` is the receipt's, "" where there is
    none. `to_facility` is "" but for a transfer. `note` is a sentence, or "".
    """

    kind: Kind
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
        """When it happened, on the facility's clock."""
        return self.at.astimezone(ZoneInfo(self.zone))

    def is_wanted(self, wanted: Filter) -> bool:
        """Whether the filter lets it through. What moved between two facilities belongs to both."""
        return (
            wanted.facility_id in (None, self.facility_id, self.to_facility_id)
            and wanted.year in (None, self.local.year)
            and wanted.kind in (None, self.kind)
        )


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A line of the history as shown. `about` stands below `what`; `number` leads to the receipt."""

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
    """Something that a filter offers."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """Some lines of the history, and the sums of all that the filter lets through; `taken_back` is "" where no bank took any.

    `first` and `last` count from 1 and are 0 when there is nothing; `total` counts all lines. The choices are those among
    which there is something to choose. `query` is the filter as it stands in an address.
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
