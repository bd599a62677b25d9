"""Errors of the API: problem details (RFC 9457) with the codes of docs/errors.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from converter.batches.lifecycle import BatchError
from converter.core.errors import TablexlError, unexpected

MEDIA_TYPE: Final = "application/problem+json"

RETRY_SECONDS: Final = 5  # after a fault of ours
_PASSING: Final = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE)

# The HTTP status of each code; 422 for all others.
_STATUS: Final = {
    "key_refused": HTTPStatus.UNAUTHORIZED,
    "login_required": HTTPStatus.UNAUTHORIZED,
    "cross_site": HTTPStatus.FORBIDDEN,
    "import_disabled": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "file_missing": HTTPStatus.NOT_FOUND,
    "no_such_field": HTTPStatus.NOT_FOUND,
    "no_such_cell": HTTPStatus.NOT_FOUND,
    "cell_changed": HTTPStatus.CONFLICT,
    "edit_refused": HTTPStatus.CONFLICT,
    "nothing_to_undo": HTTPStatus.CONFLICT,
    "nothing_to_redo": HTTPStatus.CONFLICT,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "request_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "file_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "bad_request": HTTPStatus.BAD_REQUEST,
    "still_under_way": HTTPStatus.CONFLICT,
    "delivery_waits": HTTPStatus.CONFLICT,
    "nothing_to_send": HTTPStatus.CONFLICT,
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
    "unexpected": HTTPStatus.SERVICE_UNAVAILABLE,  # raised by us, of one file; see `_UNEXPECTED`
    "storage_failed": HTTPStatus.SERVICE_UNAVAILABLE,
    "disk_full": HTTPStatus.INSUFFICIENT_STORAGE,
    "cannot_serve": HTTPStatus.SERVICE_UNAVAILABLE,
}
# Codes and messages for errors that Django raises itself.
_GENERAL: Final = {
    HTTPStatus.BAD_REQUEST: ("bad_request", "The server could not make sense of this request."),
    HTTPStatus.FORBIDDEN: ("cross_site", "This call was not accepted from where it comes."),
    HTTPStatus.NOT_FOUND: ("not_found", "There is nothing at this address, or it is not yours."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "Method not allowed for this URL."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "request_too_large",
        "This request holds more than the server takes at once; send it in parts.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "too_many_requests",
        "You asked for more than one client may; wait as many seconds as Retry-After says.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "cannot_serve",
        "The database did not answer just now; repeat the call after the seconds of Retry-After.",
    ),
}
_UNEXPECTED: Final = (unexpected().code, unexpected().message)


class Invalid(Schema):
    """One place of a request that cannot be used."""

    at: str = Field(description="where: `body.images.0.filename`, `query.after`")
    message: str


class Refusals(TablexlError):
    """Several places of a request are invalid, each for its own reason."""

    def __init__(self, code: str, message: str, places: list[Invalid]) -> None:
        super().__init__(code, message)
        self.places = places


class Problem(Schema):
    """Why a request was not done (RFC 9457). `code` is for programs, `detail` for people."""

    type: str = Field(description="an address that tells about this code")
    title: str = Field(description="the HTTP status in words")
    status: int
    code: str = Field(description="see the list of error codes")
    detail: str
    errors: list[Invalid] = Field([], description="each place that cannot be used, if it is that")


def problem(
    code: str,
    detail: str,
    status: int | None = None,
    *,
    errors: Sequence[Invalid] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    status = HTTPStatus(status or _STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY))
    content = Problem(
        type=f"{reverse('error-codes')}#{code}",
        title=status.phrase,
        status=status,
        code=code,
        detail=detail,
        errors=list(errors),
    )
    return JsonResponse(
        content.dict(exclude_defaults=True), status=status, content_type=MEDIA_TYPE, headers=headers
    )


def in_our_form(response: HttpResponse) -> None:
    """Turn an error response of Django into problem details."""
    if response.status_code < 400 or response.headers.get("Content-Type") == MEDIA_TYPE:
        return
    code, detail = _GENERAL.get(HTTPStatus(response.status_code), _UNEXPECTED)
    plain = problem(code, detail, response.status_code)
    response.content = plain.content
    response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Content-Length"] = str(len(response.content))


def answer_errors(api: NinjaAPI) -> None:
    """Register the handler of each kind of error."""
    api.add_exception_handler(TablexlError, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _general)
    api.add_exception_handler(Http404, _general)
    api.add_exception_handler(Exception, _reraise)


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    usual = HTTPStatus.CONFLICT if isinstance(error, BatchError) else None
    status = _STATUS.get(error.code, usual)
    places = getattr(error, "places", ())
    wait = {"Retry-After": str(RETRY_SECONDS)} if status in _PASSING else None
    return problem(error.code, error.message, status, errors=places, headers=wait)


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    places = [
        Invalid(
            at=".".join(map(str, one["loc"])),
            message=one["msg"].removeprefix("Value error, ").rstrip("."),
        )
        for one in error.errors
    ]
    first = "; ".join(f"{place.at}: {place.message}" for place in places[:3])
    return problem("invalid_request", f"This cannot be used: {first}.", errors=places)


def _general(_request: HttpRequest, error: Any) -> HttpResponse:
    status = error.status_code if isinstance(error, HttpError) else HTTPStatus.NOT_FOUND
    code, detail = _GENERAL.get(HTTPStatus(status), _UNEXPECTED)
    return problem(code, detail, status)


def _reraise(_request: HttpRequest, error: Any) -> HttpResponse:
    """Django logs unexpected errors, and `in_our_form` turns its response into a problem."""
    raise error
