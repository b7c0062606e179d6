"""The sentences of the source, for tests that ask which there are: to extract them takes over a second, so it is done once."""

from __future__ import annotations

from functools import cache

from babel.messages.catalog import Catalog

from rxconnect.i18n import catalogs


@cache
def every_sentence() -> Catalog:
    """Every sentence of the source, to be read and not changed."""
    return catalogs.extract()
