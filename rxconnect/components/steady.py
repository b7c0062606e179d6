"""A page that stays as it is while its server comes back (`steady.js`)."""

import reflex as rx


class Steady(rx.Component):
    """What is inside sees each State as it was when it was last `ready`, until it is so again.

    `session` is the name of the State that says, by its `browser_key`, whose page this is.
    """

    library = "$/utils/steady.js"
    tag = "Steady"

    session: rx.Var[str]


steady = Steady.create
