"""Whether one must sign in to see a page, and what is sent to those who have not."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from converter.accounts import sharing
from converter.core.errors import TablexlError
from converter.views import answers

_NOT_SIGNED_IN: Final = "You are not signed in any more. Load the page again to sign in."


class LoginWhereRequired(LoginRequiredMiddleware):
    """Django's own, if `REQUIRE_LOGIN` is set. The API decides by itself who may call."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not settings.REQUIRE_LOGIN or request.path_info.startswith("/api/"):
            return None
        if "pk" in kwargs and sharing.link_for(request, kwargs["pk"]):
            return None  # a guest needs no login for what a link opens
        return super().process_view(request, view, args, kwargs)

    def handle_no_permission(  # type: ignore[override]  # any answer will do for Django
        self, request: HttpRequest, view: Any
    ) -> HttpResponseBase:
        """Pages redirect to the form; a script, which could not use the form, gets an error."""
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("login"))
        if answers.wants_json(request):
            return answers.problem(TablexlError("login_required", _NOT_SIGNED_IN), 401)
        return super().handle_no_permission(request, view)
