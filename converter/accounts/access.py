"""Access: pages and API get every row from here, and strangers get 404."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from converter.accounts import sharing
from converter.models import (
    ApiKey,
    Batch,
    BatchImage,
    BatchQuerySet,
    Delivery,
    FieldTemplate,
    Manifest,
    Owned,
)

OWNER_KEY: Final = "owner"
NEW_KEY: Final = "new"  # in a session whose cookie has not come back yet
_USER: Final = "user-"


class Caller(NamedTuple):
    """A user, a browser session by our token for it, both, or neither for an unknown caller."""

    user: User | None
    owner: str


def caller_of(request: HttpRequest) -> Caller:
    """From the API key of the request; without one, from the login and the session."""
    if key := key_of(request):
        return Caller(key.user, key.owner)
    user = request.user if isinstance(request.user, User) else None
    return Caller(user, request.session.get(OWNER_KEY, ""))


def key_of(request: HttpRequest) -> ApiKey | None:
    """The API key of the request, as the API's middleware has checked and set it."""
    return getattr(request, "api_key", None)


def owner_of(request: HttpRequest) -> dict[str, User | str | None]:
    """The owner of a new row: the user, or else this browser's session."""
    user, owner = caller_of(request)
    if user:
        return {"user": user, "owner": ""}
    if not owner:
        # A token of our own outlives the change of the session's key at a login.
        owner = request.session[OWNER_KEY] = secrets.token_hex(16)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            request.session[NEW_KEY] = True
    return {"user": None, "owner": owner}


def name_of(request: HttpRequest) -> str:
    """What other people call the caller; "" for one without a login."""
    user = caller_of(request).user
    return user.get_username() if user else ""


def browser_of(request: HttpRequest) -> str:
    """An id of the caller's browser, from which nobody gets its session; a login changes it."""
    return sha256((request.session.session_key or "").encode()).hexdigest()[:32]


def signer_for(request: HttpRequest) -> Owned | None:
    """The owner whose secret signs the caller's webhooks; None for an unknown caller."""
    user, owner = caller_of(request)
    return Batch(user=user, owner=owner) if user or owner else None


def batches_for(request: HttpRequest) -> BatchQuerySet:
    """The batches that the caller may see: those made by the user, or by this browser."""
    return Batch.objects.filter(_of_caller(request)).listed()


def batch_for(request: HttpRequest, pk: UUID) -> Batch:
    """A batch of the caller's, or one that is shared with them and may be seen where they are."""
    batch = batches_for(request).filter(pk=pk).first() or _shared(request, pk)
    if batch is None:
        raise Http404
    return batch


def author_of(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    """Who corrects something of a batch that came from here: its owner, or a guest, as whom."""
    guest = {"guest": batch.link.name} if batch.link else {}
    return owner_of(request) | guest


def job_for(request: HttpRequest, pk: UUID) -> Batch:
    """A batch for the API, where a client that keeps no cookie is known by the batch's id."""
    if shows_nothing(request):
        return get_object_or_404(Batch.objects.filter(by_id=True), pk=pk)
    return batch_for(request, pk)


def manifests_for(request: HttpRequest) -> QuerySet[Manifest]:
    """The caller's lists of pictures, with their batches."""
    return Manifest.objects.filter(batch__in=batches_for(request)).select_related("batch")


def manifest_for(request: HttpRequest, pk: UUID) -> Manifest:
    return get_object_or_404(manifests_for(request), pk=pk)


def import_for(request: HttpRequest, pk: UUID) -> Manifest:
    """A list for the API, as `job_for`."""
    if shows_nothing(request):
        lists = Manifest.objects.filter(batch__in=Batch.objects.filter(by_id=True))
        return get_object_or_404(lists.select_related("batch"), pk=pk)
    return manifest_for(request, pk)


def shows_nothing(request: HttpRequest) -> bool:
    """Whether a request has neither an API key nor a session cookie."""
    return key_of(request) is None and settings.SESSION_COOKIE_NAME not in request.COOKIES


def note_return(request: HttpRequest) -> None:
    """A client that returns the cookie needs no access by ids, so that is closed."""
    if request.session.get(NEW_KEY) and not shows_nothing(request):
        del request.session[NEW_KEY]
        Batch.objects.filter(owner=request.session[OWNER_KEY], by_id=True).update(by_id=False)


def templates_for(request: HttpRequest) -> QuerySet[FieldTemplate]:
    return FieldTemplate.objects.filter(_of_caller(request))


def template_for(request: HttpRequest, pk: int) -> FieldTemplate:
    return get_object_or_404(templates_for(request), pk=pk)


def keys_for(request: HttpRequest) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(_of_caller(request), revoked=None)


def session_id(request: HttpRequest) -> str:
    """The API's id of the caller; empty for an unknown one. See `batches_of_session`."""
    user, owner = caller_of(request)
    return f"{_USER}{user.pk}" if user else owner


def batches_of_session(request: HttpRequest, session: str) -> BatchQuerySet:
    """All batches of a session by its id. A browser's id is a secret, so it is enough for a client
    that keeps no cookie; a user's id is accepted from that user alone."""
    if session and session == session_id(request):
        return batches_for(request)
    if session and not session.startswith(_USER) and shows_nothing(request):
        return Batch.objects.filter(owner=session, user=None).listed()
    return Batch.objects.none()


def batches_to_clean(request: HttpRequest) -> BatchQuerySet:
    """The batches that the caller may clean up: all for staff, else their own."""
    return Batch.objects.listed() if is_staff(request) else batches_for(request)


def is_staff(request: HttpRequest) -> bool:
    user = caller_of(request).user
    return user is not None and user.is_active and user.is_staff


def require_staff(request: HttpRequest) -> None:
    if not is_staff(request):
        raise Http404


def delivery_of(batch: Batch, pk: int) -> Delivery:
    """A message of a batch that came from this module."""
    return get_object_or_404(batch.deliveries, pk=pk)


def image_for(request: HttpRequest, batch_pk: UUID, pk: int) -> BatchImage:
    """An image of a batch as `batch_for` finds it."""
    images = BatchImage.objects.filter(batch=batch_pk, pk=pk).select_related("batch")
    image = images.filter(batch__in=batches_for(request)).first()
    if image is None and (batch := _shared(request, batch_pk)):
        image = get_object_or_404(images)
        image.batch = batch
    if image is None:
        raise Http404
    return image


def _shared(request: HttpRequest, pk: UUID) -> Batch | None:
    """A batch by a link, with it. A draft is its owner's alone."""
    link = sharing.link_for(request, pk)
    if link is None or link.batch.is_draft:
        return None
    link.batch.link = link
    return link.batch


def _of_caller(request: HttpRequest) -> Q:
    """The caller's rows: the user's, and those that this browser made without a login."""
    user, owner = caller_of(request)
    mine = Q(pk__in=[])
    if owner:
        mine |= Q(owner=owner, user=None)
    if user:
        mine |= Q(user=user)
    return mine
