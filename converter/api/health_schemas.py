"""What the API says about the installation."""

from __future__ import annotations

from typing import Final, Literal, Self

from ninja import Schema
from pydantic import Field

from converter.health.status import SystemHealth

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
        return cls(
            status=now.health.value,
            database=Part(status=now.database.value),
            queue=_of_queue(now),
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


def _of_queue(now: SystemHealth) -> QueueTold:
    queue = now.queue
    if queue is None:
        raise ValueError("nothing is known of the queue without its database")
    return QueueTold(
        status=queue.health.value,
        workers=queue.workers,
        busy=queue.busy,
        waiting_images=queue.waiting,
        running_images=queue.reading,
        paused_batches=queue.paused,
        oldest_task_seconds=queue.oldest_task,
        oldest_image_seconds=queue.oldest_image,
        oldest_webhook_seconds=queue.oldest_webhook,
    )
