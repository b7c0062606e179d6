"""States are made when they are first asked for, and a page that was here before is told all of them."""

from __future__ import annotations

import pytest
from reflex.state import State

from rxconnect import routes
from rxconnect.state.family.dashboard import DashboardState
from rxconnect.state.family.purchases import AmountState
from tests.built_values import built_values
from tests.state.driver import LOAD_PAGE, sign_in


def test_a_page_makes_only_the_states_that_it_needs(server, life):
    tab = server.tab(sign_in(life().actor)).open(routes.DASHBOARD)
    made = server.root(tab).substates
    assert DashboardState.get_name() in made.keys()  # noqa: SIM118 - `in` knows those that are not made yet, too
    assert len(made) < 10 < len(State.get_substates())


def test_a_state_that_no_page_has_asked_for_is_there_when_one_does(server, life):
    tab = server.tab(sign_in(life().actor)).open(routes.DASHBOARD)
    assert AmountState.get_name() not in server.root(tab).substates.keys()  # noqa: SIM118
    tab.go(routes.BUY_CREDITS).call(AmountState.type_credits("33"))
    assert (tab.held(AmountState).credits, tab.shown(AmountState, "credits")) == ("33", "33")


def test_a_page_that_was_here_before_gets_every_state_anew(server, life):
    tab = server.tab(sign_in(life().actor)).open(routes.BUY_CREDITS)
    tab.call(AmountState.type_credits("33")).go(routes.DASHBOARD)
    # As after a restart of the server, or ten minutes without a connection.
    server.forget(tab)
    tab.forget_frames().send(LOAD_PAGE)
    assert set(tab.told) >= {state.get_full_name() for state in State.get_substates() if state.base_vars}
    assert tab.shown(AmountState, "credits") == AmountState.get_fields()["credits"].default


def test_a_page_that_was_built_with_other_values_is_told_ours(server, life):
    tab = server.tab(sign_in(life().actor)).open(routes.DASHBOARD)
    _values, hashes = built_values()
    place = sorted(State(_reflex_internal_init=True).dict()).index(AmountState.get_full_name())
    others = [*hashes]
    others[place + 1] = "0000000000000000"
    server.forget(tab)
    tab.forget_frames().send(LOAD_PAGE, {"hashes": others})
    assert tab.told[AmountState.get_full_name()]["credits_rx_state_"] == ""
    assert AmountState.get_name() in server.root(tab).substates.keys()  # noqa: SIM118


@pytest.mark.parametrize("hashes", [None, [], ["0"] * 5, "x" * 76, {"0": "1"}])
def test_what_is_no_list_of_hashes_gets_every_state(server, life, hashes):
    tab = server.tab(sign_in(life().actor)).open(routes.DASHBOARD)
    server.forget(tab)
    tab.forget_frames().send(LOAD_PAGE, {"hashes": hashes})
    assert len(server.root(tab).substates.keys()) == len(State.get_substates())
