"""Facilities, read by somebody who is not signed in."""

from rxconnect import routes
from rxconnect.state.door.facilities import FacilityListState, FacilityPageState


def test_a_stranger_finds_a_facility_and_reads_its_page(server, facility):
    facility(key="cedar", name="Cedar Ridge", price_cents=25)
    tab = server.tab().open(routes.FACILITIES)
    assert [one["name"] for one in tab.shown(FacilityListState, "facilities")] == ["Cedar Ridge"]
    tab.call(FacilityListState.search("nothing like it"))
    assert tab.shown(FacilityListState, "facilities") == []
    tab.open(routes.fill(routes.FACILITY, "cedar"))
    assert tab.shown(FacilityPageState, "facility")["price"] == "25\u00a0¢"
    assert tab.redirects == []


def test_an_unknown_facility_is_said_to_be_unknown_and_the_last_one_is_not_shown(server, facility):
    facility(key="cedar", name="Cedar Ridge")
    tab = server.tab().open(routes.fill(routes.FACILITY, "cedar"))
    tab.go(routes.fill(routes.FACILITY, "nowhere"))
    assert tab.said(FacilityPageState) != ""
    assert tab.shown(FacilityPageState, "facility") is None
    assert tab.shown(FacilityPageState, "ready")


def test_a_long_search_is_refused_in_words(server, facility):
    tab = server.tab().open(routes.FACILITIES)
    tab.call(FacilityListState.search("cedar " * 400))
    assert "at most" in tab.said(FacilityListState)
