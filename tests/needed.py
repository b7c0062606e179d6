"""What only some tests need, and a machine may lack: PostgreSQL, Redis, Pango."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rxconnect.domain.errors import RxConnectError


@contextmanager
def needed(missing: type[RxConnectError], packages: str) -> Iterator[None]:
    """Where something is `missing` its tests are skipped, and told how to have them; in CI, which installs it, they fail."""
    try:
        yield
    except missing as error:
        if "CI" in os.environ:
            pytest.fail(str(error))
        pytest.skip(
            f"{str(error).rstrip('.')}. To have these tests run, install it (Debian: apt-get install {packages})."
        )
