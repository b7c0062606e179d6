"""Network addresses: who asks, as tries are counted by it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network


def caller(peer: str, forwarded: str, *, has_proxy: bool) -> str:
    """The caller's address; of IPv6 the /64, all of which one household owns.

    `has_proxy` says that a proxy of ours stands in front. If the request does come from a private address, as ours
    would, the last entry of `forwarded` (`X-Forwarded-For`) is what that proxy saw; earlier ones are whatever the
    caller wrote.
    """
    if has_proxy and is_private(peer):
        peer = _household(forwarded.rpartition(",")[2].strip()) or peer
    return _household(peer) or peer


def is_private(address: str) -> bool:
    """Whether it is of a network without the internet's numbers: of a proxy, a container, this very machine."""
    try:
        return ip_network(address, strict=False).is_private
    except ValueError:
        return False


def _household(address: str) -> str:
    """The address in its usual spelling, IPv6 as its /64, or "" when it is none."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)
