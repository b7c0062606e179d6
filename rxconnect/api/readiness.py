"""For a balancer: `/health` says that the process lives, `/ready` whether what it needs is there.

Neither hangs, whatever hangs: the questions are asked in threads of their own, one at a time for each, however many ask.
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

# Seconds after which what does not answer counts as gone.
_PATIENCE = 1.5
_A_PAGE = b"\0" * 4096


class Probe:
    """A question to something outside: whoever wants to know while it is being asked waits for the same answer."""

    def __init__(self, ask: Callable[[], bool]):
        self._ask = ask
        self._asking: Future[bool] | None = None

    async def answers(self) -> bool:
        """Whether it is there, and says so in time."""
        if self._asking is None or self._asking.done():
            self._asking = Future()
            # A daemon, so that a question nobody answers does not keep the process from ending.
            threading.Thread(target=self._run, args=(self._asking,), daemon=True).start()
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._asking)), _PATIENCE)
        except TimeoutError:
            return False

    def _run(self, asking: Future[bool]) -> None:
        answer = False
        try:
            answer = self._ask()
        except Exception as error:
            # Whatever is wrong with it, it cannot be used.
            log.warning("what is needed cannot be asked", exc_info=error)
        finally:
            asking.set_result(answer)


def _disk_takes_a_file() -> bool:
    try:
        with tempfile.TemporaryFile(dir=settings().data_dir, buffering=0) as file:
            file.write(_A_PAGE)
    except OSError:
        return False
    return True


_probes = {
    "database": Probe(db.answers),
    "redis": Probe(lambda: not redis_client.problem()),
    "disk": Probe(_disk_takes_a_file),
}


async def health(_request: Request) -> Response:
    """200 while the process lives; it asks nothing of anybody else."""
    return JSONResponse({"status": "ok"})


async def can_show_pages() -> bool:
    """Whether there is what a page cannot do without: the database, and Redis where it is used."""
    return all(await asyncio.gather(_probes["database"].answers(), _probes["redis"].answers()))


async def ready(_request: Request) -> Response:
    """200 while database, Redis (where it is used) and disk answer, else 503; and which of them do."""
    names = [name for name in _probes if name != "redis" or settings().redis_url]
    answers = await asyncio.gather(*(_probes[name].answers() for name in names))
    found = {name: "ok" if is_there else "gone" for name, is_there in zip(names, answers, strict=True)}
    return JSONResponse({"status": "ready" if all(answers) else "not ready"} | found, 200 if all(answers) else 503)
