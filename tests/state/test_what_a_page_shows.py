"""What a press is about is what the page showed: staff choose nothing else, and what comes to be shown is recorded."""

from __future__ import annotations

import pytest
from sqlmodel import select

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.domain.terms import VERSION
from rxconnect.models import StaffView
from rxconnect.services.lawyers import requests
from rxconnect.services.screening import submissions
from rxconnect.state.staff.desk import DeskState
from rxconnect.state.staff.lawyers import LawyersState
from rxconnect.state.staff.print_batches import PrintState
from rxconnect.state.staff.sealed import SealedState
from tests.privileged import privileged_at
from tests.services.lawyers.verified import GIVEN, day
from tests.state.driver import sign_in


@pytest.fixture
def page(server, life, actor):
    """`page(address)`: a tab of an administrator, and the life of a family at the facility."""

    def opened(address=routes.STAFF):
        own = life()
        who = actor(role=Role.ADMINISTRATOR, facility_id=own.facility_id, name="Ada Young")
        return server.tab(sign_in(who)).open(address), own

    return opened


def test_a_letter_that_comes_to_stand_beside_the_open_one_is_recorded_once(page):
    tab, own = page()
    tab.call(DeskState.open(own.message_id))
    new = db.write(submissions.send, own.actor, own.draft_id, accepted_terms=VERSION)
    for _again in range(2):
        tab.call(DeskState.refresh)
    assert new in [one["message_id"] for one in tab.shown(DeskState, "letter")["beside"]]
    with db.reading() as session:
        assert session.exec(select(StaffView.kind).where(StaffView.message_id == new)).all() == ["beside"]


def test_only_parts_and_pages_that_are_shown_can_be_chosen(page):
    tab, own = page()
    tab.call(DeskState.choose_part(own.item_id)).call(DeskState.open(own.message_id))
    tab.call(DeskState.choose_part(999_999)).call(DeskState.choose_part(own.item_id))
    assert tab.shown(DeskState, "parts") == [own.item_id]
    theirs = privileged_at(own.facility_id)
    for state, batch_id, page_id in (
        (PrintState, own.batch_id, own.page_id),
        (SealedState, theirs.batches[0], theirs.pages[0]),
    ):
        tab.call(state.except_page(page_id, "undeliverable")).call(state.open_batch(batch_id))
        tab.call(state.except_page(999_999, "undeliverable")).call(state.except_page(page_id, "undeliverable"))
        assert tab.shown(state, "outcomes") == {str(page_id): "undeliverable"}


def test_a_corrected_request_is_shown_again_before_it_is_verified(page):
    tab, own = page(routes.LAWYERS)
    (asked,) = tab.shown(LawyersState, "view")["waiting"]
    tab.call(LawyersState.open_form(asked["id"], False))
    db.write(requests.ask, own.actor, own.facility_id, **GIVEN | {"bar_number": "54321"})
    tab.call(LawyersState.verify({"last_day": day(90)}))
    assert "has changed" in tab.said(LawyersState)
    assert [one["bar_number"] for one in tab.shown(LawyersState, "view")["waiting"]] == ["54321"]
    tab.call(LawyersState.verify({"last_day": day(90)}))
    assert [one["bar_number"] for one in tab.shown(LawyersState, "view")["verified"]] == ["54321"]
