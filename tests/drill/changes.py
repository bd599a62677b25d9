"""What the drill changes in a process of the app: its engine, short waits, a faulty storage, and a
clock that jumps."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from django.utils import timezone

from converter.batches import claims
from converter.core.engines import registry
from converter.health import checks
from converter.management.commands import up
from converter.workers import processes, queue


def make() -> None:
    registry._ENGINES["drill"] = "tests.drill.engine.DrillEngine"
    checks.CHOICES = (*checks.CHOICES, "drill")
    claims.BACKOFF_SECONDS = 0.5
    queue.GRACE_SECONDS, queue.CARE_SECONDS, queue.CALL_SECONDS = 5, 1, 0.5
    queue.WEDGED_SECONDS, queue.SILENCE_SECONDS, queue.STUCK_SECONDS = 8, 25, 30
    up.LONGEST_PAUSE = 1
    if name := os.environ.get("DRILL_MACHINE"):
        processes.machine = lambda: name
    for call in ("rename", "replace", "link"):
        setattr(os, call, _refusing(getattr(os, call)))
    timezone.datetime = _Clock  # which `timezone.now` asks, and nearly all of the app asks that
    seconds = time.time
    time.time = lambda: seconds() + _jump().total_seconds()


class _Clock(datetime):
    """The clock of the machine, as far off as the drill's file says."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + _jump()


def _jump() -> timedelta:
    with suppress(FileNotFoundError, ValueError):  # none, or it is only just being written
        return timedelta(hours=float(Path(os.environ["DRILL_FOLDER"], "clock").read_text()))
    return timedelta(0)


def _refusing(move: Callable[..., Any]) -> Callable[..., Any]:
    """A move that fails for the app's files as long as the drill's switch says so."""
    switch = Path(os.environ["DRILL_FOLDER"], "refuse-moves")
    data = os.environ["DATA_DIR"]

    def refusing(source: Any, target: Any, **options: Any) -> Any:
        if str(source).startswith(data) and switch.exists():
            raise OSError(errno.EIO, "the storage refuses to move a file", str(source))
        return move(source, target, **options)

    return refusing
