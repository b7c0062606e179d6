"""Accounts for the measurements, created through the services in the server's own database."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from rxconnect import db
from rxconnect.config import DEMO_PASSWORD
from rxconnect.demo.facilities import CEDAR_RIDGE
from rxconnect.domain.accounts import Actor, ActorKind
from rxconnect.domain.browsers import Browser
from rxconnect.services.accounts import accounts, sign_ins
from rxconnect.services.dashboard import walkthrough
from rxconnect.services.directory import facilities

_count = itertools.count(1)


@dataclass(frozen=True)
class Family:
    """A signed-in family account; `cookie` is a `Cookie` header."""

    actor: Actor
    token: str

    @property
    def cookie(self) -> str:
        return f"{sign_ins.cookie_name()}={self.token}"


def new_family() -> Family:
    """A new family account."""
    email, name = f"family-{next(_count)}@example.org", "Nina Okafor"
    with db.transaction() as session:
        account_id = accounts.create_account(session, email=email, name=name, password=DEMO_PASSWORD, verified=True)
        return Family(Actor(account_id, name, email, ActorKind.FAMILY), sign_ins.create_sign_in(session, account_id))


def family_at_cedar_ridge() -> Family:
    """A family whose walkthrough has reached Find inmate."""
    family = new_family()
    with db.transaction() as session:
        facility_id = facilities.get_by_key(session, CEDAR_RIDGE).id
        facilities.add_location(session, family.actor, facility_id)
        walkthrough.begin(session, family.actor)
        walkthrough.choose_facility(session, family.actor, facility_id)
    return family


def rosa() -> Family:
    """Rosa, who has written for a year, in a new browser each time."""
    token = sign_ins.sign_in("rosa@example.com", DEMO_PASSWORD, Browser("127.0.0.1"))
    actor = db.read(sign_ins.actor_for, token)
    assert actor is not None
    return Family(actor, token)
