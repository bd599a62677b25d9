"""Something of everything that can be owned, with a mark in all its texts that nobody can guess."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from converter.accounts import api_keys, sharing
from converter.batches import claims, lifecycle, trials
from converter.core.engines.protocol import Reading
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue
from converter.core.manifests.model import Limits
from converter.core.manifests.reading import read
from converter.core.tables.edits import SetText
from converter.core.tables.model import Cell, Table
from converter.fields import corrections, templates
from converter.imports import manifests
from converter.models import (
    ApiKey,
    Attempt,
    Batch,
    BatchImage,
    Delivery,
    FetchState,
    ImageState,
    Manifest,
    ManifestState,
    RefusedFile,
    ShareRole,
    SigningSeed,
)
from converter.review import trail
from converter.review.trail import By
from converter.webhooks import signing
from tests.support import batch_factory
from tests.views.conftest import client_of

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FAR_AWAY = 2_000_000_011  # an id that no row has

# For each parameter of an address what it may be of nobody's. Beside it, `_home` has something of
# the owner's.
ABSENT: dict[str, object] = {
    "batches/<uuid:pk>": UUID(int=7),
    "images/<int:image_pk>": FAR_AWAY,
    "templates/<int:pk>": FAR_AWAY,
    "keys/<int:pk>": FAR_AWAY,
    "links/<int:link_pk>": FAR_AWAY,
    "shared/<str:token>": "nobody",
    "jobs/<uuidstr:job_id>": UUID(int=7),
    "images/<int:image_id>": FAR_AWAY,
    "webhooks/<int:delivery_pk>": FAR_AWAY,
    "webhooks/<int:delivery_id>": FAR_AWAY,
    "imports/<uuid:pk>": UUID(int=7),
    "status/<uuidstr:request_id>": UUID(int=7),
    "session/<session_id>": "7" * 32,
    "download/<file_id>": UUID(int=7),
    "templates/<int:template_id>": FAR_AWAY,
    "download/<str:what>": "tables.json",
    "clean-up/<slug:kind>": "settled",
    "tables/<int:index>": 0,
}
WORDS = ("download/<str:what>", "clean-up/<slug:kind>", "tables/<int:index>")  # these are nobody's


@dataclass
class Estate:
    """What one owner has. A home gives a thing for each parameter of an address; there are several,
    for not every address is of use with every batch."""

    user: User | None
    owner: str
    mark: str
    secrets: list[str] = field(default_factory=list)
    homes: list[dict[str, object]] = field(default_factory=list)
    key: str = ""
    refused_keys: dict[str, str] = field(default_factory=dict)

    @property
    def owned(self) -> dict[str, Any]:
        return {"user": self.user, "owner": self.owner}

    def client(self, *, enforce_csrf_checks: bool = False) -> Client:
        """The owner's browser."""
        if self.user is None:
            return client_of(self.owner, enforce_csrf_checks=enforce_csrf_checks)
        client = Client(enforce_csrf_checks=enforce_csrf_checks)
        client.force_login(self.user)
        return client


def settle(owner_is: str) -> Estate:
    """All that an owner can have: a `user`, or a browser's `session`."""
    mark = f"zq{token_hex(8)}"
    user = User.objects.create_user(mark, f"{mark}@example.org") if owner_is == "user" else None
    estate = Estate(user, "" if user else token_hex(16), mark, [mark])
    if not user:
        estate.secrets.append(estate.owner)
    template = templates.create(estate.owned, f"{mark} cards", [{"name": f"{mark} field"}])
    _make_keys(estate)
    estate.secrets.append(signing.secret_of(Batch(**estate.owned)))
    estate.secrets.append(SigningSeed.objects.latest("pk").seed)
    key = ApiKey.objects.get(name=f"{mark} key").pk
    furnish(estate, template=template.pk, key=key)
    Batch.objects.filter(**estate.owned).update(created=LONG_AGO)  # old enough to be cleaned up
    Batch.objects.filter(**estate.owned, settled__isnull=False).update(settled=LONG_AGO)
    home = estate.homes[1]
    home["download/<file_id>"] = f"{home['batches/<uuid:pk>']}-{home['images/<int:image_pk>']}"
    return estate


def furnish(estate: Estate, **shared: int) -> None:
    """A batch of tables, one of cards, and a draft, each with what comes with it; `shared` are the
    ids of the template and the key of all."""
    for batch in (make_tables(estate), _cards(estate), _draft(estate)):
        image = batch.images.order_by("position").first()
        assert image
        estate.homes.append(_home(estate, batch, image, **shared))


