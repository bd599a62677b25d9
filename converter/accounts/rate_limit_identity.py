"""Whose calls are counted, and remembered, together."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from converter.accounts import access


def client_of(request: HttpRequest) -> str:
    """Whose calls are counted together: a user's, with whatever key, or a session's; of somebody
    unknown, an address's."""
    user, owner = access.caller_of(request)
    if user:
        return f"user {user.pk}"
    return f"session {owner}" if owner else unknown_at(request)


def unknown_at(request: HttpRequest) -> str:
    """The client that somebody is before there is a session."""
    return f"address {address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """Where a call comes from. `X-Forwarded-For` says nothing: whoever calls can write into it."""
    sent = request.headers.get("X-Real-IP", "") if settings.BEHIND_PROXY else ""
    return _network(sent) or _network(request.META.get("REMOTE_ADDR", ""))


def _network(text: str) -> str:
    """An address; of version 6, the network that one customer has all to himself."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 64), strict=False))
