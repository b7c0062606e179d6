"""A wire between two ends of a connection, to be cut, or frozen so that nobody learns that nothing arrives."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Event, Thread


class Wire:
    """Listens on a port of its own, and carries everything to and from `target`, a port of this machine."""

    def __init__(self, target: int = 0):
        self.target = target
        self._swallows = False
        self._flows: list[tuple[Event, socket.socket, socket.socket]] = []
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]

    def freeze(self) -> None:
        """What is connected stays so, and nothing arrives any more. New connections are carried."""
        for flow, _near, _far in self._flows:
            flow.clear()

    def swallow(self) -> None:
        """As `freeze`, and new connections are taken, and carry nothing either."""
        self._swallows = True
        self.freeze()

    def cut(self) -> None:
        """Everything is closed, and nobody listens any more."""
        # Closed alone, it would still take the connection that its thread is waiting for.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for flow, near, far in self._flows:
            flow.set()
            for end in (near, far):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._flows.clear()

    def mend(self) -> None:
        """As it was: what was frozen flows on, and whoever connects is carried."""
        self._swallows = False
        for flow, _near, _far in self._flows:
            flow.set()
        if self._listener.fileno() < 0:
            self._listener = self._listen(self.port)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    near.close()
                    continue
                flow = Event()
                self._flows.append((flow, near, far))
                if not self._swallows:
                    flow.set()
                for source, sink in ((near, far), (far, near)):
                    Thread(target=_carry, args=(flow, source, sink), daemon=True).start()


def _carry(flow: Event, source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            flow.wait()
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
