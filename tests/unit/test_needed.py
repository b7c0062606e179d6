"""What a machine lacks skips tests for somebody at home, and fails them in CI."""

import pytest

from rxconnect.domain.errors import RxConnectError
from tests.needed import needed


class NoMill(RxConnectError):
    """There is no mill."""


def miss():
    with needed(NoMill, "mill"):
        raise NoMill("The mill is not installed.")


def test_at_home_it_is_skipped_and_told_how_to_have_it(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(
        pytest.skip.Exception, match=r"is not installed\. To have these tests run, .* apt-get install mill"
    ):
        miss()


def test_in_ci_it_fails(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="The mill is not installed"):
        miss()
