"""Drafts: messages being written, stored on the server from the first keystroke."""

from __future__ import annotations

from dataclasses import dataclass, field

from rxconnect.domain.own_texts import OwnText
from rxconnect.domain.photos import PhotoView

TAB_MAX = 40


@dataclass(frozen=True, slots=True)
class DraftChange:
    """One change of a draft: the `number`th by this browser `tab`, made on top of the draft's version `base`."""

    tab: str
    number: int
    base: int


@dataclass(frozen=True, slots=True)
class AnsweredLetter:
    """The letter that a draft answers, as its writer has it in view."""

    id: int
    name: str
    at: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with everything that the compose page shows beside it, which is empty until a contact is chosen."""

    id: int
    subject: str
    body: str
    characters: int
    # These tell a tab whether its own change was saved, or whether another tab changed the draft.
    version: int
    tab: str
    number: int
    contact_id: int | None = None
    contact: str = ""
    contact_first_name: str = ""
    contact_number: str = ""
    facility_id: int | None = None
    facility: str = ""
    facility_key: str = ""
    character_limit: int = 0
    characters_per_credit: int = 0
    # `cost` includes `answer_cost`, which is 0 when the sender does not pay for the answer.
    cost: int = 0
    can_pay_for_answer: bool = False
    answer_cost: int = 0
    credits_before: int = 0
    price: str = ""
    rules: list[OwnText] = field(default_factory=list)
    review_time: str = ""
    absence_note: str = ""
    # Why this letter is not allowed or not wanted now, before anything is written or paid; "" if it is.
    blocked_by_staff: str = ""
    # What the sender is told about the privileged lane: that the letter would be in it, or that it no longer would.
    is_privileged: bool = False
    lane_note: str = ""
    answered: AnsweredLetter | None = None
    photos: list[PhotoView] = field(default_factory=list)
    # How many photos a letter to this person may have, and the credits for each. `cost` is that of the words and the photos.
    most_photos: int = 0
    photo_credits: int = 0


@dataclass(frozen=True, slots=True)
class QuickLetter:
    """A letter that can be begun on the dashboard: to whom, and what is already written. `draft_id` is 0 without a draft.

    `has` says how many credits the account has at the person's facility.
    """

    contact_id: int
    name: str
    number: str
    has: str
    draft_id: int
    body: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures below a draft: the characters that are left, and the cost of sending it."""

    left: str = ""
    is_over: bool = False
    cost: str = ""
    credits_after: str = ""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as a line in a list."""

    id: int
    contact: str
    subject: str
    snippet: str
    saved: str
