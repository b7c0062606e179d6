"""What needs a password that was given lately: it is refused with nothing done, and done once the password was given."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from rxconnect import db, services
from rxconnect.domain import clock
from rxconnect.domain.accounts import FRESH_FOR, NEEDS_PASSWORD, Actor, ActorKind, Permission, Role
from rxconnect.domain.auto_reloads import Terms
from rxconnect.domain.browsers import Browser
from rxconnect.domain.errors import Invalid, PasswordNeeded, RxConnectError, Throttled
from rxconnect.services.accounts import accounts, sign_ins, staff
from rxconnect.services.kiosk import devices, pins
from rxconnect.services.lawyers import reviews
from rxconnect.services.privilege import break_glass, sealed
from rxconnect.services.purchases import auto_reloads
from rxconnect.services.refunds import staff_refunds
from rxconnect.services.team import team

PASSWORD = "a harbor lantern 41"
TERMS = Terms(level=1, credits=20, price_cents=25, cap_cents=5_000, card_id=1)

# Every permission that needs it, with something that only who has it may do.
DONE_BY = {
    Permission.REFUND: lambda actor: staff_refunds.request_refund(actor, "RX-NONE", 1, "Asked for by phone"),
    Permission.SET_AUTO_RELOAD: lambda actor: db.write(auto_reloads.save, actor, 1, TERMS),
    Permission.MANAGE_STAFF: lambda actor: db.write(team.remove, actor, 1, 999_999),
    Permission.VERIFY_LAWYERS: lambda actor: db.write(reviews.end_early, actor, 999_999, "It was a mistake"),
    Permission.SEAL_LETTERS: lambda actor: db.write(sealed.create, actor, 999_999),
    Permission.BREAK_GLASS: lambda actor: db.write(break_glass.decline, actor, 999_999),
    Permission.MANAGE_KIOSKS: lambda actor: db.write(devices.revoke, actor, 1, 999_999),
    Permission.SET_PINS: lambda actor: db.write(pins.give, actor, 1, 999_999),
}
# They only look at what such a permission is about.
ONLY_LOOK = {"offer", "overview", "my_posts", "team", "verifying_at", "sealing_at", "_glass_view", "kiosks"}
# Photos of a letter that its reader has opened with the password just before.
ONLY_LOOK |= {"photo_store"}


@pytest.fixture
def someone(facility):
    """`someone(role)`: the actor of a real sign-in, whose password was given `age` ago."""
    place = facility()

    def add(role: Role | None, age: timedelta = timedelta(0)) -> Actor:
        fields = {"email": "robin@example.com", "name": "Robin Reyes", "password": PASSWORD}
        account_id = db.write(accounts.create_account, kind=ActorKind.STAFF if role else ActorKind.FAMILY, **fields)
        if role:
            db.write(staff.assign, account_id, place, role)
        now = clock.now()
        with clock.at(now - age):
            token = db.write(sign_ins.create_sign_in, account_id, Browser("192.0.2.7"))
            db.read(sign_ins.actor_for, token)
        for minutes in range(0, int(age / timedelta(minutes=1)), 20):
            with clock.at(now - age + timedelta(minutes=minutes)):
                db.read(sign_ins.actor_for, token)
        actor = db.read(sign_ins.actor_for, token)
        assert actor is not None
        return actor

    return add


def role_for(permission):
    return None if permission is Permission.SET_AUTO_RELOAD else Role.ADMINISTRATOR


def test_everything_that_needs_it_was_looked_at():
    assert set(DONE_BY) == NEEDS_PASSWORD


@pytest.mark.parametrize("permission", sorted(NEEDS_PASSWORD))
def test_after_a_quarter_of_an_hour_the_password_is_asked_for_again(someone, permission):
    stale = someone(role_for(permission), FRESH_FOR + timedelta(minutes=1))
    with pytest.raises(PasswordNeeded):
        DONE_BY[permission](stale)


@pytest.mark.parametrize("permission", sorted(NEEDS_PASSWORD))
def test_until_then_it_is_not(someone, permission):
    with pytest.raises(RxConnectError) as refusal:
        DONE_BY[permission](someone(role_for(permission), FRESH_FOR - timedelta(minutes=1)))
    assert not isinstance(refusal.value, PasswordNeeded)


def test_no_service_asks_only_for_the_permission_where_the_password_is_needed_too():
    """`actor.may` and `actor.facilities` would let through whom `actor.must` asks for the password."""
    found = set()
    for file in Path(services.__file__).parent.glob("**/*.py"):
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef):
                found |= {function.name for node in ast.walk(function) if _asks_only_for_the_permission(node)}
    assert found <= ONLY_LOOK


def _asks_only_for_the_permission(node: ast.AST) -> bool:
    needing = {f"Permission.{permission.name}" for permission in NEEDS_PASSWORD}
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("may", "facilities")
        and any(ast.unparse(arg) in needing for arg in node.args)
    )


def test_the_password_given_again_counts_for_another_quarter_of_an_hour_in_this_browser_only(someone):
    stale = someone(None, FRESH_FOR + timedelta(minutes=1))
    other = db.write(sign_ins.create_sign_in, stale.account_id, Browser("192.0.2.8"))
    with clock.at(clock.now() + FRESH_FOR + timedelta(minutes=1)):
        with pytest.raises(Invalid):
            accounts.confirm_password(stale, "wrong wrong")
        accounts.confirm_password(stale, PASSWORD)
        assert not db.read(sign_ins.actor_for, other).is_fresh
    with db.reading() as session:
        again = session.get_one(sign_ins.SignIn, stale.sign_in_id).password_at
    assert again > stale.password_at + FRESH_FOR


def test_guesses_at_the_password_asked_for_again_wait_longer_and_hinder_no_other_sign_in(someone):
    thief = someone(None)
    owner = db.read(sign_ins.actor_for, db.write(sign_ins.create_sign_in, thief.account_id, Browser("192.0.2.8")))
    for _ in range(10):
        with pytest.raises(Invalid):
            accounts.check_password(thief, "wrong wrong")
    with pytest.raises(Throttled):
        accounts.check_password(thief, PASSWORD)
    accounts.check_password(owner, PASSWORD)
