"""Asks the server again every few seconds (`again.js`)."""

import reflex as rx


class Again(rx.Component):
    """Stands beside a sentence that becomes untrue with time, and not by a change in the database."""

    library = "$/utils/again.js"
    tag = "Again"

    on_look: rx.EventHandler[rx.event.no_args_event_spec]


again = Again.create
