"""Learns from the rows of a file how it writes whole names: which name comes first, and what stands between them."""

from __future__ import annotations

from rxconnect.services.shapes.given_names import GIVEN_NAMES
from rxconnect.services.shapes.names import (
    PARTICLES,
    SUFFIXES,
    Order,
    pieces_of,
    suffix_of_words,
    without_suffixes,
    words_of,
)


def order_of(names: list[str], *, header: str = "") -> Order:
    """How a file writes these whole names. `header` is the name of their column: `Name (Last, First)` says it."""
    named = header.casefold()
    says = None if "last" not in named or "first" not in named else named.index("last") < named.index("first")
    commas = sum(len(without_suffixes(pieces_of(name, Order()))[1]) > 1 for name in names)
    if says is not False and commas * 2 >= len(names):
        return Order(last_first=True)
    plain = [name for name in names if "," not in name]
    gaps = sum("  " in name.strip() for name in plain)
    # Programs that join names leave two blanks where the middle name is empty; then most names have one blank.
    has_gaps = gaps * 10 > len(plain) * 9
    votes = _votes_for_last_first(plain) if says is None else 2 * says - 1
    return Order(votes > 0 or (votes == 0 and has_gaps), has_commas=False, has_gaps=has_gaps, is_guess=votes == 0)


def _votes_for_last_first(names: list[str]) -> int:
    """How much these names without a comma show that the last name is in front: initials, particles and first names tell."""
    votes = 0
    for name in names:
        _, words = suffix_of_words("", words_of(name.upper()))
        if len(words) < 2:
            continue
        if len(words) > 2:
            votes += 2 * ((len(words[-1].strip(".")) == 1) - (len(words[1].strip(".")) == 1))
            votes += 2 * ((words[0] in PARTICLES and words[0] not in GIVEN_NAMES) - (words[-2] in PARTICLES))
            votes += 2 * (words[1].strip(".") in SUFFIXES)
        # A first name in the middle follows a last name as well as another first name, so only the ends tell.
        votes += (words[-1] in GIVEN_NAMES) - (words[0] in GIVEN_NAMES)
    return votes
