"""How the installation is: looked at often, and so by cheap questions alone."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, F, Min, Sum
from django.utils import timezone

from converter.config.engine_choice import readers
from converter.core.engines.local.model_files import missing_models
from converter.models import FINISHED, Batch, BatchImage, Delivery, WorkerPool
from converter.storage import layout
from converter.workers import processes, queue

logger = logging.getLogger(__name__)

KEPT_SECONDS: Final = 5  # whoever asks more often gets the same answer
LITTLE_SPACE: Final = 1 << 30
LITTLE_MEMORY: Final = 400 << 20  # less than a picture and the models need besides
LONG_SECONDS: Final = 60  # a wake-up that waits longer finds no worker that is free


class Health(StrEnum):
    """`degraded` serves people, but not as it should; `failed` does not serve."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class QueueVitals:
    """Workers, and what waits for them. Times are in seconds, None if nothing waits."""

    health: Health
    workers: int = 0
    busy: int = 0
    memory: int = 0
    waiting: int = 0
    reading: int = 0
    paused: int = 0
    oldest_task: float | None = None
    oldest_image: float | None = None
    oldest_webhook: float | None = None


@dataclass(frozen=True, slots=True)
class StorageVitals:
    """`free` are the bytes left on the disk of DATA_DIR."""

    health: Health
    writable: bool
    free: int = 0


@dataclass(frozen=True, slots=True)
class MachineVitals:
    """Memory in bytes; load per core, None where nobody knows it."""

    health: Health
    free_memory: int
    memory: int
    load: float | None


@dataclass(frozen=True, slots=True)
class EngineVitals:
    """Who reads new batches. The local engine has its part in all, so its models must be there."""

    health: Health
    name: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look at everything. Without its database nothing is known of the queue."""

    database: Health
    storage: StorageVitals
    machine: MachineVitals
    engine: EngineVitals
    queue: QueueVitals | None = None

    @property
    def health(self) -> Health:
        parts = (self.storage.health, self.machine.health, self.engine.health)
        if Health.FAILED in (self.database, *parts):
            return Health.FAILED
        queue = self.queue.health if self.queue else Health.DEGRADED
        return Health.OK if {queue, *parts} == {Health.OK} else Health.DEGRADED


class _Kept:
    at = float("-inf")
    vitals: Vitals | None = None


def look() -> Vitals:
    """How everything is now, or was some seconds ago. Never raises."""
    if _Kept.vitals is None or time.monotonic() - _Kept.at > KEPT_SECONDS:
        _Kept.vitals, _Kept.at = look_anew(), time.monotonic()
    return _Kept.vitals


def look_anew() -> Vitals:
    pulse = _of_queue()
    return Vitals(
        database=Health.OK if pulse else Health.FAILED,
        storage=_of_storage(),
        machine=_of_machine(),
        engine=_of_engine(),
        queue=pulse,
    )


def _of_queue() -> QueueVitals | None:
    """The state of the queue; None if the database does not answer."""
    try:
        pools = WorkerPool.objects.alive().aggregate(
            Sum("workers", default=0), Sum("busy", default=0), Sum("memory", default=0)
        )
        images = Batch.objects.active().aggregate(
            open=Sum(F("total") - FINISHED, default=0), paused=Count("paused")
        )
        reading = BatchImage.objects.running().count()
        waiting_since = Batch.objects.with_work(timezone.now()).aggregate(Min("started"))
        task = _seconds_since(queue.oldest_wake_up())
        untold_since = Delivery.objects.next_in_line().aggregate(Min("since"))
    except DatabaseError as error:
        logger.error("The database does not answer: %s", error)  # noqa: TRY400  (asked again soon)
        return None
    waits = task is not None and task > LONG_SECONDS and not pools["busy__sum"]
    works = pools["workers__sum"] and not waits and not images["paused"]
    return QueueVitals(
        Health.OK if works else Health.DEGRADED,
        workers=pools["workers__sum"],
        busy=pools["busy__sum"],
        memory=pools["memory__sum"],
        waiting=max(images["open"] - reading, 0),
        reading=reading,
        paused=images["paused"],
        oldest_task=task,
        oldest_image=_seconds_since(waiting_since["started__min"]),
        oldest_webhook=_seconds_since(untold_since["since__min"]),
    )


def _of_storage() -> StorageVitals:
    try:
        layout.probe()
        free = layout.free_bytes()
    except OSError as error:
        logger.error("Files cannot be stored: %s", error)  # noqa: TRY400
        return StorageVitals(Health.FAILED, writable=False)
    return StorageVitals(Health.OK if free >= LITTLE_SPACE else Health.DEGRADED, True, free)


def _of_engine() -> EngineVitals:
    missing = tuple(missing_models())
    health = Health.DEGRADED if missing else Health.OK
    return EngineVitals(health, readers(settings.ENGINE).first, missing)


def _of_machine() -> MachineVitals:
    free, total = processes.free_memory()
    health = Health.OK if free >= LITTLE_MEMORY else Health.DEGRADED
    return MachineVitals(health, free, total, processes.load_per_core())


def _seconds_since(moment: datetime | None) -> float | None:
    return max((timezone.now() - moment).total_seconds(), 0.0) if moment else None
