"""Clients as rate limits and stored responses know them."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from converter.accounts import access


def client_of(request: HttpRequest) -> str:
    """The user, whichever key is used; else the session; else the address of the client."""
    user, owner = access.caller_of(request)
    if user:
        return f"user {user.pk}"
    return f"session {owner}" if owner else unknown_at(request)


def clients_of(request: HttpRequest) -> list[str]:
    """As whom a request is counted: a user alone; who is not signed in also by address, since a
    session costs nothing."""
    client = client_of(request)
    return [client] if client.startswith("user ") else list({client: 0, unknown_at(request): 0})


def unknown_at(request: HttpRequest) -> str:
    """A client that has no session yet."""
    return f"address {address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """The client's address. `X-Forwarded-For` is ignored, since clients can write into it."""
    sent = request.headers.get("X-Real-IP", "") if settings.BEHIND_PROXY else ""
    return _network(sent) or _network(request.META.get("REMOTE_ADDR", ""))


def _network(text: str) -> str:
    """The address in one form; for IPv6, the /64 network, which one customer has."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 64), strict=False))
