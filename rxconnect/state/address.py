"""What the page's address says: its varying part, and its query. Typed by anyone, so parsed here, and nowhere else."""

from typing import Any

from rxconnect.domain.errors import NotFound
from rxconnect.domain.numbers import whole_number
from rxconnect.domain.text import storable


def current(state: Any) -> str:
    """The address of the page, with its query."""
    url = state.router.url
    return f"{url.path}?{url.query}" if url.query else url.path


def part(state: Any, position: int = 2) -> str:
    """The part of the path at `position`: `/compose/7/send` -> part 2 is `7`."""
    parts = storable(state.router.url.path).split("/")
    return parts[position] if position < len(parts) else ""


def id_in_path(state: Any, what: str, position: int = 2) -> int:
    """The id at `position` of the path. Raises `NotFound(what)` when it is no id."""
    return _id(part(state, position), what)


def id_in_query(state: Any, name: str, what: str) -> int | None:
    """The id in the query called `name`, None when there is none."""
    value = query(state, name)
    return _id(value, what) if value else None


def query(state: Any, name: str) -> str:
    """The text in the query called `name`."""
    return storable(state.router.url.query_parameters.get(name, ""))[:200]


def _id(text: str, what: str) -> int:
    found = whole_number(text)
    if found is None:
        raise NotFound(what)
    return found
