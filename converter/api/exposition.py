"""Health and statistics in the text format of Prometheus (version 0.0.4).

Every number is read from the database or the system during the scrape. Counters of one process
would be wrong with a second web process, or after a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings

from converter.health.stats import Stats
from converter.health.status import Health, SystemHealth

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Samples = Mapping[str, float]  # by label, `state="done"`; one without a label is ""


def exposed(now: SystemHealth, counted: Stats | None) -> str:
    lines = [
        _metric("info", "Always 1.", {f'version="{settings.VERSION}"': 1}),
        _single("database_up", "Whether the database answers.", now.database is Health.OK),
        _single("storage_writable", "Whether files can be stored.", now.storage.writable),
        _single("storage_free_bytes", "Space left in DATA_DIR.", now.storage.free),
        _single("memory_free_bytes", "Memory left for this machine.", now.machine.free_memory),
    ]
    if now.machine.load is not None:
        lines.append(
            _single("load_per_core", "Load of the last minute, per core.", now.machine.load)
        )
    if queue := now.queue:
        paused = "Batches paused by failures that concern them all."
        oldest_image = "Since when the oldest batch with work waits."
        oldest_webhook = "How long the oldest webhook is tried or waits."
        lines += [
            _single("workers", "Workers that live.", queue.workers),
            _single("workers_busy", "Workers at work.", queue.busy),
            _single("workers_memory_bytes", "Memory of all workers.", queue.memory),
            _single("batches_paused", paused, queue.paused),
            _single(
                "oldest_task_seconds", "How long the oldest task waits.", queue.oldest_task or 0
            ),
            _single("oldest_image_seconds", oldest_image, queue.oldest_image or 0),
            _single("oldest_webhook_seconds", oldest_webhook, queue.oldest_webhook or 0),
        ]
    if counted:
        lately = "Images settled by a worker in the last five minutes."
        cost = "What APIs took for the batches that there are."
        lines += [
            _metric("batches", "Batches that there are.", _by_state(counted.batches)),
            _metric("images", "Images that there are.", _by_state(counted.images)),
            _metric("images_lately", lately, _by_state(counted.lately)),
            _single("cost_dollars", cost, counted.cost),
            _single("tokens", "Tokens of APIs for the batches that there are.", counted.tokens),
        ]
    return "".join(lines)


def _by_state(counts: Mapping[str, int]) -> Samples:
    return {f'state="{state}"': number for state, number in counts.items()}


def _single(name: str, help_text: str, value: float) -> str:
    return _metric(name, help_text, {"": value})


def _metric(name: str, help_text: str, samples: Samples) -> str:
    """All metrics are gauges, because deleted rows are no longer counted."""
    head = f"# HELP tablexl_{name} {help_text}\n# TYPE tablexl_{name} gauge\n"
    lines = (
        f"tablexl_{name}{{{label}}} {float(value)!r}\n"
        if label
        else f"tablexl_{name} {float(value)!r}\n"
        for label, value in samples.items()
    )
    return head + "".join(lines)
