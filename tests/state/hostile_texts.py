"""Texts that are slow to handle, put into every argument of every handler, and how much of a processor each takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from reflex_base.registry import RegistrationContext

from rxconnect.state.guard import Id, LongText, Text
from tests.state.driver import Tab

# Each of a wanted length, in characters.
SLOW: dict[str, Callable[[int], str]] = {
    "combining marks": lambda length: "\u0315\u0300" * (length // 2),
    "emoji that are joined": lambda length: "👩\u200d" * (length // 2),
    "turns from right to left": lambda length: "\u202e\u05d0" * (length // 2),
    "blanks": lambda length: " " * length,
    "digits": lambda length: "1" * length,
    "one letter": lambda length: "a" * length,
    "brackets that stay open": lambda length: "(" * length,
}
# Every field of every form that a handler reads. One that is not among them is not read.
FIELDS = (
    *(
        "number",
        "recipient",
        "expiry",
        "postcode",
        "name",
        "first_name",
        "last_name",
        "born",
        "credits",
        "reason",
        "level",
        "cap",
    ),
    *("subject", "body", "text", "note", "answer", "remark", "email", "role"),
    *("facility", "held_for", "language", "is_overdue", "claim"),
    *("opening", "promised_hours", "price_cents", "when_moved", "release_after_days", "asks_for_contacts", "accept"),
    *("second_reading_share", "foreign_reading_share", "has_warm_up"),
    *(f"rule_{number}" for number in range(1, 7)),
    *(f"column_{field}" for field in ("number", "name", "first_name", "last_name", "birth_date", "housing", "status")),
    *("words", "pattern", "sender", "person", "languages", "most", "until", "is_published", "published_text"),
    *("releases_clean", "ceiling", "letters"),
    *("lawyer_facility", "lawyer_name", "bar_number", "bar_state", "last_day"),
)
_OTHERS = {Id: 1, bool: True}


def handlers() -> dict[str, dict[str, Any]]:
    """Our own handlers that take text, by name: the kinds of their arguments."""
    ours = {
        name: dict(registered.handler.fn.__annotations__)
        for name, registered in RegistrationContext.get().event_handlers.items()
        if hasattr(registered.handler.fn, "__guard__")
    }
    return {name: kinds for name, kinds in ours.items() if any(map(takes_text, kinds.values()))}


def takes_text(kind: Any) -> bool:
    """Whether an argument of this kind is text, or a form of texts."""
    return kind not in _OTHERS


def is_choice(kind: Any) -> bool:
    """Whether an argument of this kind is one of a few texts."""
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def filled(kinds: dict[str, Any], text: str) -> dict[str, Any]:
    """Arguments of these kinds, with `text` in every place that takes text."""
    return {argument: _value(kind, text) for argument, kind in kinds.items()}


def payloads(length: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Handler, text, and arguments with the text at `length` where a letter may stand, and at a tenth of it elsewhere."""
    for name, kinds in handlers().items():
        is_long = any(kind in (LongText, dict[str, LongText]) for kind in kinds.values())
        for what, text in SLOW.items():
            yield name, what, filled(kinds, text(length if is_long else length // 10))


def cost(tab: Tab, name: str, payload: dict[str, Any]) -> float:
    """Milliseconds of processor that an event takes, with everything that follows from it."""
    began = time.process_time()
    tab.send(name, payload)
    return (time.process_time() - began) * 1000


def _value(kind: Any, text: str) -> Any:
    if kind in (Text, LongText) or is_choice(kind):
        return text
    if kind in _OTHERS:
        return _OTHERS[kind]
    # A frame of the socket has room for one long text.
    return dict.fromkeys(FIELDS, text[:1_000]) | {"body": text}
