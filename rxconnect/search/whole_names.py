"""Ways to read a name of which both parts were typed into one field: `Delgado, Marcus`, `Marcus A. Delgado Jr`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rxconnect.search.names import TypedName, typed_name
from rxconnect.search.normalise import PARTICLES, SUFFIXES, first_name, folded_words, last_name, name_key, suffix_of

# The costs of the order that is less usual: `Delgado Marcus`, and `Marcus, Delgado`.
_LAST_NAME_FIRST, _COMMA_THE_WRONG_WAY = 1, 2
_COMMA = re.compile(r"[,;，、]")
_MOST_SPLITS = 5


def ways_to_read(first: str, last: str) -> tuple[TypedName, ...]:
    """The typed names as they stand, and then with the parts of a whole name told apart; empty without a name."""
    plain = typed_name(first, last)
    if not (plain.first.whole or plain.last.whole):
        return ()
    if plain.first.whole and plain.last.whole:
        return (plain, *_with_a_name_typed_twice(first, last))
    text = last if plain.last.whole else first
    return (plain, *_told_apart(text))


def usual_fields(first: str, last: str) -> tuple[str, str]:
    """The first and the last name as they would be in their own fields."""
    if name_key(first) and name_key(last):
        return first, last
    text = last if name_key(last) else first
    if listed := _split_at_comma(text):
        return listed
    words = text.split()
    return (words[0], " ".join(words[1:])) if len(name_key(text).split()) > 1 else (first, last)


def _told_apart(text: str) -> Iterator[TypedName]:
    if listed := _split_at_comma(text):
        yield _whole(*listed, suffix_of(text), _COMMA_THE_WRONG_WAY)
        return
    words = name_key(text).split()
    for end in _ends_of_a_name(words):
        yield _whole(" ".join(words[:end]), " ".join(words[end:]), suffix_of(text), _LAST_NAME_FIRST)


def _whole(first: str, last: str, suffix: str, swapped: int) -> TypedName:
    return TypedName(first_name(first), last_name(last), suffix_of(last) or suffix_of(first) or suffix, swapped)


def _split_at_comma(text: str) -> tuple[str, str] | None:
    """First and last name of `Delgado Jr., Marcus`; None without a comma, or if only a suffix follows it."""
    pieces = [piece.strip() for piece in _COMMA.split(text) if name_key(piece)]
    suffixes = [piece for piece in pieces if folded_words(piece) in SUFFIXES]
    names = [piece for piece in pieces if piece not in suffixes]
    if len(names) < 2:
        return None
    return " ".join(names[1:]), " ".join([names[0], *suffixes])


def _ends_of_a_name(words: list[str]) -> list[int]:
    """Where one name may end and the next begin: not after a particle, unless that is a first name, as in `Al Green`."""
    ends = [end for end in range(1, len(words)) if end == 1 or words[end - 1] not in PARTICLES]
    return ends if len(ends) <= _MOST_SPLITS else [*ends[:2], *ends[-2:]]


def _with_a_name_typed_twice(first: str, last: str) -> Iterator[TypedName]:
    """For `Marcus` and `Marcus Delgado`, or `Marcus` and `Delgado, M`: each name once."""
    firsts, lasts = name_key(first).split(), name_key(last).split()
    if firsts == lasts:
        yield from _told_apart(last) if len(lasts) > 1 else ()
    elif set(firsts) < set(lasts):
        yield typed_name(first, f"{_without(last, firsts)} {suffix_of(last)}")
    elif set(lasts) < set(firsts):
        yield typed_name(f"{_without(first, lasts)} {suffix_of(first)}", last)
    elif listed := _split_at_comma(last):
        yield typed_name(f"{first} {_without(listed[0], firsts)}", listed[1])
    elif listed := _split_at_comma(first):
        yield typed_name(listed[0], f"{_without(listed[1], lasts)} {last}")


def _without(text: str, words: list[str]) -> str:
    return " ".join(word for word in name_key(text).split() if word not in words)
