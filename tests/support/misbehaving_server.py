"""Somebody else's server, on this machine: each of its addresses has manners of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Self

from converter.core.outbound.client import Guard, look_up
from converter.core.outbound.public import is_public

HOST = "pictures.example"
ADDRESS = "127.0.0.77"  # of this machine, and of no other that tests speak of


@dataclass
class Received:
    """A request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.site.received.append(Received(self.command, self.path, self.headers, body))
        play = self.site.play_at(self.path)
        with suppress(BrokenPipeError, ConnectionResetError):
            play(self)

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nothing: a test that fails shows what it needs."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # the parent's would ask for the name of this machine

    def handle_error(self, *_args: object) -> None:
        """Nothing: that a client hangs up is what tests are about."""


Play = Callable[[_Handler], None]


@dataclass
class Site:
    """Plays what `plays` has for a path, one after another; the last of them for ever."""

    plays: dict[str, list[Play]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = _Server((ADDRESS, 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/") -> str:
        return f"http://{HOST}:{self.port}{path}"

    def play_at(self, path: str) -> Play:
        path = path.partition("?")[0]
        plays = self.plays.get(path) or [says(404)]
        return plays.pop(0) if len(plays) > 1 else plays[0]

    def paths(self) -> list[str]:
        return [one.path for one in self.received]


def here(host: str) -> list[str]:
    """A look-up for which the whole world is on this machine."""
    return [ADDRESS] if host.endswith(".example") else look_up(host)


def may_be_reached(address: str) -> bool:
    """What production may reach, and the site."""
    return address == ADDRESS or is_public(address)


# The rules of production, but for the one address of the site, on whatever port it is.
THIS_MACHINE = Guard(here, may_be_reached, ports=None)


def says(status: int, body: bytes = b"", **headers: str) -> Play:
    return lambda handler: handler.send(status, body, **headers)


def sends(body: bytes, kind: str = "image/png") -> Play:
    return says(200, body, Content_Type=kind)


def leads_to(address: str, status: int = 302) -> Play:
    return says(status, Location=address.encode().decode("latin-1"))


def hang_up(handler: _Handler) -> None:
    """The connection ends before any answer."""
    handler.close_connection = True


def cut_off(handler: _Handler) -> None:
    """The connection ends in the middle of the answer."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    handler.wfile.write(b"x" * 100)
    handler.close_connection = True


def drip_head(handler: _Handler) -> None:
    """A header without end, a letter at a time, each of them in time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _drip(handler)


def drip_body(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    _drip(handler)


def _drip(handler: _Handler) -> None:
    handler.close_connection = True
    while not handler.site.over.wait(0.02):
        handler.wfile.write(b" ")


def say_nothing(handler: _Handler) -> None:
    """Not a single byte."""
    handler.close_connection = True
    handler.site.over.wait()


def flood(handler: _Handler) -> None:
    """An answer without end, and without a word of how long it is."""
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
    while not handler.site.over.is_set():
        handler.wfile.write(b"x" * 65536)
