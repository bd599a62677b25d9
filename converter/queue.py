"""The queue: the only module that imports django_q.

A task is a wake-up call and carries ids alone; rows hold the truth. Losing a task costs the time
until the next sweep, repeating one costs nothing.

django-q2's cluster is run by a guard of our own, for four faults that it has: a signal handler
that blocks, workers that outlive a dead parent, a queue that stays locked for ever when an idle
worker is killed, and SIGTERM to the process group, which kills running tasks and hangs the rest.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.context import ForkProcess
from typing import Any, Final

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone
from django_q.cluster import Sentinel
from django_q.models import Failure, OrmQ, Schedule
from django_q.tasks import async_task

from converter.models import Batch
from converter.processes import end_with_parent

logger = logging.getLogger(__name__)

CONVERT: Final = "converter.tasks.convert"
SWEEP: Final = "converter.tasks.sweep"
COPY: Final = "converter.tasks.copy"
TASKS: Final = (CONVERT, SWEEP, COPY)

GRACE_SECONDS = 20
_BROKEN = 3  # the sentinel's exit status when one of its processes died under it


class _GraceOverError(Exception):
    """The workers have had their time to stop."""


# Shared with the workers by fork. Without a lock on purpose: a process that is killed while it
# holds one would block everybody else.
_stopping = multiprocessing.RawValue("b", 0)


def convert(batch: Batch) -> None:
    """Wake as many lanes for a batch as there are workers, once the transaction commits."""
    lanes = min(settings.WORKERS, batch.total)
    transaction.on_commit(partial(_enqueue, CONVERT, str(batch.pk), times=lanes))


def convert_further(batch: Batch) -> None:
    """Let a lane go on, behind everything that waits: so batches share the workers."""
    _enqueue(CONVERT, str(batch.pk))


def copy(draft: Batch) -> None:
    """Let a worker copy the images of the batch that a draft runs again, after the commit."""
    transaction.on_commit(partial(_enqueue, COPY, str(draft.pk)))


def is_stopping() -> bool:
    """Has this worker been told to stop? A lane then ends after the image at hand."""
    return bool(_stopping.value)


def is_backed_up() -> bool:
    """Do tasks wait for a free worker? Then a lane that does nothing yet is not lost."""
    return bool(OrmQ.objects.filter(lock__lte=timezone.now()).exists())


def prune_failures() -> None:
    """Forget failed tasks: django-q2 keeps them for ever, and our rows tell the story."""
    Failure.objects.all().delete()


def run_cluster(before_start: Callable[[], object], after_kill: Callable[[], object]) -> int:
    """Work through the queue until SIGTERM or SIGINT; the exit status.

    `before_start` runs each time before processes are started, to take back what was lost, and
    `after_kill` when workers had to be killed to stop.
    """
    asked_to_stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: asked_to_stop.append(received))
    _schedule_sweeps()
    while not asked_to_stop:
        before_start()
        connections.close_all()  # a connection must not be shared with a forked process
        status = _run_sentinel(asked_to_stop)
        if status == -signal.SIGKILL and asked_to_stop:
            after_kill()
        if status != _BROKEN:
            return 0 if status == 0 else 1
        logger.error("A worker process died; starting all of them anew.")
    return 0


def _enqueue(task: str, *ids: str, times: int = 1) -> None:
    for _ in range(times):
        async_task(task, *ids)


def _schedule_sweeps() -> None:
    """See to it that there is one schedule, however many machines start at once."""
    wanted = {"func": SWEEP, "schedule_type": Schedule.MINUTES, "minutes": 1}
    with transaction.atomic():
        kept = Schedule.objects.filter(name="sweep").order_by("pk").first()
        if kept is None:
            Schedule.objects.create(name="sweep", **wanted)
            return
        Schedule.objects.filter(pk=kept.pk).update(**wanted)
        Schedule.objects.filter(name="sweep").exclude(pk=kept.pk).delete()


def _run_sentinel(asked_to_stop: list[int]) -> int:
    context = multiprocessing.get_context("fork")
    stop = context.Event()
    _stopping.value = 0
    sentinel = context.Process(
        target=_Sentinel, args=(stop, context.Event(), uuid.uuid4()), name="sentinel"
    )
    sentinel.start()
    while sentinel.is_alive() and not asked_to_stop:
        sentinel.join(0.2)
    if sentinel.is_alive():
        _stop(sentinel, stop)
    return sentinel.exitcode or 0


def _stop(sentinel: ForkProcess, stop: Any) -> None:
    """Let the lanes end after the image at hand, but not wait for ever."""
    signal.signal(signal.SIGALRM, _end_grace)
    signal.alarm(GRACE_SECONDS)
    _stopping.value = 1
    try:
        stop.set()  # hangs if a process was killed while it looked at the event
        sentinel.join()
    except _GraceOverError:
        logger.warning("The workers did not stop in %s s and are killed.", GRACE_SECONDS)
        _kill_group(sentinel)
    signal.alarm(0)


def _end_grace(_number: int, _frame: Any) -> None:
    raise _GraceOverError


def _kill_group(sentinel: ForkProcess) -> None:
    """Kill the sentinel with all its processes, and wait a moment until they are gone."""
    assert sentinel.pid  # noqa: S101  (it was started)
    with suppress(ProcessLookupError):
        os.killpg(sentinel.pid, signal.SIGKILL)
        sentinel.join()
        for _ in range(20):  # not longer: where nobody reaps orphans they stay as zombies
            os.killpg(sentinel.pid, 0)
            time.sleep(0.1)


class _Sentinel(Sentinel):  # type: ignore[misc]
    """Guards the pool, and leaves as a whole when one of its processes dies under it."""

    def __init__(self, *args: Any) -> None:
        os.setpgid(0, 0)  # a signal to the group of the parent is for the parent alone
        end_with_parent()
        os.register_at_fork(after_in_child=end_with_parent)
        super().__init__(*args)

    def reincarnate(self, process: Any) -> None:
        """Replace a worker that timed out; leave for any other death.

        A process that is killed may hold a lock of the shared queues for ever, and nobody can
        tell; only new queues are safe.
        """
        timed_out = process in self.pool and process.timer.value == 0
        recycled = process in self.pool and int(process.timer.value) == -2
        if timed_out or recycled:
            super().reincarnate(process)
            return
        logger.error("Process %s died with status %s.", process.pid, process.exitcode)
        self._leave()

    def _leave(self) -> None:
        _stopping.value = 1  # the other lanes end after the image at hand, and lose nothing
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and any(
            worker.is_alive() and worker.timer.value > 0 for worker in self.pool
        ):
            time.sleep(0.1)
        os._exit(_BROKEN)
