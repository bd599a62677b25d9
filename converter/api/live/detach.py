"""From an ordinary call to a listener: an answer whose connection stays open without a thread."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from socket import socket as Connection  # noqa: N812
from typing import Final

from django.http import HttpRequest, HttpResponse
from websockets.utils import accept_key

from converter.api.live.listeners import Listener, Listeners

IN_ENVIRON: Final = "tablexl.listeners"  # where the server says that it can keep connections open


class Handover(HttpResponse):
    """The head of an answer; the rest is told by a listener's loop, for as long as there is any.

    The server calls `hand_over` instead of sending it.
    """

    def __init__(
        self, listeners: Listeners, listener: Listener, status: int, headers: Mapping[str, str]
    ) -> None:
        super().__init__(status=status, headers=headers)
        self.listeners, self.listener = listeners, listener

    def hand_over(self, connection: Connection) -> None:
        self.listeners.take(connection, self.head(), self.listener)

    def head(self) -> bytes:
        """As it goes out; the length of what follows is not known."""
        told = {name: value for name, value in self.items() if name != "Content-Length"}
        lines = [f"{name}: {value}" for name, value in told.items()]
        cookies = [cookie.output(header="Set-Cookie:") for cookie in self.cookies.values()]
        status = f"HTTP/1.1 {self.status_code} {self.reason_phrase}"
        return "\r\n".join([status, *lines, *cookies, "", ""]).encode("latin-1")


def listeners_of(request: HttpRequest) -> Listeners | None:
    found = request.META.get(IN_ENVIRON)
    return found if isinstance(found, Listeners) else None


def event_stream(listeners: Listeners, listener: Listener) -> Handover:
    headers = {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Connection": "close",
        "X-Accel-Buffering": "no",  # for proxies that would collect it
    }
    return Handover(listeners, listener, 200, headers)


def socket(listeners: Listeners, listener: Listener, key: str) -> Handover:
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Accept": accept_key(key),
    }
    return Handover(listeners, listener, 101, headers)


def socket_key(request: HttpRequest) -> str | None:
    """The key of a WebSocket's handshake (RFC 6455, 4.2.1); None if the call is none."""
    told = request.headers
    words = {word.strip().lower() for word in told.get("Connection", "").split(",")}
    key = told.get("Sec-WebSocket-Key", "")
    if told.get("Upgrade", "").lower() != "websocket" or "upgrade" not in words:
        return None
    if told.get("Sec-WebSocket-Version") != "13" or not _is_key(key):
        return None
    return key


def _is_key(key: str) -> bool:
    try:
        return len(b64decode(key, validate=True)) == 16
    except (Base64Error, ValueError):
        return False
