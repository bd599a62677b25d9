"""Files that are being looked at: kept as they came, claimed by a worker, and then gone.

The only writer of their rows. As long as a draft has one, its start is remembered and not done; the
last one to go starts it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from converter.accounts import quota
from converter.batches import lifecycle, ordering
from converter.batches.lifecycle import AlreadyHere, BatchError
from converter.models import Batch, BatchState, LookState, PendingFile
from converter.storage import layout
from converter.util import logs
from converter.workers import backoff, leases, processes, queue

FAULTS: Final = frozenset({"storage_failed", "disk_full", "unexpected"})  # ours, not the file's
MOST_ATTEMPTS: Final = 3
BACKOFF_SECONDS: Final = 4.0  # after the first failure, then twice as long each time
BACKOFF_SPREAD: Final = 0.25

logger = logging.getLogger(__name__)


class Source(Protocol):
    """What is known of a file: see `intake.Source`."""

    @property
    def name(self) -> str: ...
    @property
    def upload(self) -> str: ...
    @property
    def place(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class LookClaim:
    """The right to look at a file, valid while no one else holds a later one."""

    file: PendingFile
    token: UUID


def keep(batch: Batch, path: Path, source: Source) -> None:
    """Keep a file for a worker to look at. Raises BatchClosed, QuotaReached, AlreadyHere
    or OSError."""
    row = PendingFile(
        batch=batch,
        name=source.name,
        upload=source.upload,
        file=f"{uuid4().hex}.pending",
        size=path.stat().st_size,
    )
    layout.keep_pending(row, path)
    try:
        _add(batch, row, source)
    except BaseException:
        layout.discard_pending(row)
        raise


def claim_due() -> LookClaim | None:
    """Claim the file that waits the longest; None if there is none."""
    due = PendingFile.objects.claimable(timezone.now()).select_related("batch")
    with transaction.atomic():
        now = timezone.now()
        row = (
            due.select_for_update(skip_locked=True, of=("self",)).order_by("created", "pk").first()
        )
        if row is None:
            return None
        return LookClaim(row, leases.take(row, now))


def is_waiting() -> bool:
    """Is there a file that a worker could look at now?"""
    return PendingFile.objects.claimable(timezone.now()).exists()


def finish(claim: LookClaim) -> bool:
    """The file has been dealt with, and its row goes. False if the claim was lost."""
    with transaction.atomic():
        held = leases.held(PendingFile.objects.all(), claim.file.pk, claim.token)
        if not held.delete()[0]:
            return False
        transaction.on_commit(partial(layout.discard_pending, claim.file), robust=True)
    settle(claim.file.batch)
    return True


def try_again(claim: LookClaim) -> bool:
    """Let a file wait for its next attempt, after a fault of ours. False if it was the last."""
    if claim.file.attempts >= MOST_ATTEMPTS:
        return False
    pause = backoff.spread(backoff.doubled(BACKOFF_SECONDS, claim.file.attempts), BACKOFF_SPREAD)
    _release(claim, not_before=timezone.now() + pause)
    return True


def hand_back(claim: LookClaim) -> None:
    """Let a file wait again without counting the attempt."""
    _release(claim, **leases.blameless())


def renew() -> None:
    """Renew all claims of this process."""
    leases.extend(PendingFile.objects.running().filter(claimed_by=processes.identity()))


def expire() -> list[LookClaim]:
    """Take back the files of holders that are gone; those that were lost too often are returned,
    claimed, to be refused: they may be what kills the workers."""
    hopeless = []
    for row in leases.lost(PendingFile.objects.select_related("batch")):
        assert row.claim  # noqa: S101  (the database holds: what runs is claimed)
        claim = LookClaim(row, row.claim)
        if not try_again(claim):
            hopeless.append(claim)
    return hopeless


def settle(batch: Batch) -> None:
    """Start a draft that was to start, and none of whose files is being looked at any more."""
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or not row.starts_by_itself or row.pending.exists():
            return
        if not row.total:  # no file was taken, so there is nothing to read
            lifecycle.cancel(row)
            return
        if not row.partial and row.refusals.filter(code__in=FAULTS).exists():
            _leave(row, "a fault of this machine kept a file out")
            return
        try:
            lifecycle.start(row)
        except BatchError as error:  # somebody changed the draft; its page says what to do
            _leave(row, error)


def _leave(draft: Batch, why: object) -> None:
    """Let a draft be one again, for a person to decide."""
    Batch.objects.filter(pk=draft.pk).update(start_asked=None)
    with logs.about(batch_id=draft.pk):
        logger.warning("Looked at, and not started: %s", why)


def settle_all() -> None:
    """Start the drafts whose worker died before it could."""
    looked_at = ~Exists(PendingFile.objects.filter(batch=OuterRef("pk")))
    asked = Batch.objects.filter(state=BatchState.DRAFT, start_asked__isnull=False)
    for batch in asked.filter(looked_at):
        settle(batch)


@transaction.atomic
def _add(batch: Batch, row: PendingFile, source: Source) -> None:
    draft = lifecycle.lock_draft(batch)
    if source.upload and draft.pending.filter(upload=source.upload).exists():
        raise AlreadyHere
    quota.check(draft, row.size)
    row.place = ordering.next_place(draft) if source.place is None else source.place
    row.save()
    queue.look()


def _release(claim: LookClaim, **changes: object) -> bool:
    held = leases.held(PendingFile.objects.all(), claim.file.pk, claim.token)
    return leases.release(held, LookState.WAITING, **changes)
