"""What runs beside the server."""

import asyncio

from rxconnect import jobs
from tests.worlds import installed


def test_a_worker_that_starts_without_a_database_goes_on_to_its_jobs():
    with installed(database_url="postgresql://nobody@127.0.0.1:9/nothing"):
        asyncio.run(jobs._warm_caches())
