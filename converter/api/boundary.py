"""What holds for every call of the API before and after its own function.

Middleware, because it also concerns the calls that never reach a function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from converter.api.problems import in_our_form

ROOT: Final = "/api/"
Answer = Callable[[HttpRequest], HttpResponse]


class ApiBoundary:
    """For addresses of the API alone: with or without a slash at the end, errors in one form,
    and no answer kept by a cache."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        request.path_info = request.path_info.rstrip("/")
        response = self.get_response(request)
        in_our_form(response)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
