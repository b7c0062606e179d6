"""A TCP proxy that can be cut, or frozen so that neither end notices."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Event, Thread


class Wire:
    """Listens on its own port, and forwards everything to and from `target`, a port of this machine."""

    def __init__(self, target: int = 0):
        self.target = target
        self._swallows = False
        self._flows: list[tuple[Event, socket.socket, socket.socket]] = []
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]

    def freeze(self) -> None:
        """Stop the data of open connections without closing them. New connections work."""
        for flow, _near, _far in self._flows:
            flow.clear()

    def swallow(self) -> None:
        """As `freeze`, and accept new connections that carry no data either."""
        self._swallows = True
        self.freeze()

    def cut(self) -> None:
        """Close all connections and the listening socket."""
        # Without a shutdown, a closed listener would still accept the connection that its thread waits for.
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
        """Restore the wire: frozen data flows again, and new connections work."""
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
