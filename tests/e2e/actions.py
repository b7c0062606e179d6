"""What many browser tests do: make an account of one's own, and sign in as people do."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from playwright.sync_api import Page

from rxconnect import db, routes
from rxconnect.config import DEMO_PASSWORD
from rxconnect.domain.accounts import Actor, Role
from rxconnect.services import accounts

_count = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """An account that only one test uses."""

    email: str
    actor: Actor


def new_family(name: str = "Nina Okafor") -> Person:
    """A family account with a verified address and nothing else: no location, no contact, no credits, no card."""
    email = f"family-{next(_count)}@example.org"
    with db.transaction() as session:
        account_id = accounts.create_account(session, email=email, name=name, password=DEMO_PASSWORD, verified=True)
    return Person(email, Actor(account_id, name, email, Role.FAMILY))


def sign_in(page: Page, email: str, password: str = DEMO_PASSWORD) -> None:
    """Sign in through the form, and wait for the page behind it."""
    page.goto(routes.SIGN_IN)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: routes.SIGN_IN not in url)
