"""Tickets: proof that a search has shown somebody to an account, so that ids cannot be tried out to learn who is where.

A ticket is signed and kept nowhere. So it holds in every tab and on every server, whatever either has forgotten since.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.services.accounts import tokens

# As long as what was typed to find somebody is remembered (`walkthrough`).
_LASTS = timedelta(days=1)
_TICKET = re.compile(r"([0-9]{1,10})-([0-9]{1,12})-([0-9a-f]{64})")


def issue(actor: Actor, inmate_id: int) -> str:
    """The ticket of a person whom a search shows the actor now."""
    return _signed(actor, inmate_id, int((clock.now() + _LASTS).timestamp()))


def inmate_of(actor: Actor, ticket: str) -> int:
    """The id of the person whose ticket this is.

    Raises `NotFound` unless it is the actor's own, and `Invalid` (form) when it is too old.
    """
    parts = _TICKET.fullmatch(ticket)
    if parts is None:
        raise NotFound("person")
    inmate_id, until = int(parts[1]), int(parts[2])
    if not hmac.compare_digest(ticket, _signed(actor, inmate_id, until)):
        raise NotFound("person")
    if until < clock.now().timestamp():
        raise Invalid(form="This list is more than a day old. Please press Search once more, and then Select.")
    return inmate_id


def _signed(actor: Actor, inmate_id: int, until: int) -> str:
    return f"{inmate_id}-{until}-{tokens.hashed('person found', f'{actor.account_id} {inmate_id} {until}')}"
