"""The warning before staff are signed out for being idle (`idle.js`)."""

import reflex as rx


class Idle(rx.Component):
    """A dialog `warn` seconds before the sign-in of the `account` ends. `account` is the `browser_key` of its text."""

    library = "$/utils/idle.js"
    tag = "Idle"

    left: rx.Var[float]
    warn: rx.Var[int]
    account: rx.Var[str]
    sign_in: rx.Var[str]
    on_look: rx.EventHandler[rx.event.no_args_event_spec]
    on_stay: rx.EventHandler[rx.event.no_args_event_spec]


idle_warning = Idle.create
