"""The offer to undo what was just removed (`undo.js`)."""

from typing import Any

import reflex as rx


class Undo(rx.Component):
    """Part of the region of notices. `removal` is a `domain.removals.RemovalView`, or none. Its children close it."""

    library = "$/utils/undo.js"
    tag = "Undo"

    removal: rx.Var[Any]
    on_undo: rx.EventHandler[rx.event.passthrough_event_spec(int)]


undo = Undo.create
