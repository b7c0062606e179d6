"""What a page shows of the demo session that it is in, and following (`room.js`, which loads the rest in a session alone)."""

import reflex as rx


class Room(rx.Component):
    """The strip at the top of the page. `state` is the name of the State of the room, `home` the address of its page."""

    library = "$/utils/room.js"
    tag = "Room"

    state: rx.Var[str]
    home: rx.Var[str]


room = Room.create
