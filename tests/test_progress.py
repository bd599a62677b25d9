"""The estimate follows the pace of the batch's recent images."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from converter import batches, claims, progress
from converter.models import Batch
from tests.test_claims import READING

pytestmark = pytest.mark.django_db


def running(make_batch, *, total: int, done: int, pace: float) -> Batch:
    """A batch in which `done` images were finished, one every `pace` seconds until now."""
    batch = make_batch(images=total)
    batches.start(batch)
    now = timezone.now()
    for number in range(done):
        claim = claims.claim_next(batch)
        claims.finish(claim, "local", READING)
        age = timedelta(seconds=pace * (done - 1 - number))
        batch.images.filter(pk=claim.image.pk).update(settled=now - age)
    batch.refresh_from_db()
    batch.running_since = now - timedelta(seconds=pace * done)
    batch.save()
    return batch


def test_nothing_is_estimated_before_something_was_measured(make_batch):
    assert progress.of(running(make_batch, total=3, done=0, pace=1)).seconds_left is None


@pytest.mark.parametrize("done", [1, 5, 30])
def test_the_estimate_is_the_pace_times_what_is_left(make_batch, done):
    batch = running(make_batch, total=40, done=done, pace=3)
    assert progress.of(batch).seconds_left == pytest.approx((40 - done) * 3, rel=0.05)


def test_the_current_images_are_those_being_read(make_batch):
    batch = running(make_batch, total=3, done=1, pace=1)
    claim = claims.claim_next(batch)
    assert progress.of(batch).current == [claim.image]


def test_a_settled_batch_has_nothing_left(make_batch):
    batch = running(make_batch, total=2, done=2, pace=1)
    batches.settle(batch)
    batch.refresh_from_db()
    assert progress.of(batch) == progress.Progress([], None)


def test_the_number_of_queries_does_not_grow(make_batch, django_assert_max_num_queries):
    batch = running(make_batch, total=60, done=50, pace=1)
    with django_assert_max_num_queries(2):
        progress.of(batch)


def test_after_a_retry_the_pace_is_that_of_the_retry(make_batch):
    batch = running(make_batch, total=6, done=4, pace=1)
    day = timedelta(days=1)
    batch.images.filter(settled__isnull=False).update(settled=batch.running_since - day)
    claims.finish(claims.claim_next(batch), "local", READING)
    batch.refresh_from_db()
    assert progress.of(batch).seconds_left < 60
