"""The shift in which a worker looks at files that take long. Threads wait for decoders; rows are
written here."""

from __future__ import annotations

import logging
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from converter.batches import lifecycle
from converter.batches.lifecycle import AlreadyHere, BatchClosed
from converter.config import decoders
from converter.core.decoding.decoders import StillDecoding
from converter.core.errors import ImageError, TablexlError
from converter.storage import layout
from converter.uploads import intake, pending
from converter.uploads.intake import LookedAt, Source
from converter.uploads.pending import LookClaim
from converter.util import logs
from converter.workers.shift import WorkShift

SHIFT_SECONDS: Final = 10.0  # short, because no image is read by this worker meanwhile

_TOO_SLOW: Final = ImageError(
    "too_complex", "This file takes too long to draw. Split it, or save it in a simpler form."
)
_LOST: Final = TablexlError(
    "worker_died", "The worker stopped while it looked at this file. Save it in a simpler form."
)

logger = logging.getLogger(__name__)


def work() -> None:
    """Look at files for a while or until none waits; then other tasks have their turn."""
    LookingShift().work()


def recover() -> None:
    """Take back files whose worker is gone, and start the drafts that wait for nothing more."""
    for claim in pending.expire():
        _refuse(claim, _LOST)
    pending.settle_all()


@dataclass(slots=True, eq=False)
class LookJob:
    """A file that is being looked at."""

    claim: LookClaim

    def look(self) -> LookedAt:
        """In any thread, for it touches no row."""
        with layout.pending_file(self.claim.file) as path:
            return intake.look_at(path, within=decoders.LONGEST)


class LookingShift(WorkShift[LookJob, LookedAt]):
    """Looks at the files that are due."""

    @property
    def longest(self) -> float:
        return SHIFT_SECONDS

    @property
    def most_in_flight(self) -> int:
        return decoders.AT_ONCE

    @property
    def patience(self) -> float:
        return decoders.LONGEST

    def begin_next(self) -> bool:
        claim = pending.claim_due()
        if claim is None:
            return False
        job = LookJob(claim)
        self.pool.send(job, job.look)
        return True

    def settle(self, job: LookJob, outcome: LookedAt | Exception) -> bool:
        claim = job.claim
        with logs.about(batch_id=claim.file.batch_id):
            if isinstance(outcome, LookedAt):
                with closing(outcome):
                    _take_in(claim, outcome)
            elif isinstance(outcome, StillDecoding):
                _refuse(claim, _TOO_SLOW)
            elif isinstance(outcome, TablexlError):
                _refuse(claim, outcome)
            else:
                _try_again(claim, outcome)
        return True

    def renew(self) -> None:
        pending.renew()

    def hand_back(self, job: LookJob) -> None:
        pending.hand_back(job.claim)


def _take_in(claim: LookClaim, looked: LookedAt) -> None:
    file = claim.file
    try:
        intake.take_in(file.batch, looked, _source_of(claim))
    except (BatchClosed, AlreadyHere):  # not wanted any more, or a lost claim's work
        logger.info("A file that was looked at is not needed any more")
    except TablexlError as error:
        _refuse(claim, error)
        return
    except Exception as error:  # noqa: BLE001  a full disk, or a defect of ours
        _try_again(claim, error)
        return
    pending.finish(claim)


def _try_again(claim: LookClaim, error: Exception) -> None:
    if pending.try_again(claim):
        logger.error("A file could not be looked at, and is tried again", exc_info=error)
    else:
        _refuse(claim, error)


def _refuse(claim: LookClaim, error: Exception) -> None:
    batch = claim.file.batch
    with suppress(BatchClosed), transaction.atomic():
        lifecycle.lock_draft(batch)  # or it was deleted, and needs to know nothing
        intake.refuse(batch, _source_of(claim), error, for_good=True)
    pending.finish(claim)


def _source_of(claim: LookClaim) -> Source:
    # An upload id even without the sender's: should this worker die between the commit of the
    # images and of this row's end, the next one finds them here.
    file = claim.file
    return Source(file.name, file.upload or file.file.partition(".")[0], file.place)
