"""What such a program does first and last: it limits itself before it reads a byte, and tells its verdict."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping


def limit(*, memory: int, seconds: int, written: int) -> None:
    """Limit this process: bytes of memory, seconds of computing, and bytes of each file that it writes."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard),) * 2)


def tell(verdict: Mapping[str, object]) -> None:
    """Tell the verdict, as the last line of errors."""
    print(json.dumps(verdict), file=sys.stderr)  # noqa: T201
