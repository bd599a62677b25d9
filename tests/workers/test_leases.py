"""Leases are shared by images and addresses; here by images."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from converter.batches import lifecycle
from converter.models import BatchImage, ImageState
from converter.workers import leases, processes

pytestmark = pytest.mark.django_db

DEAD = f"{processes.machine()}:1:0.00"


@pytest.fixture
def taken(make_batch):
    batch = make_batch(images=2)
    lifecycle.start(batch)
    for image in batch.images.all():
        leases.take(image, timezone.now())
    return batch.images.order_by("position")


def test_what_is_taken_has_a_token_a_time_and_this_process_as_its_holder(taken):
    image = taken[0]
    assert (image.state, image.attempts, image.claimed_by) == ("running", 1, processes.identity())
    assert image.claimed_until > timezone.now() + timedelta(seconds=30)
    assert leases.held(taken, image.pk, image.claim).exists()
    assert not leases.held(taken, image.pk, uuid4()).exists()


def test_a_claim_is_released_once(taken):
    mine = leases.held(BatchImage.objects.all(), taken[0].pk, taken[0].claim)
    released = [leases.release(mine, ImageState.WAITING, **leases.blameless()) for _ in range(2)]
    assert released == [True, False]
    image = taken[0]
    assert (image.state, image.attempts, image.claim, image.claimed_by) == ("waiting", 0, None, "")


def test_an_extended_claim_has_its_full_time_again(taken):
    taken.update(claimed_until=timezone.now())
    assert leases.extend(taken.filter(position=0))
    assert [image.claimed_until > timezone.now() for image in taken] == [True, False]
    assert not leases.extend(taken.none())


def test_who_is_dead_here_leaves_orphans_and_who_is_silent_elsewhere_loses_the_claim(taken):
    taken.filter(position=0).update(claimed_by=DEAD)
    taken.filter(position=1).update(claimed_by="elsewhere:1:0.00")
    assert [image.position for image in leases.orphans(taken)] == [0]
    assert [image.position for image in leases.lost(taken)] == [0]
    taken.filter(position=1).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert [image.position for image in leases.lost(taken)] == [0, 1]
