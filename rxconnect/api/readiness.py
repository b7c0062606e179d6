"""Health checks for a load balancer: `/health` for the process, `/ready` for database, Redis and disk too.

Neither ever hangs. Each check runs in its own thread, and callers that come while it runs share its result.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rxconnect import db, redis_client
from rxconnect.config import settings

log = structlog.get_logger()

# Seconds. A check that takes longer has failed.
_PATIENCE = 1.5
_A_PAGE = b"\0" * 4096


class Probe:
    """A check of an outside service. Callers that come while it runs share its result."""

    def __init__(self, check: Callable[[], bool]):
        self._check = check
        self._running: Future[bool] | None = None

    async def is_up(self) -> bool:
        """Whether the check succeeds within `_PATIENCE` seconds."""
        if self._running is None or self._running.done():
            self._running = Future()
            # A daemon thread, so that a hanging check does not keep the process from exiting.
            threading.Thread(target=self._run_check, args=(self._running,), daemon=True).start()
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._running)), _PATIENCE)
        except TimeoutError:
            return False

    def _run_check(self, result: Future[bool]) -> None:
        answer = False
        try:
            answer = self._check()
        except Exception as error:
            # Whatever the error is, the service cannot be used.
            log.warning("a readiness check failed", exc_info=error)
        finally:
            result.set_result(answer)


def _disk_is_writable() -> bool:
    try:
        with tempfile.TemporaryFile(dir=settings().data_dir, buffering=0) as file:
            file.write(_A_PAGE)
    except OSError:
        return False
    return True


_probes = {
    "database": Probe(db.is_responding),
    "redis": Probe(lambda: not redis_client.redis_problem()),
    "disk": Probe(_disk_is_writable),
}


async def health(_request: Request) -> Response:
    """200 while the process runs. It checks nothing else."""
    return JSONResponse({"status": "ok"})


async def can_show_pages() -> bool:
    """Whether the database works, and Redis where it is used: no page can be shown without them."""
    return all(await asyncio.gather(_probes["database"].is_up(), _probes["redis"].is_up()))


async def ready(_request: Request) -> Response:
    """200 while database, Redis (where it is used) and disk work, else 503, with the state of each."""
    names = [name for name in _probes if name != "redis" or settings().redis_url]
    answers = await asyncio.gather(*(_probes[name].is_up() for name in names))
    found = {name: "ok" if is_there else "gone" for name, is_there in zip(names, answers, strict=True)}
    return JSONResponse({"status": "ready" if all(answers) else "not ready"} | found, 200 if all(answers) else 503)
