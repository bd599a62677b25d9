"""Claims of addresses: the only writer of their state, as `batches.claims` is of an image's.

A worker that fetches an address holds a claim: a token and a time until which it is valid. Every
change is conditional on the token, and made under the lock of the batch that the picture is for.
Few requests go to one host at a time, counting all workers and lists, and none while the host has
asked for a pause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef
from django.utils import timezone

from converter.core.errors import TablexlError
from converter.models import (
    Batch,
    FetchState,
    Manifest,
    ManifestAddress,
)
from converter.workers import backoff, leases, processes

PER_HOST: Final = 2  # requests to one host at a time
MOST_ATTEMPTS: Final = 5
BACKOFF_SECONDS = 4.0  # after the first failure, then twice as long each time
BACKOFF_SPREAD: Final = 0.25
LONGEST_PAUSE: Final = 3600.0  # seconds, also of what a server asks for


@dataclass(frozen=True, slots=True)
class FetchClaim:
    """The right to fetch `address` for `batch`, valid while no one else holds a later one."""

    address: ManifestAddress
    batch: Batch
    token: UUID


def claim_due() -> FetchClaim | None:
    """Claim the next address of the list that is due; None if none can be fetched now.

    Two workers that look at the same moment, for two lists, may send a host one request more than
    PER_HOST. That is accepted: the limit is a courtesy, and a lock of all lists would cost more.
    """
    busy = _busy_hosts()
    due = ManifestAddress.objects.claimable(timezone.now()).exclude(host__in=busy)
    waiting = Manifest.objects.filter(Exists(due.filter(manifest=OuterRef("pk"))))
    for manifest in waiting.order_by(F("served").asc(nulls_first=True), "created"):
        with transaction.atomic():
            batch = Batch.objects.lock(manifest.batch_id)
            if batch is None or not batch.is_draft:
                continue
            now = timezone.now()
            free = manifest.addresses.claimable(now).exclude(host__in=busy)
            if address := free.order_by("number").first():
                Manifest.objects.filter(pk=manifest.pk).update(served=now)
                return FetchClaim(address, batch, leases.take(address, now))
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

    If a server says when to try again, nothing is fetched from its host until then.
    """
    why = {"error_code": error.code, "error": error.message}
    if permanent or claim.address.attempts >= MOST_ATTEMPTS:
        return _settle(claim, FetchState.FAILED, **why)
    usual = backoff.doubled(BACKOFF_SECONDS, claim.address.attempts)
    pause = max(backoff.spread(usual, BACKOFF_SPREAD).total_seconds(), retry_after or 0.0)
    until = timezone.now() + timedelta(seconds=min(pause, LONGEST_PAUSE))
    with transaction.atomic():
        _settle(claim, FetchState.WAITING, not_before=until, **why)
        if retry_after is not None:
            others = claim.address.manifest.addresses.filter(
                host=claim.address.host, state=FetchState.WAITING
            )
            others.filter(not_before__lt=until).update(not_before=until)
    return False


def hand_back(claim: FetchClaim) -> None:
    """Let an address wait again without counting the attempt: it is not to blame."""
    _settle(claim, FetchState.WAITING, **leases.blameless())


def renew() -> None:
    """Renew all claims of this process."""
    leases.extend(ManifestAddress.objects.running().filter(claimed_by=processes.identity()))


def expire() -> None:
    """Take back the addresses of holders that are gone: dead, or silent for too long.

    An address that is taken back again and again fails: its picture may be what kills the workers.
    """
    message = "The worker stopped while it fetched this picture. Try it alone, or upload it."
    lost = leases.lost(ManifestAddress.objects.select_related("manifest__batch"))
    for address in lost:
        assert address.claim  # noqa: S101  (the database holds: what runs is claimed)
        claim = FetchClaim(address, address.manifest.batch, address.claim)
        fail(claim, TablexlError("worker_died", message), permanent=False)


def _busy_hosts() -> list[str]:
    asked = ManifestAddress.objects.running().values("host").annotate(number=Count("pk"))
    return list(asked.filter(number__gte=PER_HOST).values_list("host", flat=True))


@transaction.atomic
def _settle(claim: FetchClaim, state: FetchState, **changes: object) -> bool:
    """Change the state of an address under its batch's lock; False if claim or batch is gone."""
    held = leases.held(ManifestAddress.objects.all(), claim.address.pk, claim.token)
    is_there = Batch.objects.lock(claim.batch.pk) is not None
    return is_there and leases.release(held, state, **changes)
