"""The queue: the only module that imports django_q.

A task is a wake-up call and names no batch: rows hold the truth, and a worker that wakes up asks
them what is due. While images wait, there is one wake-up in the queue, so that any worker on any
machine that becomes free finds it, and the number of workers need not be known. A lost wake-up
costs a moment, until a guard with a free worker sees that images wait; repeating one costs nothing.

Our own guard runs django-q2's cluster. It kills a worker that has been reading one image for too
long, and works around four faults: a signal handler that blocks, workers that outlive a dead
parent, a queue that stays locked for ever when an idle worker is killed or halted, and SIGTERM to
the process group, which kills running tasks and hangs the rest.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.context import ForkProcess
from typing import Any, Final, Protocol
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import Min
from django.utils import timezone
from django_q import signing
from django_q.cluster import Sentinel
from django_q.models import Failure, OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.tasks import async_task

from converter.util import logs
from converter.workers import heartbeat, payloads, processes
from converter.workers.processes import end_with_parent

logger = logging.getLogger(__name__)

WORK: Final = "converter.tasks.work"
SWEEP: Final = "converter.tasks.sweep"
COPY: Final = "converter.tasks.copy"
DELETE: Final = "converter.tasks.delete"
RETAIN: Final = "converter.tasks.retain"
COMPARE: Final = "converter.tasks.compare"
DELIVER: Final = "converter.tasks.deliver"
FETCH: Final = "converter.tasks.fetch"
LOOK: Final = "converter.tasks.look"
TASKS: Final = (WORK, SWEEP, COPY, DELETE, RETAIN, COMPARE, DELIVER, FETCH, LOOK)

SCHEDULES: Final = {"sweep": (SWEEP, 1), "retention": (RETAIN, 6 * 60)}  # minutes between runs

signing.PickleSerializer = payloads.allow(TASKS)

GRACE_SECONDS = 10
LOOK_SECONDS = 0.5  # how often the guard checks its processes
CARE_SECONDS = 5  # how often it checks images that take longer than that
SILENCE_SECONDS = 60  # longer than a shift waits for a locked database
CALL_SECONDS = 2  # how often it looks for due images while a worker is free
SCHEDULE_SECONDS = 30
WEDGED_SECONDS = 20  # if all are idle for so long while a task waits, a process hangs
STUCK_SECONDS = 90  # a guard that is silent for so long hangs; a locked database takes less
_BROKEN = 3  # the guard's exit status when one of its processes died under it


class Guardian(Protocol):
    """What to change in the rows when something happens to the workers."""

    def before_start(self) -> None:
        """Nothing runs on this machine yet: take back what did."""

    def renew(self, holders: Collection[str]) -> set[str]:
        """These processes read their images for long; which of them are still wanted."""

    def wake(self) -> None:
        """A worker is free: wake it if images or webhooks wait."""

    def died(self, holder: str, image: int) -> None:
        """A worker died while it read that image; 0 if it read none."""

    def timed_out(self, holder: str, image: int) -> None:
        """A worker was killed, as its image took too long."""

    def report(self, workers: int, busy: int, memory: int) -> None:
        """So many workers are alive and busy, with so many bytes of memory in all."""

    def killed(self) -> None:
        """Workers were killed for reasons that are not their images' fault."""


class _GraceOverError(Exception):
    """The workers have had their time to stop."""


# Shared with the workers by fork. Without a lock on purpose: a process that is killed while it
# holds one would block everybody else.
_stopping = multiprocessing.RawValue("b", 0)
_guard_seen = multiprocessing.RawValue("d", 0.0)


def wake() -> None:
    """Wake a worker once the transaction commits; it wakes further ones while work waits."""
    transaction.on_commit(partial(async_task, WORK))


def wake_further(is_work_waiting: Callable[[], bool], task: str = WORK) -> None:
    """If work waits, make sure that there is a wake-up in the queue for the next free worker."""
    if not OrmQ.objects.filter(lock__lte=timezone.now()).exists() and is_work_waiting():
        async_task(task)


