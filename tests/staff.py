"""Staff who can really sign in: with a password, and an app for one-time codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pyotp import TOTP

from rxconnect import db
from rxconnect.domain import clock
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import SecondStepNeeded
from rxconnect.services.accounts import accounts, sign_ins, staff
from rxconnect.services.second_factors import code_apps, second_steps

PASSWORD = "a harbor lantern 41"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Member:
    """A member of staff."""

    account_id: int
    email: str

    def enter_password(self, browser: Browser) -> str:
        """Enter the right password. Returns the token with which the second factor is given."""
        try:
            sign_ins.sign_in(self.email, PASSWORD, browser)
        except SecondStepNeeded as step:
            return step.token
        raise AssertionError("The password alone has signed in.")

    def sign_in(self, browser: Browser) -> Actor:
        """Sign in with the password and a code."""
        token = second_steps.finish_sign_in(self.enter_password(browser), browser, code=code_at())
        actor = db.read(sign_ins.actor_for, token)
        assert actor is not None
        return actor


def new_member(
    email: str = "robin@example.com",
    facility_id: int | None = None,
    role: Role = Role.REVIEWER,
    *,
    has_app: bool = True,
) -> Member:
    """A member of staff. The app's first code was used an hour ago."""
    fields = {"email": email, "name": "Robin Reyes", "password": PASSWORD, "kind": ActorKind.STAFF, "verified": True}
    account_id = db.write(accounts.create_account, **fields)
    if facility_id:
        db.write(staff.assign, account_id, facility_id, role)
    if has_app:
        add_app(account_id)
    return Member(account_id, email)


def add_app(account_id: int) -> None:
    """Set up an app with `SECRET`, an hour ago."""
    with clock.at(clock.now() - timedelta(hours=1)):
        assert db.write(code_apps.set_up, account_id, SECRET, code_at())


def code_at(moment: datetime | None = None) -> str:
    """The code that the app shows at a moment, or now."""
    return TOTP(SECRET).at(moment or clock.now())
