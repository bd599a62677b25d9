"""The shift in which a worker fetches pictures. Threads wait for servers; rows are written here.

What was fetched goes through the same checks as an upload, and becomes images of the draft. Each
address has an upload id, so an address that is fetched twice, as after a crash, is added once.
"""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile

from converter.batches.lifecycle import AlreadyHere, BatchClosed
from converter.core.decoding.decoders import StillDecoding
from converter.core.errors import ImageError, TablexlError, unexpected
from converter.core.outbound import client
from converter.core.outbound.client import Bounds, Guard
from converter.core.outbound.errors import OutboundError
from converter.imports import claims, manifests
from converter.imports.claims import FetchClaim
from converter.uploads import intake
from converter.uploads.intake import LookedAt, Source
from converter.util import logs
from converter.workers.shift import WorkShift

AT_ONCE: Final = 8  # requests in flight from one worker
SHIFT_SECONDS: Final = 10.0  # short, because no image is read by this worker meanwhile
SECONDS: Final = 30.0  # that one address may take
LOOK_SECONDS: Final = 60.0  # that its picture may take to decode

_MAY_PASS: Final = {"storage_failed", "unexpected"}  # of our own errors
_TOO_SLOW: Final = ImageError(
    "too_complex", "This picture takes too long to draw. Save it in a simpler form, and upload it."
)
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

    def fetch(self) -> LookedAt:
        """What was fetched, looked at. In any thread, for it touches no row."""
        bounds = Bounds(settings.MAX_FILE_SIZE, SECONDS)
        target = cast(BinaryIO, self.file.file)
        client.fetch(self.claim.address.url, target, bounds, guard)
        target.flush()
        try:
            return intake.look_at(Path(self.file.temporary_file_path()), within=LOOK_SECONDS)
        except StillDecoding as error:
            raise _TOO_SLOW from error


class FetchingShift(WorkShift[FetchJob, LookedAt]):
    """Fetches the addresses that are due."""

    @property
    def longest(self) -> float:
        return SHIFT_SECONDS

    @property
    def most_in_flight(self) -> int:
        return AT_ONCE

    @property
    def patience(self) -> float:
        return SECONDS + LOOK_SECONDS

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

    def settle(self, job: FetchJob, outcome: LookedAt | Exception) -> bool:
        claim = job.claim
        with logs.about(batch_id=claim.batch.pk), closing(job.file):
            if isinstance(outcome, LookedAt):
                with closing(outcome):
                    _add(claim, outcome)
            elif isinstance(outcome, ImageError):  # the list and the draft both tell
                intake.refuse(claim.batch, _source_of(claim), outcome)
                _fail(claim, outcome)
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


def _add(claim: FetchClaim, looked: LookedAt) -> None:
    try:
        intake.take_in(claim.batch, looked, _source_of(claim))
    except BatchClosed:  # cancelled in the meantime: the picture is not wanted
        claims.hand_back(claim)
        return
    except AlreadyHere:  # fetched twice, as after a crash
        logger.info("A picture was fetched that is here already")
    except TablexlError as error:
        intake.refuse(claim.batch, _source_of(claim), error)
        _fail(claim, error)
        return
    except OSError:
        logger.exception("A picture could not be stored")
        _fail(claim, TablexlError("storage_failed", _NOT_WRITTEN))
        return
    claims.finish(claim)
    manifests.settle(claim.address.manifest)


def _source_of(claim: FetchClaim) -> Source:
    address = claim.address
    return Source(intake.clean_name(address.name), str(address.upload), address.number)


def _fail(claim: FetchClaim, error: TablexlError) -> None:
    """Fail an address: for now if the error may pass, else for good."""
    may_pass = error.code in _MAY_PASS
    permanent = error.permanent if isinstance(error, OutboundError) else not may_pass
    after = error.retry_after if isinstance(error, OutboundError) else None
    if claims.fail(claim, error, permanent=permanent, retry_after=after):
        manifests.settle(claim.address.manifest)
