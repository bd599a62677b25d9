"""What the drill changes in a process of the app: its engine, short waits, a faulty storage."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


def _refusing(move: Callable[..., Any]) -> Callable[..., Any]:
    """A move that fails for the app's files as long as the drill's switch says so."""
    switch = Path(os.environ["DRILL_FOLDER"], "refuse-moves")
    data = os.environ["DATA_DIR"]

    def refusing(source: Any, target: Any, **options: Any) -> Any:
        if str(source).startswith(data) and switch.exists():
            raise OSError(errno.EIO, "the storage refuses to move a file", str(source))
        return move(source, target, **options)

    return refusing
