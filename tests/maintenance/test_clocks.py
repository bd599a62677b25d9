"""A clock that was wrong for a moment: nothing waits for a time that it wrote."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from converter.accounts import rate_limits
from converter.accounts.rate_limits import RateLimit
from converter.batches import claims, lifecycle
from converter.maintenance import recovery
from converter.models import BatchImage, ImageState, PendingFile
from converter.workers import queue

pytestmark = pytest.mark.django_db(transaction=True)

AHEAD = timedelta(hours=25)


@pytest.fixture
def image(make_batch) -> BatchImage:
    batch = make_batch(1)
    lifecycle.start(batch)
    return batch.images.get()


def test_an_image_whose_pause_a_wrong_clock_has_written_is_read(
    image: BatchImage,
) -> None:
    BatchImage.objects.update(not_before=timezone.now() + AHEAD)
    assert claims.claim_due() is None
    recovery.sweep()
    assert claims.claim_due() is not None


def test_an_ordinary_pause_stays(image: BatchImage) -> None:
    BatchImage.objects.update(not_before=timezone.now() + timedelta(seconds=30))
    recovery.sweep()
    assert claims.claim_due() is None


def test_a_claim_of_another_machine_ends_in_time(image: BatchImage) -> None:
    held = {"state": ImageState.RUNNING, "claim": uuid4(), "claimed_by": "elsewhere:1:1"}
    BatchImage.objects.update(claimed_until=timezone.now() + AHEAD, **held)
    recovery.sweep()
    image.refresh_from_db()
    assert image.claimed_until
    assert image.claimed_until < timezone.now() + timedelta(minutes=2)


def test_a_file_that_waits_to_be_looked_at(make_batch) -> None:
    PendingFile.objects.create(
        batch=make_batch(), name="a", place=0, file="a", size=1, not_before=timezone.now() + AHEAD
    )
    recovery.clamp()
    assert PendingFile.objects.claimable(timezone.now()).exists()


def test_the_sweep_itself(image: BatchImage) -> None:
    queue._schedule_all()
    Schedule.objects.update(next_run=timezone.now() + AHEAD)
    queue.tend_schedules()
    assert Schedule.objects.get(name="sweep").next_run <= timezone.now()


def test_a_task_that_was_queued_or_taken_then(settings) -> None:
    queue.wake()
    taken = timezone.now() + timedelta(seconds=settings.Q_CLUSTER["retry"])
    for lock, is_due in ((timezone.now() + AHEAD, True), (taken, False)):
        OrmQ.objects.update(lock=lock)
        queue.tend_schedules()
        assert OrmQ.objects.filter(lock__lte=timezone.now()).exists() == is_due


@pytest.mark.parametrize("hours", [-25, 25])
def test_a_window_of_a_rate_limit(hours: int) -> None:
    limit, now = RateLimit("starts", 1, 60), 1_800_000_000.0
    for _ in range(3):
        rate_limits.record("somebody", limit, now + 3600 * hours)
    assert not rate_limits.record("somebody", limit, now).is_over
    assert rate_limits.record("somebody", limit, now + 1).is_over
