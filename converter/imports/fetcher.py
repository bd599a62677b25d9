"""The shift in which a worker fetches pictures. Threads wait for servers; rows are written here.

What was fetched goes through the same checks as an upload, and becomes images of the draft. Each
address has an upload id, so an address that is fetched twice, as after a crash, is added once.
"""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile

from converter.batches.lifecycle import BatchClosed
from converter.core.errors import TablexlError, unexpected
from converter.core.outbound import client
from converter.core.outbound.client import Bounds, Guard
from converter.core.outbound.errors import OutboundError
from converter.imports import claims, manifests
from converter.imports.claims import FetchClaim
from converter.uploads import intake
from converter.util import logs
from converter.workers.shift import WorkShift

AT_ONCE: Final = 8  # requests in flight from one worker
SHIFT_SECONDS: Final = 10.0  # short, because no image is read by this worker meanwhile
SECONDS: Final = 30.0  # that one address may take

_MAY_PASS: Final = {"storage_failed", "unexpected"}  # of our own errors
_NOT_WRITTEN: Final = "It could not be written here. Try later."

# Which addresses may be asked; tests allow their own server too.
guard: Guard = client.PUBLIC

logger = logging.getLogger(__name__)


def work() -> None:
    """Fetch for a while or until nothing is due; then other tasks have their turn."""
    FetchingShift().work()


@dataclass(slots=True, eq=False)
class FetchJob:
    """An address that is being fetched, and the file to write to."""

    claim: FetchClaim
    file: TemporaryUploadedFile

    def fetch(self) -> None:
        """In any thread, for it touches no row."""
        bounds = Bounds(settings.MAX_FILE_SIZE, SECONDS)
        target = cast(BinaryIO, self.file.file)
        client.fetch(self.claim.address.url, target, bounds, guard)
        target.flush()
        self.file.size = target.tell()


class FetchingShift(WorkShift[FetchJob, None]):
    """Fetches the addresses that are due."""

    @property
    def longest(self) -> float:
        return SHIFT_SECONDS

    @property
    def most_in_flight(self) -> int:
        return AT_ONCE

    @property
    def patience(self) -> float:
        return SECONDS

    def begin_next(self) -> bool:
        claim = claims.claim_due()
        if claim is None:
            return False
        try:
            manifests.check_enabled()
            # Not made with its name, whose end would become a part of the path.
            job = FetchJob(claim, TemporaryUploadedFile("picture", "", 0, None))
            job.file.name = claim.address.name
        except TablexlError as error:
            _fail(claim, error)
        except OSError:
            logger.exception("Nothing can be fetched to here")
            _fail(claim, TablexlError("storage_failed", _NOT_WRITTEN))
        else:
            self.pool.send(job, job.fetch)
        return True

    def settle(self, job: FetchJob, outcome: Exception | None) -> bool:
        claim = job.claim
        with logs.about(batch_id=claim.batch.pk), closing(job.file):
            if outcome is None:
                _add(claim, job.file)
            elif isinstance(outcome, TablexlError):
                _fail(claim, outcome)
            else:
                logger.error("Could not fetch %s", claim.address.url, exc_info=outcome)
                full = TablexlError("storage_failed", _NOT_WRITTEN)
                error = full if isinstance(outcome, OSError) else unexpected("It is tried again.")
                _fail(claim, error)
        return True

    def renew(self) -> None:
        claims.renew()

    def hand_back(self, job: FetchJob) -> None:
        claims.hand_back(job.claim)


def _add(claim: FetchClaim, file: TemporaryUploadedFile) -> None:
    address = claim.address
    upload = str(address.upload)
    try:
        report = intake.add_files(claim.batch, [file], upload, address.number)
    except BatchClosed:  # cancelled in the meantime: the picture is not wanted
        claims.hand_back(claim)
        return
    if report.added:
        claims.finish(claim)
        manifests.settle(address.manifest)
        return
    [refused, *_] = report.refused
    if refused.code in _MAY_PASS:  # a kept refusal would be the next attempt's answer
        claim.batch.refusals.filter(upload=upload).delete()
    _fail(claim, TablexlError(refused.code, refused.message))


def _fail(claim: FetchClaim, error: TablexlError) -> None:
    """Fail an address: for now if the error may pass, else for good."""
    may_pass = error.code in _MAY_PASS
    permanent = error.permanent if isinstance(error, OutboundError) else not may_pass
    after = error.retry_after if isinstance(error, OutboundError) else None
    if claims.fail(claim, error, permanent=permanent, retry_after=after):
        manifests.settle(claim.address.manifest)
