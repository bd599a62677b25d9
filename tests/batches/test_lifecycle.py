"""The life of a batch, step by step, and the steps that its state does not allow."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django_q.models import OrmQ

from converter.batches import claims, drafts, lifecycle, rerun
from converter.batches.lifecycle import BatchError
from converter.core.errors import ImageError
from converter.models import Batch, BatchImage, BatchState, ImageState
from converter.storage import layout
from tests.batches.test_claims import ENGINE_DOWN, READING

pytestmark = pytest.mark.django_db


@pytest.fixture
def start(make_batch, django_capture_on_commit_callbacks):
    def start(images: int = 2) -> Batch:
        batch = make_batch(images=images)
        with django_capture_on_commit_callbacks(execute=True):
            lifecycle.start(batch)
        return batch

    return start


def work(batch: Batch, *, failing: tuple[int, ...] = ()) -> None:
    while claim := claims.claim_next(batch):
        if claim.image.position in failing:
            claims.fail(claim, ENGINE_DOWN, permanent=True)
        else:
            claims.finish(claim, "local", READING)
    lifecycle.settle(batch)
    batch.refresh_from_db()


def test_starting_freezes_moves_the_files_and_wakes_a_worker(start, settings):
    batch = start(images=3)
    assert (batch.state, batch.started is not None) == (BatchState.QUEUED, True)
    path = layout.image_path(batch.images.first())
    assert path.parent == settings.DATA_DIR / "batches" / batch.folder
    assert batch.folder.startswith("Pile_2")
    assert batch.folder.endswith(f"_{batch.short_id}")
    assert OrmQ.objects.count() == 1


def test_a_batch_starts_once(start):
    batch = start()
    with pytest.raises(lifecycle.BatchClosed):
        lifecycle.start(batch)


def test_an_empty_batch_does_not_start(make_batch):
    with pytest.raises(lifecycle.BatchError, match="batch_empty"):
        lifecycle.start(make_batch())


def test_a_started_batch_takes_no_images(start):
    batch = start()
    with pytest.raises(lifecycle.BatchClosed):
        lifecycle.add_images(batch, [BatchImage(name="late.png", file="late")])
    assert batch.images.count() == 2


def test_a_full_batch_takes_no_images(make_batch, settings):
    settings.MAX_BATCH_SIZE = 2
    with pytest.raises(lifecycle.BatchFull):
        make_batch(images=3)
    assert not BatchImage.objects.exists()


def test_images_keep_the_order_in_which_they_were_added(make_batch):
    batch = make_batch(images=2)
    rows = [BatchImage(name=n, file=n, size=1, width=1, height=1) for n in "xy"]
    lifecycle.add_images(batch, rows)
    names = list(batch.images.order_by("position").values_list("name", flat=True))
    assert names == ["picture 0.png", "picture 1.png", "x", "y"]
    assert batch.total == 4


@pytest.mark.parametrize(
    ("failing", "state"),
    [((), BatchState.DONE), ((1,), BatchState.PARTIAL), ((0, 1), BatchState.FAILED)],
)
def test_a_batch_ends_as_its_images_did(start, failing, state):
    batch = start()
    work(batch, failing=failing)
    assert (batch.state, batch.percent) == (state, 100)
    assert batch.settled


def test_a_batch_does_not_settle_while_an_image_is_open(start):
    batch = start()
    claims.claim_next(batch)
    assert not lifecycle.settle(batch)


def test_cancel_keeps_what_is_done(start):
    batch = start(images=3)
    claims.finish(claims.claim_next(batch), "local", READING)
    running = claims.claim_next(batch)
    assert lifecycle.cancel(batch)
    assert claims.claim_next(batch) is None
    assert claims.finish(running, "local", READING)
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.cancelled) == (BatchState.CANCELLED, 2, 1)


def test_a_settled_batch_cannot_be_cancelled(start):
    batch = start()
    work(batch)
    assert not lifecycle.cancel(batch)
    assert batch.state == BatchState.DONE


def test_retry_reads_the_failed_images_alone(start, django_capture_on_commit_callbacks):
    batch = start()
    work(batch, failing=(1,))
    layout.set_aside(batch.images.get(position=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert lifecycle.retry_failed(batch) == 1
    image = batch.images.get(position=1)
    assert (image.state, image.attempts, image.error_code) == (ImageState.WAITING, 0, "")
    assert layout.image_path(image).parent.name == batch.folder
    work(batch)
    assert (batch.state, batch.done, batch.failed) == (BatchState.DONE, 2, 0)


def test_there_is_nothing_to_retry_in_a_batch_that_is_done(start):
    batch = start()
    work(batch)
    with pytest.raises(lifecycle.BatchError, match="nothing_failed"):
        lifecycle.retry_failed(batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


def test_a_batch_is_deleted_as_it_is_and_not_as_it_was(
    make_batch, settings, django_capture_on_commit_callbacks
):
    batch = make_batch(images=1)
    seen_as_draft = Batch.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.start(batch)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.delete(seen_as_draft)
    assert list((settings.DATA_DIR / "batches").iterdir()) == []


@pytest.fixture
def stopped(start):
    """A cancelled batch: one image done, one failed, one cancelled."""
    batch = start(images=3)
    claims.finish(claims.claim_next(batch), "local", READING)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=True)
    lifecycle.cancel(batch)
    return batch


def states(batch: Batch) -> list[str]:
    return list(batch.images.order_by("position").values_list("state", flat=True))


def test_a_cancelled_batch_goes_on_with_what_was_cancelled(stopped):
    assert lifecycle.resume(stopped) == 1
    assert states(stopped) == ["done", "failed", "waiting"]
    assert (stopped.state, stopped.cancelled, stopped.settled) == (BatchState.RUNNING, 0, None)
    work(stopped)
    assert (stopped.state, stopped.done, stopped.failed) == (BatchState.PARTIAL, 2, 1)


def test_what_failed_in_a_cancelled_batch_is_retried_alone(stopped):
    assert lifecycle.retry_failed(stopped) == 1
    assert states(stopped) == ["done", "waiting", "cancelled"]
    work(stopped)
    assert (stopped.state, stopped.done, stopped.cancelled) == (BatchState.CANCELLED, 2, 1)


@pytest.mark.parametrize("position", [1, 2])
def test_one_image_alone_is_tried_again(stopped, position):
    lifecycle.retry_image(stopped.images.select_related("batch").get(position=position))
    assert states(stopped)[position] == "waiting"
    work(stopped)
    assert states(stopped)[position] == "done"


def test_one_image_that_was_read_is_not_tried_again(stopped):
    with pytest.raises(lifecycle.BatchError, match="nothing_failed"):
        lifecycle.retry_image(stopped.images.select_related("batch").get(position=0))
    stopped.refresh_from_db()
    assert stopped.state == BatchState.CANCELLED


def test_a_batch_without_a_cancelled_image_is_not_continued(start):
    with pytest.raises(lifecycle.BatchError, match="nothing_cancelled"):
        lifecycle.resume(start())


def test_delete_removes_rows_and_files(start, settings, django_capture_on_commit_callbacks):
    batch = start()
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.delete(batch)
    assert not Batch.objects.exists()
    assert list((settings.DATA_DIR / "batches").iterdir()) == []


def test_a_file_is_found_wherever_a_crash_left_it(make_batch):
    batch = make_batch(images=1)
    lifecycle.start(batch)  # the commit callbacks never ran: the process died before the move
    image = batch.images.get()
    assert layout.image_path(image).parent.parent.name == "temp"
    layout.settle_folder(batch)
    layout.set_aside(image)
    layout.set_aside(image)
    assert layout.image_path(image).parent.name == layout.ERRORS
    layout.bring_back(image)
    assert layout.image_path(image).parent.name == batch.folder


def test_a_draft_folder_that_came_back_does_not_stop_the_move(start):
    batch = start(images=1)
    with layout.receive(batch) as draft_folder:
        (draft_folder / "late.png").write_bytes(b"")
    layout.settle_folder(batch)
    folder = layout.image_path(batch.images.get()).parent
    assert "late.png" in [path.name for path in folder.iterdir()]
    assert not (folder.parent.parent / "temp" / str(batch.pk)).exists()


def test_a_missing_file_has_its_own_code(make_batch):
    image = make_batch(images=1).images.get()
    layout.discard_file(image)
    with pytest.raises(ImageError, match="file_missing"):
        layout.image_path(image)


@pytest.mark.parametrize("name", ["../../etc", "a/b\\c", "\u202egnp", "…", "x" * 300, "表" * 120])
def test_a_folder_name_has_nothing_that_a_path_trips_over(make_batch, name):
    batch = make_batch(name=name[:120])
    folder = layout.folder_name(batch, batch.created)
    assert not set(folder) & set("/\\.:")
    assert len(folder.encode()) < 255


@pytest.mark.parametrize(
    "values",
    [
        {"state": "done", "failed": 1, "total": 1},
        {"done": 2, "total": 1},
        {"state": "queued"},
        {"state": "nonsense"},
        {"state": "cancelled", "settled": None},
    ],
)
def test_the_database_refuses_a_batch_that_must_never_be(make_batch, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_batch(**values)


@pytest.mark.parametrize(
    "values",
    [{"state": "running"}, {"state": "failed"}, {"state": "nonsense"}, {"position": 0}],
)
def test_the_database_refuses_an_image_that_must_never_be(make_batch, values):
    batch = make_batch(images=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.images.filter(position=1).update(**values)


def test_a_cancelled_draft_keeps_its_images_and_can_only_be_run_again(make_batch):
    batch = make_batch(images=3)
    drafts.remove(batch, [batch.images.first().pk])
    assert lifecycle.cancel(batch)
    assert (batch.cancelled, batch.total, batch.folder) == (2, 2, "")
    assert [image.position for image in batch.images.order_by("position")] == [0, 1]
    with pytest.raises(BatchError, match="nothing_cancelled"):
        lifecycle.resume(batch)
    assert rerun.run_again(batch).total == 2
