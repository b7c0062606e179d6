"""Removals: what a family removes with one press, and can have back for a minute (decision 0073)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rxconnect.i18n import N_, _

# A removal can be undone for so long. The page offers it for `SHOWN_FOR`, and as long as somebody's focus or pointer is at the
# offer, since not everybody presses within seconds. A press may be late on a slow line, so the server allows a little more.
UNDO_FOR = timedelta(minutes=1)
SHOWN_FOR = timedelta(seconds=10)
LATENCY = timedelta(seconds=5)
NAME_MAX = 200


class RemovalKind(StrEnum):
    """What was removed. A withdrawn message is one, too."""

    CONTACT = "contact"
    DRAFT = "draft"
    LOCATION = "location"
    MESSAGE = "message"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class RemovalView:
    """A removal that can still be undone; `sentence` says what happened.

    From now on it is offered for `seconds`, which may be 0, and can be undone for `undoable_seconds`.
    """

    id: int
    sentence: str
    seconds: int
    undoable_seconds: int


def removed_sentence(kind: RemovalKind, name: str) -> str:
    """What happened."""
    sentence = _UNNAMED.get(kind, _REMOVED[kind]) if not name else _REMOVED[kind]
    return _(sentence).format(name=name)


def restored_sentence(kind: RemovalKind, name: str) -> str:
    """What is true again after an undo."""
    return _(_RESTORED[kind]).format(name=name)


_REMOVED = {
    RemovalKind.CONTACT: N_("{name} was removed. Your letters are kept."),
    RemovalKind.DRAFT: N_("Your draft “{name}” was discarded."),
    RemovalKind.LOCATION: N_("{name} was removed. Your credits and letters there are kept."),
    RemovalKind.MESSAGE: N_("Your message was withdrawn, and your credits came back."),
    RemovalKind.PHOTO: N_("{name} was removed."),
}
_UNNAMED = {RemovalKind.DRAFT: N_("Your draft was discarded.")}
_RESTORED = {
    RemovalKind.CONTACT: N_("{name} is one of your contacts again."),
    RemovalKind.DRAFT: N_("Your draft is back."),
    RemovalKind.LOCATION: N_("{name} is one of your locations again."),
    RemovalKind.MESSAGE: N_("Your message waits to be read, as if you had not withdrawn it."),
    RemovalKind.PHOTO: N_("{name} is back."),
}
