"""The supervisor keeps its workers going, whatever happens to them: real processes, really killed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

# A worker as small as can be: it answers each connection with its number.
WORKER = """
import os, socket, struct, sys, threading, time
from rxconnect.supervisor import LISTENER, REPORTS, LEASH
def answer():
    listener = socket.socket(fileno=int(os.environ[LISTENER]))
    listener.setblocking(True)
    while True:
        connection, _ = listener.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n%d" % os.getpid())
        connection.close()
def leash():
    os.read(int(os.environ[LEASH]), 1)
    os._exit(1)
threading.Thread(target=leash, daemon=True).start()
threading.Thread(target=answer, daemon=True).start()
size = int(sys.argv[1])
while True:
    os.write(int(os.environ[REPORTS]), struct.pack("<Q", size))
    size += int(sys.argv[2])
    time.sleep(0.1)
"""
SUPERVISOR = """
import os, sys
from rxconnect import supervisor
supervisor.REPORT_SECONDS, supervisor._SILENT_LOOKS, supervisor._YOUNG_LOOKS = 0.1, 10, 3
supervisor._STARTING_LOOKS = int(os.environ.get("STARTING_LOOKS", 120))
listener = supervisor.listen("127.0.0.1", 0)
print("port", listener.getsockname()[1], flush=True)
sys.exit(supervisor.Supervisor(listener, int(sys.argv[1]), int(sys.argv[2]), [sys.executable, *sys.argv[3:]]).run())
"""


class Service:
    """A supervisor with its workers, and what it has said."""

    def __init__(self, log: Path, count: int, largest: int, *worker: str):
        self._log = log
        with log.open("w") as output:
            command = [sys.executable, "-c", SUPERVISOR, str(count), str(largest), *worker]
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        self.supervisor = psutil.Process(self.process.pid)

    @property
    def said(self) -> str:
        return self._log.read_text()

    def workers(self) -> list[psutil.Process]:
        return self.supervisor.children()

    def ready(self) -> list[psutil.Process]:
        """Those that live and have said that they are ready."""
        ready = {int(pid) for pid in re.findall(r"a worker is ready.*?worker=(\d+)", self.said)}
        return [worker for worker in self.workers() if worker.pid in ready]

    def wait(self, until: Callable[[], object]) -> None:
        deadline = time.monotonic() + 30
        while not until():
            assert time.monotonic() < deadline, self.said
            time.sleep(0.01)

    def ask(self) -> int:
        """Which worker answers a new connection."""
        (worker,) = self.told()
        return worker

    def told(self) -> set[int]:
        """The workers that the answer to a new connection names."""
        port = re.search(r"port (\d+)", self.said)[1]
        with urlopen(f"http://127.0.0.1:{port}", timeout=30) as answer:
            return set(map(int, answer.read().split()))


def end(worker: psutil.Process) -> None:
    """SIGKILL."""
    worker.kill()
    psutil.wait_procs([worker], timeout=30)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """`serve(count)` starts so many workers and waits for them."""
    services: list[Service] = []

    def start(count: int, *, program: str = WORKER, size: int = 0, grows: int = 0, largest: int = 2**40) -> Service:
        worker = tmp_path / "worker.py"
        worker.write_text(textwrap.dedent(program))
        service = Service(tmp_path / "log", count, largest, str(worker), str(size), str(grows))
        services.append(service)
        if program.endswith(WORKER):
            service.wait(lambda: len(service.ready()) == count)
        return service

    yield start
    for service in services:
        family = [service.supervisor, *service.workers()] if service.supervisor.is_running() else []
        for process in family:
            process.kill()
        service.process.wait()


def test_each_of_ten_kills_is_mended_and_the_port_answers_throughout(serve):
    service = serve(2)
    for _ in range(10):
        victim, other = service.ready()
        end(victim)
        assert service.ask() == other.pid
        service.wait(lambda: len(service.ready()) == 2)
    assert service.process.poll() is None


def test_each_worker_knows_which_of_them_are_ready(serve):
    told = WORKER.replace('%d" % os.getpid()', '%b" % " ".join(map(str, workers.ready())).encode()')
    service = serve(2, program=f"from rxconnect import workers{told}")
    service.wait(lambda: len(service.ready()) == 2)
    victim, other = (worker.pid for worker in service.ready())
    service.wait(lambda: service.told() == {victim, other})
    end(psutil.Process(victim))
    service.wait(lambda: victim not in service.told())
    assert other in service.told()


def test_whoever_connects_while_the_only_worker_is_dead_waits_and_is_served(serve):
    service = serve(1)
    for _ in range(5):
        (victim,) = service.ready()
        end(victim)
        assert service.ask() != victim.pid
        service.wait(service.ready)


def test_all_workers_may_die_at_once(serve):
    service = serve(3)
    for worker in service.workers():
        worker.kill()
    service.wait(lambda: len(service.ready()) == 3)


def test_a_frozen_worker_is_replaced(serve):
    service = serve(2)
    frozen, _ = service.ready()
    frozen.suspend()
    service.wait(lambda: not frozen.is_running())
    service.wait(lambda: len(service.ready()) == 2)


def test_a_worker_that_starts_slower_than_expected_is_given_more_time(serve, monkeypatch):
    monkeypatch.setenv("STARTING_LOOKS", "5")
    service = serve(1, program=f"import time; time.sleep(1.5)\n{WORKER}")
    assert "does not answer" in service.said
    assert service.ask() == service.ready()[0].pid


def test_a_worker_that_grows_is_renewed_and_another_is_ready_before_it_goes(serve):
    service = serve(1, grows=100, largest=1000)
    (grown,) = service.ready()
    service.wait(lambda: not grown.is_running())
    assert service.ready()
    assert "has grown and is renewed" in service.said
    assert "died" not in service.said


def test_told_to_stop_it_stops_every_worker(serve):
    service = serve(3)
    workers = service.workers()
    service.process.terminate()
    assert service.process.wait(timeout=30) == 0
    assert not any(worker.is_running() for worker in workers)


def test_no_worker_outlives_a_killed_supervisor(serve):
    service = serve(3)
    workers = service.workers()
    service.process.kill()
    assert not psutil.wait_procs(workers, timeout=30)[1]


def test_a_worker_that_cannot_start_ends_the_service_with_its_own_reason(serve):
    service = serve(2, program="raise SystemExit('there is a brick in the works')")
    assert service.process.wait(timeout=30) == 1
    assert "there is a brick in the works" in service.said
    assert "no worker could start" in service.said


def test_a_worker_that_fails_later_is_tried_again(serve):
    service = serve(1)
    program = Path(service.workers()[0].cmdline()[1])
    program.write_text("raise SystemExit('there is a brick in the works')")
    service.workers()[0].kill()
    service.wait(lambda: service.said.count("there is a brick in the works") >= 2)
    program.write_text(textwrap.dedent(WORKER))
    service.wait(service.ready)
    assert service.ask() == service.ready()[0].pid


def test_a_second_service_is_refused_the_port(serve):
    service = serve(1)
    port = int(re.search(r"port (\d+)", service.said)[1])
    from rxconnect import supervisor

    with pytest.raises(OSError, match="in use"):
        supervisor.listen("127.0.0.1", port)


def test_a_signal_to_stop_before_anybody_is_ready_is_no_failure(serve):
    service = serve(1, program="import time; time.sleep(60)")
    service.wait(service.workers)
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(timeout=30) == 0
