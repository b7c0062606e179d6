"""A demo session with a facility of the audience's own: the fields of the trainer's form, and its limits."""

from __future__ import annotations

from dataclasses import dataclass

from rxconnect.i18n import N_

NAME_MAX, CITY_MAX = 160, 80
# The published rules, one a line.
MOST_RULES, RULE_MAX = 20, 400

# The fields of the form, in the order of the page.
FIELDS = ("name", "city", "state", "price_cents", "promised_hours", "rules", "words", "pattern")
# The names of the two rules of screening that the form keeps.
WORDS_NAME, PATTERN_NAME = N_("Your facility's words"), N_("Your facility's pattern")


@dataclass(frozen=True, slots=True)
class SavedFacility:
    """What was saved. `waiting` is whether a rule holds so much that a second administrator must agree first.

    `is_beginning` is whether the world begins like this from now on, since no step of the scenario is done.
    """

    facility: str
    is_beginning: bool
    waiting: bool
