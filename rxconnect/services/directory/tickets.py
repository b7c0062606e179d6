"""Tickets: signed proof that a search has shown a person to an account. Clients cannot find people by trying ids.

A ticket is not stored, so it works in every tab and on every server.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor
from rxconnect.domain.errors import Invalid, NotFound
from rxconnect.domain.problems import Problem
from rxconnect.services.accounts import tokens

# The walkthrough stores the typed query for the same time.
_LASTS = timedelta(days=1)
_TICKET = re.compile(r"([0-9]{1,10})-([0-9]{1,12})-([0-9a-f]{64})")


def issue_ticket(actor: Actor, inmate_id: int) -> str:
    """A new ticket for a person in the actor's search results."""
    return _signed_ticket(actor, inmate_id, int((clock.now() + _LASTS).timestamp()))


def inmate_of(actor: Actor, ticket: str) -> int:
    """The inmate id in a ticket.

    Raises `NotFound` for a ticket that was not issued to this actor, and `Invalid` (form) for an expired one.
    """
    parts = _TICKET.fullmatch(ticket)
    if parts is None:
        raise NotFound("person")
    inmate_id, until = int(parts[1]), int(parts[2])
    if not hmac.compare_digest(ticket, _signed_ticket(actor, inmate_id, until)):
        raise NotFound("person")
    if until < clock.now().timestamp():
        raise Invalid(form=Problem.INMATE_LIST_OUTDATED())
    return inmate_id


def _signed_ticket(actor: Actor, inmate_id: int, until: int) -> str:
    return f"{inmate_id}-{until}-{tokens.keyed_hash('person found', f'{actor.account_id} {inmate_id} {until}')}"
