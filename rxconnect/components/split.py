"""Several seats of a demo session side by side (`split.js`)."""

import reflex as rx


class Split(rx.Component):
    """The frames. `state` is the name of the State of the room, `frame` the address of the page that each begins with."""

    library = "$/utils/split.js"
    tag = "Split"

    state: rx.Var[str]
    frame: rx.Var[str]


split = Split.create
