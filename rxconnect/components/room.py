"""The strip of a demo session on every page, and following. `room.js` loads the rest only inside a session."""

import reflex as rx


class Room(rx.Component):
    """The strip at the top of the page. `state` is the name of the State of the room.

    `home` is the room's address for somebody who goes there, `room` for somebody who waits there to be led away again, and
    `judge` that of the letters that it judges.
    """

    library = "$/utils/room.js"
    tag = "Room"

    state: rx.Var[str]
    home: rx.Var[str]
    room: rx.Var[str]
    judge: rx.Var[str]


room = Room.create
