"""Claims of addresses: the only writer of their state, as `claims` is of an image's.

Who fetches an address holds a claim: a token and a time until which it is valid. Every change is
conditional on the token, and made under the lock of the batch that the picture is for. A host is
asked by few at a time, all workers and lists together, and not at all while it wants to be left
alone.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from converter.core.errors import TablexlError
from converter.models import (
    Batch,
    FetchState,
    Manifest,
    ManifestAddress,
    ManifestAddressQuerySet,
)
from converter.workers import processes

PER_HOST: Final = 2  # that are asked of one host at a time
MOST_ATTEMPTS: Final = 5
BACKOFF_SECONDS = 4.0
LONGEST_PAUSE: Final = 3600.0  # that a server's word is taken for
UNCLAIMED: Final = {"claim": None, "claimed_until": None, "claimed_by": ""}


@dataclass(frozen=True, slots=True)
class FetchClaim:
    """The right to fetch `address` for `batch`, valid while no one else holds a later one."""

    address: ManifestAddress
    batch: Batch
    token: UUID


def claim_due() -> FetchClaim | None:
    """Claim the next address of the list that is due; None if none can be fetched now.

    Two workers that look at one moment, for two lists, may ask a host once more than PER_HOST says.
    That is accepted: it is a courtesy, and a lock of all lists would cost everybody more.
    """
    busy = _busy_hosts()
    free = ManifestAddress.objects.claimable(timezone.now()).exclude(host__in=busy)
    waiting = Manifest.objects.filter(Exists(free.filter(manifest=OuterRef("pk"))))
    for manifest in waiting.order_by(F("served").asc(nulls_first=True), "created"):
        if claim := _claim_next(manifest, busy):
            return claim
    return None


def is_waiting() -> bool:
    """Is there an address that a worker could fetch now?"""
    return (
        ManifestAddress.objects.claimable(timezone.now()).exclude(host__in=_busy_hosts()).exists()
    )


def finish(claim: FetchClaim) -> bool:
    """The picture is in the batch. False if the claim was lost."""
    return _settle(claim, FetchState.DONE, error_code="", error="")


def fail(
    claim: FetchClaim,
    error: TablexlError,
    *,
    permanent: bool,
    retry_after: float | None = None,
) -> bool:
    """Fail an address for good, or let it wait for its next attempt. True if it failed for good.

    A server that says when it wants to be asked again is left alone until then, as a whole.
    """
    why = {"error_code": error.code, "error": error.message}
    if permanent or claim.address.attempts >= MOST_ATTEMPTS:
        return _settle(claim, FetchState.FAILED, **why)
    until = timezone.now() + _pause(claim.address.attempts, retry_after)
    with transaction.atomic():
        _put_back(claim, not_before=until, **why)
        if retry_after is not None:
            _leave_alone(claim.address, until)
    return False


def hand_back(claim: FetchClaim) -> None:
    """Let an address wait again that nobody can be blamed for: the attempt does not count."""
    _put_back(claim, attempts=F("attempts") - 1, not_before=timezone.now())


def renew() -> None:
    """Make what this process has claimed valid for its full time again."""
    until = timezone.now() + timedelta(seconds=settings.CLAIM_SECONDS)
    held = ManifestAddress.objects.running().filter(claimed_by=processes.identity())
    held.update(claimed_until=until)


def expire() -> None:
    """Take back the addresses of holders that are gone: dead, or silent for too long.

    One that is taken back again and again fails: its picture may be what kills the workers.
    """
    here = f"{processes.machine()}:"
    held = ManifestAddress.objects.running().select_related("manifest__batch")
    for address in held.filter(
        Q(claimed_until__lt=timezone.now()) | Q(claimed_by__startswith=here)
    ):
        overdue = address.claimed_until is None or address.claimed_until < timezone.now()
        if overdue or not processes.is_alive(address.claimed_by):
            fail(_claim_of(address), _died(), permanent=False)


def _claim_next(manifest: Manifest, busy: list[str]) -> FetchClaim | None:
    with transaction.atomic():
        batch = Batch.objects.lock(manifest.batch_id)
        if batch is None or not batch.is_draft:
            return None
        now = timezone.now()
        free = manifest.addresses.claimable(now).exclude(host__in=busy)
        address = free.order_by("number").first()
        if address is None:
            return None
        Manifest.objects.filter(pk=manifest.pk).update(served=now)
        return _take(address, batch, now)


def _take(address: ManifestAddress, batch: Batch, now: datetime) -> FetchClaim:
    token = uuid4()
    address.state, address.claim = FetchState.RUNNING, token
    address.attempts += 1
    address.claimed_until = now + timedelta(seconds=settings.CLAIM_SECONDS)
    address.claimed_by = processes.identity()
    address.save(update_fields=["state", "attempts", *UNCLAIMED])
    return FetchClaim(address, batch, token)


def _busy_hosts() -> list[str]:
    asked = ManifestAddress.objects.running().values("host").annotate(number=Count("pk"))
    return list(asked.filter(number__gte=PER_HOST).values_list("host", flat=True))


def _held(claim: FetchClaim) -> ManifestAddressQuerySet:
    return ManifestAddress.objects.running().filter(pk=claim.address.pk, claim=claim.token)


@transaction.atomic
def _settle(claim: FetchClaim, state: FetchState, **why: str) -> bool:
    if Batch.objects.lock(claim.batch.pk) is None:
        return False
    return bool(_held(claim).update(state=state, **UNCLAIMED, **why))


@transaction.atomic
def _put_back(claim: FetchClaim, **changes: object) -> None:
    if Batch.objects.lock(claim.batch.pk) is not None:
        _held(claim).update(state=FetchState.WAITING, **UNCLAIMED, **changes)


def _leave_alone(address: ManifestAddress, until: datetime) -> None:
    others = ManifestAddress.objects.filter(
        manifest=address.manifest_id, host=address.host, state=FetchState.WAITING
    )
    others.filter(not_before__lt=until).update(not_before=until)


def _claim_of(address: ManifestAddress) -> FetchClaim:
    assert address.claim  # noqa: S101  (the database holds: what runs is claimed)
    return FetchClaim(address, address.manifest.batch, address.claim)


def _pause(attempts: int, retry_after: float | None) -> timedelta:
    """Twice as long each time, and no shorter than the server says."""
    spread = random.uniform(0.75, 1.25)  # noqa: S311  (no secret)
    ours = BACKOFF_SECONDS * 2 ** (attempts - 1) * spread
    return timedelta(seconds=min(max(ours, retry_after or 0.0), LONGEST_PAUSE))


def _died() -> TablexlError:
    message = "The worker stopped while it fetched this picture. Try it alone, or upload it."
    return TablexlError("worker_died", message)
