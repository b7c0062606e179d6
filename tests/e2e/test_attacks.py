"""The attacks of `make soak`, smaller, on the server that everybody else in these tests uses."""

from __future__ import annotations

import pytest

from tests.soak import attacks


@pytest.mark.parametrize("name", attacks.ATTACKS)
def test_an_attack_lets_nobody_in_and_is_noticed_by_nobody(name, app_url, app_data):
    target = attacks.Target(app_url, app_data / "server.log", divided_by=20)
    assert attacks.tally(attacks.ATTACKS[name](target)) == []