def fetch() -> None:
    """Let a worker fetch pictures from the web, once the transaction commits."""
    transaction.on_commit(partial(async_task, FETCH))


def look() -> None:
    """Let a worker look at files that take long, once the transaction commits."""
    transaction.on_commit(partial(async_task, LOOK))


def fetch_further(is_waiting: Callable[[], bool]) -> None:
    """If addresses wait, make sure that a worker will fetch them, beside all other work."""
    _beside_others(FETCH, is_waiting)


def look_further(is_waiting: Callable[[], bool]) -> None:
    """If files wait to be looked at, make sure that a worker will, beside all other work."""
    _beside_others(LOOK, is_waiting)


def _beside_others(task: str, is_waiting: Callable[[], bool]) -> None:
    tasks = OrmQ.objects.filter(lock__lte=timezone.now())
    if is_waiting() and not any(one.task.get("func") == task for one in tasks):
        async_task(task)


def delete() -> None:
    """Let a worker delete what is marked for deletion, once the transaction commits."""
    transaction.on_commit(partial(async_task, DELETE))


def deliver() -> None:
    """Let a worker send the webhooks that are due, once the transaction commits."""
    transaction.on_commit(partial(async_task, DELIVER))


def compare(batch_id: UUID) -> None:
    """Let a worker compare the cards of a batch, once the transaction commits."""
    transaction.on_commit(partial(async_task, COMPARE, str(batch_id)))


def copy(draft_id: UUID) -> None:
    """Let a worker copy the images of the batch that a draft reruns, after the commit."""
    transaction.on_commit(partial(async_task, COPY, str(draft_id)))


def oldest_wake_up() -> datetime | None:
    """Since when the oldest task that nobody has taken waits; None if none does."""
    waiting = OrmQ.objects.filter(lock__lte=timezone.now())
    oldest: datetime | None = waiting.aggregate(oldest=Min("lock"))["oldest"]
    return oldest


def is_stopping() -> bool:
    """Must this worker stop? A shift then ends after the current image."""
    return bool(_stopping.value)


def prune_failures() -> None:
    """Delete failed tasks, which django-q2 keeps for ever; our rows have all that matters."""
    Failure.objects.all().delete()


def run_cluster(guardian: Guardian) -> int:
    """Work through the queue until SIGTERM or SIGINT; the exit status."""
    asked_to_stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: asked_to_stop.append(received))
    _schedule_all()
    while not asked_to_stop:
        guardian.before_start()
        connections.close_all()  # a connection must not be shared with a forked process
        status = _run_guard(guardian, asked_to_stop)
        if status:
            guardian.killed()
        if not asked_to_stop:
            if status not in {_BROKEN, -signal.SIGKILL}:
                return 1
            logger.error("Starting all worker processes anew.")
    return 0


def _schedule_all() -> None:
    for name, (task, minutes) in SCHEDULES.items():
        _schedule(name, task, minutes)


def tend_schedules() -> None:
    """Delete the rows by which somebody else would have a worker run something, and let none of
    ours, nor a task, wait for a time that a wrong clock has written."""
    now = timezone.now()
    for name, (_, minutes) in SCHEDULES.items():
        latest = now + timedelta(minutes=2 * minutes)
        Schedule.objects.filter(name=name, next_run__gt=latest).update(next_run=now)
    longest = timedelta(seconds=2 * settings.Q_CLUSTER["retry"])  # twice that of any lock
    OrmQ.objects.filter(lock__gt=now + longest).update(lock=now)
    for row in Schedule.objects.all():
        func, _ = SCHEDULES.get(row.name or "", ("", 0))
        if row.func != func or row.args or row.kwargs or row.hook or row.intended_date_kwarg:
            logger.error("A schedule that is not ours was deleted: %r", (row.name, row.func))
            row.delete()


