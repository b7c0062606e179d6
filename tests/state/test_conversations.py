"""A conversation: the day above its letters, older ones folded, and a jump to a month."""

from __future__ import annotations

import pytest

from rxconnect import routes
from rxconnect.domain import clock
from rxconnect.state.family.messages import ThreadState
from tests.state.driver import sign_in


@pytest.fixture
def tab(server, life):
    own = life()
    return server.tab(sign_in(own.actor)).open(routes.fill(routes.THREAD, own.contact_id))


def test_the_day_stands_above_its_first_letter_only(tab):
    first, second = tab.shown(ThreadState, "messages")
    assert first["day"]
    assert second["day"] == ""


def test_the_newest_letters_are_not_folded(tab):
    assert not any(letter["is_folded"] for letter in tab.shown(ThreadState, "messages"))


def test_a_jump_to_a_month_begins_there_and_back(tab):
    (month,) = [one["key"] for one in tab.shown(ThreadState, "months")]
    before = f"{clock.now().year - 1}-01"
    tab.call(ThreadState.jump(before))
    assert (tab.shown(ThreadState, "month"), tab.shown(ThreadState, "messages")) == (before, [])
    tab.call(ThreadState.jump(month))
    assert len(tab.shown(ThreadState, "messages")) == 2
    tab.call(ThreadState.jump("no month"))
    assert (tab.shown(ThreadState, "month"), len(tab.shown(ThreadState, "messages"))) == ("", 2)
