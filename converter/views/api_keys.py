"""API keys as their owner sees them: made, shown once, and revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from converter.accounts import access, api_keys
from converter.forms import ApiKeyForm
from converter.models import ApiKey

MOST: Final = 50  # of one owner


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def key_list(request: HttpRequest) -> HttpResponse:
    """The answer to the form is the only page that ever shows a key."""
    if request.method != "POST":
        return _page(request, ApiKeyForm())
    form = ApiKeyForm(request.POST)
    if access.keys_for(request).count() >= MOST:
        form.add_error(None, f"{MOST} keys are the most. Revoke one that nobody needs first.")
    if not form.is_valid():
        return _page(request, form, status=422)
    days = form.cleaned_data["days"]
    expires = timezone.now() + timedelta(days=days) if days else None
    access.owner_of(request)  # a browser that nobody knows yet gets a token
    user, owner = access.caller_of(request)
    key, secret = api_keys.make(
        form.cleaned_data["name"], user=user, owner="" if user else owner, expires=expires
    )
    return _page(request, ApiKeyForm(), made=key, secret=secret)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(access.keys_for(request), pk=pk)
    api_keys.revoke(key)
    messages.success(request, f"The key “{key.name}” opens nothing any more.")
    return redirect("keys")


def _page(
    request: HttpRequest, form: ApiKeyForm, *, status: int = 200, **made: Any
) -> HttpResponse:
    shown: list[ApiKey] = list(access.keys_for(request).order_by("-created", "-pk"))
    return render(request, "keys.html", {"keys": shown, "form": form, **made}, status=status)
