"""Lets workers run the plain task too, in processes with the settings of `make bench-queue`."""

from django.apps import AppConfig

from converter.workers import payloads


class BenchConfig(AppConfig):
    name = "tests.bench"
    label = "bench"

    def ready(self) -> None:
        from converter.workers import queue  # noqa: PLC0415  needs models
        from tests.bench.plain import PLAIN  # noqa: PLC0415

        payloads.allow((*queue.TASKS, PLAIN))
