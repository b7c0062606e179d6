"""One process that serves, on the socket that its supervisor listens on (`python -m rxconnect.worker`).

It tells the supervisor when it is ready, then every second that it lives and how large it is. When the supervisor dies,
it ends too.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian._granian import ProcInfoCollector, SocketHolder
from granian._internal import load_target
from granian.constants import Interfaces, RuntimeModes
from granian.log import LogLevels
from granian.server.mp import MPServer
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rxconnect.connections import HTTP_SETTINGS, HTTP_VERSION, connections
from rxconnect.supervisor import BACKLOG, LEASH, LISTENER, REPORT, REPORT_SECONDS, REPORTS, STOP_SECONDS

# Granian's types do not know what its own pickling does: an open file's number, whether it is a file, and its backlog.
_socket: Any = SocketHolder


def main() -> None:
    """Serve until told to stop."""
    # Each pass looks at all that was imported so far, and finds nothing: a sixth of the whole start. `jobs.py` begins
    # with it again, once nothing more comes.
    gc.disable()
    threading.Thread(target=_end_with_the_supervisor, args=(int(os.environ[LEASH]),), daemon=True).start()
    server: Any = MPServer(
        "rxconnect.rxconnect:app",
        interface=Interfaces.ASGI,
        runtime_mode=RuntimeModes.mt,
        backpressure=connections(),
        http=HTTP_VERSION,
        http1_settings=HTTP_SETTINGS,
        log_level=LogLevels.warning,
        # No access log: the address of a socket holds a secret of its browser.
        log_access=False,
        factory=True,
    )
    # Granian's own supervisor ends the whole service with one worker, and has every worker listen for itself, so that
    # whoever waits for a worker that dies is lost. So it makes a worker here, and we run that in this very process.
    server._ssp, server._shd, server._sso = None, _socket(int(os.environ[LISTENER]), False, BACKLOG), None
    worker = server._spawn_worker(0, server._spawn_asgi_lifespan_worker, _load)
    worker.inner.run()


def _load() -> ASGIApp:
    app: Any = load_target("rxconnect.rxconnect:app", Path.cwd(), factory=True)
    return Reporting(app, int(os.environ[REPORTS]))


class Reporting:
    """The app; once it has started, the supervisor is told, again and again."""

    def __init__(self, app: ASGIApp, reports: int):
        self._app, self._reports = app, reports
        os.set_blocking(reports, False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; when the app has started, begin to report from the loop that everybody waits for."""

        async def started(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self._reporting = asyncio.create_task(self._report())

        await self._app(scope, receive, started if scope["type"] == "lifespan" else send)

    async def _report(self) -> None:
        sizes: Any = ProcInfoCollector()
        while True:
            size = sizes.memory([os.getpid()]).get(os.getpid(), 0)
            # Nobody reads while the supervisor itself is frozen, which is not ours to mend.
            with suppress(BlockingIOError):
                os.write(self._reports, REPORT.pack(size))
            await asyncio.sleep(REPORT_SECONDS)


def _end_with_the_supervisor(leash: int) -> None:
    """Wait for the supervisor's end, which closes its side of a pipe. Then stop, first kindly."""
    os.read(leash, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
