"""Vital signs: what is fine, what is not as it should be, and what cannot serve."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.models import OrmQ

from converter.batches import claims, lifecycle
from converter.health import status
from converter.health.status import Health, check_health
from converter.maintenance.recovery import Guardian
from converter.models import Batch, Delivery, WorkerPool
from converter.storage import layout
from converter.workers import processes
from tests.batches.test_lifecycle import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def roomy(monkeypatch) -> None:
    """A machine with space and memory, whatever this one has left."""
    monkeypatch.setattr(layout, "free_bytes", lambda: 50 << 30)
    monkeypatch.setattr(processes, "free_memory", lambda: (4 << 30, 8 << 30))


@pytest.fixture
def guarded(roomy) -> None:
    Guardian().report(workers=2, busy=1, memory=300 << 20)


def refuse(*_: object) -> None:
    raise OperationalError("gone")


def test_all_is_well(guarded):
    now = check_health()
    assert now.health is Health.OK
    assert now.queue
    assert now.queue.oldest_webhook is None
    assert (now.queue.workers, now.queue.busy, now.queue.memory) == (2, 1, 300 << 20)
    assert now.queue.oldest_task is now.queue.oldest_image is None
    assert now.storage.free > 0


def test_without_workers_people_are_served_but_nothing_is_read():
    assert check_health().health is Health.DEGRADED


def test_a_guard_that_is_silent_has_no_workers(guarded):
    WorkerPool.objects.update(seen=timezone.now() - timedelta(minutes=2))
    now = check_health()
    assert now.queue
    assert (now.queue.health, now.queue.workers) == (Health.DEGRADED, 0)


def test_a_guard_has_one_row_and_a_forgotten_one_goes(guarded):
    Guardian().report(workers=4, busy=0, memory=1)
    assert WorkerPool.objects.get().workers == 4
    WorkerPool.objects.update(seen=timezone.now() - timedelta(hours=2))
    Guardian().before_start()
    assert not WorkerPool.objects.exists()


def test_what_waits_and_what_is_read_is_counted_by_batches(guarded, make_batch):
    batch = make_batch(images=3)
    lifecycle.start(batch)
    Batch.objects.update(started=timezone.now() - timedelta(seconds=90))
    claims.claim_next(batch)
    now = check_health().queue
    assert now
    assert (now.waiting, now.reading, now.paused) == (2, 1, 0)
    assert now.oldest_image is not None
    assert now.oldest_image >= 90


def test_a_webhook_that_nobody_takes_shows(guarded, make_batch):
    batch = make_batch(images=1, webhook_url="https://203.0.113.7/hook", webhook_per_image=True)
    lifecycle.start(batch)
    work(batch)
    Delivery.objects.update(since=timezone.now() - timedelta(minutes=3))
    now = check_health().queue
    assert now
    assert now.oldest_webhook is not None
    assert now.oldest_webhook >= 180
    assert now.health is Health.OK


def test_a_paused_batch_is_not_as_it_should_be(guarded, make_batch):
    lifecycle.start(make_batch(images=1))
    Batch.objects.update(paused=timezone.now(), pause_code="bad_key")
    now = check_health()
    assert now.queue
    assert (now.health, now.queue.paused) == (Health.DEGRADED, 1)


@pytest.mark.parametrize(("busy", "health"), [(0, Health.DEGRADED), (2, Health.OK)])
def test_a_task_may_wait_for_busy_workers_but_not_for_idle_ones(busy, health):
    Guardian().report(workers=2, busy=busy, memory=0)
    OrmQ.objects.create(key="tablexl", payload="", lock=timezone.now() - timedelta(minutes=2))
    now = check_health().queue
    assert now
    assert now.health is health
    assert now.oldest_task is not None
    assert now.oldest_task >= 120


def test_without_a_database_it_cannot_serve(guarded):
    with connection.execute_wrapper(refuse):
        now = check_health()
    assert (now.health, now.database, now.queue) == (Health.FAILED, Health.FAILED, None)


def test_without_a_place_for_files_it_cannot_serve(guarded, settings):
    settings.DATA_DIR = settings.DATA_DIR / "file"
    settings.DATA_DIR.write_text("no folder")
    now = check_health()
    assert (now.health, now.storage.writable) == (Health.FAILED, False)


def test_little_space_and_little_memory_are_not_as_they_should_be(guarded, monkeypatch):
    monkeypatch.setattr(layout, "free_bytes", lambda: 5 << 20)
    monkeypatch.setattr(processes, "free_memory", lambda: (5 << 20, 1 << 30))
    now = check_health()
    assert (now.health, now.storage.writable) == (Health.DEGRADED, True)
    assert now.machine.health is Health.DEGRADED


def test_without_the_models_of_the_local_engine_it_is_not_as_it_should_be(guarded, monkeypatch):
    monkeypatch.setattr(status, "missing_models", lambda: ["rec.onnx"])
    now = check_health()
    assert (now.health, now.engine.missing) == (Health.DEGRADED, ("rec.onnx",))


def test_a_probe_leaves_nothing_behind_wherever_files_are(where, settings, request):
    layout.probe()
    assert not [path for path in settings.DATA_DIR.rglob("*") if path.is_file()]
    if where == "objects":
        assert not request.getfixturevalue("bucket").objects


def test_whoever_asks_often_gets_the_same_answer(guarded, monkeypatch):
    monkeypatch.setattr(status._Cache, "health", None)
    first = status.current_health()
    WorkerPool.objects.all().delete()
    assert status.current_health() is first
    monkeypatch.setattr(status, "KEPT_SECONDS", -1)
    assert status.current_health() is not first


def test_the_questions_do_not_grow_with_the_images(guarded, make_batch, django_assert_num_queries):
    lifecycle.start(make_batch(images=30))
    with django_assert_num_queries(6):
        check_health()
