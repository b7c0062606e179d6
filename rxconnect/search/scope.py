"""The scope of a search for people."""

from __future__ import annotations

from typing import NamedTuple


class Scope(NamedTuple):
    """One facility, one state (its two-letter code), or everywhere."""

    facility_id: int | None = None
    state: str = ""
