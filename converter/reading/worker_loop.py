"""The shift in which a worker reads images, one by one, of whichever batch is due.

An image that this machine reads is read at once. One that a server reads is prepared and sent, and
the shift goes on with the next. Threads wait for the answers and do nothing else; all rows are
written here, in the main thread.
"""

from __future__ import annotations

import logging
import time
from typing import Final
from uuid import UUID

from django.conf import settings

from converter.batches import claims, lifecycle
from converter.core.engines.protocol import Reading
from converter.models import Batch
from converter.reading import pipeline
from converter.reading.pipeline import RemoteReadJob
from converter.storage import layout
from converter.workers import processes, queue
from converter.workers.shift import WorkShift

logger = logging.getLogger(__name__)

AHEAD: Final = 4  # prepared and waiting for the engine's limit, so that no answer waits for us
UNWANTED_SECONDS: Final = 5  # how long an answer to a cancelled batch may still come


def work() -> None:
    """Read images for half a minute or until none waits; longer while answers are in flight.

    It ends so that other tasks have their turn; the task wakes a worker for what is left.
    """
    ReadingShift().work()


class ReadingShift(WorkShift[RemoteReadJob, Reading]):
    """Reads the images that are due, here or by way of a server."""

    def __init__(self) -> None:
        super().__init__()
        self.moved: set[UUID] = set()  # batches whose files a crash may have kept from their folder
        self.unwanted: dict[RemoteReadJob, float] = {}  # and since when

    @property
    def longest(self) -> float:
        is_waiting = bool(self.pool.in_flight)
        return settings.REMOTE_SHIFT_SECONDS if is_waiting else settings.SHIFT_SECONDS

    @property
    def most_in_flight(self) -> int:
        return int(settings.REMOTE_CONCURRENCY) + AHEAD

    @property
    def patience(self) -> float:
        return float(settings.IMAGE_TIMEOUT_SECONDS)

    def begin_next(self) -> bool:
        claim = claims.claim_due()
        if claim is None:
            return False
        batch = claim.image.batch
        queue.wake_further(claims.is_work_waiting)  # for another worker, if one is free
        if batch.pk not in self.moved:
            self.moved.add(batch.pk)
            try:
                layout.settle_folder(batch)
            except OSError:  # no reason to stop: an image's file is found wherever it is
                logger.exception("The files of batch %s were not moved", batch.pk)
        if job := pipeline.begin(claim):
            self.pool.send(job, job.ask)
        else:
            lifecycle.settle(batch)
        return True

    def use_wait(self) -> bool:
        """Read the words of one picture that is in flight, if there is one to be read twice."""
        if queue.is_stopping():
            return False
        job = next((job for job in self.pool.in_flight if job.second_engine), None)
        if job:
            pipeline.read_words(job)
        return job is not None

    def settle(self, job: RemoteReadJob, outcome: Reading | Exception) -> bool:
        """Store an answer. If its words are read only now, the others wait, so that requests go
        out in between."""
        has_words_to_read = job.second_engine is not None
        pipeline.end(job, outcome)
        lifecycle.settle(job.claim.image.batch)
        return not has_words_to_read

    def renew(self) -> None:
        """Renew the claims of what is in flight, and drop what has not been wanted for a while."""
        claims.renew([processes.identity()])
        now = time.monotonic()
        wanted = {job.claim.image.batch_id for job in self.pool.in_flight}
        wanted &= set(Batch.objects.active().filter(pk__in=wanted).values_list("pk", flat=True))
        for job in list(self.pool.in_flight):
            if job.claim.image.batch_id in wanted:
                self.unwanted.pop(job, None)
            elif now - self.unwanted.setdefault(job, now) >= UNWANTED_SECONDS:
                self.pool.forget(job)
                claims.hand_back(job.claim)

    def hand_back(self, job: RemoteReadJob) -> None:
        """Nobody is blamed: a request ends by itself in time, so this one had not been sent yet."""
        claims.hand_back(job.claim)
        lifecycle.settle(job.claim.image.batch)
