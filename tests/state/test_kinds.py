"""Every handler, called by every kind of actor: each reaches its own, and nothing of another kind's."""

import pytest
from sqlalchemy.exc import IntegrityError

from rxconnect import db, routes
from rxconnect.domain.accounts import ActorKind, Role
from rxconnect.models import Account
from rxconnect.state.kiosk.letters import InsideState
from tests.state.driver import sign_in, sign_in_at_kiosk
from tests.state.lives import everything
from tests.state.test_guards import OURS, _guarded_by, _payload, _sign_in_of

KINDS = [ActorKind.FAMILY, ActorKind.STAFF, ActorKind.KIOSK]


@pytest.fixture
def signed_in(server, life, actor, facility):
    """`signed_in(kind)`: a tab of such an actor, in a database in which a family has one of everything."""

    def open_tab(kind):
        own = life("Xanthippe")
        if kind is ActorKind.KIOSK:
            return server.tab(kiosk=sign_in_at_kiosk(life("Balthazar").person)).open(routes.home_of(kind))
        is_staff = kind is ActorKind.STAFF
        who = actor(role=Role.ADMINISTRATOR, facility_id=own.facility_id) if is_staff else actor(kind=kind)
        return server.tab(sign_in(who)).open(routes.home_of(kind))

    return open_tab


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_reaches_a_handler_of_another(signed_in, kind):
    tab = signed_in(kind)
    before = everything()
    others = [name for other in KINDS if other is not kind for name in _guarded_by(other)]
    assert len(others) > 5
    for name in others:
        tab.forget_frames().send(name, _payload(name))
        assert tab.redirects == [_led_to(kind, name, tab.address)], name
        assert "Xanthippe" not in tab.heard, name
    assert everything() == before


def _led_to(kind, name, page):
    """Where somebody of a kind is led by another's handler. A kiosk has another cookie, so there nobody is signed in."""
    if ActorKind.KIOSK in (kind, OURS[name].handler.fn.__guard__):
        return _sign_in_of(name, page)
    return routes.home_of(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_kiosk_passes_the_guard_of_the_kiosk(signed_in, kind):
    tab = signed_in(kind).forget_frames().call(InsideState.load)
    assert ("Balthazar Writer" in tab.heard) == (kind is ActorKind.KIOSK)


def test_the_token_of_one_cookie_opens_nothing_in_another(server, life):
    own = life()
    family, inside = sign_in(own.actor), sign_in_at_kiosk(own.person)
    tab = server.tab(inside, kiosk=family).open(routes.DASHBOARD)
    assert set(tab.redirects) == {f"{routes.SIGN_IN}?next={routes.DASHBOARD}"}
    assert set(tab.forget_frames().open(routes.KIOSK_INBOX).redirects) == {routes.KIOSK}


def test_every_handler_is_of_one_of_these_kinds_or_of_a_seat_or_for_everyone():
    assert {entry.handler.fn.__guard__ for entry in OURS.values()} <= {"public", "seat", *KINDS}


def test_nobody_can_sign_in_as_the_system(database):
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.add(Account(email="rx@example.org", name="Rx", password_hash="none", kind=ActorKind.SYSTEM))
        session.flush()
