"""Requests to other people's servers: pinned to the IP numbers that were checked, and bounded.

A host is resolved once per request. If any of its numbers is not public, the request is refused;
otherwise it goes to one that was checked, under the host's own name and certificate. Each redirect
is a new request, checked like the first.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from typing import BinaryIO, Final

import httpcore
import httpx

from converter.core.outbound import errors, urls
from converter.core.outbound.public import is_public

_REDIRECTS: Final = {301, 302, 303, 307, 308}
_MOST_REDIRECTS: Final = 5
_STEP_SECONDS: Final = 10.0  # for a connection, or for the next bytes
_AGENT: Final = "Tablexl"
_LOCAL: Final = (".localhost", ".local", ".internal")  # names that mean nothing elsewhere

# Some servers send pictures as bytes of no particular type; `images` looks at the bytes.
_PICTURE_TYPES: Final = re.compile(r"image/.*|application/(pdf|x-pdf|octet-stream)|binary/.*|")


def look_up(host: str) -> list[str]:
    """All IP numbers of a host. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be reached. Only tests, which have no public server, need other than the default."""

    look_up: Callable[[str], Collection[str]] = look_up
    is_public: Callable[[str], bool] = is_public
    ports: Collection[int] | None = urls.PORTS


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most bytes that are taken of a response, and the seconds that all of it may take."""

    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Response:
    """A server's response, whatever its status; `body` is the beginning of it.

    `retry_after` is the number of seconds after which it wants the next request, or None.
    """

    status: int
    body: bytes
    retry_after: float | None = None


PUBLIC: Final = Guard()


def check(address: str, guard: Guard = PUBLIC) -> None:
    """Refuse an address that can be refused by its text alone, before anything is looked up.

    Raises OutboundError: bad_address, port_refused, address_not_public. Where a host name leads is
    checked with each request.
    """
    host = urls.host_of(urls.parse(address, guard.ports)).rstrip(".")
    if urls.is_number(host) and not guard.is_public(host):
        raise errors.not_public(host)
    if host == "localhost" or host.endswith(_LOCAL):
        raise errors.not_public(host)


def fetch(address: str, target: BinaryIO, bounds: Bounds, guard: Guard = PUBLIC) -> None:
    """Write the picture or PDF at an address to `target`. Raises OutboundError."""
    until = time.monotonic() + bounds.seconds
    url = urls.parse(address, guard.ports)
    for _ in range(_MOST_REDIRECTS + 1):
        with _exchange(_Request("GET", url), until, guard) as response:
            if response.status not in _REDIRECTS:
                _take(response, target, bounds.size)
                return
            url = urls.parse(_redirect_target(url, response), guard.ports)
    raise errors.too_many_redirects()


def post(
    address: str, content: bytes, headers: Mapping[str, str], bounds: Bounds, guard: Guard = PUBLIC
) -> Response:
    """Send `content` to an address and return the response, whatever its status.

    Redirects are not followed: the content is for this address only. Raises OutboundError if no
    response came.
    """
    until = time.monotonic() + bounds.seconds
    request = _Request("POST", urls.parse(address, guard.ports), headers, content)
    with _exchange(request, until, guard) as response:
        parts, size = [], 0
        # The status is known, so a failure while the body arrives does not matter.
        with suppress(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
            for part in response.iter_stream():
                parts.append(part)
                size += len(part)
                if size >= bounds.size:
                    break
        body = b"".join(parts)[: bounds.size]
        return Response(response.status, body, _retry_after(response))


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @property
    def host(self) -> str:
        return urls.host_of(self.url)

    def all_headers(self) -> list[tuple[str, str]]:
        # An encoded answer would be larger than it looks.
        ours = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        length = {} if self.body is None else {"Content-Length": str(len(self.body))}
        host = {"Host": self.url.netloc.decode("ascii")}
        return list((host | ours | length | dict(self.headers)).items())

    def target(self) -> httpcore.URL:
        url = self.url
        return httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )


