"""What the server stands on is killed or frozen: a few of what `make soak` does a hundred times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres, redis_server, worlds
from tests.soak import outages
from tests.soak.outages import Installation

# One process starts the server of these tests.
pytestmark = pytest.mark.xdist_group("server_outages")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with (
        postgres.skipped_without(),
        redis_server.skipped_without(),
        outages.installed(tmp_path_factory.mktemp("outages")) as one,
    ):
        yield one


@pytest.fixture(autouse=True)
def _its_data(_same_database, installation: Installation) -> Iterator[None]:
    """What the tests arrange and read is this installation's."""
    with worlds.installed(data_dir=installation.data, database_url=installation.database):
        yield


def test_nothing_is_lost_or_doubled_while_workers_are_killed_and_the_port_answers_throughout(installation):
    _tried, _must_be, found = outages.kill_workers(installation, 3)
    assert not found


@pytest.mark.parametrize("harm", [outages.frozen_database, outages.frozen_redis, outages.killed_supervisor])
def test_an_outage_is_told_and_passes(installation: Installation, harm: outages.Harm):
    assert not harm(installation)


def test_two_workers_serve_the_data_folder_to_nobody_else(installation: Installation):
    data: Path = installation.data
    assert data.stat().st_mode & 0o777 == 0o700
