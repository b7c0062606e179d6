"""The supervisor of the workers: it starts them on one socket, replaces those that die, freeze or grow, and stops them.

This process holds the listening socket, so a client that connects while a worker is replaced waits, and is not refused.
It imports little and does nothing else, so that it is unlikely to crash (`python -m rxconnect.supervisor`).
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from rxconnect import logs, workers
from rxconnect.config import Settings, settings

log = structlog.get_logger()

# The file descriptors that a worker gets: the listening socket, a pipe for its reports, and a pipe that closes when the
# supervisor dies. It also gets the file that says which workers are ready (`workers.READY`).
LISTENER, REPORTS, LEASH = "RXCONNECT_WORKER_LISTENER", "RXCONNECT_WORKER_REPORTS", "RXCONNECT_WORKER_LEASH"
# A ready worker reports its memory use in bytes, once a second. These reports are its heartbeat.
REPORT, REPORT_SECONDS = struct.Struct("<Q"), 1.0
STOP_SECONDS = 4.0

_WORKER = (sys.executable, "-m", "rxconnect.worker")
BACKLOG = 2048
# The seconds that a worker may be silent: once it is ready, and before that. Each look of the supervisor counts one, so
# the time in which the whole machine sleeps does not count.
_SILENT_LOOKS, _STARTING_LOOKS = 15, 120
# A worker that was silent for longer does not count as ready.
_FRESH_LOOKS = 3
# The most times that the time for a start is doubled, after starts that were too slow.
_MOST_DOUBLINGS = 4
# A worker younger than this many looks is not replaced for its size, which prevents a loop of replacements.
_YOUNG_LOOKS = 60
# The seconds that a replaced worker gets to finish its downloads, while its pages reconnect to others.
_LEAVE_SECONDS = 30.0
# The backoff in seconds between starts, while workers die before they are ready.
_SHORTEST_WAIT, _LONGEST_WAIT = 0.25, 8.0
# The number of workers that may be killed before any was ever ready. After one that exits by itself with an error,
# there is no retry, since the next one would fail the same way.
_MOST_FAILURES = 5


@dataclass(eq=False)
class Worker:
    """A worker process and its state. `age` and `silence` count the supervisor's looks, about one a second."""

    process: subprocess.Popen[bytes]
    reports: int
    size: int = 0
    is_ready: bool = False
    is_leaving: bool = False
    age: int = 0
    silence: int = 0
    ends_at: float = 0.0

    @property
    def can_serve(self) -> bool:
        """Whether others may rely on it: it is ready, stays, and has reported just now."""
        return self.is_ready and not self.is_leaving and self.silence <= _FRESH_LOOKS