@transaction.atomic
def _schedule(name: str, task: str, minutes: int) -> None:
    """Make sure that there is exactly one schedule, even if several machines start at once."""
    wanted = {"func": task, "schedule_type": Schedule.MINUTES, "minutes": minutes}
    kept = Schedule.objects.filter(name=name).order_by("pk").first()
    if kept is None:
        Schedule.objects.create(name=name, **wanted)
        return
    Schedule.objects.filter(pk=kept.pk).update(**wanted)
    Schedule.objects.filter(name=name).exclude(pk=kept.pk).delete()


def _run_guard(guardian: Guardian, asked_to_stop: list[int]) -> int:
    context = multiprocessing.get_context("fork")
    stop = context.Event()
    _stopping.value, _guard_seen.value = 0, time.monotonic()
    guard = context.Process(target=_Guard, args=(guardian, stop, context.Event()), name="guard")
    guard.start()
    while guard.is_alive() and not asked_to_stop:
        guard.join(0.2)
        if time.monotonic() - _guard_seen.value > STUCK_SECONDS:
            logger.error("The guard of the workers does not answer.")
            _kill_group(guard)
    if guard.is_alive():
        _stop(guard, stop)
    elif guard.exitcode:  # its workers die with it, but not in the same moment
        _kill_group(guard)
    return guard.exitcode or 0


def _stop(guard: ForkProcess, stop: Any) -> None:
    """Let the shifts end after their current image, but don't wait for ever."""
    signal.signal(signal.SIGALRM, _end_grace)
    signal.alarm(GRACE_SECONDS)
    _stopping.value = 1
    try:
        stop.set()  # hangs if a process was killed while it looked at the event
        guard.join()
    except _GraceOverError:
        logger.warning("What was still read after %s s is put back.", GRACE_SECONDS)
        _kill_group(guard)
    signal.alarm(0)


def _end_grace(_number: int, _frame: Any) -> None:
    raise _GraceOverError


def _kill_group(guard: ForkProcess) -> None:
    """Kill the guard with all its processes, and wait a moment until they are gone."""
    assert guard.pid  # noqa: S101  (it was started)
    with suppress(ProcessLookupError):
        os.killpg(guard.pid, signal.SIGKILL)
        guard.join()
        for _ in range(20):  # not longer: where nobody reaps orphans they stay as zombies
            os.killpg(guard.pid, 0)
            time.sleep(0.1)


