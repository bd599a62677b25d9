"""Stats are those of the rows, and cost the same for many images as for few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from converter.batches import claims, lifecycle
from converter.health.stats import collect_stats
from converter.models import BatchImage
from tests.batches.test_lifecycle import work

pytestmark = pytest.mark.django_db


def test_of_nothing_all_is_nothing():
    now = collect_stats()
    assert set(now.batches.values()) == set(now.images.values()) == {0}
    assert (now.cost, now.tokens, now.per_minute) == (0, 0, 0)


def test_batches_and_images_are_counted_by_state(make_batch):
    make_batch(images=2)
    settled = make_batch(images=4, cost=0.25, tokens=900)
    lifecycle.start(settled)
    work(settled, failing=(1,))
    running = make_batch(images=3)
    lifecycle.start(running)
    claims.claim_next(running)
    now = collect_stats()
    assert {state: n for state, n in now.batches.items() if n} == {
        "draft": 1,
        "partial": 1,
        "running": 1,
    }
    assert now.images == {
        "draft": 2,
        "waiting": 2,
        "running": 1,
        "done": 3,
        "failed": 1,
        "cancelled": 0,
    }
    assert sum(now.images.values()) == BatchImage.objects.count()
    assert (now.cost, now.tokens) == (0.25, 900)


def test_what_was_settled_lately_is_counted_by_its_time(make_batch):
    batch = make_batch(images=5)
    lifecycle.start(batch)
    work(batch, failing=(0,))
    old = batch.images.filter(position__in=[3, 4])
    old.update(settled=timezone.now() - timedelta(minutes=6))
    now = collect_stats()
    assert now.lately == {"done": 2, "failed": 1}
    assert now.per_minute == pytest.approx(3 / 5)


def test_three_questions_for_any_number_of_images(make_batch, django_assert_num_queries):
    lifecycle.start(make_batch(images=40))
    with django_assert_num_queries(3):
        collect_stats()
