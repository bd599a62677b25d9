"""Which pages of other sites may call the API, and which calls come from such a page."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

OWN: Final = ("same-origin", "none")  # what a browser says of calls from our pages, or from no page


def is_cross_site(request: HttpRequest) -> bool:
    """Whether a browser says that a page of another site, one that is not listed, makes this call.

    Browsers say so by themselves and no page can change it; other programs say nothing. It takes
    the place of a token, which clients that are no browsers would have to fetch first.
    """
    if is_listed(request):
        return False
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site and site not in OWN:
        return True
    return origin is not None and _host(origin) != request.get_host()


def is_listed(request: HttpRequest) -> bool:
    """Whether the operator lets pages of the calling site use the API."""
    return request.headers.get("Origin") in settings.CORS_ALLOWED_ORIGINS


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
