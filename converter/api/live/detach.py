"""Responses whose connection is detached from its thread and stays open."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from socket import socket as Connection  # noqa: N812
from typing import Final

from django.http import HttpRequest, HttpResponse
from websockets.utils import accept_key

from converter.api.live.listeners import Listener, Listeners

IN_ENVIRON: Final = "tablexl.listeners"  # where a server that can detach connections says so


class DetachedResponse(HttpResponse):
    """The head of a response; its body is sent by the event loop of the listeners.

    The server calls `detach` instead of sending it.
    """

    def __init__(
        self, listeners: Listeners, listener: Listener, status: int, headers: Mapping[str, str]
    ) -> None:
        super().__init__(status=status, headers=headers)
        self.listeners, self.listener = listeners, listener

    def detach(self, connection: Connection) -> None:
        self.listeners.take(connection, self.head(), self.listener)

    def head(self) -> bytes:
        """The status line and headers as sent, without the length of the body."""
        kept = {name: value for name, value in self.items() if name != "Content-Length"}
        lines = [f"{name}: {value}" for name, value in kept.items()]
        cookies = [cookie.output(header="Set-Cookie:") for cookie in self.cookies.values()]
        status = f"HTTP/1.1 {self.status_code} {self.reason_phrase}"
        return "\r\n".join([status, *lines, *cookies, "", ""]).encode("latin-1")


def listeners_of(request: HttpRequest) -> Listeners | None:
    found = request.META.get(IN_ENVIRON)
    return found if isinstance(found, Listeners) else None


def event_stream(listeners: Listeners, listener: Listener) -> DetachedResponse:
    headers = {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Connection": "close",
        "X-Accel-Buffering": "no",  # for proxies that would buffer it
    }
    return DetachedResponse(listeners, listener, 200, headers)


def websocket(listeners: Listeners, listener: Listener, key: str) -> DetachedResponse:
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Accept": accept_key(key),
    }
    return DetachedResponse(listeners, listener, 101, headers)


def websocket_key(request: HttpRequest) -> str | None:
    """The key of a WebSocket handshake (RFC 6455, 4.2.1); None if the request is none."""
    headers = request.headers
    words = {word.strip().lower() for word in headers.get("Connection", "").split(",")}
    if headers.get("Upgrade", "").lower() != "websocket" or "upgrade" not in words:
        return None
    key = headers.get("Sec-WebSocket-Key", "")
    try:
        is_key = len(b64decode(key, validate=True)) == 16
    except ValueError:
        return None
    return key if is_key and headers.get("Sec-WebSocket-Version") == "13" else None
