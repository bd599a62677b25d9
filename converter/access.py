"""The only way a door gets a batch, an image or a template; a stranger gets 404."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from converter.models import Batch, BatchImage, BatchQuerySet

OWNER_KEY = "owner"


def owner_of(request: HttpRequest) -> dict[str, User | str | None]:
    """What a new row is owned by: the user, or else this browser's session."""
    if isinstance(request.user, User):
        return {"user": request.user, "owner": ""}
    # A token of our own outlives the change of the session's key at a login.
    if OWNER_KEY not in request.session:
        request.session[OWNER_KEY] = secrets.token_hex(16)
    return {"user": None, "owner": request.session[OWNER_KEY]}


def batches_for(request: HttpRequest) -> BatchQuerySet:
    """The batches that whoever asks may see: those made by the user, or by this browser."""
    mine = Q(pk__in=[])
    if owner := request.session.get(OWNER_KEY):
        mine |= Q(owner=owner, user=None)
    if isinstance(request.user, User):
        mine |= Q(user=request.user)
    return Batch.objects.filter(mine)


def batch_for(request: HttpRequest, pk: UUID) -> Batch:
    return get_object_or_404(batches_for(request), pk=pk)


def batches_to_clean(request: HttpRequest) -> BatchQuerySet:
    """What somebody may clean up: staff all there is, everybody else what is theirs."""
    return Batch.objects.all() if is_staff(request) else batches_for(request)


def is_staff(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_staff


def require_staff(request: HttpRequest) -> None:
    if not is_staff(request):
        raise Http404


def image_for(request: HttpRequest, batch_pk: UUID, pk: int) -> BatchImage:
    batch = batch_for(request, batch_pk)
    return get_object_or_404(batch.images.select_related("batch"), pk=pk)
