"""Notices: the kinds of emails that an account gets, when it gets each, and the read models of the page of choices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rxconnect.i18n import N_, _

# The daily email comes at this hour, in the time zone of the account's first location.
DIGEST_HOUR = 18
# A wallet whose owner has chosen nothing counts as low below so many credits. 0 switches it off.
LOW_CREDITS_LEVEL = 3
LOW_CREDITS_LEVELS = (0, 1, 3, 5, 10, 20)


class Pace(StrEnum):
    """When an account is told: at once, once a day, or never."""

    NOW = "now"
    DAILY = "daily"
    OFF = "off"

    @property
    def label(self) -> str:
        """The choice as a family reads it."""
        return _(_PACES[self])


class NoticeKind(StrEnum):
    """What a notice is about. The kinds about money and sign-ins are always sent at once, and cannot be chosen."""

    REPLY = "reply"
    REJECTED = "rejected"
    APPEAL = "appeal"
    DELIVERED = "delivered"
    MOVED = "moved"
    LOW_CREDITS = "low-credits"
    RECEIPT = "receipt"
    REFUND = "refund"
    AUTO_RELOAD = "auto-reload"
    SIGN_IN = "sign-in"
    LAWYER = "lawyer"

    @property
    def is_optional(self) -> bool:
        """Whether an account may choose when it is told of this kind."""
        return self not in _ALWAYS

    @property
    def default(self) -> Pace:
        """The pace of an account that has chosen nothing."""
        return Pace.OFF if self is NoticeKind.DELIVERED else Pace.NOW

    @property
    def label(self) -> str:
        """The kind as a family reads it."""
        return _(_KINDS[self][0])

    @property
    def hint(self) -> str:
        """The sentence that explains the kind."""
        return _(_KINDS[self][1])


_PACES = {Pace.NOW: N_("At once"), Pace.DAILY: N_("Once a day"), Pace.OFF: N_("Never")}
_ALWAYS = {
    NoticeKind.RECEIPT,
    NoticeKind.REFUND,
    NoticeKind.AUTO_RELOAD,
    NoticeKind.SIGN_IN,
    # A lawyer whose letters are read, or will be, must know of it.
    NoticeKind.LAWYER,
}
_KINDS = {
    NoticeKind.REPLY: (N_("A reply"), N_("Somebody wrote to you.")),
    NoticeKind.REJECTED: (
        N_("Not delivered"),
        N_("A message, or a part of it, was not delivered: it was rejected, came back, or was not decided in time."),
    ),
    NoticeKind.APPEAL: (N_("Appeal decided"), N_("There is a decision about your appeal.")),
    NoticeKind.DELIVERED: (N_("Delivered"), N_("A message was handed over, or can be read on a kiosk.")),
    NoticeKind.MOVED: (
        N_("Moved or released"),
        N_("A person was moved or released, or is on the list again, and what that means for your messages."),
    ),
    NoticeKind.LOW_CREDITS: (N_("Low credits"), N_("A message brought your credits below the number that you chose.")),
    NoticeKind.RECEIPT: (N_("Receipts"), N_("You bought credits.")),
    NoticeKind.REFUND: (
        N_("Refunds"),
        N_("Money is on its way back to you, or your credits came back or moved along with a person."),
    ),
    NoticeKind.AUTO_RELOAD: (N_("Auto-reload"), N_("It bought credits, or stopped by itself.")),
    NoticeKind.SIGN_IN: (
        N_("Sign-in"),
        N_(
            "Somebody signed in on a new device or tried to guess your password, or your password or account was changed."
        ),
    ),
    NoticeKind.LAWYER: (N_("For lawyers"), N_("Your verification, and the opening of a privileged letter.")),
}
OPTIONAL = tuple(kind for kind in NoticeKind if kind.is_optional)
ALWAYS = tuple(kind for kind in NoticeKind if not kind.is_optional)


@dataclass(frozen=True, slots=True)
class LevelView:
    """Below how many credits a wallet counts as low; `level` is a number as text, "0" for never."""

    facility_id: int
    facility: str
    credits: int
    level: str


@dataclass(frozen=True, slots=True)
class NoticesView:
    """The page of choices: the pace of each optional kind, the levels of wallets, and how emails and pushes arrive.

    `comes_back` is whether emails to the address come back; `push_key` is the public key for a browser's subscription, "" if
    the installation has none; `is_pushed` is whether this browser shows notices.
    """

    paces: dict[str, str]
    levels: list[LevelView]
    digest_at: str
    address: str
    is_confirmed: bool
    comes_back: bool
    push_key: str
    is_pushed: bool


def next_digest(after: datetime, zone: str) -> datetime:
    """The next moment after `after` at which the clocks of `zone` show the hour of the daily email."""
    local = after.astimezone(ZoneInfo(zone))
    today = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0, fold=0)
    # Adding a day to a local time keeps the hour, also when the clocks change.
    return (today if today.timestamp() > after.timestamp() else today + timedelta(days=1)).astimezone(after.tzinfo)
