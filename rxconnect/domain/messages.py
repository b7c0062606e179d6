"""Messages and their items: statuses, legal moves, explanations for families, cost, and read models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from rxconnect.domain.appeals import AppealView
from rxconnect.domain.errors import IllegalMove
from rxconnect.domain.money import credits
from rxconnect.domain.photos import PhotoView
from rxconnect.i18n import N_, _

SUBJECT_MAX = 100
# A draft may be longer than the facility's limit while it is being written, but no longer than this.
DRAFT_MAX = 50_000
# What the answer costs in credits, when its family pays for it.
ANSWER_COST = 1


class Direction(StrEnum):
    """`outgoing` from the family, `incoming` to it."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


def writer_and_recipient(direction: str, family: str, person: str) -> tuple[str, str]:
    """The names of writer and recipient: the family and the person in custody, or the other way round."""
    return (family, person) if direction == Direction.OUTGOING else (person, family)


class Lane(StrEnum):
    """The readers of a message. Staff never see a word of the privileged lane, which holds lawyers' letters."""

    ORDINARY = "ordinary"
    PRIVILEGED = "privileged"


class ItemKind(StrEnum):
    """A part of a message that is decided by itself."""

    TEXT = "text"
    PHOTO = "photo"
    # The credit for the answer, which nobody decides: it follows the text, and then waits for an answer.
    REPLY = "reply"

    @property
    def label(self) -> str:
        """The kind as a family reads it."""
        return {"text": _("Text"), "photo": _("Photo"), "reply": _("Reply credit")}[self.value]


class MessageStatus(StrEnum):
    """The status of a message, and of each of its items. Every move is recorded as an event."""

    SUBMITTED = "submitted"
    SCREENING = "screening"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    DELIVERED = "delivered"
    OPENED = "opened"
    REPLIED = "replied"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"

    @property
    def returns_credits(self) -> bool:
        """Whether reaching this status gives the held credits back to the wallet."""
        return self in (
            MessageStatus.REJECTED,
            MessageStatus.WITHDRAWN,
            MessageStatus.EXPIRED,
            MessageStatus.UNDELIVERABLE,
        )

    @property
    def spends_credits(self) -> bool:
        """Whether reaching this status spends the held credits."""
        return self is MessageStatus.DELIVERED

    @property
    def is_undecided(self) -> bool:
        """Whether nobody has decided yet, neither the rules nor staff."""
        return self in (MessageStatus.SUBMITTED, MessageStatus.SCREENING, MessageStatus.IN_REVIEW)

    @property
    def is_pending(self) -> bool:
        """Whether its credits are still held."""
        return self.is_undecided or self is MessageStatus.APPROVED

    @property
    def has_arrived(self) -> bool:
        """Whether it reached the person in custody."""
        return self in (MessageStatus.DELIVERED, MessageStatus.OPENED, MessageStatus.REPLIED)

    @property
    def credits_are(self) -> str:
        """The state of its credits, in a few words."""
        if self.returns_credits:
            return _("returned")
        return _("set aside") if self.is_pending else _("spent")

    @property
    def label(self) -> str:
        """The status in a few words, as a family reads it."""
        return _(_STATUSES[self][0])

    @property
    def tone(self) -> str:
        """`good`, `wait` or `bad`."""
        return _STATUSES[self][1]

    @property
    def explanation(self) -> str:
        """One sentence that explains the status to a family."""
        return _(_STATUSES[self][2])

    @property
    def past_label(self) -> str:
        """The label of a step that is over."""
        return _(_PAST[self][0]) if self in _PAST else self.label

    @property
    def past_explanation(self) -> str:
        """The explanation of a step that is over."""
        return _(_PAST[self][1]) if self in _PAST else self.explanation


