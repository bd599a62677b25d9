"""Who watches over the installation: staff, or a program with the METRICS_TOKEN."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from ninja.security import HttpBearer

from converter.accounts import access
from converter.api.callers import CALLERS, opens_metrics
from converter.core.errors import TablexlError

_WATCHER: Final = "watcher"


class Watcher(HttpBearer):
    """A program that sends the METRICS_TOKEN, where there is one."""

    openapi_description: Final = "the METRICS_TOKEN of the settings"

    def authenticate(self, _request: HttpRequest, token: str) -> str | None:
        return _WATCHER if opens_metrics(token) else None


WATCHERS: Final = (Watcher(), *CALLERS)


def check_watches(request: HttpRequest) -> None:
    """Only whoever watches over it may go on. Raises TablexlError (`login_required`)."""
    if getattr(request, "auth", None) != _WATCHER and not access.is_staff(request):
        raise TablexlError(
            "login_required", "Sign in as staff, or send the METRICS_TOKEN as a bearer token."
        )
