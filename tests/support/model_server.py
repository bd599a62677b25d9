"""An API of OpenAI's kind on this machine, which plays the manners of those that there are.

Every request it gets is held against the types that OpenAI publishes for its own.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any, Self

from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from PIL import Image
from pydantic import TypeAdapter

KEY = "sk-test-0123456789abcdef"
TABLE = "<table><tr><th>Name</th><th>Amount</th></tr><tr><td>Oak</td><td>12.50</td></tr></table>"

_REQUEST = TypeAdapter(CompletionCreateParamsNonStreaming)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms between its head and its body
    api: FakeApi

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with suppress(BrokenPipeError, ConnectionResetError):
            self.api.take(self, json.loads(body))

    def do_GET(self) -> None:
        self.api.keys.append(self.headers.get("Authorization"))
        if self.path != "/v1/models":
            self.api.problems.append(f"GET {self.path}: no client of ours goes there")
        self.api.list(self)

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nothing: a test that fails shows what it needs."""


Play = Callable[[_Handler], None]


class FakeApi:
    """Plays what is in `plays`, one per request, and `usual` when that is empty."""

    def __init__(self, *plays: Play, usual: Play | None = None) -> None:
        self.plays = deque(plays)
        self.usual = usual or says(TABLE)
        self.list = lists("test/vision-1")
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.problems: list[str] = []
        self.over = threading.Event()
        self.in_flight = self.most_in_flight = 0
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"api": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        assert self.problems == []

    def take(self, handler: _Handler, request: dict[str, Any]) -> None:
        with self._lock:
            self.requests.append(request)
            self.keys.append(handler.headers.get("Authorization"))
            self.problems += problems_of(handler.path, request)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            play = self.plays.popleft() if self.plays else self.usual
        try:
            play(handler)
        finally:
            with self._lock:
                self.in_flight -= 1

    def picture(self, index: int = -1) -> Image.Image:
        """The picture in a request."""
        parts = self.requests[index]["messages"][0]["content"]
        [url] = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
        head, _, data = url.partition(",")
        assert head in {"data:image/png;base64", "data:image/jpeg;base64"}
        return Image.open(BytesIO(base64.b64decode(data)))


def problems_of(path: str, request: dict[str, Any]) -> list[str]:
    """What OpenAI's own types say against a request."""
    problems = [] if path == "/v1/chat/completions" else [f"no such address: {path}"]
    try:
        _exhaust(_REQUEST.validate_python(request, strict=False))
    except ValueError as error:
        problems.append(str(error))
    unknown = request.keys() - CompletionCreateParamsNonStreaming.__annotations__.keys()
    known_elsewhere = {"skip_special_tokens"}  # of vLLM
    return problems + [f"unknown member: {name}" for name in unknown - known_elsewhere]


def _exhaust(value: Any) -> None:
    """Walk through all of it: pydantic checks what is iterable only when somebody does."""
    if isinstance(value, Mapping):
        for member in value.values():
            _exhaust(member)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for member in value:
            _exhaust(member)


def completion(text: Any, **changes: Any) -> dict[str, Any]:
    """A well-formed answer; `changes` of its parts, by name, wherever they stand in it."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": changes.pop("finish_reason", "stop"),
    }
    usage = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": "test/vision-1",
        "choices": [choice],
        "usage": usage | {"estimated_cost": 0.0005},
    }
    return body | changes


def lists(*models: str) -> Play:
    """The list of models, as OpenAI has it."""
    made = {"object": "model", "created": 1_790_000_000, "owned_by": "test"}
    return replies(200, {"object": "list", "data": [made | {"id": name} for name in models]})


def says(text: Any, **changes: Any) -> Play:
    return replies(200, completion(text, **changes))


def replies(status: int, body: Any, **headers: str) -> Play:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda handler: handler.send(status, data, **headers)


def hang_up(handler: _Handler) -> None:
    """The connection ends before any answer."""
    handler.close_connection = True


def cut_off(handler: _Handler) -> None:
    """The connection ends in the middle of the answer."""
    data = json.dumps(completion(TABLE)).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[:40])
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
    while not handler.api.over.wait(0.02):
        handler.wfile.write(b" ")


def say_nothing(handler: _Handler) -> None:
    """Not a single byte."""
    handler.close_connection = True
    handler.api.over.wait()


def flood(handler: _Handler) -> None:
    """An answer that is larger than any has to be."""
    handler.send(200, b" " * (17 << 20))
