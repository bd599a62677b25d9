"""Which IP numbers are on the public internet.

The lists hold those that are *not*: IANA's registries of special-purpose addresses, and others that
lead elsewhere. Python's `is_global` must agree too; it differs between Python's versions.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Final

_NOT_PUBLIC_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's host, with a public number
            "169.254.0.0/16",  # link-local; the metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
_UNICAST_6: Final = IPv6Network("2000::/3")  # all else is local, mapped, NAT64, multicast …
_NOT_PUBLIC_6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols, Teredo and ORCHID among them
            "2001:db8::/32",
            "2002::/16",  # 6to4: an IPv4 address inside
            "3fff::/20",
        ),
    )
)


def is_public(address: str) -> bool:
    """Whether `address` is an IP number on the public internet; False for any other text."""
    try:
        number = ip_address(address)
    except ValueError:
        return False
    if isinstance(number, IPv4Address):
        return number.is_global and not any(number in net for net in _NOT_PUBLIC_4)
    if number.scope_id is not None or number not in _UNICAST_6 or not number.is_global:
        return False
    # The interface's half of an ISATAP address hides an IPv4 address behind 5efe.
    is_isatap = int(number) >> 32 & 0xFDFF_FFFF == 0x0000_5EFE
    return not is_isatap and not any(number in net for net in _NOT_PUBLIC_6)
