"""What the queue is asked to run exists, and is asked for only when the rows are there."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils.module_loading import import_string
from django_q.models import OrmQ, Schedule

from converter import queue


@pytest.mark.parametrize("name", queue.TASKS)
def test_each_task_that_is_named_exists(name):
    assert callable(import_string(name))


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_start_wakes_nobody(make_batch):
    batch = make_batch(images=1)

    with transaction.atomic():
        queue.convert(batch)
        transaction.set_rollback(True)
    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_there_are_no_more_lanes_than_images_or_workers(make_batch, settings):
    settings.WORKERS = 3
    queue.convert(make_batch(images=2))
    assert OrmQ.objects.count() == 2
    queue.convert(make_batch(images=5))
    assert OrmQ.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_task_carries_ids_alone(make_batch):
    batch = make_batch(images=1)
    queue.convert(batch)
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == (queue.CONVERT, (str(batch.pk),))


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_at_the_same_time_leave_one_schedule():
    for _ in range(3):  # as several machines do when none sees the others' rows yet
        Schedule.objects.create(name="sweep", func=queue.SWEEP)
    queue._schedule_sweeps()
    found = {schedule.func: schedule.minutes for schedule in Schedule.objects.all()}
    assert found == {queue.SWEEP: 1, queue.RETAIN: 360}
    assert Schedule.objects.count() == 2