class _Guard(Sentinel):  # type: ignore[misc]
    """Guards the pool, and leaves as a whole when a process dies that may have held a lock.

    A process that is killed may hold a lock of the shared queues for ever, which cannot be
    detected; only new queues are safe. One that was on shift, or exited by itself, holds none.
    """

    def __init__(self, guardian: Guardian, stop: Any, started: Any) -> None:
        os.setpgid(0, 0)  # a signal to the group of the parent is for the parent alone
        end_with_parent()
        os.register_at_fork(after_in_child=end_with_parent)
        self.guardian = guardian
        self.cared = self.called = self.scheduled = self.calm = time.monotonic()
        super().__init__(stop, started, uuid4())

    def spawn_worker(self) -> None:
        beat = heartbeat.new()
        super().spawn_worker()
        worker = self.pool[-1]
        worker.heartbeat, worker.identity = beat, processes.identity(worker.pid)

    def guard(self) -> None:
        self.start_event.set()
        while not self.stop_event.wait(LOOK_SECONDS):
            _guard_seen.value = time.monotonic()
            self._look_at_helpers()
            for worker in list(self.pool):
                with logs.about(image_id=worker.heartbeat.image or None):
                    self._look_at(worker)
            if self._is_due("cared", CARE_SECONDS):
                self._care()
            is_free = any(not worker.heartbeat.is_on_shift for worker in self.pool)
            if self._is_due("called", CALL_SECONDS) and is_free:
                with suppress(DatabaseError):
                    self.guardian.wake()
            if self._is_due("scheduled", SCHEDULE_SECONDS):
                with suppress(DatabaseError):
                    tend_schedules()
                    scheduler(broker=self.broker)
        self.stop()

    def _is_due(self, what: str, seconds: float) -> bool:
        now = time.monotonic()
        if now - getattr(self, what) < seconds:
            return False
        setattr(self, what, now)
        return True

    def _look_at_helpers(self) -> None:
        for name in ("monitor", "pusher"):
            process = getattr(self, name)
            if not process.is_alive():
                self._leave_if_killed(process)
                connections.close_all()
                setattr(self, name, getattr(self, f"spawn_{name}")())

    def _look_at(self, worker: Any) -> None:
        beat = worker.heartbeat
        if not worker.is_alive():
            if not beat.is_on_shift:
                self._leave_if_killed(worker)
            logger.error("A worker ended with status %s.", worker.exitcode)
            self._replace(worker, lambda: self.guardian.died(worker.identity, beat.image))
        elif beat.seconds_at_image > settings.IMAGE_TIMEOUT_SECONDS:
            logger.error("A worker is ended: %.0f s at one image.", beat.seconds_at_image)
            self._end(worker)
            self._replace(worker, lambda: self.guardian.timed_out(worker.identity, beat.image))
        elif beat.seconds_of_silence > SILENCE_SECONDS:
            logger.error("A worker is ended: it hangs between two images.")
            self._end(worker)
            self._replace(worker, self.guardian.killed)

    def _care(self) -> None:
        """Renew the claims of slow images; kill workers whose image is not wanted any more."""
        busy = [worker for worker in self.pool if worker.heartbeat.seconds_at_image > CARE_SECONDS]
        with suppress(DatabaseError):  # then the next time
            wanted = self.guardian.renew([worker.identity for worker in busy]) if busy else set()
            for worker in busy:
                is_still_reading = worker.heartbeat.seconds_at_image > CARE_SECONDS
                if is_still_reading and worker.identity not in wanted:
                    self._end(worker)
                    self._replace(worker, self.guardian.killed)
            alive = [worker for worker in self.pool if worker.is_alive()]
            memory = processes.memory_of([os.getpid(), *(worker.pid for worker in alive)])
            on_shift = sum(worker.heartbeat.is_on_shift for worker in alive)
            self.guardian.report(len(alive), on_shift, memory)
        if self._is_wedged():
            logger.error("Tasks wait, and no worker takes them.")
            self._leave()

    def _is_wedged(self) -> bool:
        """Have all workers been idle for a while although tasks waited?"""
        now = timezone.now()
        is_idle = all(worker.timer.value == -1 for worker in self.pool)
        with suppress(DatabaseError):
            waits = self.task_queue.qsize() or OrmQ.objects.filter(lock__lt=now).exists()
            if not (is_idle and waits):
                self.calm = time.monotonic()
        return time.monotonic() - self.calm > WEDGED_SECONDS

    def _end(self, worker: Any) -> None:
        worker.kill()
        worker.join(2)  # not longer: one that waits for a dead disk cannot even be killed

    def _replace(self, worker: Any, report: Callable[[], None]) -> None:
        self.pool.remove(worker)
        connections.close_all()
        self.spawn_worker()
        try:
            report()
        except DatabaseError:
            logger.exception("The next sweep takes back what a lost worker held.")

    def _leave_if_killed(self, process: Any) -> None:
        if process.exitcode < 0:
            logger.error("Process %s was killed by signal %s.", process.pid, -process.exitcode)
            self._leave()

    def _leave(self) -> None:
        _stopping.value = 1  # the other shifts end after their current image and lose nothing
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and any(
            worker.is_alive() and worker.heartbeat.is_on_shift for worker in self.pool
        ):
            time.sleep(0.1)
        os._exit(_BROKEN)
