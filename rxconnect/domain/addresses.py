"""Network addresses: who asks, as tries are counted by it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# What gateways between the two internets call an IPv4 address (RFC 6052): it is in the last 32 bits.
_NAT64 = IPv6Network("64:ff9b::/96")


def caller(peer: str, forwarded: str, *, has_proxy: bool) -> str:
    """The caller's address; of IPv6 the /64, all of which one household owns.

    `has_proxy` says that a proxy of ours stands in front. If the request does come from a private address, as ours
    would, the last entry of `forwarded` (`X-Forwarded-For`) is what that proxy saw; earlier ones are whatever the
    caller wrote.
    """
    peer = _household(peer) or peer
    return (has_proxy and is_private(peer) and _household(forwarded.rpartition(",")[2].strip())) or peer


def is_private(address: str) -> bool:
    """Whether it is of a network without the internet's numbers: of a proxy, a container, this very machine."""
    try:
        return ip_network(address, strict=False).is_private
    except ValueError:
        return False


def _household(address: str) -> str:
    """The address in its usual spelling, IPv6 as its /64, or "" when it is none.

    An IPv4 address that is written as an IPv6 one stays that one IPv4 address, however it is written.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        parsed = _ipv4_in(parsed) or parsed
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)


def _ipv4_in(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside: mapped, behind 6to4, Teredo or NAT64."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
