"""Every handler, called by every kind of actor: each reaches its own, and nothing of another kind's."""

import pytest
import reflex as rx
from sqlalchemy.exc import IntegrityError

from rxconnect import db, routes
from rxconnect.domain import refusals
from rxconnect.domain.accounts import Actor, ActorKind, Role
from rxconnect.domain.errors import NotAllowed
from rxconnect.models import Account
from rxconnect.state.guard import kiosk
from rxconnect.state.session import Screen
from tests.state.driver import sign_in
from tests.state.lives import everything
from tests.state.test_guards import OURS, _guarded_by, _payload

KINDS = [ActorKind.FAMILY, ActorKind.STAFF, ActorKind.KIOSK]


class KioskState(Screen, rx.State):
    """What only a kiosk may see. The kiosk itself is not built yet."""

    secret: str = ""

    @kiosk
    async def load(self, actor: Actor):
        """Show it."""
        self.secret = f"for {actor.kind}"


@pytest.fixture
def signed_in(server, life, actor, facility):
    """`signed_in(kind)`: a tab of such an actor, in a database in which a family has one of everything."""

    def open_tab(kind):
        own = life()
        who = (
            actor(role=Role.ADMINISTRATOR, facility_id=own.facility_id) if kind is ActorKind.STAFF else actor(kind=kind)
        )
        return server.tab(sign_in(who)).open(routes.home_of(kind) or routes.TERMS)

    return open_tab


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_reaches_a_handler_of_another(signed_in, kind):
    tab = signed_in(kind)
    before = everything()
    others = [name for other in KINDS if other is not kind for name in _guarded_by(other)]
    assert len(others) > 5
    for name in others:
        tab.forget_frames().send(name, _payload(name))
        if home := routes.home_of(kind):
            assert tab.redirects == [home], name
        else:
            assert tab.said(OURS[name].states[0]) == refusals.sentence(NotAllowed()), name
        assert "Xanthippe" not in tab.heard, name
    assert everything() == before


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_kiosk_passes_the_guard_of_the_kiosk(signed_in, kind):
    tab = signed_in(kind).call(KioskState.load)
    assert tab.shown(KioskState, "secret") == ("for kiosk" if kind is ActorKind.KIOSK else "")


def test_every_handler_is_of_one_of_these_kinds_or_of_a_seat_or_for_everyone():
    assert {entry.handler.fn.__guard__ for entry in OURS.values()} <= {"public", "seat", *KINDS}


def test_nobody_can_sign_in_as_the_system(database):
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.add(Account(email="rx@example.org", name="Rx", password_hash="none", kind=ActorKind.SYSTEM))
        session.flush()
