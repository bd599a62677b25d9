"""Who calls: somebody signed in, a browser or client that keeps a cookie, or a stranger."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from ninja.security.base import AuthBase


class Visitor(AuthBase):
    """Whoever comes, known by the session's cookie. What is whose, `access` knows."""

    openapi_type: Final = "apiKey"
    openapi_in: Final = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __call__(self, _request: HttpRequest) -> bool:
        return True


CALLERS: Final = (Visitor(),)
