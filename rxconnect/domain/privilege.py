"""The privileged lane: what staff are told of lawyers' letters (that there was one, and when), and access in an emergency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rxconnect.domain.photos import PhotoView, PrintedPhoto
from rxconnect.i18n import N_, _

REASON_MIN, REASON_MAX = 10, 400
# The asker may read the letter for this time after a second administrator has agreed.
OPEN_FOR = timedelta(minutes=30)
# A question that nobody answers lapses.
ASKED_FOR = timedelta(hours=24)


class GlassState(StrEnum):
    """The state of a question to open one privileged letter."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


_GLASS_STATES = {
    GlassState.ASKED: N_("Waiting for a second administrator"),
    GlassState.AGREED: N_("Agreed"),
    GlassState.DECLINED: N_("Declined"),
}


def glass_label(state: GlassState, *, is_over: bool) -> str:
    """The state of a question as staff read it. One whose time has passed is over."""
    if is_over:
        return _("Closed again") if state is GlassState.AGREED else _("Lapsed without an answer")
    return _(_GLASS_STATES[state])


def accepted_label() -> str:
    """The label of a privileged letter that waits to be handed over. Nobody has approved it, since nobody reads it."""
    return _("Accepted unread")


def accepted_explanation(*, on_kiosk: bool) -> str:
    """What this means, for the letter's sender."""
    if on_kiosk:
        return _("Nobody checks or reads it.")
    return _("Nobody checks or reads it. It waits to be printed and handed over sealed.")


def notice(*, on_kiosk: bool) -> str:
    """What a sender is told about a privileged letter. It claims no more than is true where letters are printed."""
    if on_kiosk:
        return _(
            "Privileged: staff cannot read this letter in RxConnect. Only two administrators together may open it, with a reason, "
            "and you are told then. The person reads it on a kiosk. If they ask for it on paper too, it is printed to be handed "
            "over sealed. Each printing is recorded, and you see it with the letter."
        )
    return _(
        "Privileged: staff cannot read this letter in RxConnect. Only two administrators together may open it, with a reason, "
        "and you are told then. It is printed to be handed over sealed. Each printing is recorded, and you see it with the "
        "letter."
    )


def notice_of_received() -> str:
    """What a lawyer is told about a letter to them."""
    return _(
        "Privileged: staff cannot read this letter in RxConnect. Only two administrators together may open it, with a reason, "
        "and you are told then."
    )


def notice_of_opened() -> str:
    """What a lawyer is told about a letter that two administrators have opened."""
    return _("Privileged, but two administrators of the facility agreed to open this letter, and it was read.")


@dataclass(frozen=True, slots=True)
class PrivilegedFact:
    """All that staff learn of a privileged letter. The number stands on its cover sheet too."""

    message_id: int
    facility: str
    sent: str


@dataclass(frozen=True, slots=True)
class GlassView:
    """A question to open a letter, as staff see it. `asked_by` and `answered_by` are members of staff."""

    id: int
    message_id: int
    facility: str
    sent: str
    asked_by: str
    asked: str
    reason: str
    state: str
    state_label: str
    answered_by: str
    can_answer: bool
    can_read: bool
    open_until: str


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """A privileged letter, as the administrator reads it for whom it was opened."""

    message_id: int
    sender: str
    recipient: str
    subject: str
    body: str
    sent: str
    until: str
    photos: list[PhotoView]


@dataclass(frozen=True, slots=True)
class PrivilegedView:
    """The page about the privileged lane. `can_seal` and `can_ask` are rights of administrators."""

    letters: list[PrivilegedFact]
    requests: list[GlassView]
    can_seal: bool
    can_ask: bool


@dataclass(frozen=True, slots=True)
class SealedReady:
    """How many privileged letters wait to be printed at a facility."""

    facility_id: int
    facility: str
    letters: int


@dataclass(frozen=True, slots=True)
class SealedPage:
    """A privileged letter of a batch on screen: the number on its cover sheet, and when it was sent."""

    id: int
    message_id: int
    sent: str
    handover_label: str


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """A batch of privileged letters on screen."""

    id: int
    facility: str
    made: str
    is_confirmed: bool
    confirmed: str
    pages: list[SealedPage]


@dataclass(frozen=True, slots=True)
class SealedLetter:
    """A privileged letter as it is printed. It is never held in State."""

    message_id: int
    person: str
    number: str
    housing: str
    sender: str
    subject: str
    body: str
    sent: str
    photos: list[PrintedPhoto]
