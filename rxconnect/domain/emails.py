"""Emails from RxConnect, as the demonstration's outbox page shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EmailView:
    """One email of the outbox. `link` is the first link in its body, or ""."""

    id: int
    recipient: str
    subject: str
    body: str
    link: str
    at: str
