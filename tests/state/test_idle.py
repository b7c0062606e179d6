"""Idle staff: what a person does counts as use, and what a page does by itself does not."""

from datetime import timedelta

import pytest

from rxconnect import routes
from rxconnect.domain.accounts import Role
from rxconnect.state.staff.desk import DeskState
from rxconnect.state.staff.idle import IdleState
from tests.state.driver import let_pass, name_of, sign_in

MINUTE = timedelta(minutes=1)


@pytest.fixture
def tab(server, actor, facility):
    """The tab of a reviewer who has just signed in."""
    return server.tab(sign_in(actor(role=Role.REVIEWER, facility_id=facility()))).open(routes.STAFF)


def is_signed_out(tab):
    tab.forget_frames().send(name_of(IdleState, "look"))
    return bool(tab.redirects)


def minutes_left(tab):
    return round(tab.call(IdleState.look).shown(IdleState, "left") / 60)


def test_the_browser_learns_how_long_the_sign_in_lasts(tab):
    assert (minutes_left(tab), tab.shown(IdleState, "warn")) == (30, 120)


def test_asking_how_long_it_lasts_is_no_use_of_it(tab):
    for left in (20, 10, 1):
        let_pass((10 if left > 1 else 9) * MINUTE)
        assert minutes_left(tab) == left
    let_pass(2 * MINUTE)
    assert is_signed_out(tab)


def test_one_press_to_stay_begins_the_half_hour_anew(tab):
    let_pass(29 * MINUTE)
    assert round(tab.call(IdleState.stay).shown(IdleState, "left") / 60) == 30
    let_pass(29 * MINUTE)
    assert not is_signed_out(tab)


def test_a_move_to_another_page_is_use(tab):
    let_pass(20 * MINUTE)
    tab.go(routes.STAFF_PROFILE)
    assert minutes_left(tab) == 30


def test_a_page_that_comes_back_after_a_lost_connection_is_no_use(tab):
    let_pass(20 * MINUTE)
    tab.open(routes.STAFF)
    assert tab.shown(DeskState, "ready")
    assert minutes_left(tab) == 10


def test_twelve_hours_are_the_most_however_much_is_done(tab):
    for _ in range(35):
        let_pass(20 * MINUTE)
        tab.call(IdleState.stay)
    assert minutes_left(tab) == 20
    let_pass(21 * MINUTE)
    assert is_signed_out(tab)


def test_a_shorter_time_is_a_setting(tab, setting):
    setting(staff_idle=3)
    assert (minutes_left(tab), tab.shown(IdleState, "warn")) == (3, 60)
    let_pass(4 * MINUTE)
    assert is_signed_out(tab)
