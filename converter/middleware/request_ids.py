"""Request ids: taken from the proxy before us, or new; in the log and in the response."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast
from uuid import uuid4

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from django.utils.encoding import escape_uri_path

from converter.util import logs

HEADER: Final = "X-Request-ID"

_ACCEPTED: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")  # nothing else gets into the log
_QUIET: Final = ("GET", "HEAD", "OPTIONS")  # pages are polled; only failures are logged

logger = logging.getLogger(__name__)


@sync_and_async_middleware
def request_ids(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    if iscoroutinefunction(get_response):
        wait_for = cast("Callable[[HttpRequest], Awaitable[HttpResponseBase]]", get_response)

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            begun, name = time.monotonic(), _name_of(request)
            with logs.about(request_id=name):
                return _finished(request, await wait_for(request), name, begun)

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        begun, name = time.monotonic(), _name_of(request)
        with logs.about(request_id=name):
            return _finished(request, get_response(request), name, begun)

    return answer


def _name_of(request: HttpRequest) -> str:
    given: str = request.headers.get(HEADER, "")
    return given if _ACCEPTED.fullmatch(given) else uuid4().hex


def _finished(
    request: HttpRequest, response: HttpResponseBase, name: str, begun: float
) -> HttpResponseBase:
    response.headers[HEADER] = name
    if request.method not in _QUIET or response.status_code >= 500:
        seconds = time.monotonic() - begun
        path = escape_uri_path(request.path)  # or a line break in it would begin a line of its own
        logger.info("%s %s %s in %.2f s", request.method, path, response.status_code, seconds)
    return response
