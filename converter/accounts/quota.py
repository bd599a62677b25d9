"""Quotas: how many bytes of pictures an owner may keep, and strangers at one address together."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q, Sum
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.crypto import salted_hmac

from converter.accounts import access, rate_limit_identity
from converter.core.errors import TablexlError
from converter.models import Batch, PendingFile


class QuotaReached(TablexlError):
    """A file for which its owner has no room left."""

    def __init__(self) -> None:
        most = filesizeformat(settings.STORAGE_QUOTA).replace("\xa0", " ")
        super().__init__(
            "quota_reached",
            f"At most {most} of pictures may be kept here, and with this file it would be more."
            " Delete batches that you no longer need, then send it again.",
        )


def owner_of_batch(request: HttpRequest) -> dict[str, User | str | None]:
    """The owner of a new batch, and for strangers a hash of their address."""
    owner = access.owner_of(request)
    at = rate_limit_identity.address_of(request)
    digest = salted_hmac("tablexl.address", at).hexdigest()[:32]
    return owner | {"address": "" if owner["user"] or not at else digest}


def check(batch: Batch, more: int) -> None:
    """Raises QuotaReached if there is no room for so many more bytes.

    Files that arrive in the same moment, for other batches, may go past it together: accepted.
    """
    if any(held + more > settings.STORAGE_QUOTA for held in _held(batch)):
        raise QuotaReached


def _held(batch: Batch) -> Iterator[int]:
    """Bytes by the owner of a batch, and by all strangers at its address."""
    if batch.user_id:
        yield _sum(Q(user=batch.user_id))
        return
    if batch.owner:
        yield _sum(Q(owner=batch.owner, user=None))
    if batch.address:
        yield _sum(Q(address=batch.address))


def _sum(whose: Q) -> int:
    batches = Batch.objects.filter(whose)
    stored: int = batches.aggregate(bytes=Sum("size", default=0))["bytes"]
    pending = PendingFile.objects.filter(batch__in=batches)
    waiting: int = pending.aggregate(bytes=Sum("size", default=0))["bytes"]
    return stored + waiting
