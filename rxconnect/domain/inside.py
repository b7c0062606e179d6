"""The read models of the kiosk: what a person in custody sees of their letters, replies and rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.appeals import AppealView
from rxconnect.domain.messages import ItemKind, MessageStatus
from rxconnect.domain.own_texts import OwnText
from rxconnect.domain.photos import PhotoView
from rxconnect.i18n import N_, _

# The most replies that a facility lets a person send free of charge in a `Period`.
MOST_FREE_REPLIES = 100


class Period(StrEnum):
    """The time for which a person has an allowance of free replies: a calendar week from Monday, or a calendar month."""

    WEEK = "week"
    MONTH = "month"

    @property
    def label(self) -> str:
        """The period as an administrator chooses it."""
        return _(_PERIODS[self])


_PERIODS = {Period.WEEK: N_("each week"), Period.MONTH: N_("each month")}


@dataclass(frozen=True, slots=True)
class InsideThread:
    """A conversation as a line in the inbox. `is_mine` is whether the person wrote last; `answers_paid` are reply credits.

    `added` says that a part was added to a letter that they have opened; "" if none was.
    """

    contact_id: int
    name: str
    initials: str
    snippet: str
    at: str
    at_iso: str
    is_mine: bool
    unread: int
    added: str
    is_blocked: bool
    answers_paid: int


@dataclass(frozen=True, slots=True)
class InsideMessage:
    """A letter or a reply in a conversation. An unread letter has no `body` and no photos yet: opening it is an act of its own.

    `is_part_missing` is whether the words were not delivered, and only other parts were. `added` is as in `InsideThread`. The
    status fields and `can_protest` are for the person's own replies; they are "" and false for letters.
    """

    id: int
    contact_id: int
    name: str
    is_mine: bool
    subject: str
    body: str
    at: str
    at_iso: str
    is_unread: bool
    is_part_missing: bool
    added: str
    is_privileged: bool
    status: str
    status_label: str
    status_tone: str
    status_note: str
    photos: list[PhotoView]
    # The language in which it is written, as screening has recognised it; "" if it has not.
    written_in: str = ""


@dataclass(frozen=True, slots=True)
class InsideConversation:
    """A conversation, the oldest message first. `why_no_reply` is "" if the person can reply, and `pays` says who pays for it."""

    contact_id: int
    name: str
    initials: str
    messages: list[InsideMessage]
    has_older: bool
    is_blocked: bool
    can_reply: bool
    why_no_reply: str
    pays: str
    drafts: list[InsideDraftLine]


@dataclass(frozen=True, slots=True)
class InsideLetter:
    """A letter, or a reply, that the person has opened. `print_note` says what became of the wish to have it on paper."""

    message: InsideMessage
    lane_note: str
    can_ask_for_print: bool
    print_note: str
    can_reply: bool
    notice: InsideNotice | None


@dataclass(frozen=True, slots=True)
class InsideDraft:
    """A reply that is being written, with what the page shows beside it.

    `version`, `tab` and `number` are as in `DraftView`. `pays` says who pays for the reply, or why it cannot be sent now.
    `review_note` says who reads it before its family does.
    """

    id: int
    contact_id: int
    name: str
    body: str
    version: int
    tab: str
    number: int
    characters: int
    character_limit: int
    left: str
    is_over: bool
    pays: str
    review_note: str
    is_privileged: bool


@dataclass(frozen=True, slots=True)
class InsideDraftLine:
    """A reply that is being written, as a line in a list."""

    id: int
    contact_id: int
    name: str
    snippet: str
    saved: str


@dataclass(frozen=True, slots=True)
class InsideNotice:
    """A letter to the person, or a reply by them, or a part of it, was not delivered. It quotes nothing of a letter.

    `remark` is the reviewer's, of the person's own reply. A protest can be made once, until `protest_until`.
    """

    id: int
    message_id: int
    name: str
    is_mine: bool
    what: str
    at: str
    reason_label: str
    rule: OwnText
    remark: str
    is_unread: bool
    can_protest: bool
    protest_until: str
    protest: AppealView | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """How the person's replies are paid: free ones of this period, and those that families have paid for.

    `free` is a sentence; `prepaid_by` are (contact id, name, count).
    """

    free_left: int
    free: str
    prepaid_by: list[tuple[int, str, int]]


@dataclass(frozen=True, slots=True)
class InsideRules:
    """The facility's published rules in plain words. `reasons` are (heading, text) of what is not let through."""

    facility: str
    rules: list[OwnText]
    reasons: list[tuple[str, OwnText]]
    reading: str
    review_time: str
    opened: str
    protest: str


@dataclass(frozen=True, slots=True)
class InsideSender:
    """Somebody who writes to the person, and whom they may block. `blocked` is the day, "" if not."""

    contact_id: int
    name: str
    is_blocked: bool
    blocked: str


@dataclass(frozen=True, slots=True)
class InsideHome:
    """What the person sees first: the conversations, and what waits beside them."""

    name: str
    threads: list[InsideThread]
    drafts: list[InsideDraftLine]
    unread_notices: int
    allowance: Allowance


def added_label(kinds: Collection[str]) -> str:
    """What was added to a letter after it was opened, from the kinds of the added items; "" if nothing was."""
    if not kinds:
        return ""
    return _("Words added") if ItemKind.TEXT in kinds else _("Photo added")


def reply_label(status: MessageStatus) -> str:
    """The status of a reply in a few words, as its writer reads it."""
    return _(_REPLIES[status][0]) if status in _REPLIES else status.label


def reply_note(status: MessageStatus) -> str:
    """One sentence that explains the status of a reply to its writer; "" if there is nothing to say."""
    note = _REPLIES[status][1] if status in _REPLIES else ""
    return _(note) if note else ""


_WAITS = (N_("Waits for staff"), N_("Staff read it before it goes on."))
_REPLIES = {
    MessageStatus.SUBMITTED: _WAITS,
    MessageStatus.SCREENING: _WAITS,
    MessageStatus.IN_REVIEW: _WAITS,
    MessageStatus.APPROVED: (N_("On its way"), N_("Staff let it through.")),
    MessageStatus.DELIVERED: (N_("Delivered"), ""),
    MessageStatus.REJECTED: (
        N_("Not delivered"),
        N_("Staff did not let it through. A notice says why, and how to protest. It used up no reply."),
    ),
    MessageStatus.EXPIRED: (N_("Not delivered"), N_("Nobody decided in time. It used up no reply.")),
}
