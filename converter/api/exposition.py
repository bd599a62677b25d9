"""Health and stats in the text format that Prometheus reads (version 0.0.4).

Every number comes from rows or from the system at the moment of the scrape: there is no counter of
one process that a second web process, or a restart, would make wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.conf import settings

from converter.health.stats import Stats
from converter.health.status import Health, QueueHealth, SystemHealth

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Samples = Mapping[str, float]  # by label, `state="done"`; one without a label is ""


def exposed(now: SystemHealth, counted: Stats | None) -> str:
    lines = [*_of_health(now)]
    if now.queue:
        lines += _of_queue(now.queue)
    if counted:
        lines += _of_stats(counted)
    return "".join(lines)


def _of_health(now: SystemHealth) -> Iterator[str]:
    yield _metric("info", "Always 1.", {f'version="{settings.VERSION}"': 1})
    yield _single("database_up", "Whether the database answers.", now.database is Health.OK)
    yield _single("storage_writable", "Whether files can be stored.", now.storage.writable)
    yield _single("storage_free_bytes", "Space left in DATA_DIR.", now.storage.free)
    yield _single("memory_free_bytes", "Memory left for this machine.", now.machine.free_memory)
    if now.machine.load is not None:
        yield _single("load_per_core", "Load of the last minute, per core.", now.machine.load)


def _of_queue(queue: QueueHealth) -> Iterator[str]:
    yield _single("workers", "Workers that live.", queue.workers)
    yield _single("workers_busy", "Workers at work.", queue.busy)
    yield _single("workers_memory_bytes", "Memory of all workers.", queue.memory)
    yield _single(
        "batches_paused", "Batches paused by failures that concern them all.", queue.paused
    )
    yield _single("oldest_task_seconds", "How long the oldest task waits.", queue.oldest_task or 0)
    yield _single(
        "oldest_image_seconds",
        "Since when the oldest batch with work waits.",
        queue.oldest_image or 0,
    )
    yield _single(
        "oldest_webhook_seconds",
        "How long the oldest webhook is tried or waits.",
        queue.oldest_webhook or 0,
    )


def _of_stats(counted: Stats) -> Iterator[str]:
    yield _metric("batches", "Batches that there are.", _by_state(counted.batches))
    yield _metric("images", "Images that there are.", _by_state(counted.images))
    lately = "Images settled by a worker in the last five minutes."
    yield _metric("images_lately", lately, _by_state(counted.lately))
    yield _single("cost_dollars", "What APIs took for the batches that there are.", counted.cost)
    yield _single("tokens", "Tokens of APIs for the batches that there are.", counted.tokens)


def _by_state(counts: Mapping[str, int]) -> Samples:
    return {f'state="{state}"': number for state, number in counts.items()}


def _single(name: str, help_text: str, value: float) -> str:
    return _metric(name, help_text, {"": value})


def _metric(name: str, help_text: str, samples: Samples) -> str:
    """All are gauges: what is deleted is not counted any more."""
    head = f"# HELP tablexl_{name} {help_text}\n# TYPE tablexl_{name} gauge\n"
    lines = (
        f"tablexl_{name}{{{label}}} {float(value)!r}\n"
        if label
        else f"tablexl_{name} {float(value)!r}\n"
        for label, value in samples.items()
    )
    return head + "".join(lines)
