"""Deletion: at once for everybody, bit by bit for the database, and never half."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ

from converter import tasks
from converter.batches import claims, deletion, lifecycle
from converter.maintenance import recovery
from converter.models import Batch, BatchImage, RefusedFile, Result
from converter.storage import layout
from tests.batches.test_claims import READING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def started(make_batch):
    """A batch of three images, one of them read."""
    batch = make_batch(images=3)
    RefusedFile.objects.create(batch=batch, name="x", code="empty_file", message="No.")
    lifecycle.start(batch)
    claims.finish(claims.claim_next(batch), "local", READING)
    OrmQ.objects.all().delete()
    return Batch.objects.get(pk=batch.pk)


@pytest.fixture
def large(started, monkeypatch):
    """The same, with limits so small that it is a large one."""
    monkeypatch.setattr(deletion, "SMALL", 2)
    monkeypatch.setattr(deletion, "ROWS", 1)
    return started


def left(batch: Batch) -> tuple[int, int, int, int]:
    """Rows of batches, images and results, and files."""
    files = len(list(layout.files_of(batch)))
    counts = (model.objects.count() for model in (BatchImage, Result))
    return (Batch.everything.count(), *counts, files)


def test_a_small_batch_is_gone_at_once(started, settings):
    assert deletion.delete(started)
    assert left(started) == (0, 0, 0, 0)
    assert not RefusedFile.objects.exists()
    assert list((settings.DATA_DIR / "batches").iterdir()) == []
    assert not deletion.delete(started)


def test_a_large_batch_is_gone_for_everybody_at_once_and_goes_by_a_worker(large):
    deletion.delete(large)
    assert not Batch.objects.exists()
    assert left(large) == (1, 3, 1, 3)
    assert OrmQ.objects.count() == 1
    tasks.delete()
    assert left(large) == (0, 0, 0, 0)


def test_nothing_works_on_a_batch_that_is_being_deleted(large):
    claim = claims.claim_next(large)
    deletion.delete(large)
    assert not claims.finish(claim, "local", READING)
    assert not claims.fail(claim, lifecycle.BatchError("unexpected", "x"), permanent=True)
    assert claims.claim_next(large) is None
    assert not lifecycle.cancel(large)
    recovery.recover()
    assert Result.objects.count() == 1


@pytest.mark.parametrize("steps", range(4))
def test_a_deletion_that_is_killed_goes_on_with_the_next_sweep(large, monkeypatch, steps):
    deletion.delete(large)
    after = iter(range(steps))
    delete_some = deletion._delete_some

    def killed(batch):
        if next(after, None) is None:
            raise KeyboardInterrupt
        return delete_some(batch)

    monkeypatch.setattr(deletion, "_delete_some", killed)
    with pytest.raises(KeyboardInterrupt):
        deletion.clear()
    monkeypatch.undo()
    row, images, _, files = left(large)
    assert (row, images, files) == (1, 3 - steps, 3)
    recovery.sweep()
    assert left(large) == (0, 0, 0, 0)


def test_a_deletion_that_is_killed_between_files_and_row_goes_on(started, monkeypatch):
    def killed(_batch):
        raise KeyboardInterrupt

    monkeypatch.setattr(Batch, "delete", killed)
    with pytest.raises(KeyboardInterrupt):
        deletion.delete(started)
    assert left(started) == (1, 0, 0, 0)
    monkeypatch.undo()
    recovery.sweep()
    assert left(started) == (0, 0, 0, 0)


def test_what_does_not_fit_into_the_time_is_left(large):
    deletion.delete(large)
    assert not deletion.clear(seconds=-1)
    assert left(large)[1] == 3
    recovery.sweep()
    assert left(large) == (0, 0, 0, 0)


def test_work_that_is_left_wakes_a_worker_again(large, monkeypatch):
    deletion.delete(large)
    OrmQ.objects.all().delete()
    monkeypatch.setattr(deletion, "clear", lambda: False)
    tasks.delete()
    assert OrmQ.objects.count() == 1


def test_files_that_cannot_be_deleted_keep_the_mark_and_nobody_else_waits(
    started, make_batch, monkeypatch
):
    discard = layout.discard_folder

    def refuse(batch_id, folder):
        if batch_id == started.pk:
            raise PermissionError
        discard(batch_id, folder)

    monkeypatch.setattr(layout, "discard_folder", refuse)
    deletion.delete(started)
    deletion.delete(make_batch(images=1))
    assert left(started) == (1, 0, 0, 3)
    monkeypatch.undo()
    recovery.sweep()
    assert left(started) == (0, 0, 0, 0)


def test_many_are_marked_and_left_to_the_workers(make_batch):
    make_batch(images=1), make_batch()
    assert deletion.delete_all(Batch.objects.all()) == 2
    assert deletion.delete_all(Batch.objects.all()) == 0
    assert (Batch.objects.count(), OrmQ.objects.count()) == (0, 1)
    tasks.delete()
    assert not Batch.everything.exists()


def test_a_batch_that_was_run_again_may_go_first(make_batch):
    first = make_batch()
    again = make_batch(again_of=first)
    deletion.delete(first)
    again.refresh_from_db()
    assert again.again_of is None


def test_each_transaction_is_small(large):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        deletion.delete(large)
        tasks.delete()
    begun = [query["sql"] for query in seen if query["sql"].startswith("BEGIN")]
    assert len(begun) >= 3 + 2  # one per image, the mark, and the last row


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL decides by what is there")
def test_the_mark_does_not_lead_the_database_to_look_at_every_batch(db):
    assert "batch_by_state" in Batch.objects.active().explain()
    assert "batch_newest" in Batch.objects.newest_first()[:9].explain()
    assert "batch_deleted" in Batch.everything.marked().explain()
