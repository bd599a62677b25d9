"""What every call of the API has in common, before and after its view.

Middleware, because it also applies to calls that never reach a view.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from converter.accounts.origins import is_cross_site, is_listed
from converter.api.bodies import discard
from converter.api.callers import identify
from converter.api.problems import in_our_form, problem

ROOT: Final = "/api/"
SAFE: Final = ("GET", "HEAD", "OPTIONS")

PROBES: Final = frozenset({"/api/v1/ping", "/api/v1/version", "/api/v1/health"})

_UNVERSIONED: Final = re.compile("^/api/(upload|status)(?=/|$)")
_ALLOWED: Final = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Last-Event-ID",
    "Access-Control-Max-Age": "7200",
}
_EXPOSED: Final = (
    "Content-Disposition, Idempotency-Replayed, RateLimit, RateLimit-Limit, RateLimit-Policy,"
    " RateLimit-Remaining, RateLimit-Reset, Retry-After"
)

Answer = Callable[[HttpRequest], HttpResponse]


class ApiBoundary:
    """For addresses of the API only: a slash at the end is optional, other sites must be listed,
    all errors have one form, and no response is cached."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        request.path_info = _UNVERSIONED.sub(r"/api/v1/\1", request.path_info.rstrip("/"))
        try:
            response = _early_answer(request) or self.get_response(request)
        finally:
            discard(request)
        in_our_form(response)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Origin"])
        if is_listed(request):
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        return response


class ApiCaller:
    """Identifies the caller; runs after the middleware of the session."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # What asks whether the app lives writes nothing, and needs no caller.
        if request.path_info.startswith(ROOT) and request.path_info not in PROBES:
            identify(request)
        return self.get_response(request)


def _early_answer(request: HttpRequest) -> HttpResponse | None:
    """The response to a CORS preflight, or to a call from a site that is not listed."""
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return HttpResponse(status=204, headers=_ALLOWED if is_listed(request) else {})
    if request.method not in SAFE and is_cross_site(request):
        return problem("cross_site", "A page of another site may not do this; see the settings.")
    return None
