"""Money is integer cents and credits are integers. Only this module turns them into text."""

from __future__ import annotations

from rxconnect.i18n import counted


def dollars(cents: int) -> str:
    """`500` -> `$5.00`, `-25` -> `−$0.25`."""
    sign = "−" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}${whole:,}.{rest:02d}"


def price_each(cents: int) -> str:
    """The price of one credit: `25 ¢`, which no line breaks, or `$1.05` from a dollar up."""
    return f"{cents}\u00a0¢" if cents < 100 else dollars(cents)


def credits(count: int) -> str:
    """`1` -> `1 credit`, `20` -> `20 credits`."""
    return counted("{count} credit", "{count} credits", count)
