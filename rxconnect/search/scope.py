"""Where to look for people."""

from __future__ import annotations

from typing import NamedTuple


class Scope(NamedTuple):
    """At one facility, in one state (its two letters), or everywhere."""

    facility_id: int | None = None
    state: str = ""
