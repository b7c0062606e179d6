"""Reads ids and query values from the page's address. A user can type any address, so all parsing is here."""

from typing import Any

from rxconnect.domain.errors import NotFound
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.text import storable


def current(state: Any) -> str:
    """The address of the page, with its query."""
    url = state.router.url
    return f"{url.path}?{url.query}" if url.query else url.path


def path_segment(state: Any, position: int = 2) -> str:
    """The part of the path at `position`, "" when there is none: part 2 of `/compose/7/send` is `7`."""
    parts = storable(state.router.url.path).split("/")
    return parts[position] if position < len(parts) else ""


def id_in_path(state: Any, what: str, position: int = 2) -> int:
    """The id at `position` of the path. Raises `NotFound(what)` when it is not an id."""
    return _parse_id(path_segment(state, position), what)


def id_in_query(state: Any, name: str, what: str) -> int | None:
    """The id in the query called `name`, None when there is none."""
    value = query_value(state, name)
    return _parse_id(value, what) if value else None


def query_value(state: Any, name: str) -> str:
    """The value of `name` in the query, "" when there is none."""
    return storable(state.router.url.query_parameters.get(name, ""))[:200]


def _parse_id(text: str, what: str) -> int:
    found = whole_number(text)
    if found is None:
        raise NotFound(what)
    return found
