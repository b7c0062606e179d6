"""Problems with form fields, as facts. `domain/refusals.py` has the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class Problem(Enum):
    """A kind of problem. Calling it with its details makes a `Fact`."""

    TOO_LONG = auto()
    EMAIL_MISSING = auto()
    EMAIL_UNREADABLE = auto()
    NAME_MISSING = auto()
    NAME_WITHOUT_LETTERS = auto()

    PASSWORD_MISSING = auto()
    PASSWORD_WRONG = auto()
    PASSWORD_TOO_LONG = auto()
    CURRENT_PASSWORD_MISSING = auto()
    CURRENT_PASSWORD_WRONG = auto()
    NEW_PASSWORD_MISSING = auto()
    NEW_PASSWORD_TOO_SHORT = auto()
    PASSWORD_IS_KNOWN_OF_YOU = auto()
    PASSWORD_IS_COMMON = auto()
    PASSWORD_IS_A_WORD = auto()
    PASSWORD_REPEATS = auto()
    PASSWORD_IS_ON_THE_KEYBOARD = auto()
    PASSWORD_COUNTS = auto()
    PASSWORD_IS_A_DATE = auto()
    PASSWORD_IS_A_YEAR = auto()
    PASSWORD_IS_GUESSABLE = auto()

    STATE_UNKNOWN = auto()
    FACILITY_QUERY_TOO_LONG = auto()
    INMATE_QUERY_TOO_LONG = auto()
    INMATE_QUERY_TOO_SHORT = auto()
    INMATE_LIST_OUTDATED = auto()
    MESSAGE_QUERY_TOO_LONG = auto()

    FACILITY_MISSING = auto()
    CREDITS_UNREADABLE = auto()
    TOO_FEW_CREDITS = auto()
    TOO_MANY_CREDITS = auto()

    CARD_MISSING = auto()
    CARD_EXPIRED = auto()
    CARD_FORGOTTEN = auto()
    TOO_MANY_CARDS = auto()
    CARD_NUMBER_MISSING = auto()
    CARD_NUMBER_MISTYPED = auto()
    CARD_NOT_PUBLISHED = auto()
    EXPIRY_UNREADABLE = auto()
    EXPIRY_PAST = auto()
    EXPIRY_TOO_FAR = auto()
    CVV_MISSING = auto()
    CVV_UNREADABLE = auto()
    CVV_OF_THREE_UNREADABLE = auto()
    CVV_OF_FOUR_UNREADABLE = auto()
    POSTCODE_UNREADABLE = auto()

    RELOAD_LEVEL_OUT_OF_BOUNDS = auto()
    RELOAD_LIMIT_TOO_LOW = auto()
    RELOAD_LIMIT_TOO_HIGH = auto()
    RELOAD_AMOUNT_NOT_SOLD = auto()
    RELOAD_CARD_MISSING = auto()
    RELOAD_CARD_EXPIRED = auto()
    RELOAD_FOR_NOBODY = auto()
    RELOAD_TERMS_CHANGED = auto()

    RECEIPT_UNKNOWN = auto()
    REFUND_PAGE_OUTDATED = auto()
    REFUND_AMOUNT_CHANGED = auto()
    REFUND_REASON_UNREADABLE = auto()
    NOTHING_TO_REFUND = auto()
    REFUND_OUT_OF_BOUNDS = auto()
    REFUND_BEYOND_UNUSED = auto()

    CONTACT_MISSING = auto()
    SUBJECT_MISSING = auto()
    SUBJECT_TOO_LONG = auto()
    BODY_MISSING = auto()
    BODY_TOO_LONG = auto()
    DRAFT_TOO_LONG = auto()

    SEAT_NAME_MISSING = auto()
    SEAT_KIND_UNKNOWN = auto()
    SEAT_CANNOT_DRIVE = auto()
    CODE_MISSING = auto()
    SCENARIO_MISSING = auto()
    SCENARIO_UNREADABLE = auto()
    NOTE_MISSING = auto()
    TOO_MANY_NOTES = auto()

    def __call__(self, **about: int | str) -> Fact:
        """The problem with the details that its sentence needs: `Problem.TOO_LONG(most=80, length=93)`."""
        return Fact(self, about)


@dataclass(frozen=True, slots=True)
class Fact:
    """A problem and its details. The sentence formats `credits` and `cents` as such, and other numbers unchanged."""

    problem: Problem
    about: Mapping[str, int | str] = field(default_factory=dict)

    def __str__(self) -> str:
        told = "".join(f", {name} {value}" for name, value in self.about.items())
        return self.problem.name.lower().replace("_", " ") + told


def fields_with_problems(**problems: Fact | None) -> dict[str, Fact]:
    """The fields with a problem, in the given order."""
    return {name: fact for name, fact in problems.items() if fact}
