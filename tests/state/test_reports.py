"""The page of reports, handler by handler."""

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.domain.messages import Reason
from rxconnect.services.reports import prints
from rxconnect.services.review import review
from rxconnect.state.staff.reports import ReportsState
from tests.services.scheduling.running import run_job
from tests.state.driver import sign_in


@pytest.fixture
def page(server, life, actor):
    """`page(role)`: the page in a tab of somebody who works where a family has written."""

    def begin(role=Role.AUDITOR, query=""):
        own = life()
        db.write(review.reject, actor(role=Role.REVIEWER, facility_id=own.facility_id), own.message_id, Reason.CODED)
        who = actor(role=role, facility_id=own.facility_id)
        return server.tab(sign_in(who)).open(f"{routes.REPORTS}{query}"), own

    return begin


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_may_sees_the_last_30_days_of_their_own_facility(page, role):
    tab, own = page(role)
    view = tab.shown(ReportsState, "view")
    assert view["facility_id"] == own.facility_id
    assert [line["name"] for line in view["reasons"]] == ["Coded language"]
    assert [one["is_chosen"] for one in tab.shown(ReportsState, "periods")].index(True) == 0


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.TRAINER])
def test_others_learn_for_whom_the_page_is(page, role):
    tab, _own = page(role)
    tab.call(ReportsState.make_pdf)
    assert (tab.shown(ReportsState, "view"), tab.shown(ReportsState, "is_refused")) == (None, True)
    assert tab.shown(ReportsState, "prints") == []


def test_two_dates_lead_to_the_report_of_these_days(page):
    tab, own = page()
    tab.call(ReportsState.show_dates({"first": "2026-03-09", "last": "2026-03-05"}))
    assert tab.redirects == []
    assert "before the first" in tab.shown(ReportsState, "problems")["last"]
    tab.call(ReportsState.show_dates({"first": "2026-03-05", "last": "2026-03-09"}))
    assert tab.redirects == [f"{routes.REPORTS}?facility={own.facility_id}&period=2026-03-05..2026-03-09"]
    tab.go(tab.redirects[0])
    assert tab.shown(ReportsState, "months") == "March 2026"
    assert (tab.shown(ReportsState, "first"), tab.shown(ReportsState, "last")) == ("2026-03-05", "2026-03-09")
    assert tab.shown(ReportsState, "view")["reasons"] == []


def test_the_page_shows_how_far_a_pdf_is_by_itself(page, server):
    tab, _own = page()
    tab.call(ReportsState.make_pdf)
    assert [one["is_ready"] for one in tab.shown(ReportsState, "prints")] == [False]
    run_job(lambda *after: prints.make_due(lambda _asked, _figures: b"%PDF", *after))
    tab.call(ReportsState.refresh)
    assert [one["is_ready"] for one in tab.shown(ReportsState, "prints")] == [True]
