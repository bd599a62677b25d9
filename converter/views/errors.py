"""Requests that Django refuses before a view sees them, in words for the person who sent them.

404 and 403 need no code here: Django renders their templates by itself.
"""

from __future__ import annotations

import sys
from typing import Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views import defaults

from converter.core.errors import TablexlError
from converter.views import answers
from converter.views.answers import wants_json

RETRY_SECONDS: Final = 5  # after a fault of the database

_DONE: Final = {
    "uploads": "uploaded",
    "upload-files": "uploaded",
    "makes": "made",
    "sends": "sent again",
}
_TOO_LARGE: Final = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of what Django calls suspicious; a request that is too large is one of these."""
    if isinstance(exception, TooManyFilesSent):
        limit = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return _page(
            request,
            413,
            f"A form takes at most {limit:,} files at once. Send fewer, and the rest in"
            " a second batch; with JavaScript switched on there is no such limit.",
        )
    if isinstance(exception, _TOO_LARGE):
        return _page(request, 413, "This request holds more than the server takes at once.")
    return _page(request, 400, "The server could not make sense of this request.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return _page(
        request,
        403,
        "This page was open too long, or cookies are blocked, so the server cannot tell that the"
        " request came from you. Allow cookies for this site, load the page again, and repeat.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of what nobody caught. A database that is locked or gone for a moment is told apart:
    the same request will do later."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return defaults.server_error(request)
    # Like Django's own, without what would ask the database again.
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def too_many_requests(request: HttpRequest, limit: str, seconds: int) -> HttpResponse:
    done = _DONE.get(limit, "started")
    message = (
        f"You have {done} as much as one person may for now. What runs goes on, and nothing is"
        f" lost: repeat this in {_minutes(seconds)}."
    )
    return _too_many(request, message)


def too_many_sign_ins(request: HttpRequest, seconds: int) -> HttpResponse:
    """The same whether there is an account of that name, and whether the password was right."""
    message = (
        "So many attempts to sign in failed here that the next one has to wait: try again in"
        f" {_minutes(seconds)}. If you forgot your password, whoever runs this"
        " installation can give you a new one. The account itself is not locked."
    )
    return _too_many(request, message)


def _too_many(request: HttpRequest, message: str) -> HttpResponse:
    if wants_json(request):
        return answers.problem(TablexlError("too_many_requests", message), 429)
    return _page(request, 429, message)


def _page(request: HttpRequest, status: int, message: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": message}, status=status)
    return render(request, f"{status}.html", {"message": message}, status=status)


def _minutes(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return "a minute" if minutes == 1 else f"{minutes} minutes"