class Supervisor:
    """Runs `count` workers on one socket until it is told to stop. A worker above `largest` bytes is replaced."""

    def __init__(self, listener: socket.socket, count: int, largest: int, command: Sequence[str] = _WORKER):
        self._listener, self._count, self._largest, self._command = listener, count, largest, command
        self._leash, self._leash_end = os.pipe()
        self._ready_file = tempfile.TemporaryFile()  # noqa: SIM115 - ends with this process
        self._workers: list[Worker] = []
        self._selector = selectors.DefaultSelector()
        self._failures, self._next_start = 0, 0.0
        self._next_look = time.monotonic()
        self._has_served = self._is_stopping = self._was_stopped = False

    def run(self) -> int:
        """Serve until told to stop. Returns the exit code, which is 1 when no worker could ever start."""
        self._listen_to_signals()
        while not self._is_stopping:
            self._start_missing()
            self._replace_oversized()
            self._watch()
        for worker in self._workers:
            self._end_worker(worker, STOP_SECONDS)
        while self._workers:
            self._watch()
        return 0 if self._was_stopped else 1

    def _listen_to_signals(self) -> None:
        """Make signals wake the selector in `_watch`: a request to stop, or the death of a worker."""
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setblocking(False)
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        self._selector.register(ours, selectors.EVENT_READ)
        self._wakeups = (ours, theirs)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _stop(self, *_signal: object) -> None:
        self._is_stopping = self._was_stopped = True

    def _start_missing(self) -> None:
        missing = self._count - sum(not worker.is_leaving for worker in self._workers)
        if missing > 0 and time.monotonic() >= self._next_start:
            for _ in range(missing):
                self._start_worker()

    def _start_worker(self) -> None:
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        given = {
            LISTENER: self._listener.fileno(),
            REPORTS: write_end,
            LEASH: self._leash,
            workers.READY: self._ready_file.fileno(),
        }
        process = subprocess.Popen(  # noqa: S603 - our own program
            self._command,
            env=os.environ | {name: str(number) for name, number in given.items()},
            pass_fds=tuple(given.values()),
            stdin=subprocess.DEVNULL,
        )
        os.close(write_end)
        worker = Worker(process, read_end)
        self._workers.append(worker)
        self._selector.register(read_end, selectors.EVENT_READ, worker)

    def _watch(self) -> None:
        """Wait up to a second for reports and signals, handle them, and check every worker."""
        for key, _ in self._selector.select(0.1 if self._is_stopping else REPORT_SECONDS):
            if key.data is None:
                self._wakeups[0].recv(4096)
            elif report := os.read(key.fd, 64 * REPORT.size):
                self._record_report(key.data, report)
            else:
                self._selector.unregister(key.fd)
        for worker in [worker for worker in self._workers if worker.process.poll() is not None]:
            self._remove_dead(worker)
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + REPORT_SECONDS
            for worker in self._workers:
                self._check_worker(worker)
        workers.write_ready(self._ready_file.fileno(), [one.process.pid for one in self._workers if one.can_serve])

    def _record_report(self, worker: Worker, reports: bytes) -> None:
        (worker.size,) = REPORT.unpack(reports[-REPORT.size :])
        worker.silence = 0
        if not worker.is_ready:
            worker.is_ready = self._has_served = True
            self._failures = 0
            log.info("a worker is ready", worker=worker.process.pid)

    def _check_worker(self, worker: Worker) -> None:
        worker.age += 1
        worker.silence += 1
        # On a busy machine a start may take longer than we wait, so each retry waits longer.
        starting = _STARTING_LOOKS * 2 ** min(self._failures, _MOST_DOUBLINGS)
        if worker.silence >= (_SILENT_LOOKS if worker.is_ready else starting):
            log.warning("a worker does not answer and is replaced", worker=worker.process.pid)
            worker.process.kill()
        elif worker.ends_at and time.monotonic() >= worker.ends_at:
            log.warning("a worker does not stop and is killed", worker=worker.process.pid)
            worker.process.kill()

    def _remove_dead(self, worker: Worker) -> None:
        self._workers.remove(worker)
        if worker.reports in self._selector.get_map():
            self._selector.unregister(worker.reports)
        os.close(worker.reports)
        if worker.ends_at:
            return
        code = worker.process.returncode
        log.warning("a worker died and is replaced", worker=worker.process.pid, code=code, was_ready=worker.is_ready)
        if worker.is_ready:
            return
        self._failures += 1
        # A worker that was killed is replaced at once, because it did not fail by itself.
        wait = min(_SHORTEST_WAIT * 2**self._failures, _LONGEST_WAIT) if code > 0 else 0
        self._next_start = time.monotonic() + wait
        if not self._has_served and (code > 0 or self._failures >= _MOST_FAILURES):
            log.error("no worker could start; the reason is logged above")
            self._is_stopping = True

    def _replace_oversized(self) -> None:
        """Replace the first worker that has grown too large, and stop it once its replacement is ready."""
        leaving = [worker for worker in self._workers if worker.is_leaving]
        if not leaving:
            grown = (one for one in self._workers if one.size > self._largest and one.age >= _YOUNG_LOOKS)
            if worker := next(grown, None):
                log.info("a worker has grown and is renewed", worker=worker.process.pid, megabytes=worker.size >> 20)
                worker.is_leaving = True
        elif sum(worker.is_ready and not worker.is_leaving for worker in self._workers) >= self._count:
            for worker in leaving:
                if not worker.ends_at:
                    self._end_worker(worker, _LEAVE_SECONDS)

    def _end_worker(self, worker: Worker, seconds: float) -> None:
        worker.process.terminate()
        worker.ends_at = time.monotonic() + seconds


def listen(host: str, port: int) -> socket.socket:
    """The socket that all workers accept from. Raises `OSError`."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind)
    # A connection that has just ended may linger on the port; only a listening server makes it busy.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted connections inherit this option, so responses are sent without delay.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind(address)
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def main(chosen: Settings) -> int:
    """Listen, and serve until told to stop."""
    logs.configure_logging()
    listener = listen(chosen.host, chosen.port)
    return Supervisor(listener, chosen.worker_count, chosen.worker_memory << 20).run()


if __name__ == "__main__":
    sys.exit(main(settings()))
