"""A worker process, which serves on the supervisor's listening socket (`python -m rxconnect.worker`).

Once it is ready, it reports its memory use to the supervisor every second, as a heartbeat. When the supervisor dies, it
exits too.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
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

from rxconnect.connections import HTTP_SETTINGS, HTTP_VERSION, connection_limit
from rxconnect.supervisor import BACKLOG, LEASH, LISTENER, REPORT, REPORT_SECONDS, REPORTS, STOP_SECONDS

# Granian's type hints lack this constructor, which its pickling uses: a file descriptor, whether it is a file, its
# backlog.
_socket: Any = SocketHolder
_SWITCH_SECONDS = 0.0005


def main() -> None:
    """Serve until told to stop."""
    # Garbage collection during the imports takes a sixth of the start and finds nothing. `jobs.py` turns it on again.
    gc.disable()
    # A thread that computes lets others go on after this time (Python's default is 5 ms). The event loop shares the
    # interpreter with the threads of services: with the default, events beside thirty demo sessions waited twice as long.
    sys.setswitchinterval(_SWITCH_SECONDS)
    threading.Thread(target=_end_with_the_supervisor, args=(int(os.environ[LEASH]),), daemon=True).start()
    server: Any = MPServer(
        "rxconnect.rxconnect:app",
        interface=Interfaces.ASGI,
        runtime_mode=RuntimeModes.mt,
        backpressure=connection_limit(),
        http=HTTP_VERSION,
        http1_settings=HTTP_SETTINGS,
        log_level=LogLevels.warning,
        # There is no access log, because the URL of a socket contains a secret of its browser.
        log_access=False,
        factory=True,
    )
    # Granian's own supervisor stops the whole service when one worker dies, and each of its workers has its own
    # listening socket, so connections that wait for a dead worker are lost. So we only let it create a worker, and run
    # that here.
    server._ssp, server._shd, server._sso = None, _socket(int(os.environ[LISTENER]), False, BACKLOG), None
    worker = server._spawn_worker(0, server._spawn_asgi_lifespan_worker, _load_app)
    worker.inner.run()


def _load_app() -> ASGIApp:
    app: Any = load_target("rxconnect.rxconnect:app", Path.cwd(), factory=True)
    return Reporting(app, int(os.environ[REPORTS]))


class Reporting:
    """Wraps the app, and sends heartbeats to the supervisor once the app has started."""

    def __init__(self, app: ASGIApp, reports: int):
        self._app, self._reports = app, reports
        os.set_blocking(reports, False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass requests on. After startup, report from the same event loop, so that a blocked loop is noticed."""

        async def started(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self._reporting = asyncio.create_task(self._report())

        await self._app(scope, receive, started if scope["type"] == "lifespan" else send)

    async def _report(self) -> None:
        sizes: Any = ProcInfoCollector()
        while True:
            size = sizes.memory([os.getpid()]).get(os.getpid(), 0)
            # The pipe is full while the supervisor itself is frozen. We cannot change that.
            with suppress(BlockingIOError):
                os.write(self._reports, REPORT.pack(size))
            await asyncio.sleep(REPORT_SECONDS)


def _end_with_the_supervisor(leash: int) -> None:
    """Wait until the supervisor dies, which closes its end of the pipe. Then exit, gracefully if possible."""
    os.read(leash, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
