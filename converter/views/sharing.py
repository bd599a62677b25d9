"""Sharing as people see it: the links to a batch, made, shown once, and ended; and one opened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from converter.accounts import access, origins, sharing
from converter.batches.lifecycle import BatchError
from converter.forms import ShareLinkForm
from converter.models import Batch, ShareRole
from converter.views import answers

MOST: Final = 50  # of one batch


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def link_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The answer to the form is the only page that ever shows a link."""
    batch = access.batch_for(request, pk)
    if batch.is_draft:
        error = BatchError("batch_not_settled", "Start this batch before you share it.")
        return answers.refusal(request, batch, error)
    if request.method != "POST":
        return _page(request, batch, ShareLinkForm())
    form = ShareLinkForm(request.POST)
    if batch.links.filter(ended=None).count() >= MOST:
        form.add_error(None, f"{MOST} links are the most. End one that nobody needs first.")
    if not form.is_valid():
        return _page(request, batch, form, status=422)
    said = form.cleaned_data
    expires = timezone.now() + timedelta(days=said["days"]) if said["days"] else None
    link, token = sharing.make(batch, said["name"], ShareRole(said["role"]), expires)
    url = origins.absolute_url(request, reverse("shared", args=[token]))
    return _page(request, batch, ShareLinkForm(), made=link, url=url)


@require_POST
def end(request: HttpRequest, pk: UUID, link_pk: int) -> HttpResponse:
    batch = access.batch_for(request, pk)
    link = get_object_or_404(batch.links, pk=link_pk)
    sharing.end(link)
    messages.success(request, f"The link for “{link.name}” opens nothing any more.")
    return redirect("batch-links", pk=pk)


@require_safe
@never_cache
@login_not_required
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to the batch; from there on no address has the token, and no other site learns it."""
    link = sharing.open_link(request, token)
    response = (
        redirect("batch", pk=link.batch_id)
        if link
        else render(request, "batches/no_link.html", status=404)
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _page(
    request: HttpRequest, batch: Batch, form: ShareLinkForm, *, status: int = 200, **made: Any
) -> HttpResponse:
    links = list(batch.links.filter(ended=None).order_by("-pk"))
    context = {"batch": batch, "links": links, "form": form, **made}
    return render(request, "batches/links.html", context, status=status)
