"""The settings of a facility that its administrators keep, and the read models of their page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain.facilities import Opening, WaitingLetters
from rxconnect.domain.inside import MOST_FREE_REPLIES, Period
from rxconnect.domain.languages import LANGUAGES
from rxconnect.domain.own_texts import TextsInLanguage
from rxconnect.domain.photos import MOST_PHOTO_CREDITS, MOST_PHOTOS
from rxconnect.domain.team import Choice
from rxconnect.i18n import N_, _

MOST_HOURS = 720
MOST_DAYS = 60
MOST_CENTS = 1_000
MOST_REPLY_DAYS = 3_650
RULE_TEXT_MAX = 400
# An administrator pauses and resumes messages. Only operators list, open and close a facility.
OPENINGS = (Opening.OPEN, Opening.PAUSED)


class Setting(StrEnum):
    """A setting, or another change by an administrator that is kept in the list of changes."""

    OPENING = "opening"
    PROMISED_HOURS = "promised_hours"
    PRICE_CENTS = "price_cents"
    MOST_PHOTOS = "most_photos"
    PHOTO_CREDITS = "photo_credits"
    WHEN_MOVED = "when_moved"
    RELEASE_AFTER_DAYS = "release_after_days"
    ASKS_FOR_CONTACTS = "asks_for_contacts"
    SECOND_READING_SHARE = "second_reading_share"
    FOREIGN_READING_SHARE = "foreign_reading_share"
    HAS_WARM_UP = "has_warm_up"
    READS_ON_KIOSKS = "reads_on_kiosks"
    SHOWS_OPENED = "shows_opened"
    FREE_REPLIES = "free_replies"
    FREE_REPLIES_PER = "free_replies_per"
    REPLY_CREDIT_DAYS = "reply_credit_days"
    LANGUAGE = "language"
    REASON = "reason"
    TRANSLATION = "translation"
    NAME = "name"
    PLACE = "place"
    RULES = "rules"
    ROSTER = "roster"
    SPLIT = "split"

    @property
    def label(self) -> str:
        """The setting's name."""
        return _(_SETTINGS[self])


_SETTINGS = {
    Setting.OPENING: N_("Messages"),
    Setting.PROMISED_HOURS: N_("Promised time to decide"),
    Setting.PRICE_CENTS: N_("Price of a credit"),
    Setting.MOST_PHOTOS: N_("Photos in a letter"),
    Setting.PHOTO_CREDITS: N_("Price of a photo"),
    Setting.WHEN_MOVED: N_("Waiting letters of somebody who moves"),
    Setting.RELEASE_AFTER_DAYS: N_("Missing people count as released"),
    Setting.ASKS_FOR_CONTACTS: N_("New contacts"),
    Setting.SECOND_READING_SHARE: N_("Decided letters that are read again"),
    Setting.FOREIGN_READING_SHARE: N_("Of letters in another language than English, at least"),
    Setting.HAS_WARM_UP: N_("Warm-up at the beginning of a shift"),
    Setting.READS_ON_KIOSKS: N_("Letters are read"),
    Setting.SHOWS_OPENED: N_("Show families when letters were opened"),
    Setting.FREE_REPLIES: N_("Free replies of each person"),
    Setting.FREE_REPLIES_PER: N_("Free replies are given"),
    Setting.REPLY_CREDIT_DAYS: N_("A paid answer can be written"),
    Setting.LANGUAGE: N_("Language of the facility"),
    Setting.REASON: N_("Reason for a rejection"),
    Setting.TRANSLATION: N_("Text in another language"),
    Setting.NAME: N_("Name of the facility"),
    Setting.PLACE: N_("Town and state"),
    Setting.RULES: N_("Published rules"),
    Setting.ROSTER: N_("Import of the roster taken back"),
    Setting.SPLIT: N_("One person made two again, by their numbers"),
}


# Changes that have a form of their own, or none.
_NO_COLUMNS = (
    Setting.REASON, Setting.TRANSLATION, Setting.NAME, Setting.PLACE, Setting.RULES, Setting.ROSTER, Setting.SPLIT
)  # fmt: skip
# Settings that are columns of `Facility` under the same name: what an administrator's page and a file of facilities may set.
COLUMNS = tuple(setting for setting in Setting if setting not in _NO_COLUMNS)
# The least and the most of a number.
BOUNDS = {
    Setting.PROMISED_HOURS: (1, MOST_HOURS),
    Setting.RELEASE_AFTER_DAYS: (1, MOST_DAYS),
    Setting.REPLY_CREDIT_DAYS: (1, MOST_REPLY_DAYS),
    Setting.FREE_REPLIES: (0, MOST_FREE_REPLIES),
    Setting.SECOND_READING_SHARE: (0, 100),
    Setting.FOREIGN_READING_SHARE: (0, 100),
    Setting.MOST_PHOTOS: (0, MOST_PHOTOS),
    Setting.PHOTO_CREDITS: (1, MOST_PHOTO_CREDITS),
}
# What can be chosen, other than yes or no.
OFFERED: dict[Setting, tuple[str, ...]] = {
    Setting.WHEN_MOVED: tuple(WaitingLetters),
    Setting.FREE_REPLIES_PER: tuple(Period),
    Setting.LANGUAGE: tuple(LANGUAGES),
}
YES_OR_NO = (Setting.ASKS_FOR_CONTACTS, Setting.HAS_WARM_UP, Setting.READS_ON_KIOSKS, Setting.SHOWS_OPENED)


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A reason for a rejection as the facility publishes it. `own` is the facility's own text, "" for the standard one."""

    label: str
    text: str
    own: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change: by whom and when, and the setting before and after it, in words."""

    id: int
    by: str
    at: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SettingsView:
    """The settings of one facility, and the facilities of the member of staff who looks.

    `values` are the settings as a form has them, by `Setting`, and `told` the same in words, as (label, words).
    `openings` is empty when only operators can change the opening.
    """

    facility_id: int
    facility: str
    facilities: list[Choice]
    may_change: bool
    values: dict[str, str]
    told: list[tuple[str, str]]
    openings: list[tuple[str, str]]
    reasons: list[ReasonText]
    translations: list[TextsInLanguage]
    changes: list[ChangeView]
