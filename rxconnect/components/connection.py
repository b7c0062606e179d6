"""What a page says of its connection to us, and what it refuses while there is none (`connection.js`)."""

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors as is_offline


class Connection(rx.Component):
    """A sentence while we cannot be reached. `is_unavailable`: we can, but could not load the page."""

    # The framework's own script asks the same one (`frontend.HonestConnection`).
    library = "$/utils/connection.js"
    tag = "Connection"

    has_errors: rx.Var[bool]
    is_loading: rx.Var[bool]
    is_unavailable: rx.Var[bool]


def connection(*, is_unavailable: Any) -> rx.Component:
    """The sentence about the connection, for the frame of every page."""
    return Connection.create(has_errors=is_offline, is_loading=~rx.State.is_hydrated, is_unavailable=is_unavailable)
