"""What the queue is asked to run exists, and is asked for only when the rows are there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ, Schedule

from converter.workers import queue


@pytest.mark.parametrize("name", queue.TASKS)
def test_each_task_that_is_named_exists(name):
    assert callable(import_string(name))


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_start_wakes_nobody():
    with transaction.atomic():
        queue.wake()
        transaction.set_rollback(True)
    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_wake_up_names_no_batch():
    queue.wake()
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"]) == (queue.WORK, ())


@pytest.mark.django_db(transaction=True)
def test_one_wake_up_that_nobody_has_taken_is_enough():
    for _ in range(3):
        queue.wake_further(lambda: True)
    assert OrmQ.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_is_woken_for_nothing():
    queue.wake_further(lambda: False)
    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_wake_up_in_busy_hands_does_not_keep_others_from_being_called():
    queue.wake_further(lambda: True)
    OrmQ.objects.update(lock=timezone.now() + timedelta(minutes=5))
    queue.wake_further(lambda: True)
    assert OrmQ.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_at_the_same_time_leave_one_schedule():
    for _ in range(3):  # as several machines do when none sees the others' rows yet
        Schedule.objects.create(name="sweep", func=queue.SWEEP)
    queue._schedule_all()
    found = {schedule.func: schedule.minutes for schedule in Schedule.objects.all()}
    assert found == {queue.SWEEP: 1, queue.RETAIN: 360}
    assert Schedule.objects.count() == 2