_STATUSES = {
    MessageStatus.SUBMITTED: (N_("Sent"), "wait", N_("We have it. The credits are set aside, not spent.")),
    MessageStatus.SCREENING: (
        N_("Being checked"),
        "wait",
        N_("A program compares it with the facility's rules. That takes a moment."),
    ),
    MessageStatus.IN_REVIEW: (
        N_("In review"),
        "wait",
        N_("Staff at the facility read every message before it is handed on."),
    ),
    MessageStatus.APPROVED: (N_("Approved"), "good", N_("It was approved and will be handed over.")),
    MessageStatus.DELIVERED: (N_("Delivered"), "good", N_("It was handed over. The credits were spent.")),
    MessageStatus.OPENED: (N_("Opened"), "good", N_("It was opened.")),
    MessageStatus.REPLIED: (N_("Answered"), "good", N_("An answer to it has come.")),
    MessageStatus.REJECTED: (
        N_("Not delivered"),
        "bad",
        N_("Staff did not let it through. Your credits were returned."),
    ),
    MessageStatus.WITHDRAWN: (
        N_("Withdrawn"),
        "bad",
        N_("You took it back before it was decided. Your credits were returned."),
    ),
    MessageStatus.EXPIRED: (
        N_("Not decided in time"),
        "bad",
        N_("Nobody decided in time. Your credits were returned."),
    ),
    MessageStatus.UNDELIVERABLE: (
        N_("Could not be delivered"),
        "bad",
        N_("The person could not be reached. Your credits were returned."),
    ),
}

# The steps of which one speaks differently once they are over.
_PAST = {
    MessageStatus.SCREENING: (N_("Checked"), N_("A program compared it with the facility's rules.")),
    MessageStatus.APPROVED: (N_("Approved"), N_("It was approved to be handed over.")),
}

_ENDS_EARLY = frozenset({MessageStatus.WITHDRAWN, MessageStatus.EXPIRED, MessageStatus.UNDELIVERABLE})

# The legal moves of a message and of each of its items. Three of them lead back: a letter whose person moves is
# screened by the rules of the new facility, an appeal may overturn a rejection, and a withdrawal may be undone.
MESSAGE_MOVES: dict[MessageStatus, frozenset[MessageStatus]] = {
    MessageStatus.SUBMITTED: frozenset({MessageStatus.SCREENING}) | _ENDS_EARLY,
    MessageStatus.SCREENING: frozenset({MessageStatus.IN_REVIEW, MessageStatus.APPROVED}) | _ENDS_EARLY,
    MessageStatus.IN_REVIEW: frozenset({MessageStatus.APPROVED, MessageStatus.REJECTED, MessageStatus.SCREENING})
    | _ENDS_EARLY,
    MessageStatus.APPROVED: frozenset({MessageStatus.DELIVERED, MessageStatus.UNDELIVERABLE, MessageStatus.SCREENING}),
    MessageStatus.DELIVERED: frozenset({MessageStatus.OPENED, MessageStatus.REPLIED}),
    MessageStatus.OPENED: frozenset({MessageStatus.REPLIED}),
    MessageStatus.REPLIED: frozenset(),
    MessageStatus.REJECTED: frozenset({MessageStatus.APPROVED}),
    MessageStatus.WITHDRAWN: frozenset({MessageStatus.IN_REVIEW}),
    MessageStatus.EXPIRED: frozenset(),
    MessageStatus.UNDELIVERABLE: frozenset(),
}


# A message has the first of these statuses that one of its items has: undecided before decided, and delivered before
# not. A letter stays opened, or answered, when a part of it is delivered later. Among the items that were not delivered,
# the other endings come before a rejection, because they are later.
_PRECEDENCE = (
    MessageStatus.SUBMITTED,
    MessageStatus.SCREENING,
    MessageStatus.IN_REVIEW,
    MessageStatus.APPROVED,
    MessageStatus.REPLIED,
    MessageStatus.OPENED,
    MessageStatus.DELIVERED,
    MessageStatus.UNDELIVERABLE,
    MessageStatus.EXPIRED,
    MessageStatus.WITHDRAWN,
    MessageStatus.REJECTED,
)


def status_of(items: Iterable[MessageStatus]) -> MessageStatus:
    """The status of a message whose items have these statuses, without its reply credit."""
    return min(items, key=_PRECEDENCE.index)


def credits_summary(items: Iterable[tuple[MessageStatus, int]]) -> str:
    """The fate of the credits of items, given as (status, credits): `2 credits spent, 1 credit returned`."""
    fates: Counter[str] = Counter()
    for status, paid in items:
        fates[status.credits_are] += paid
    return ", ".join(_("{credits} {fate}").format(credits=credits(paid), fate=fate) for fate, paid in fates.items())