def _home(
    estate: Estate, batch: Batch, image: BatchImage, *, template: int, key: int
) -> dict[str, object]:
    told, listed = _told(estate, batch), _listed(estate, batch)
    link, token = sharing.make(batch, f"{estate.mark} link", ShareRole.VIEWER, None)
    estate.secrets.append(token)
    return {
        "batches/<uuid:pk>": batch.pk,
        "images/<int:image_pk>": image.pk,
        "templates/<int:pk>": template,
        "keys/<int:pk>": key,
        "links/<int:link_pk>": link.pk,
        "shared/<str:token>": token,
        "jobs/<uuidstr:job_id>": batch.pk,
        "images/<int:image_id>": image.pk,
        "webhooks/<int:delivery_pk>": told.pk,
        "webhooks/<int:delivery_id>": told.pk,
        "imports/<uuid:pk>": listed.pk,
        "status/<uuidstr:request_id>": listed.pk,
        "session/<session_id>": f"user-{estate.user.pk}" if estate.user else estate.owner,
        "download/<file_id>": batch.pk,
        "templates/<int:template_id>": template,
        "download/<str:what>": "pictures.zip" if batch.is_draft else "tables.json",
        "clean-up/<slug:kind>": "drafts" if batch.is_draft else "settled",
        "tables/<int:index>": 0,
    }


def _told(estate: Estate, batch: Batch) -> Delivery:
    """A message of a webhook that was given up."""
    Batch.objects.filter(pk=batch.pk).update(webhook_url=f"https://{estate.mark}.example/")
    values = {"event": "job.completed", "about": estate.mark, "body": estate.mark}
    over = {"state": "given_up", "ended": LONG_AGO, "reason": estate.mark}
    delivery = Delivery.objects.create(batch=batch, **values, **over)
    Attempt.objects.create(delivery=delivery, ended=LONG_AGO, answer=estate.mark)
    return delivery


def _listed(estate: Estate, batch: Batch) -> Manifest:
    """A list of pictures: of a batch that is settled, none of them could be fetched; with a draft
    comes one that is still to be started."""
    url = f"https://{estate.mark}.example/a.png"
    found = read(f"{estate.mark} number,Image URL\n1,{url}\n".encode(), Limits(rows=9, addresses=9))
    draft = (
        batch_factory.draft(**estate.owned, name=f"{estate.mark} pile") if batch.is_draft else batch
    )
    manifest = manifests.keep(draft, f"{estate.mark}.csv", found)
    if draft is batch:
        failed = {"state": FetchState.FAILED, "error_code": "http_status", "error": estate.mark}
        manifest.addresses.update(**failed)
        Manifest.objects.filter(pk=manifest.pk).update(state=ManifestState.FETCHED)
    return manifest


def _make_keys(estate: Estate) -> None:
    now = timezone.now()
    _, estate.key = api_keys.make(f"{estate.mark} key", **estate.owned)
    _, expired = api_keys.make(
        f"{estate.mark} old", **estate.owned, expires=now - timedelta(hours=1)
    )
    revoked, secret = api_keys.make(f"{estate.mark} lost", **estate.owned)
    api_keys.revoke(revoked)
    estate.refused_keys = {"expired": expired, "revoked": secret}
    estate.secrets += [estate.key, expired, secret]
    ApiKey.objects.update(
        last_used=now + timedelta(hours=1)
    )  # so that no call of a test notes its use


def _marked_draft(estate: Estate, **options: object) -> Batch:
    batch = batch_factory.draft(images=2, **estate.owned, name=f"{estate.mark} pile", **options)
    batch.images.update(name=f"{estate.mark}.png")
    RefusedFile.objects.create(
        batch=batch, name=f"{estate.mark}.txt", code="unsupported_type", message=estate.mark
    )
    return batch


def make_tables(estate: Estate) -> Batch:
    """A batch of tables that is settled: one image read, one failed."""
    batch = _marked_draft(estate)
    lifecycle.start(batch)
    table = Table((Cell(0, 0, f"{estate.mark} cell"),))
    claims.finish(_claim(batch), "local", Reading(estate.mark, tables=(table,)))
    error = EngineError("timed_out", f"{estate.mark} took too long.", permanent=True)
    claims.fail(_claim(batch), error, permanent=True)
    lifecycle.settle(batch)
    image = batch.images.get(state=ImageState.DONE)
    edit = SetText(table=0, row=0, col=0, text=f"{estate.mark} corrected")
    trail.make(image, [edit], By(estate.owned))
    return Batch.objects.get(pk=batch.pk)


def _cards(estate: Estate) -> Batch:
    """A batch of cards that is settled, with a value that the owner put right."""
    marked = {"name": f"{estate.mark} field"}
    batch = _marked_draft(estate, mode="fields", fields=[{"name": "Surname"}, marked])
    lifecycle.start(batch)
    for _ in range(2):
        read = FieldValue("Surname", f"{estate.mark} value", confidence=0.2)
        claims.finish(_claim(batch), "local", Reading("test", fields=(read,)))
    lifecycle.settle(batch)
    first = batch.images.order_by("position").first()
    assert first
    corrections.correct(first, "Surname", f"{estate.mark} put right", estate.owned)
    return Batch.objects.get(pk=batch.pk)


def _draft(estate: Estate) -> Batch:
    """A draft whose fields have been tried."""
    batch = _marked_draft(estate, mode="fields", fields=[{"name": f"{estate.mark} field"}])
    image = batch.images.order_by("position").first()
    assert image
    image.batch = batch
    trials.begin(batch, image)
    return Batch.objects.get(pk=batch.pk)


def _claim(batch: Batch) -> claims.Claim:
    claim = claims.claim_next(batch)
    assert claim
    return claim
