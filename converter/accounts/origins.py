"""Origins: the one that a request reached us under, and those of other sites that call the API."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from converter.models import BatchImage

# What a browser sends as Sec-Fetch-Site for calls from our own pages, or from no page.
OWN: Final = ("same-origin", "none")


def origin_of(request: HttpRequest) -> str:
    """The address under which the client reaches this app: `https://host:port`."""
    scheme = "https" if settings.HTTPS_ONLY else request.scheme
    return f"{scheme}://{request.get_host()}"


def absolute_url(request: HttpRequest, path: str) -> str:
    """Below PUBLIC_URL, or else below the host that this request came to."""
    return (settings.PUBLIC_URL or origin_of(request)) + path


def result_url(request: HttpRequest, image: BatchImage) -> str:
    """The absolute address of an image's workbook."""
    path = reverse("api:download", kwargs={"file_id": f"{image.batch_id}-{image.pk}"})
    return absolute_url(request, path)


def is_cross_site(request: HttpRequest) -> bool:
    """Whether a browser says that a page of another site, one that is not listed, makes this call.

    Browsers say so by themselves and no page can change it; other programs say nothing. It takes
    the place of a token, which other clients than browsers would have to fetch first.
    """
    if is_listed(request):
        return False
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site and site not in OWN:
        return True
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != request.get_host()
    except ValueError:
        return True


def is_listed(request: HttpRequest) -> bool:
    """Whether the operator lets pages of the calling site use the API."""
    return request.headers.get("Origin") in settings.CORS_ALLOWED_ORIGINS
