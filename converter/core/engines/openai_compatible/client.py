"""Requests to one API, with limits on time and size, and retries for temporary failures."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from converter.core.engines.openai_compatible.limiter import Limiter, Slot
from converter.core.engines.openai_compatible.options import Endpoint, Times
from converter.core.engines.openai_compatible.replies import (
    TOO_SLOW,
    UNREACHABLE,
    ApiError,
    Completion,
    read_models,
    read_reply,
)

_MOST_BYTES: Final = 16 << 20  # of an answer; the longest have a few hundred kilobytes
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Retries:
    """Exponential backoff with full jitter: a random pause up to a bound that doubles."""

    most: int = 6
    first: float = 1.0
    longest: float = 30.0  # also for a pause that a server asks for

    def pause(self, failures: int, asked: float | None) -> float:
        """Seconds to wait after this many failures: about what the server asked for, if it did."""
        bound = min(self.longest, self.first * 2.0 ** (failures - 1))
        jitter = random.uniform(0, bound)  # noqa: S311  (no secret)
        return jitter if asked is None else min(self.longest, asked + jitter / 10)


class Client:
    """Sends requests to an API. Thread-safe: each request has its own connection."""

    def __init__(
        self,
        endpoint: Endpoint,
        limiter: Limiter,
        times: Times | None = None,
        retries: Retries | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint = endpoint
        self.limiter = limiter
        self.times = times or Times()
        self.retries = retries or Retries()
        self._sleep = sleep
        self._tls = httpx.create_ssl_context()
        self._idle: list[httpx.Client] = []  # each with its connection, if still open

    def complete(
        self, request: Mapping[str, Any], seconds: float | None = None, tries: int | None = None
    ) -> Completion:
        """The completion of a chat; temporary failures are retried.

        All tries together take at most `seconds`, without the wait for a slot. Raises the ApiError
        of the last failure if it is permanent, or if there are no tries or no time left.
        """
        body = json.dumps(request).encode()
        left, failures = seconds or self.times.image, 0
        while True:
            begun = time.monotonic()
            try:
                with self.limiter.slot() as slot:
                    begun = time.monotonic()  # the wait for a slot does not count
                    return self._try(body, slot, seconds=min(self.times.total, left))
            except ApiError as error:
                failures += 1
                pause = self.retries.pause(failures, error.retry_after)
                left -= time.monotonic() - begun + pause
                if not error.may_pass or failures >= (tries or self.retries.most) or left <= 0:
                    raise
            self._sleep(pause)

    def models(self) -> list[str] | None:
        """The ids of the available models; None if the server has no list. Tried once.

        Raises ApiError.
        """
        try:
            return read_models(*self._exchange("GET", "models", None, self.times.total))
        except ApiError as error:
            raise error.without(self.endpoint.key) from None

    def close(self) -> None:
        """Close the idle connections."""
        idle, self._idle = self._idle, []
        for client in idle:
            client.close()

    def _try(self, body: bytes, slot: Slot, seconds: float) -> Completion:
        try:
            reply = self._exchange("POST", "chat/completions", body, seconds)
            completion = read_reply(*reply, now=time.time())
        except ApiError as error:
            slot.refused = error.cause.slows
            raise error.without(self.endpoint.key) from None
        slot.succeeded = True
        return completion

    def _exchange(
        self, method: str, path: str, body: bytes | None, seconds: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of any answer; raises ApiError if none came.

        A timer closes the connection when the time is over: the read timeout only limits the wait
        for the next byte, and a server can go on sending one at a time.
        """
        client = self._take()
        watch = threading.Timer(seconds, client.close)
        watch.daemon = True
        watch.start()
        try:
            with client.stream(method, path, content=body) as response:
                return response.status_code, response.headers, _read(response)
        except httpx.TimeoutException as error:
            raise ApiError(TOO_SLOW) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError, ValueError) as error:
            raise ApiError(TOO_SLOW if client.is_closed else UNREACHABLE) from error
        finally:
            watch.cancel()
            if not client.is_closed:
                self._idle.append(client)

    def _take(self) -> httpx.Client:
        """An idle connection, or a new one."""
        try:
            return self._idle.pop()  # atomic: no other thread gets the same one
        except IndexError:
            pass
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.endpoint.key:
            headers["Authorization"] = f"Bearer {self.endpoint.key}"
        # The environment's proxies are not used for a server on this machine.
        direct = httpx.HTTPTransport(verify=self._tls)
        return httpx.Client(
            base_url=self.endpoint.base_url,
            headers=headers,
            verify=self._tls,
            mounts={f"all://{host}": direct for host in _LOOPBACK},
            timeout=httpx.Timeout(self.times.read, connect=self.times.connect),
            follow_redirects=False,
        )


def _read(response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > _MOST_BYTES:
            raise ApiError(UNREACHABLE, "an answer without end")
        parts.append(part)
    return b"".join(parts)
