"""Keeps a page's content while its server restarts (`steady.js`)."""

import reflex as rx


class Steady(rx.Component):
    """Shows its children each State as it last was when `ready`, until it is ready again.

    `session` is the name of the State whose `browser_key` identifies the page's account.
    """

    library = "$/utils/steady.js"
    tag = "Steady"

    session: rx.Var[str]


steady = Steady.create
