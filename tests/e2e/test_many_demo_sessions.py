"""The demo sessions of `make soak`, fewer and shorter, on the server that everybody else in these tests uses."""

from __future__ import annotations

from tests.soak import rooms
from tests.soak.attacks import Target


def test_in_many_sessions_at_once_nothing_is_lost_or_crossed(app_url, app_data):
    found = rooms.soak(Target(app_url, app_data / "server.log"), sessions=3, people=3, seconds=10)
    assert found.counts.wrong == []
    assert found.counts.acts >= 15
    assert all(found.beside.values())
