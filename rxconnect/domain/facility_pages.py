"""What anybody may know of a facility before they sign up: price, rules, review time and address, in sentences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FacilityPageView:
    """A facility's page. `address` is a line each; `costs` and `ways` are sentences."""

    id: int
    key: str
    name: str
    kind: str
    place: str
    address: list[str]
    is_open: bool
    opening_label: str
    opening_tone: str
    opening_explanation: str
    price: str
    costs: list[str]
    review_time: str
    ways: list[str]
    rules: list[str]


@dataclass(frozen=True, slots=True)
class FacilityLine:
    """A facility in the public list, with its price; "" while it is not open, since nothing can be bought there."""

    key: str
    name: str
    place: str
    is_open: bool
    opening_label: str
    opening_tone: str
    price: str
