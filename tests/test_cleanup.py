"""The sweep puts right what a fault left behind, and does nothing twice."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from converter import batches, claims, cleanup, queue, storage
from converter.models import Batch, BatchState
from tests.test_claims import DEAD_PROCESS, READING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def started(make_batch, settings):
    settings.WORKERS = 1
    batch = make_batch(images=2)
    batches.start(batch)
    OrmQ.objects.all().delete()
    return batch


def let_time_pass(batch: Batch) -> None:
    """As if the batch had been started and woken a while ago."""
    then = timezone.now() - timedelta(minutes=7)
    batch.images.update(not_before=then)
    Batch.objects.update(woken=then)


def test_a_batch_whose_lanes_wait_for_their_turn_is_not_woken_again(started):
    cleanup.sweep()
    assert OrmQ.objects.count() == 0


def test_a_batch_whose_lanes_were_lost_is_woken(started):
    let_time_pass(started)
    cleanup.sweep()
    cleanup.sweep()
    assert OrmQ.objects.count() == 1


def test_starting_workers_wakes_what_was_interrupted(started):
    cleanup.recover()
    assert OrmQ.objects.count() == 1


def test_an_image_that_became_free_wakes_its_batch(started):
    claims.claim_next(started)
    claims.finish(claims.claim_next(started), "local", READING)
    started.images.running().update(claimed_by=DEAD_PROCESS)
    cleanup.sweep()
    assert OrmQ.objects.count() == 1


def test_a_batch_that_someone_works_on_is_left_alone(started):
    claims.claim_next(started)
    cleanup.recover()
    assert OrmQ.objects.count() == 0


def test_a_batch_that_was_finished_but_not_settled_is_settled(started):
    while claim := claims.claim_next(started):
        claims.finish(claim, "local", READING)
    cleanup.sweep()
    started.refresh_from_db()
    assert started.state == BatchState.DONE


def test_the_file_of_an_image_that_failed_with_its_worker_is_set_aside(started, settings):
    settings.MAX_ATTEMPTS = 1
    image = claims.claim_next(started).image
    started.images.running().update(claimed_by=DEAD_PROCESS)
    cleanup.sweep()
    assert storage.image_path(image).parent.name == storage.ERRORS


def test_lanes_that_wait_behind_other_work_are_not_lost(started):
    let_time_pass(started)
    queue.convert_further(started)
    cleanup.sweep()
    assert OrmQ.objects.count() == 1


def test_uploads_of_a_killed_web_server_are_deleted_after_a_day(settings):
    old, fresh = (settings.FILE_UPLOAD_TEMP_DIR / f"{name}.upload" for name in ("old", "fresh"))
    for path in (old, fresh):
        path.write_bytes(b"")
    os.utime(old, (0, 0))
    cleanup.recover()
    assert (old.exists(), fresh.exists()) == (False, True)


def test_a_file_that_cannot_be_set_aside_does_not_stop_the_sweep(started, settings):
    settings.MAX_ATTEMPTS = 1
    image = claims.claim_next(started).image
    started.images.running().update(claimed_by=DEAD_PROCESS)
    folder = storage.image_path(image).parent
    (folder / storage.ERRORS).write_text("a file where the folder should be")
    cleanup.recover()
    assert storage.image_path(image).parent == folder
    assert OrmQ.objects.count() == 1
