"""`Idempotency-Key`: a client that lost the answer sends its call again, and nothing is made twice.

Middleware within the one that finds out who calls, and around the one that counts starts: what is
only told again counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Final

from django.http import HttpRequest, HttpResponse

from converter.accounts import idempotency, rate_limit_identity
from converter.api.bodies import body_of
from converter.api.problems import problem
from converter.api.sent import is_form
from converter.core.errors import TablexlError
from converter.models import StoredResponse

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_ACCEPTED: Final = re.compile("[!-~]{1,255}")


class RepeatedCalls:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _can_be_repeated(request):
            return self.get_response(request)
        try:
            call, is_new = idempotency.begin(
                _clients(request), _key(request), _fingerprint(request)
            )
        except TablexlError as error:
            return problem(error.code, error.message)
        return self._answered(request, call) if is_new else _again(call)

    def _answered(self, request: HttpRequest, call: StoredResponse) -> HttpResponse:
        response = self.get_response(request)
        if 200 <= response.status_code < 300:
            idempotency.keep(call, response.status_code, response.content.decode())
        else:
            idempotency.forget(call)
        return response


def _can_be_repeated(request: HttpRequest) -> bool:
    is_call = request.method == "POST" and request.path_info.startswith("/api/")
    return is_call and HEADER in request.headers and not getattr(request, "key_was_refused", False)


def _clients(request: HttpRequest) -> list[str]:
    """Who calls. The call that began a session was made by somebody unknown, at this address."""
    client, unknown = (
        rate_limit_identity.client_of(request),
        rate_limit_identity.unknown_at(request),
    )
    return [client, unknown] if client.startswith("session ") else [client]


def _key(request: HttpRequest) -> str:
    key = request.headers[HEADER]
    if not _ACCEPTED.fullmatch(key):
        message = "An Idempotency-Key has from 1 to 255 letters, digits and signs of ASCII."
        raise TablexlError("bad_request", message)
    return key


def _again(call: StoredResponse) -> HttpResponse:
    headers = {REPLAYED: "true"}
    kind = "application/json"
    return HttpResponse(call.content, status=call.status, content_type=kind, headers=headers)


def _fingerprint(request: HttpRequest) -> str:
    """Stands for all that was sent, and to where."""
    total = sha256()
    for part in _parts(request):
        total.update(sha256(part).digest())
    return total.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    yield request.get_full_path().encode()
    if not is_form(request):
        yield body_of(request).fingerprint.encode()
        return
    for name, values in request.POST.lists():
        yield repr((name, values)).encode()
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            yield repr((name, file.name, file.size)).encode()
            yield from file.chunks()
            file.seek(0)
