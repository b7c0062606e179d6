"""Limits and timeouts of connections, so that a few thousand silent ones do not lock all others out."""

from __future__ import annotations

import resource

from granian.constants import HTTPModes
from granian.http import HTTP1Settings

# Only HTTP/1. With both versions, Granian waits without a timeout for the first byte, which tells it the version.
HTTP_VERSION = HTTPModes.http1
# The timeout for a request's headers, and so for an idle connection, in milliseconds, and the most bytes of the
# headers.
HTTP_SETTINGS = HTTP1Settings(header_read_timeout=10_000, max_buffer_size=32_768)
# The most open connections of a worker, including web sockets and idle ones. Further connections wait until one closes.
_CONNECTIONS, _OTHER_FILES = 16_384, 512


def connection_limit() -> int:
    """The most connections that a worker may hold, within the system's limit of open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OTHER_FILES
    room = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if resource.RLIM_INFINITY != soft < room:
        resource.setrlimit(resource.RLIMIT_NOFILE, (room, hard))
    return max(_OTHER_FILES, room - _OTHER_FILES)
