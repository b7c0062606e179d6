"""The pages of somebody who works for several facilities, as something else at each."""

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.services.accounts import staff
from rxconnect.state.session import SessionState
from rxconnect.state.staff.finance import FinanceState
from tests.state.driver import sign_in


@pytest.fixture
def places(facility):
    return {name: facility(name=name) for name in ("Alder", "Birch", "Cedar", "Dogwood")}


@pytest.fixture
def tab(server, actor, places):
    """A tab of a reviewer at Alder, an auditor at Birch and an administrator at Cedar."""
    robin = actor(role=Role.REVIEWER, facility_id=places["Alder"])
    for name, role in (("Birch", Role.AUDITOR), ("Cedar", Role.ADMINISTRATOR)):
        db.write(staff.assign, robin.account_id, places[name], role)
    return server.tab(sign_in(robin))


def test_the_bar_offers_what_any_of_the_posts_allows(tab):
    tab.open(routes.STAFF)
    assert {"review messages", "see finance", "manage staff"} <= set(tab.shown(SessionState, "permissions"))
    assert "show demos" not in tab.shown(SessionState, "permissions")


def test_the_address_says_which_facility_and_else_it_is_the_first(tab, places):
    for query, name, may_refund in (("", "Birch", False), (f"?facility={places['Cedar']}", "Cedar", True)):
        view = tab.open(f"{routes.FINANCE}{query}").shown(FinanceState, "view")
        assert (view["facility"], view["facility_id"], view["may_refund"]) == (name, places[name], may_refund)


@pytest.mark.parametrize("name", ["Alder", "Dogwood"])
def test_a_facility_whose_finance_one_may_not_see_shows_nothing(tab, places, name):
    tab.open(f"{routes.FINANCE}?facility={places[name]}")
    assert (tab.shown(FinanceState, "view"), tab.shown(FinanceState, "is_refused")) == (None, True)
