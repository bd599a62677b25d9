"""Authentication: API keys, session cookies, and the METRICS_TOKEN."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.base import AuthBase

from converter.accounts import access, api_keys
from converter.core.errors import TablexlError

_BEARER: Final = "bearer "
_WATCHER: Final = "watcher"


class KeyHolder(AuthBase):
    """A program that sends `Authorization: Bearer KEY`. A bad key is refused, even with a valid
    cookie."""

    openapi_type: Final = "http"
    openapi_scheme: Final = "bearer"
    openapi_description: Final = "an API key, made on the page /keys/"

    def __call__(self, request: HttpRequest) -> bool:
        if getattr(request, "key_was_refused", False):
            raise TablexlError("key_refused", "This API key is unknown, revoked or expired.")
        key = access.key_of(request)
        return key is not None and (key.user is not None or not settings.REQUIRE_LOGIN)


class Visitor(AuthBase):
    """Anybody, identified by the session cookie. `access` decides who may see what."""

    openapi_type: Final = "apiKey"
    openapi_in: Final = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME
    openapi_description: Final = "given with the first job; none is needed to begin"

    def __call__(self, request: HttpRequest) -> bool:
        if settings.REQUIRE_LOGIN and access.caller_of(request).user is None:
            raise TablexlError("login_required", "Sign in, or send an API key, to use this.")
        return True


CALLERS: Final = (KeyHolder(), Visitor())


class Watcher(HttpBearer):
    """A program that sends the METRICS_TOKEN, where there is one."""

    openapi_description: Final = "the METRICS_TOKEN of the settings"

    def authenticate(self, _request: HttpRequest, token: str) -> str | None:
        return _WATCHER if opens_metrics(token) else None


WATCHERS: Final = (Watcher(), *CALLERS)


def check_watches(request: HttpRequest) -> None:
    """Raises TablexlError (`login_required`) unless the METRICS_TOKEN or staff is authenticated."""
    if getattr(request, "auth", None) != _WATCHER and not access.is_staff(request):
        raise TablexlError(
            "login_required", "Sign in as staff, or send the METRICS_TOKEN as a bearer token."
        )


def identify(request: HttpRequest) -> None:
    """Read the key or cookie of a request. The classes above decide whether it is allowed."""
    sent: Any = request.headers.get("Authorization", "")
    if not sent.lower().startswith(_BEARER):
        access.note_return(request)
        return
    token = sent[len(_BEARER) :].strip()
    if opens_metrics(token):  # not an API key; the database may be down
        return
    key = api_keys.find(token)
    request.api_key = key  # type: ignore[attr-defined]
    request.key_was_refused = key is None  # type: ignore[attr-defined]
    if key:
        api_keys.note_use(key)


def opens_metrics(token: str) -> bool:
    wanted: str = settings.METRICS_TOKEN
    return bool(wanted) and compare_digest(token.encode(errors="replace"), wanted.encode())
