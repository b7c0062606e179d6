"""The virus scanner, if one is configured: a clamd, spoken to over its socket (`INSTREAM`)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from urllib.parse import urlsplit

from rxconnect.config import settings
from rxconnect.domain.errors import ScannerSilent

_SECONDS = 15.0
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


def is_configured() -> bool:
    """Whether photos are scanned here."""
    return bool(settings().clamd)


def has_virus(file: BinaryIO) -> bool:
    """Whether the scanner finds something in a file. Raises `ScannerSilent` when it does not answer, or cannot scan."""
    file.seek(0)
    try:
        with _connected() as scanner:
            scanner.sendall(b"zINSTREAM\0")
            while chunk := file.read(_CHUNK):
                scanner.sendall(len(chunk).to_bytes(4, "big") + chunk)
            scanner.sendall(bytes(4))
            answer = _answer(scanner)
    except OSError as error:
        raise ScannerSilent(str(error)) from error
    if answer.endswith(b"FOUND"):
        return True
    if answer.endswith(b"OK"):
        return False
    raise ScannerSilent(answer.decode(errors="replace"))


@contextmanager
def _connected() -> Iterator[socket.socket]:
    address = urlsplit(settings().clamd)
    if address.scheme == "unix":
        with socket.socket(socket.AF_UNIX) as scanner:
            scanner.settimeout(_SECONDS)
            scanner.connect(address.path)
            yield scanner
    else:
        with socket.create_connection((address.hostname or "", address.port or 3310), _SECONDS) as scanner:
            yield scanner


def _answer(scanner: socket.socket) -> bytes:
    """`stream: OK`, `stream: Eicar FOUND`, or an error."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER and (more := scanner.recv(1024)):
        answer += more
    return answer.rstrip(b"\0\n ")
