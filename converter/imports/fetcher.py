"""Fetching: one worker's stretch of it. Threads wait for servers; all rows are written here.

What comes goes through the same checks as an upload, and becomes images of the draft. An address
names its upload, so one that is fetched twice, as after a crash, adds nothing twice.
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

AT_ONCE: Final = 8  # that one worker fetches
SHIFT_SECONDS: Final = 10.0  # short: whoever reads images on the same machine waits meanwhile
SECONDS: Final = 30.0  # that one address may take

_MAY_PASS: Final = {"storage_failed", "unexpected"}  # of what goes wrong here

# What may be asked; a test has a server of its own that may be, too.
guard: Guard = client.PUBLIC

logger = logging.getLogger(__name__)


def work() -> None:
    """Fetch for a while or until nothing is due; then other tasks have their turn."""
    FetchingShift().work()


@dataclass(slots=True, eq=False)
class FetchJob:
    """An address on its way, and the file that what comes is written to."""

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
            job = FetchJob(claim, _new_file(claim.address.name))
        except TablexlError as error:
            _fail(claim, error)
        except OSError:
            logger.exception("Nothing can be fetched to here")
            _fail(claim, TablexlError("storage_failed", "It could not be written here. Try later."))
        else:
            self.pool.send(job, job.fetch)
        return True

    def settle(self, job: FetchJob, outcome: Exception | None) -> bool:
        claim = job.claim
        with logs.about(batch_id=claim.batch.pk), closing(job.file):
            if isinstance(outcome, Exception):
                _fail(claim, _reason(claim, outcome))
            else:
                _add(claim, job.file)
        return True

    def renew(self) -> None:
        claims.renew()

    def hand_back(self, job: FetchJob) -> None:
        claims.hand_back(job.claim)


def _new_file(name: str) -> TemporaryUploadedFile:
    # Not made with its name, whose end would be a part of the path.
    file = TemporaryUploadedFile("picture", "", 0, None)
    file.name = name
    return file


def _add(claim: FetchClaim, file: TemporaryUploadedFile) -> None:
    address = claim.address
    upload = str(address.upload)
    try:
        report = intake.add_files(claim.batch, [file], upload, address.number)
    except BatchClosed:  # cancelled meanwhile: nobody wants it
        claims.hand_back(claim)
        return
    if report.added:
        claims.finish(claim)
        manifests.settle(address.manifest)
        return
    [refused, *_] = report.refused
    if refused.code in _MAY_PASS:  # or the next try would only hear the same again
        claim.batch.refusals.filter(upload=upload).delete()
    _fail(claim, TablexlError(refused.code, refused.message))


def _fail(claim: FetchClaim, error: TablexlError) -> None:
    """What may pass is tried again; all else is for good."""
    may_pass = error.code in _MAY_PASS
    permanent = error.permanent if isinstance(error, OutboundError) else not may_pass
    after = error.retry_after if isinstance(error, OutboundError) else None
    if claims.fail(claim, error, permanent=permanent, retry_after=after):
        manifests.settle(claim.address.manifest)


def _reason(claim: FetchClaim, error: Exception) -> TablexlError:
    if isinstance(error, TablexlError):
        return error
    logger.error("Could not fetch %s", claim.address.url, exc_info=error)
    if isinstance(error, OSError):
        return TablexlError("storage_failed", "It could not be written here. Try later.")
    return unexpected("It is tried again.")
