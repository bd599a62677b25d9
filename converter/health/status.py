"""The health of the installation: asked for often, and so by cheap queries alone."""

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

from converter.config.options import engine_choice
from converter.core.engines.local.networks.model_files import missing_models
from converter.models import FINISHED, Batch, BatchImage, Delivery, WorkerPool
from converter.storage import layout
from converter.workers import processes, queue

logger = logging.getLogger(__name__)

KEPT_SECONDS: Final = 5  # a check is reused for so long
LITTLE_SPACE: Final = 1 << 30  # bytes
LITTLE_MEMORY: Final = 400 << 20  # bytes: less than a picture and the models need
LONG_SECONDS: Final = 60  # a wake-up that waits longer finds no worker that is free


class Health(StrEnum):
    """`degraded` serves people, but not as it should; `failed` does not serve."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """Workers, and what waits for them. Times are in seconds; None if nothing waits."""

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
class StorageHealth:
    """`free` are the bytes left on the disk of DATA_DIR."""

    health: Health
    writable: bool
    free: int = 0


@dataclass(frozen=True, slots=True)
class MachineHealth:
    """Memory in bytes; load per core, None where the system does not say."""

    health: Health
    free_memory: int
    memory: int
    load: float | None


@dataclass(frozen=True, slots=True)
class EngineHealth:
    """The engine of new batches. The local engine takes part in all, so it needs its models."""

    health: Health
    name: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """All of it at one moment; `queue` is None if the database does not answer."""

    database: Health
    storage: StorageHealth
    machine: MachineHealth
    engine: EngineHealth
    queue: QueueHealth | None = None

    @property
    def health(self) -> Health:
        parts = (self.storage.health, self.machine.health, self.engine.health)
        if Health.FAILED in (self.database, *parts):
            return Health.FAILED
        queue = self.queue.health if self.queue else Health.DEGRADED
        return Health.OK if {queue, *parts} == {Health.OK} else Health.DEGRADED


class _Cache:
    at = float("-inf")
    health: SystemHealth | None = None


def current_health() -> SystemHealth:
    """The health of everything now, or some seconds ago. Never raises."""
    if _Cache.health is None or time.monotonic() - _Cache.at > KEPT_SECONDS:
        _Cache.health, _Cache.at = check_health(), time.monotonic()
    return _Cache.health


def check_health() -> SystemHealth:
    queue_now = _of_queue()
    try:
        layout.probe()
        space = layout.free_bytes()
        health = Health.OK if space >= LITTLE_SPACE else Health.DEGRADED
        storage = StorageHealth(health, True, space)
    except OSError as error:
        logger.error("Files cannot be stored: %s", error)  # noqa: TRY400
        storage = StorageHealth(Health.FAILED, writable=False)
    free, memory = processes.free_memory()
    missing = tuple(missing_models())
    return SystemHealth(
        database=Health.OK if queue_now else Health.FAILED,
        storage=storage,
        machine=MachineHealth(
            Health.OK if free >= LITTLE_MEMORY else Health.DEGRADED,
            free,
            memory,
            processes.load_per_core(),
        ),
        engine=EngineHealth(
            Health.DEGRADED if missing else Health.OK, engine_choice(settings.ENGINE).first, missing
        ),
        queue=queue_now,
    )


def _of_queue() -> QueueHealth | None:
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
        unsent_since = Delivery.objects.next_in_line().aggregate(Min("since"))
    except DatabaseError as error:
        logger.error("The database does not answer: %s", error)  # noqa: TRY400  (asked again soon)
        return None
    waits = task is not None and task > LONG_SECONDS and not pools["busy__sum"]
    works = pools["workers__sum"] and not waits and not images["paused"]
    return QueueHealth(
        Health.OK if works else Health.DEGRADED,
        workers=pools["workers__sum"],
        busy=pools["busy__sum"],
        memory=pools["memory__sum"],
        waiting=max(images["open"] - reading, 0),
        reading=reading,
        paused=images["paused"],
        oldest_task=task,
        oldest_image=_seconds_since(waiting_since["started__min"]),
        oldest_webhook=_seconds_since(unsent_since["since__min"]),
    )


def _seconds_since(moment: datetime | None) -> float | None:
    return max((timezone.now() - moment).total_seconds(), 0.0) if moment else None
