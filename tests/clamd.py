"""A small virus scanner that speaks clamd's `INSTREAM`, with one rule: it finds the EICAR test file."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# The test file of https://www.eicar.org, in two halves, so that no scanner finds this source.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
_MOST = 30 * 1024 * 1024


class _Stream(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
            if len(content) > _MOST:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.wfile.write(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def scanner(port: int = 0) -> Iterator[str]:
    """A scanner inside the block. Yields its address, as `RXCONNECT_CLAMD` has it."""
    with _Server(("127.0.0.1", port), _Stream) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
