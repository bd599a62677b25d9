"""A lane: one worker's stretch of work, image by image, of whichever batch is due.

An image that this machine reads is read at once. One that a server reads is prepared and sent, and
the lane goes on with the next, until as many are under way as there may be. Threads wait for the
answers and do nothing else; all rows are written here, in the main thread.
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
from converter.reading.pipeline import Errand
from converter.storage import layout
from converter.workers import heartbeat, processes, queue
from converter.workers.thread_pool import Crew

logger = logging.getLogger(__name__)

AHEAD: Final = 4  # prepared and waiting for the engine's limit, so that no answer waits for us
CARE_SECONDS: Final = 5  # how often claims are renewed, and errands looked for that are in vain
UNWANTED_SECONDS: Final = 5  # so long an answer to a cancelled batch may still come
STOP_SECONDS: Final = 3  # and so long any answer, when the worker is told to stop


def work() -> None:
    """Read images for half a minute or until none waits; longer while answers are under way.

    It ends so that other tasks have their turn; the task wakes somebody for what is left.
    """
    lane = _Lane()
    with heartbeat.desk().on_duty():
        lane.run()
        lane.drain()


class _Lane:
    def __init__(self) -> None:
        self.crew: Crew[Errand, Reading] = Crew()
        self.moved: set[UUID] = set()  # a crash may have kept files from their folder: once will do
        self.unwanted: dict[Errand, float] = {}
        self.begun = self.cared = time.monotonic()

    def run(self) -> None:
        while self._may_begin():
            has_room = len(self.crew.away) < settings.REMOTE_CONCURRENCY + AHEAD
            if has_room and (claim := claims.claim_due()):
                self._begin(claim)
                self._take_in(0)
            elif self.crew.away:
                self._take_in(0 if self._read_along() else 0.5)
            else:
                return
            self._care()

    def drain(self) -> None:
        """Wait for what is under way; what does not come in time is handed back.

        Nobody is blamed: a request ends by itself in time, so this one still waits to be sent.
        """
        begun = time.monotonic()
        while self.crew.away and time.monotonic() - begun < _patience():
            self._take_in(0 if self._read_along() else 0.2)
            self._care()
        for errand in list(self.crew.away):
            self.crew.forget(errand)
            claims.hand_back(errand.claim)
            lifecycle.settle(errand.claim.image.batch)

    def _may_begin(self) -> bool:
        longest = settings.REMOTE_LANE_SECONDS if self.crew.away else settings.LANE_SECONDS
        return time.monotonic() - self.begun < longest and not queue.is_stopping()

    def _begin(self, claim: claims.Claim) -> None:
        batch = claim.image.batch
        queue.wake_further(claims.is_work_waiting)  # for another worker, if one is free
        if batch.pk not in self.moved:
            self.moved.add(batch.pk)
            _settle_folder(batch)
        if errand := pipeline.begin(claim):
            self.crew.send(errand, errand.ask)
        else:
            lifecycle.settle(batch)

    def _read_along(self) -> bool:
        """Use the time for the words of one picture that is under way, if there is one."""
        if queue.is_stopping():
            return False
        errand = next((errand for errand in self.crew.away if errand.witness), None)
        if errand:
            pipeline.read_along(errand)
        return errand is not None

    def _take_in(self, seconds: float) -> None:
        """Store what is back; wait so long for the first.

        Behind one whose words are read only now the others wait, so that requests go out meanwhile.
        """
        back = self.crew.take_in(seconds)
        while back:
            took_long = back[0].witness is not None
            pipeline.end(*back)
            lifecycle.settle(back[0].claim.image.batch)
            back = None if took_long else self.crew.take_in(0)

    def _care(self) -> None:
        """Renew the claims of what is under way, and forget what nobody wants any more."""
        now = time.monotonic()
        heartbeat.desk().step()
        if not self.crew.away or now - self.cared < CARE_SECONDS:
            return
        self.cared = now
        claims.renew([processes.identity()])
        wanted = {errand.claim.image.batch_id for errand in self.crew.away}
        wanted &= set(Batch.objects.active().filter(pk__in=wanted).values_list("pk", flat=True))
        for errand in list(self.crew.away):
            if errand.claim.image.batch_id in wanted:
                self.unwanted.pop(errand, None)
            elif now - self.unwanted.setdefault(errand, now) >= UNWANTED_SECONDS:
                self.crew.forget(errand)
                claims.hand_back(errand.claim)


def _patience() -> float:
    return STOP_SECONDS if queue.is_stopping() else settings.IMAGE_TIMEOUT_SECONDS


def _settle_folder(batch: Batch) -> None:
    try:
        layout.settle_folder(batch)
    except OSError:  # no reason to stop: an image's file is found wherever it is
        logger.exception("The files of batch %s were not moved", batch.pk)
