"""The sweep puts right what a fault left behind, and does nothing twice."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from converter.batches import claims, lifecycle
from converter.maintenance import recovery
from converter.models import BatchState, ImageState
from converter.storage import layout
from tests.batches.test_claims import DEAD_PROCESS, READING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def started(make_batch):
    batch = make_batch(images=2)
    lifecycle.start(batch)
    OrmQ.objects.all().delete()
    return batch


def test_a_batch_whose_wake_up_was_lost_is_woken_once(started):
    recovery.sweep()
    recovery.sweep()
    assert OrmQ.objects.count() == 1


def test_starting_workers_wakes_what_was_interrupted(started):
    recovery.recover()
    assert OrmQ.objects.count() == 1


def test_a_free_worker_is_called_when_a_try_is_due(started):
    started.images.update(not_before=timezone.now() + timedelta(minutes=1))
    recovery.Guardian().wake()
    assert OrmQ.objects.count() == 0
    started.images.update(not_before=timezone.now())
    recovery.Guardian().wake()
    assert OrmQ.objects.count() == 1


def test_nothing_to_do_wakes_nobody(started):
    while claims.claim_next(started):
        pass
    recovery.sweep()
    assert OrmQ.objects.count() == 0


def test_a_sweep_costs_the_same_for_any_number_of_images(
    started, make_batch, django_assert_num_queries
):
    recovery.sweep()
    with CaptureQueriesContext(connection) as queries:
        recovery.sweep()
    for _ in range(3):
        lifecycle.start(make_batch(images=50))
    with django_assert_num_queries(len(queries)):
        recovery.sweep()


def test_after_workers_were_killed_on_purpose_their_images_wait_at_once(started):
    claims.claim_next(started)
    started.images.running().update(claimed_by=DEAD_PROCESS)
    recovery.Guardian().killed()
    image = claims.claim_next(started).image
    assert (image.position, image.attempts) == (0, 1)
    assert OrmQ.objects.count() == 1


def test_an_image_that_takes_too_long_counts_an_attempt_and_fails_in_the_end(started, settings):
    settings.MAX_ATTEMPTS = 1
    first = claims.claim_next(started).image
    claims.finish(claims.claim_next(started), "local", READING)
    recovery.Guardian().timed_out(first.claimed_by, first.pk)
    first.refresh_from_db()
    assert (first.state, first.error_code) == (ImageState.FAILED, "timed_out")
    assert layout.image_path(first).parent.name == layout.ERRORS
    started.refresh_from_db()
    assert started.state == BatchState.PARTIAL


def test_a_batch_that_was_finished_but_not_settled_is_settled(started):
    while claim := claims.claim_next(started):
        claims.finish(claim, "local", READING)
    recovery.sweep()
    started.refresh_from_db()
    assert started.state == BatchState.DONE


def test_the_file_of_an_image_that_failed_with_its_worker_is_set_aside(started, settings):
    settings.MAX_ATTEMPTS = 1
    image = claims.claim_next(started).image
    started.images.running().update(claimed_by=DEAD_PROCESS)
    recovery.sweep()
    assert layout.image_path(image).parent.name == layout.ERRORS


def test_uploads_of_a_killed_web_server_are_deleted_after_a_day(settings):
    old, fresh = (settings.FILE_UPLOAD_TEMP_DIR / f"{name}.upload" for name in ("old", "fresh"))
    for path in (old, fresh):
        path.write_bytes(b"")
    os.utime(old, (0, 0))
    recovery.recover()
    assert (old.exists(), fresh.exists()) == (False, True)


def test_a_file_that_cannot_be_set_aside_does_not_stop_the_sweep(started, settings):
    settings.MAX_ATTEMPTS = 1
    image = claims.claim_next(started).image
    started.images.running().update(claimed_by=DEAD_PROCESS)
    folder = layout.image_path(image).parent
    (folder / layout.ERRORS).write_text("a file where the folder should be")
    recovery.recover()
    assert layout.image_path(image).parent == folder
    assert OrmQ.objects.count() == 1


@pytest.mark.parametrize("end", ["died", "timed_out"])
def test_what_a_worker_only_had_under_way_is_not_blamed_for_its_end(started, end):
    holder = claims.claim_next(started).image.claimed_by
    blamed = claims.claim_next(started).image
    started.images.running().update(claimed_by=DEAD_PROCESS)
    assert holder
    getattr(recovery.Guardian(), end)(DEAD_PROCESS, blamed.pk)
    attempts = dict(started.images.values_list("pk", "attempts"))
    assert attempts.pop(blamed.pk) == 1
    assert set(attempts.values()) == {0}
    assert not started.images.running().exists()
