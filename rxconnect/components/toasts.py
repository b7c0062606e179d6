"""The region of notices at the edge of a page (`toasts.js`)."""

import reflex as rx


class Toasts(rx.Component):
    """Says its children to a screen reader, closes with Escape, and gives the focus back to where it was.

    A button with the attribute `data-close` closes it, too.
    """

    library = "$/utils/toasts.js"
    tag = "Toasts"

    on_close: rx.EventHandler[rx.event.no_args_event_spec]


toasts = Toasts.create
