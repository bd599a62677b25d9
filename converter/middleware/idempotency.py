"""`Idempotency-Key`: a client that lost a response repeats its call, and nothing is made twice.

Inside the middleware that identifies the caller, and around the one of rate limits: a response that
is only replayed is not counted.
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
from converter.uploads.handler import HASHED_WITH

HEADER: Final = HASHED_WITH
REPLAYED: Final = "Idempotency-Replayed"
_ACCEPTED: Final = re.compile("[!-~]{1,255}")


class IdempotencyKeys:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_call = request.method == "POST" and request.path_info.startswith("/api/")
        key = request.headers.get(HEADER) if is_call else None
        if key is None or getattr(request, "key_was_refused", False):
            return self.get_response(request)
        if not _ACCEPTED.fullmatch(key):
            message = "An Idempotency-Key has from 1 to 255 letters, digits and signs of ASCII."
            return problem("bad_request", message)
        clients = [rate_limit_identity.client_of(request)]
        if clients[0].startswith("session "):
            # The call that began the session came from an unknown client at this address.
            clients.append(rate_limit_identity.unknown_at(request))
        try:
            call, is_new = idempotency.begin(clients, key, _fingerprint(request))
        except TablexlError as error:
            wait = {"Retry-After": str(idempotency.ASK_AGAIN_SECONDS)}
            is_busy = error.code == "still_under_way"
            return problem(error.code, error.message, headers=wait if is_busy else None)
        if not is_new:
            replayed = {REPLAYED: "true"}
            kind = "application/json"
            return HttpResponse(
                call.content, status=call.status, content_type=kind, headers=replayed
            )
        response = self.get_response(request)
        if 200 <= response.status_code < 300:
            idempotency.keep(call, response.status_code, response.content.decode())
        else:
            idempotency.forget(call)
        return response


def _fingerprint(request: HttpRequest) -> str:
    """A hash of everything that was sent, and of the address."""
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
            # Of what was sent, taken on its way in: a file that a full disk has cut is the same.
            yield repr((name, file.name, file.size, getattr(file, "digest", ""))).encode()
