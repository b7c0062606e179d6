"""Problems with form fields, as facts. `domain/problem_sentences.py` has the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class Problem(Enum):
    """A kind of problem. Calling it with its details makes a `Fact`."""

    TOO_LONG = auto()
    EMAIL_MISSING = auto()
    EMAIL_UNREADABLE = auto()
    EMAIL_IS_THE_SAME = auto()
    EMAIL_TAKEN = auto()
    NAME_MISSING = auto()
    NAME_WITHOUT_LETTERS = auto()

    PASSWORD_MISSING = auto()
    PASSWORD_WRONG = auto()
    PASSWORD_TOO_LONG = auto()
    CURRENT_PASSWORD_MISSING = auto()
    CURRENT_PASSWORD_WRONG = auto()
    ONE_TIME_CODE_MISSING = auto()
    ONE_TIME_CODE_WRONG = auto()
    TOO_MANY_PASSKEYS = auto()
    ROLE_UNKNOWN = auto()
    ALREADY_ON_THE_TEAM = auto()
    KIOSK_CODE_MISSING = auto()
    KIOSK_CODE_WRONG = auto()
    KIOSK_NAME_MISSING = auto()
    INMATE_NUMBER_MISSING = auto()
    PIN_MISSING = auto()
    NEW_PIN_MISSING = auto()
    PIN_UNREADABLE = auto()
    PIN_IS_COMMON = auto()
    PIN_IS_THE_NUMBER = auto()
    PIN_IS_THE_SAME = auto()
    PINS_DIFFER = auto()
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
    FACILITY_NAME_MISSING = auto()
    TOO_MANY_RULES = auto()
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
    LETTER_NUMBER_UNREADABLE = auto()
    DAY_UNREADABLE = auto()
    PERIOD_OUT_OF_BOUNDS = auto()
    REFUND_PAGE_OUTDATED = auto()
    REFUND_AMOUNT_CHANGED = auto()
    REFUND_REASON_UNREADABLE = auto()
    NOTHING_TO_REFUND = auto()
    REFUND_OUT_OF_BOUNDS = auto()
    REFUND_BEYOND_UNUSED = auto()

    REASON_MISSING = auto()
    REMARK_TOO_LONG = auto()
    NOTE_TOO_LONG = auto()
    NOTE_NEEDED = auto()
    RETURN_TIME_WRONG = auto()
    APPEAL_MISSING = auto()
    APPEAL_TOO_LONG = auto()
    FILTER_NAME_MISSING = auto()
    BLOCK_REASON_MISSING = auto()
    LANGUAGE_UNKNOWN = auto()

    RULE_KIND_UNKNOWN = auto()
    RULE_NAME_MISSING = auto()
    RULE_REASON_MISSING = auto()
    WORDS_MISSING = auto()
    WORD_WITHOUT_LETTERS = auto()
    WORD_TOO_LONG = auto()
    TOO_MANY_WORDS = auto()
    PATTERN_MISSING = auto()
    PATTERN_NOT_CLOSED = auto()
    PATTERN_REPEATS_NOTHING = auto()
    PATTERN_TOO_LARGE = auto()
    PATTERN_LOOKS_AROUND = auto()
    PATTERN_ESCAPES = auto()
    PATTERN_UNREADABLE = auto()
    PATTERN_MATCHES_NOTHING = auto()
    TOO_MANY_PATTERNS = auto()
    SENDER_UNKNOWN = auto()
    SENDER_AMBIGUOUS = auto()
    PERSON_UNKNOWN = auto()
    LANGUAGES_MISSING = auto()
    RULE_DATE_WRONG = auto()
    OUT_OF_BOUNDS = auto()
    CANNOT_BE_PUBLISHED = auto()
    PUBLISHED_TEXT_MISSING = auto()

    HANDOVER_UNKNOWN = auto()

    EMAIL_NOT_CONFIRMED = auto()
    LOCATION_MISSING = auto()
    BAR_NUMBER_UNREADABLE = auto()
    BAR_STATE_MISSING = auto()
    END_OUT_OF_BOUNDS = auto()
    REFUSAL_REASON_MISSING = auto()
    ENDING_REASON_MISSING = auto()
    OPENING_REASON_TOO_SHORT = auto()

    SETTING_NOT_OFFERED = auto()
    HOURS_OUT_OF_BOUNDS = auto()
    DAYS_OUT_OF_BOUNDS = auto()
    REPLIES_OUT_OF_BOUNDS = auto()
    PRICE_OUT_OF_BOUNDS = auto()
    PERCENT_OUT_OF_BOUNDS = auto()
    PHOTOS_OUT_OF_BOUNDS = auto()
    PHOTO_CREDITS_OUT_OF_BOUNDS = auto()

    TOO_MANY_PHOTOS = auto()
    NO_PHOTOS_HERE = auto()
    PHOTO_NOT_READY = auto()

    CONTACT_MISSING = auto()
    SUBJECT_TOO_LONG = auto()
    BODY_MISSING = auto()
    BODY_TOO_LONG = auto()
    DRAFT_TOO_LONG = auto()

    SEAT_NAME_MISSING = auto()
    SEAT_KIND_UNKNOWN = auto()
    SEAT_CANNOT_DRIVE = auto()
    SEAT_CANNOT_BE_FOLLOWED = auto()
    CODE_MISSING = auto()
    SCENARIO_MISSING = auto()
    SCENARIO_UNREADABLE = auto()
    NOTE_MISSING = auto()
    LETTERS_UNREADABLE = auto()
    TOO_MANY_NOTES = auto()
    REQUIREMENTS_MISSING = auto()
    REQUIREMENTS_KNOWN = auto()
    REQUIREMENT_TOO_LONG = auto()
    TOO_MANY_REQUIREMENTS = auto()
    WORLD_FILE_MISSING = auto()
    WORLD_FILE_UNKNOWN = auto()
    WORLD_FILE_ALTERED = auto()
    WORLD_FILE_OF_OTHERS = auto()
    WORLD_FILE_TOO_LARGE = auto()
    WORLD_FILE_TOO_NEW = auto()

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
