"""What runs beside the server: emails go out, charges that a crash left open are finished. Search is warmed up first.

Every worker runs both; each piece of work is claimed in the database, so it happens once.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from rxconnect.services import checkout, emails, lookups

log = structlog.get_logger()

_EMAILS_EVERY, _CHARGES_EVERY = 2.0, 10.0  # seconds


async def lifespan_jobs() -> None:
    """Run until the server stops."""
    await asyncio.to_thread(lookups.warm)
    async with asyncio.TaskGroup() as group:
        group.create_task(_repeat("emails", _EMAILS_EVERY, emails.deliver_due))
        group.create_task(_repeat("charges", _CHARGES_EVERY, _reconcile))


async def _reconcile() -> None:
    await asyncio.to_thread(checkout.reconcile)


async def _repeat(name: str, seconds: float, job: Callable[[], Awaitable[object]]) -> None:
    """Run `job` again and again. One failure is logged and the next round tries again: the work still stands there."""
    while True:
        try:
            await job()
        except Exception as error:
            log.error("job failed", job=name, exc_info=error)
        await asyncio.sleep(seconds)
