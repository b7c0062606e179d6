"""Facilities: their opening status, and the read model with price and rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from rxconnect.domain import states
from rxconnect.domain.own_texts import OwnText
from rxconnect.i18n import N_, _

# Stripe charges no less than this, so a smaller purchase would never succeed (https://docs.stripe.com/currencies,
# "Minimum and maximum charge amounts").
LEAST_CHARGE_CENTS = 50

# A name of this length fits everywhere.
_SHORT_ENOUGH = 20
# What kind of place it is, at the end of a name.
_KIND_OF_PLACE = re.compile(
    r"(?: (?:State|Federal|Community|Adult|Regional|Medium|Minimum|Maximum|Security))*"
    r"(?: (?:(?:Correctional|Corrections|Detention|Transitional|Treatment|Reception|Work)"
    r" (?:Center|Facility|Institution|Institute|Complex|Unit)"
    r"|Prison|Penitentiary|Jail))$"
)


class Opening(StrEnum):
    """Whether a facility takes messages through RxConnect now."""

    OPEN = "open"
    PAUSED = "paused"
    LISTED = "listed"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The status in a few words."""
        return _(_OPENINGS[self][0])

    @property
    def tone(self) -> str:
        """`good`, `wait` or `bad`: the colour family of the label."""
        return _OPENINGS[self][1]

    @property
    def explanation(self) -> str:
        """One sentence that explains the status to a family."""
        return _(_OPENINGS[self][2])


_OPENINGS = {
    Opening.OPEN: (N_("Open for messages"), "good", N_("You can write to people here now.")),
    Opening.PAUSED: (
        N_("Paused for now"),
        "wait",
        N_(
            "The facility has paused messages. You can add it and find your person; writing opens again when the facility does."
        ),
    ),
    Opening.LISTED: (
        N_("Not open yet"),
        "wait",
        N_("This facility does not use RxConnect yet. You can add it, and we will show here when it opens."),
    ),
    Opening.CLOSED: (N_("Closed"), "bad", N_("This facility has closed. People were moved elsewhere.")),
}


class WaitingLetters(StrEnum):
    """What happens to letters that wait for a person who moves to another facility.

    `REROUTE` sends them after the person, at no higher price, if the new facility is open; otherwise their credits come
    back. `KEEP` leaves them waiting until they expire, for facilities whose people often return.
    """

    REROUTE = "reroute"
    KEEP = "keep"
    GIVE_BACK = "give back"

    @property
    def label(self) -> str:
        """The rule as staff choose it."""
        return _(_WAITING_LETTERS[self])


_WAITING_LETTERS = {
    WaitingLetters.REROUTE: N_("They follow the person, at no higher price, if the new facility is open"),
    WaitingLetters.KEEP: N_("They wait here for the person to come back, until they expire"),
    WaitingLetters.GIVE_BACK: N_("They end, and their credits go back to the family"),
}


@dataclass(frozen=True, slots=True)
class FacilityView:
    """A facility as a browser sees it. `price_cents` is the price of one credit, all included, and `price` its text."""

    id: int
    key: str
    name: str
    place: str
    address: str
    opening: str
    opening_label: str
    opening_tone: str
    opening_explanation: str
    price_cents: int
    price: str
    min_credits: int
    max_credits: int
    character_limit: int
    characters_per_credit: int
    rules: list[OwnText]
    is_open: bool
    is_my_location: bool = False


def city_and_state(city: str, state: str) -> str:
    """`Walla Walla, WA`, or only the part that is known."""
    return ", ".join(filter(None, (city, state)))


def short_name(name: str) -> str:
    """A facility's name for narrow places, without the kind of place: `Cedar Ridge Correctional Center` -> `Cedar Ridge`.

    It stays as it is when it is short enough, or when only a state would be left. Two facilities of a town may share it.
    """
    if len(name) <= _SHORT_ENOUGH:
        return name
    short = _KIND_OF_PLACE.sub("", name)
    return name if short in states.NAMES.values() else short
