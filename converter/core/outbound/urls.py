"""Which addresses are allowed, by how they are written: before any host is looked up."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

import httpx

from converter.core.outbound.errors import OutboundError, bad_address

PORTS: Final = frozenset({80, 443, 8000, 8080, 8443})  # those of web servers
LONGEST: Final = 2000
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_NAME: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*\.?")
_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*")  # as a last label: part of an IPv4 address


def parse(address: str, ports: Collection[int] | None = PORTS) -> httpx.URL:
    """Parse an address that may be looked up: http or https, a plain host, a web server's port.

    IPv4 addresses only as four decimal numbers. `ports` is None in tests only, and allows all.

    Raises OutboundError: bad_address, port_refused.
    """
    if len(address) > LONGEST:
        raise bad_address("it is too long")
    if any(letter.isspace() or not letter.isprintable() or letter == "\\" for letter in address):
        raise bad_address("it holds a blank or a backslash")
    try:
        url = httpx.URL(address).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise bad_address("it cannot be understood") from error
    if url.scheme not in _DEFAULT_PORTS:
        raise bad_address("it must begin with http:// or https://")
    if url.userinfo:
        raise bad_address("it holds a name or password")
    _check_host(host_of(url))
    if ports is not None and port_of(url) not in ports:
        known = ", ".join(map(str, sorted(ports)))
        message = f"Port {port_of(url)} is not asked; a web server's is: {known}."
        raise OutboundError("port_refused", message, permanent=True)
    return url


def host_of(url: httpx.URL) -> str:
    """The host to resolve: in ASCII, an IPv6 address without brackets."""
    return url.raw_host.decode("ascii").lower()


def port_of(url: httpx.URL) -> int:
    return _DEFAULT_PORTS[url.scheme] if url.port is None else url.port


def is_number(host: str) -> bool:
    """Whether the host of a parsed address is an IP number rather than a name."""
    return ":" in host or bool(_NUMBER.fullmatch(host.rpartition(".")[2]))


def _check_host(host: str) -> None:
    if ":" in host and "%" not in host:
        _check_number(IPv6Address, host)
    elif not _NAME.fullmatch(host) or len(host) > 253:
        raise bad_address("it has no plain host")
    elif _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        # 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1, for some.
        _check_number(IPv4Address, host)


def _check_number(kind: type[IPv4Address | IPv6Address], host: str) -> None:
    try:
        kind(host)
    except AddressValueError as error:
        raise bad_address("its host is no number of a machine") from error
