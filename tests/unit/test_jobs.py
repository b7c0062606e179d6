"""What runs beside the server."""

import asyncio

from rxconnect import db, jobs


def test_a_worker_that_starts_without_a_database_goes_on_to_its_jobs(monkeypatch):
    monkeypatch.setenv("RXCONNECT_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    db.forget_engines()
    asyncio.run(jobs._warm())
    db.forget_engines()