def check_move(current: MessageStatus, wanted: MessageStatus) -> None:
    """Raise `IllegalMove` unless `wanted` may follow `current`."""
    if wanted not in MESSAGE_MOVES[current]:
        raise IllegalMove(current, wanted)


class Reason(StrEnum):
    """The reason why staff rejected a message: structured, so that it can be counted, explained and appealed."""

    CONTACT_DETAILS = "contact details of others"
    CODED = "coded language"
    THREAT = "threat"
    EXPLICIT = "sexually explicit"
    THIRD_PARTY = "message for a third person"
    SECURITY = "security of the facility"

    @property
    def label(self) -> str:
        """The reason as a heading."""
        return _(_REASONS[self][0])

    @property
    def rule(self) -> str:
        """The rule's text, as a family reads it."""
        return _(_REASONS[self][1])


_REASONS = {
    Reason.CONTACT_DETAILS: (
        N_("Contact details of others"),
        N_("Messages may not pass on addresses or telephone numbers of other people."),
    ),
    Reason.CODED: (
        N_("Coded language"),
        N_("Messages must be in words that staff can read; codes and ciphers are not delivered."),
    ),
    Reason.THREAT: (N_("Threat"), N_("Messages may not threaten anyone.")),
    Reason.EXPLICIT: (N_("Sexually explicit"), N_("Messages may not contain sexually explicit text.")),
    Reason.THIRD_PARTY: (
        N_("Message for a third person"),
        N_("A message is for the person it is addressed to, not to be passed on to others in custody."),
    ),
    Reason.SECURITY: (
        N_("Security of the facility"),
        N_("Messages may not describe the security, staff or routines of the facility."),
    ),
}


def cost_in_credits(characters: int, characters_per_credit: int) -> int:
    """The cost of a message in credits: one for each started `characters_per_credit`, at least one."""
    return max(1, -(-characters // characters_per_credit))


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of a message's timeline. `is_done` is false for a step that is still to come."""

    label: str
    at: str
    note: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What happens next to a letter that waits. Only what is sure to be true is said.

    `reading` is how long it usually takes here, as measured; "" where that is not known. `emails` are the sentences on what
    the sender is told by email, and `no_email` says why no email comes.
    """

    reading: str
    emails: list[str]
    no_email: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as its reader sees it. `body` is plain text with line breaks."""

    id: int
    contact_id: int
    contact: str
    from_name: str
    to_name: str
    direction: str
    # `title` is the subject, or in its place who wrote to whom.
    title: str
    subject: str
    body: str
    at: str
    at_iso: str
    # The day at the facility, as `2026-03-03`.
    date: str
    status: str
    status_label: str
    status_tone: str
    cost: str
    cost_credits: int
    reason_label: str
    reason_rule: str
    reason_rule_language: str
    reason_note: str
    reviewed_by: str
    can_withdraw: bool
    is_unread: bool
    timeline: list[EventView]
    can_appeal: bool
    appeal_until: str
    appeal: AppealView | None
    can_write_again: bool
    # Whether it came from a person who can be written to now.
    can_reply: bool
    is_privileged: bool
    # The state of the credit for the answer in a sentence; "" if its sender did not pay for one.
    reply_credit: str = ""
    photos: list[PhotoView] = field(default_factory=list)
    # How often staff saw it, how often it was printed to be sealed, and what is true of a privileged one. These are only for
    # the page of one message.
    times_seen: int = 0
    times_sealed: int = 0
    outlook: Outlook | None = None
    lane_note: str = ""
    # The language in which it is written, as screening has recognised it; "" if it has not.
    written_in: str = ""
    # Only for the page of a conversation: the first line of a folded letter; the day, at the first letter of each; and
    # whether only that line shows at first.
    gist: str = ""
    day: str = ""
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class ThreadView:
    """All messages with one contact, as a line in the inbox. `status_label` is "" for an incoming last message."""

    contact_id: int
    name: str
    initials: str
    facility: str
    subject: str
    snippet: str
    at: str
    is_outgoing: bool
    unread: int
    status_label: str
    status_tone: str


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One of the last letters, in one line. `outcome` says what became of it; "" for an incoming one."""

    id: int
    name: str
    initials: str
    snippet: str
    at: str
    is_outgoing: bool
    is_unread: bool
    outcome: str
    tone: str


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month with letters: `2026-03`, `March 2026`, and how many."""

    key: str
    label: str
    letters: int
