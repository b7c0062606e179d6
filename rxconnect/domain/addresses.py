"""Network addresses: the key by which attempts from one place are counted."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Gateways between IPv6 and IPv4 put an IPv4 address into the last 32 bits of this prefix (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")


def caller_address(peer: str, forwarded: str, *, has_proxy: bool) -> str:
    """The caller's address. For IPv6 it is the /64 network, since one household owns all of that.

    `has_proxy` says that a proxy of ours stands in front. A request from our proxy comes from a private address, and
    then the last entry of `forwarded` (`X-Forwarded-For`) is the address that the proxy saw. The caller may have
    written the earlier entries.
    """
    peer = _household(peer) or peer
    return (has_proxy and is_private(peer) and _household(forwarded.rpartition(",")[2].strip())) or peer


def is_private(address: str) -> bool:
    """Whether the address belongs to a private network, such as a proxy, a container or this machine."""
    try:
        return ip_network(address, strict=False).is_private
    except ValueError:
        return False


def _household(address: str) -> str:
    """The normalised address, with IPv6 as its /64 network; "" when the text is not an address.

    An IPv4 address inside an IPv6 one is returned as that IPv4 address.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        parsed = _ipv4_in(parsed) or parsed
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)


def _ipv4_in(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, Teredo or NAT64), if there is one."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
