"""The read models of the desk: the queue, the letter that is open, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect.domain.appeals import AppealView
from rxconnect.domain.marks import Piece
from rxconnect.domain.own_texts import OwnText
from rxconnect.domain.photos import PhotoView
from rxconnect.domain.review import Queue, Shelf


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What a reviewer wants to see of a queue. Empty fields do not limit it.

    `facility_id` is 0 for all of the actor's facilities; `claim` is `free`, `mine` or "". `is_readable` leaves only
    letters in the languages that the actor reads, and those whose language is unknown.
    """

    queue: Queue = Queue.LETTERS
    shelf: Shelf = Shelf.WAITING
    facility_id: int = 0
    held_for: str = ""
    language: str = ""
    is_overdue: bool = False
    claim: str = ""
    is_readable: bool = False


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter that a reviewer has saved under a name."""

    id: int
    name: str
    filter: DeskFilter


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A line of the queue. Of a reply (`is_reply`), `sender` is the family that it goes to.

    `waits` is its age, `due` how long until or since the facility's promised time. `claimed_by` is the name of who has
    it open, "" if nobody; `until` is when it comes back, for a letter set aside. `cursor` continues the list after it.
    """

    message_id: int
    facility: str
    is_reply: bool
    sender: str
    person: str
    number: str
    housing: str
    subject: str
    due: str
    is_overdue: bool
    held_for: str
    language: str
    claimed_by: str
    is_mine: bool
    until: str
    cursor: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue, the oldest due first. `next_cursor` is "" on the last page."""

    lines: list[LetterLine]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many letters lie on each shelf of the actor's queues. Pending decisions are not counted."""

    waiting: int
    overdue: int
    appeals: int
    set_aside: int
    escalated: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of a letter at the desk. `is_open` is whether it can be decided."""

    id: int
    kind: str
    label: str
    status_label: str
    reason_label: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class BesideView:
    """An earlier or later letter of the same thread, shown beside the one that is open."""

    message_id: int
    is_from_family: bool
    subject: str
    body: str
    at: str
    status_label: str
    # The language in which it is written, as screening has recognised it; "" if it has not.
    written_in: str = ""


@dataclass(frozen=True, slots=True)
class HistoryView:
    """What the facility decided about a sender, or a person, in the last year: `reasons` as (label, count)."""

    name: str
    letters: int
    rejected: int
    appeals: int
    overturned: int
    reasons: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class NoteView:
    """An internal note, which families never see. `kind` is `note`, `set aside` or `escalated`."""

    by: str
    at: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as staff see it.

    `can_undo` is true for the reviewer's own pending decision. `state_label` says what
    became of it, also that the sender withdrew the letter.
    """

    id: int
    message_id: int
    subject: str
    person: str
    outcome: str
    outcome_label: str
    reason_label: str
    by: str
    at: str
    state: str
    state_label: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class RuleHitView:
    """A rule that found something in a letter. `count` is the number of passages, 0 for the letter as a whole."""

    name: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class DeskLetter:
    """A letter that is open at the desk, with everything beside it.

    `sender` is the family and `person` the person in custody, also of a reply, which goes the other way (`is_reply`). `appeal`
    is the family's, `protest` the person's.

    `may_decide` is whether the actor holds the claim and may decide it. An appeal may not be decided by anyone who has
    decided the letter before; `why_not` then says so. `pieces` are the
    body cut at the passages that rules have found, and `found_by` these rules.
    """

    message_id: int
    facility_id: int
    facility: str
    queue: str
    shelf: str
    is_reply: bool
    sender: str
    person: str
    number: str
    housing: str
    subject: str
    body: str
    subject_pieces: list[Piece]
    pieces: list[Piece]
    found_by: list[RuleHitView]
    sent: str
    due: str
    is_overdue: bool
    held_for: str
    language: str
    status_label: str
    items: list[ItemView]
    photos: list[PhotoView]
    beside: list[BesideView]
    sender_history: HistoryView
    person_history: HistoryView
    rules: list[OwnText]
    # What the sender reads in another language than the facility has written it in; "" if it is all there.
    untranslated: str
    notes: list[NoteView]
    decisions: list[DecisionView]
    appeal: AppealView | None
    protest: AppealView | None
    claimed_by: str
    may_decide: bool
    why_not: str
    # The language in which it is written, as screening has recognised it; "" if it has not.
    written_in: str = ""


@dataclass(frozen=True, slots=True)
class LookingView:
    """Somebody who has a letter open."""

    name: str
    message_id: int
    since: str
    is_me: bool
