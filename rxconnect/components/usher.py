"""Leads a follower from the room of a demo session into the product (`usher.js`)."""

import reflex as rx


class Usher(rx.Component):
    """Part of the room's page. `state` is the name of the State of the room, `says` the sentence until the driver opens a page."""

    library = "$/utils/usher.js"
    tag = "Usher"

    state: rx.Var[str]
    says: rx.Var[str]


usher = Usher.create