@contextmanager
def _exchange(request: _Request, until: float, guard: Guard) -> Iterator[httpcore.Response]:
    host = request.host
    backend = _PinnedBackend(_addresses(host, until, guard), until)
    steps = {"connect": _STEP_SECONDS, "read": _STEP_SECONDS, "write": _STEP_SECONDS}
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend) as pool,
            pool.stream(
                request.method,
                request.target(),
                headers=request.all_headers(),
                content=request.body,
                extensions={"timeout": steps, "sni_hostname": host.rstrip(".")},
            ) as response,
        ):
            yield response
    except httpcore.TimeoutException as error:
        raise errors.too_slow(host) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise errors.bad_certificate(host) from error
        raise errors.unreachable(host) from error


def _addresses(host: str, until: float, guard: Guard) -> list[str]:
    """The IP numbers of a host. Raises unless all are public. A thread bounds the time it takes."""
    found: list[str] = []

    def run() -> None:
        with suppress(OSError, UnicodeError):
            found.extend(guard.look_up(host))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(0.0, min(_STEP_SECONDS, until - time.monotonic())))
    addresses = list(found)
    if not addresses:
        raise errors.too_slow(host) if thread.is_alive() else errors.unknown_host(host)
    if not all(map(guard.is_public, addresses)):
        raise errors.not_public(host)
    return addresses


def _redirect_target(url: httpx.URL, response: httpcore.Response) -> str:
    location = _header(response, b"location")
    if not location:
        raise errors.refused(response.status)
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise errors.bad_address("it leads to one that cannot be understood") from error


def _take(response: httpcore.Response, target: BinaryIO, most: int) -> None:
    if response.status != 200:
        raise errors.refused(response.status, _retry_after(response))
    kind = _header(response, b"content-type").partition(";")[0].strip().lower()
    encoding = _header(response, b"content-encoding").strip().lower()
    if encoding not in {"", "identity"}:
        raise errors.wrong_type(f"something packed ({encoding[:20]})")
    if not _PICTURE_TYPES.fullmatch(kind):
        raise errors.wrong_type(kind[:60])
    if int(_header(response, b"content-length") or 0) > most:
        raise errors.too_large(most)
    size = 0
    for part in response.iter_stream():
        size += len(part)
        if size > most:
            raise errors.too_large(most)
        target.write(part)


def _retry_after(response: httpcore.Response) -> float | None:
    """Seconds, from the number of them or a date (RFC 9110, 10.2.3)."""
    said = _header(response, b"retry-after").strip()
    if re.fullmatch("[0-9]{1,9}", said):
        return float(said)
    with suppress(ValueError):
        moment = parsedate_to_datetime(said)
        if moment.tzinfo is not None:
            return max(0.0, moment.timestamp() - time.time())
    return None


def _header(response: httpcore.Response, name: bytes) -> str:
    for key, value in response.headers:
        if key.lower() == name:
            return value.decode("latin-1")
    return ""


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _PinnedBackend(httpcore.NetworkBackend):
    """Connects to IP numbers that were checked, wherever the name leads by now."""

    def __init__(self, addresses: Collection[str], until: float) -> None:
        self._addresses = addresses
        self._until = until
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002  (it was looked up before)
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            try:
                stream = self._plain.connect_tcp(
                    address,
                    port,
                    timeout=_left(timeout, self._until, httpcore.ConnectTimeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._until)
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """Ends when the time of the whole request is over, however slowly bytes arrive."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = _left(timeout, self._until, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, self._until, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, self._until, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, left)
        return _TimedStream(stream, self._until)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, until: float, over: type[Exception]) -> float:
    """The seconds that a step may take. Raises `over` if none are left."""
    left = until - time.monotonic()
    if left <= 0:
        raise over("the time of the request is over")
    return left if timeout is None else min(timeout, left)
