"""Fetching: one worker's stretch of it. Threads wait for servers; all rows are written here.

What comes goes through the same checks as an upload, and becomes images of the draft. An address
names its upload, so one that is fetched twice, as after a crash, adds nothing twice.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile

from converter.batches.lifecycle import BatchClosed
from converter.core.errors import TablexlError
from converter.core.outbound import client
from converter.core.outbound.client import Bounds, Guard
from converter.core.outbound.errors import OutboundError
from converter.imports import claims, manifests
from converter.imports.claims import FetchClaim
from converter.uploads import intake
from converter.util import logs
from converter.workers import heartbeat, queue
from converter.workers.thread_pool import Crew

AT_ONCE: Final = 8  # that one worker fetches
LANE_SECONDS: Final = 10.0  # short: whoever reads images on the same machine waits meanwhile
SECONDS: Final = 30.0  # that one address may take
CARE_SECONDS: Final = 5.0
STOP_SECONDS: Final = 3.0  # so long what is under way may still come when the worker is to stop

_MAY_PASS: Final = {"storage_failed", "unexpected"}  # of what goes wrong here

# What may be asked; a test has a server of its own that may be, too.
guard: Guard = client.PUBLIC

logger = logging.getLogger(__name__)


def work() -> None:
    """Fetch for a while or until nothing is due; then other tasks have their turn."""
    lane = _Lane()
    with heartbeat.desk().on_duty():
        lane.run()
        lane.drain()


@dataclass(slots=True, eq=False)
class _Errand:
    """An address on its way, and the file that what comes is written to."""

    claim: FetchClaim
    file: TemporaryUploadedFile

    def run(self) -> None:
        """In any thread, for it touches no row."""
        bounds = Bounds(settings.MAX_FILE_SIZE, SECONDS)
        target = cast(BinaryIO, self.file.file)
        client.fetch(self.claim.address.url, target, bounds, guard)
        target.flush()
        self.file.size = target.tell()


class _Lane:
    def __init__(self) -> None:
        self.crew: Crew[_Errand, None] = Crew()
        self.begun = self.cared = time.monotonic()

    def run(self) -> None:
        while time.monotonic() - self.begun < LANE_SECONDS and not queue.is_stopping():
            has_room = len(self.crew.away) < AT_ONCE
            if has_room and (claim := claims.claim_due()):
                self._begin(claim)
                self._take_in(0)
            elif self.crew.away:
                self._take_in(0.5)
            else:
                return
            self._care()

    def drain(self) -> None:
        """Wait for what is under way; what does not come in time is handed back."""
        begun = time.monotonic()
        while self.crew.away:
            patience = STOP_SECONDS if queue.is_stopping() else SECONDS
            if time.monotonic() - begun > patience:
                break
            self._take_in(0.2)
            self._care()
        for errand in list(self.crew.away):
            self.crew.forget(errand)
            claims.hand_back(errand.claim)

    def _begin(self, claim: FetchClaim) -> None:
        try:
            manifests.check_enabled()
            errand = _Errand(claim, _new_file(claim.address.name))
        except TablexlError as error:
            _fail(claim, error)
        except OSError:
            logger.exception("Nothing can be fetched to here")
            _fail(claim, TablexlError("storage_failed", "It could not be written here. Try later."))
        else:
            self.crew.send(errand, errand.run)

    def _take_in(self, seconds: float) -> None:
        """Keep what is back; wait so long for the first."""
        back = self.crew.take_in(seconds)
        while back:
            _end(*back)
            heartbeat.desk().step()
            back = self.crew.take_in(0)

    def _care(self) -> None:
        heartbeat.desk().step()
        now = time.monotonic()
        if self.crew.away and now - self.cared >= CARE_SECONDS:
            self.cared = now
            claims.renew()


def _new_file(name: str) -> TemporaryUploadedFile:
    # Not made with its name, whose end would be a part of the path.
    file = TemporaryUploadedFile("picture", "", 0, None)
    file.name = name
    return file


def _end(errand: _Errand, outcome: Exception | None) -> None:
    """Settle an address by what came of it."""
    claim = errand.claim
    with logs.about(batch_id=claim.batch.pk), closing(errand.file):
        if isinstance(outcome, Exception):
            _fail(claim, _reason(claim, outcome))
        else:
            _add(claim, errand.file)


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
    return TablexlError("unexpected", "Something went wrong here. It is tried again.")
