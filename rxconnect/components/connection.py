"""Shows a lost connection, and refuses presses while it is lost (`connection.js`)."""

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors as is_offline


class Connection(rx.Component):
    """A sentence while the server cannot be reached. `is_unavailable`: it answers, but could not load the page."""

    # The framework's own script imports the same module (`frontend.HonestConnection`).
    library = "$/utils/connection.js"
    tag = "Connection"

    has_errors: rx.Var[bool]
    is_loading: rx.Var[bool]
    is_unavailable: rx.Var[bool]


def connection(*, is_unavailable: Any) -> rx.Component:
    """The connection's status line, in the frame of every page."""
    return Connection.create(has_errors=is_offline, is_loading=~rx.State.is_hydrated, is_unavailable=is_unavailable)
