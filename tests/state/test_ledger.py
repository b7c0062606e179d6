"""The ledger's page: it is live, and only for those who may see finances."""

from __future__ import annotations

import asyncio

import pytest

from rxconnect import db, routes
from rxconnect.domain.accounts import Role
from rxconnect.services.money import wallets
from rxconnect.state.staff.ledger import LedgerState
from tests.services.buying import buy
from tests.state.driver import sign_in


@pytest.fixture
def place(facility):
    return facility(name="Cedar Ridge")


def lines(tab) -> list[str]:
    return [line["what"] for line in tab.shown(LedgerState, "view")["lines"]]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_a_movement_is_shown_as_it_happens(server, actor, place, role):
    tab = server.tab(sign_in(actor(role=role, facility_id=place))).open(routes.LEDGER)
    assert lines(tab) == []
    family = actor()
    buy(family, place)
    server.run(asyncio.sleep, 0.3)
    assert lines(tab) == ["20 credits bought for $5.00"]
    held = {"key": "item:0:hold", "subject": "message:7"}
    db.write(wallets.hold, family.account_id, place, 1, **held)
    server.run(asyncio.sleep, 0.3)
    assert lines(tab)[0] == "1 credit set aside for letter 7"


def test_a_reviewer_is_told_whose_page_it_is(server, actor, place):
    tab = server.tab(sign_in(actor(role=Role.REVIEWER, facility_id=place))).open(routes.LEDGER)
    assert (tab.shown(LedgerState, "view"), tab.shown(LedgerState, "is_refused")) == (None, True)
