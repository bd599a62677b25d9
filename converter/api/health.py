"""Health and statistics of the installation.

`ping`, `version` and `health` are public and contain no user data. `stats` and `metrics` are for
staff, and for clients with the METRICS_TOKEN.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final, Literal, Self

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from converter.api.callers import WATCHERS, check_watches
from converter.api.exposition import MEDIA_TYPE, exposed
from converter.api.problems import Invalid, problem
from converter.health import status
from converter.health.stats import collect_stats
from converter.health.status import Health, SystemHealth

_METRICS: Final = {
    "responses": {
        200: {"description": "Metrics", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
    }
}

router: Final = Router()

SECONDS: Final = "in seconds; null if nothing waits"


class Pong(Schema):
    ping: Literal["pong"] = "pong"


class VersionTold(Schema):
    version: str


class Part(Schema):
    status: Literal["ok", "degraded", "failed"]


class QueueTold(Part):
    """Workers of all machines, and what waits for them."""

    workers: int
    busy: int
    waiting_images: int
    running_images: int
    paused_batches: int = Field(description="paused, as an API failed again and again")
    oldest_task_seconds: float | None = Field(description=SECONDS)
    oldest_image_seconds: float | None = Field(description=SECONDS)
    oldest_webhook_seconds: float | None = Field(description=SECONDS)


class StorageTold(Part):
    writable: bool
    free_bytes: int


class MachineTold(Part):
    free_memory_bytes: int
    memory_bytes: int
    load_per_core: float | None


class EngineTold(Part):
    name: str = Field(description="who reads new batches: local, or remote for an API")


class HealthTold(Part):
    """`degraded` serves, but not as it should: the parts say which it is."""

    database: Part
    queue: QueueTold
    storage: StorageTold
    machine: MachineTold
    engine: EngineTold

    @classmethod
    def of(cls, now: SystemHealth) -> Self:
        queue = now.queue
        if queue is None:
            raise ValueError("nothing is known of the queue without its database")
        return cls(
            status=now.health.value,
            database=Part(status=now.database.value),
            queue=QueueTold(
                status=queue.health.value,
                workers=queue.workers,
                busy=queue.busy,
                waiting_images=queue.waiting,
                running_images=queue.reading,
                paused_batches=queue.paused,
                oldest_task_seconds=queue.oldest_task,
                oldest_image_seconds=queue.oldest_image,
                oldest_webhook_seconds=queue.oldest_webhook,
            ),
            storage=StorageTold(
                status=now.storage.health.value,
                writable=now.storage.writable,
                free_bytes=now.storage.free,
            ),
            machine=MachineTold(
                status=now.machine.health.value,
                free_memory_bytes=now.machine.free_memory,
                memory_bytes=now.machine.memory,
                load_per_core=now.machine.load,
            ),
            engine=EngineTold(status=now.engine.health.value, name=now.engine.name),
        )


class Stats(Schema):
    """All that there is now; what was deleted is not among it."""

    batches: dict[str, int] = Field(description="by state")
    images: dict[str, int] = Field(description="by state")
    lately: dict[str, int] = Field(description="images settled in the last five minutes, by state")
    per_minute: float = Field(description="images settled in a minute lately")
    cost: float = Field(description="of APIs, in US dollars")
    tokens: int = Field(description="of APIs")


@router.get("/ping", response=Pong, auth=None, summary="Ping")
def ping(request: HttpRequest) -> Pong:  # noqa: ARG001
    """Does not use the database."""
    return Pong()


@router.get("/version", response=VersionTold, auth=None, summary="Version")
def version(request: HttpRequest) -> VersionTold:  # noqa: ARG001
    return VersionTold(version=settings.VERSION)


@router.get("/health", response=HealthTold, auth=None, summary="Health")
def health(request: HttpRequest) -> HealthTold | HttpResponse:  # noqa: ARG001
    """503 only when it cannot serve: without its database, or with no place for files.

    Without a worker, or with little space or memory, it is `degraded`, and answers 200.
    """
    now = status.current_health()
    if now.health is not Health.FAILED:
        return HealthTold.of(now)
    faults = []
    if now.database is Health.FAILED:
        faults.append(Invalid(at="database", message="It does not answer."))
    if now.storage.health is Health.FAILED:
        faults.append(Invalid(at="storage", message="Files cannot be stored."))
    detail = " ".join(fault.message for fault in faults)
    return problem("cannot_serve", detail, errors=faults, headers={"Retry-After": "10"})


@router.get("/stats", response=Stats, auth=WATCHERS, summary="Statistics")
def stats(request: HttpRequest) -> Stats:
    """For staff, or with the `METRICS_TOKEN`."""
    check_watches(request)
    counted = collect_stats()
    return Stats(**asdict(counted), per_minute=counted.per_minute)


@router.get(
    "/metrics",
    auth=WATCHERS,
    response={200: None},
    summary="Metrics for Prometheus",
    openapi_extra=_METRICS,
)
def metrics(request: HttpRequest) -> HttpResponse:
    """In the text format of Prometheus. For staff, or with the `METRICS_TOKEN`."""
    check_watches(request)
    try:
        counted = collect_stats()
    except DatabaseError:
        counted = None  # that it is down is one of the metrics
    return HttpResponse(exposed(status.current_health(), counted), content_type=MEDIA_TYPE)
