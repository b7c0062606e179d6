"""How patient the server is with connections: a few thousand silent ones must not shut everybody else out."""

from __future__ import annotations

import resource

from granian.constants import HTTPModes
from granian.http import HTTP1Settings

# Only HTTP/1: asked for both versions, Granian waits without end for a first byte that says which it will be.
HTTP_VERSION = HTTPModes.http1
# Milliseconds for the head of a request, and so for an idle connection, and the most bytes of a head.
HTTP_SETTINGS = HTTP1Settings(header_read_timeout=10_000, max_buffer_size=32_768)
# Open connections of a worker, sockets and silent ones among them. What comes after them waits until one has closed.
_CONNECTIONS, _OTHER_FILES = 16_384, 512


def connections() -> int:
    """How many a worker may hold: as many as we want, or for as many as the system lets a process open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OTHER_FILES
    room = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if resource.RLIM_INFINITY != soft < room:
        resource.setrlimit(resource.RLIMIT_NOFILE, (room, hard))
    return max(_OTHER_FILES, room - _OTHER_FILES)
