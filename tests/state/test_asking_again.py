"""The password asked for again in the middle of something: one is led to the form and back, and what was typed is there."""

from datetime import timedelta

import pytest

from rxconnect import db, routes
from rxconnect.domain import clock
from rxconnect.domain.accounts import FRESH_FOR, Role
from rxconnect.services.accounts import sign_ins
from rxconnect.state import words
from rxconnect.state.family.auto_reloads import AutoReloadState
from rxconnect.state.family.profile import ProfileState
from rxconnect.state.session import SessionState
from rxconnect.state.staff.finance import FinanceState
from rxconnect.state.staff.profile import StaffProfileState
from tests.services.buying import buy
from tests.state.driver import name_of, sign_in


@pytest.fixture
def stale(server, actor):
    """`stale(…)`: a tab of an account whose password was given too long ago."""

    def open_tab(**fields):
        with clock.at(clock.now() - FRESH_FOR - timedelta(seconds=1)):
            return server.tab(sign_in(actor(**fields)))

    return open_tab


def give_password(tab):
    """What the form does once the password is right."""
    db.write(sign_ins.store_password_check, db.read(sign_ins.actor_for, tab.cookie))
    tab.forget_frames()


def notice(tab):
    return tab.shown(SessionState, "notice")


def test_a_refund_by_staff_asks_for_the_password_and_nothing_that_was_typed_is_lost(stale, actor, facility):
    place = facility()
    number = buy(actor(), place).receipt_number
    here = f"{routes.FINANCE}?period=this-year"
    tab = stale(role=Role.ADMINISTRATOR, facility_id=place).open(here)
    tab.send(name_of(FinanceState, "look_up_receipt"), {"form": {"number": number}})
    typed = {"form": {"credits": "3", "reason": "The line was down & out"}}
    tab.send(name_of(FinanceState, "refund"), typed)
    assert tab.redirects[-1] == f"{routes.STAFF_CONFIRM}?next=/staff/finance%3Fperiod%3Dthis-year"
    give_password(tab)
    tab.open(here)
    assert notice(tab) == words.password_confirmed_notice()
    assert tab.shown(FinanceState, "found")["number"] == number
    assert (tab.shown(FinanceState, "credits"), tab.shown(FinanceState, "reason")) == ("3", "The line was down & out")
    tab.send(name_of(FinanceState, "refund"), typed)
    assert "is going back to" in notice(tab)
    assert tab.open(here).shown(FinanceState, "found") is None


def test_turning_auto_reload_on_asks_for_the_password_and_turning_it_off_does_not(server, life):
    own = life()
    with clock.at(clock.now() - FRESH_FOR - timedelta(seconds=1)):
        tab = server.tab(sign_in(own.actor))
    here = routes.fill(routes.AUTO_RELOAD, own.facility_id)
    tab.open(here).send(name_of(AutoReloadState, "turn_on"), {"form": {"level": "11", "credits": "40", "cap": "$31"}})
    if not tab.redirects:
        # What one agrees to is shown first, whenever it is not what stood there.
        tab.send(name_of(AutoReloadState, "turn_on"), {"form": {"level": "11", "credits": "40", "cap": "$31"}})
    assert tab.redirects[-1].startswith(f"{routes.CONFIRM}?next={here}")
    give_password(tab)
    tab.open(here)
    assert [tab.shown(AutoReloadState, each) for each in ("level", "credits", "cap")] == ["11", "40", "$31"]
    tab.send(name_of(AutoReloadState, "turn_on"), {"form": {"level": "11", "credits": "40", "cap": "$31"}})
    assert tab.said(AutoReloadState) == ""
    assert tab.shown(AutoReloadState, "auto_reload")["is_on"]
    with clock.at(clock.now() + FRESH_FOR + timedelta(seconds=1)):
        tab.call(AutoReloadState.turn_off)
    assert not tab.shown(AutoReloadState, "auto_reload")["is_on"]


def test_who_did_not_give_the_password_finds_what_was_typed_as_well_and_is_told_nothing(stale, actor, facility):
    place = facility()
    number = buy(actor(), place).receipt_number
    tab = stale(role=Role.ADMINISTRATOR, facility_id=place).open(routes.FINANCE)
    tab.send(name_of(FinanceState, "look_up_receipt"), {"form": {"number": number}})
    tab.send(name_of(FinanceState, "refund"), {"form": {"credits": "3", "reason": "The line was down"}})
    tab.forget_frames().open(routes.FINANCE)
    assert tab.shown(FinanceState, "reason") == "The line was down"
    assert notice(tab) == ""


@pytest.mark.parametrize(
    ("address", "screen", "role"),
    [(routes.PROFILE, ProfileState, None), (routes.STAFF_PROFILE, StaffProfileState, Role.REVIEWER)],
)
def test_a_page_lists_where_one_is_signed_in_and_ends_another_browser(server, actor, facility, address, screen, role):
    owner = actor(role=role, facility_id=facility() if role else None)
    tab, other = server.tab(sign_in(owner)).open(address), server.tab(sign_in(owner))
    here, there = tab.open(address).shown(screen, "sign_ins")
    assert (here["is_this"], there["is_this"]) == (True, False)
    tab.call(screen.end_sign_in(there["id"]))
    assert [each["id"] for each in tab.shown(screen, "sign_ins")] == [here["id"]]
    assert other.open(address).redirects[-1].startswith(routes.SIGN_IN)
    tab.call(screen.end_sign_in(there["id"]))
    assert "could not find this sign-in" in tab.said(screen)
