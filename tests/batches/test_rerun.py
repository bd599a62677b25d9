"""Run again: the same images in a new draft, whatever happens while they are copied."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from converter.batches import drafts, lifecycle, rerun
from converter.batches.lifecycle import BatchError
from converter.models import Batch, BatchImage, BatchState
from converter.storage import layout
from tests.batches.test_lifecycle import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(make_batch, django_capture_on_commit_callbacks):
    def settled(images: int = 3, **values: object) -> Batch:
        batch = make_batch(images=images, **values)
        drafts.turn(batch, [batch.images.get(position=0).pk], 90)
        with django_capture_on_commit_callbacks(execute=True):
            lifecycle.start(batch)
        work(batch, failing=(0,))
        return batch

    return settled


@pytest.fixture
def in_steps(monkeypatch):
    """Two images at once: any batch is a large one."""
    monkeypatch.setattr(rerun, "AT_ONCE", 2)


def whole(draft: Batch) -> bool:
    """Has every image its file, and every file its image?"""
    files = {path.name for path in layout.files_of(draft)}
    return files == {image.file for image in draft.images.all()}


def test_a_draft_has_the_images_and_options_of_the_batch(settled):
    batch = settled(name="Cards", priority=3, user=None)
    layout.set_aside(batch.images.get(position=0))
    draft = rerun.run_again(batch)
    assert (draft.name, draft.state, draft.again_of) == ("Cards (again)", BatchState.DRAFT, batch)
    assert (draft.priority, draft.owner, draft.reuse, draft.total) == (3, "me", False, 3)
    assert not draft.is_copying
    images = draft.images.order_by("position")
    assert [image.name for image in images] == [f"picture {n}.png" for n in range(3)]
    assert [image.turn for image in images] == [90, 0, 0]
    assert {image.state for image in images} == {"waiting"}
    assert whole(draft)


def test_it_can_be_started_and_deleted_without_the_other(
    settled, django_capture_on_commit_callbacks
):
    batch = settled()
    draft = rerun.run_again(batch)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.delete(batch)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.start(draft)
    assert [layout.image_path(image).is_file() for image in draft.images.all()] == [True] * 3


def test_its_name_does_not_grow(settled):
    draft = rerun.run_again(settled(name="n" * 120))
    assert draft.name == "n" * 112 + " (again)"
    Batch.objects.filter(pk=draft.pk).update(
        name="Cards (again)", state="cancelled", settled=timezone.now()
    )
    assert rerun.run_again(Batch.objects.get(pk=draft.pk)).name == "Cards (again)"


def test_a_batch_that_is_not_settled_is_not_run_again(make_batch):
    batch = make_batch(images=1)
    with pytest.raises(BatchError, match="batch_not_settled"):
        rerun.run_again(batch)
    assert Batch.objects.count() == 1


def test_a_large_one_is_copied_by_the_workers(
    settled, in_steps, django_capture_on_commit_callbacks
):
    batch = settled()
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        draft = rerun.run_again(batch)
    assert (draft.total, draft.is_copying, OrmQ.objects.count()) == (0, True, 1)
    with pytest.raises(BatchError, match="batch_copying"):
        lifecycle.start(draft)
    rerun.copy(draft.pk)
    draft.refresh_from_db()
    assert (draft.total, draft.is_copying, whole(draft)) == (3, False, True)


def test_it_goes_on_behind_what_waits(
    settled, in_steps, settings, django_capture_on_commit_callbacks
):
    draft = rerun.run_again(settled())
    settings.SHIFT_SECONDS = -1
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        rerun.copy(draft.pk)
    assert OrmQ.objects.count() == 1


def test_a_crash_between_files_and_rows_costs_nothing(settled, in_steps, monkeypatch):
    def crash(*args: object) -> None:
        monkeypatch.undo()
        raise SystemExit

    draft = rerun.run_again(settled())
    monkeypatch.setattr(lifecycle, "add_images", crash)
    with pytest.raises(SystemExit):
        rerun.copy_some(draft)
    assert not draft.images.exists()
    rerun.copy(draft.pk)
    assert (draft.images.count(), whole(draft)) == (3, True)


def test_two_at_once_copy_each_image_once(settled, in_steps):
    draft = rerun.run_again(settled())
    other = Batch.objects.get(pk=draft.pk)
    assert rerun.copy_some(draft)
    assert not rerun.copy_some(other)
    assert whole(draft)
    rerun.copy(draft.pk)
    assert (draft.images.count(), whole(draft)) == (3, True)


def test_a_lost_copy_is_woken(settled, in_steps, django_capture_on_commit_callbacks):
    draft = rerun.run_again(settled())
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        rerun.resume()
        assert not OrmQ.objects.exists()
        Batch.objects.filter(pk=draft.pk).update(served=timezone.now() - 2 * rerun.LOST_AFTER)
        rerun.resume()
    assert OrmQ.objects.count() == 1


def test_a_missing_file_is_said_and_the_rest_copied(settled):
    batch = settled()
    layout.discard_file(batch.images.get(position=1))
    draft = rerun.run_again(batch)
    assert draft.total == 2
    assert [(r.name, r.code) for r in draft.refusals.all()] == [("picture 1.png", "file_missing")]


def test_a_batch_that_is_deleted_meanwhile_leaves_what_was_copied(settled, in_steps):
    batch = settled()
    draft = rerun.run_again(batch)
    rerun.copy_some(draft)
    lifecycle.delete(batch)
    rerun.copy(draft.pk)
    draft.refresh_from_db()
    assert (draft.total, draft.is_copying) == (2, False)
    assert draft.refusals.get().code == "file_missing"


def test_a_draft_that_is_full_says_so(settled, in_steps, settings):
    draft = rerun.run_again(settled())
    settings.MAX_BATCH_SIZE = 2
    rerun.copy(draft.pk)
    draft.refresh_from_db()
    assert (draft.total, draft.is_copying, draft.refusals.get().code) == (2, False, "batch_full")


def test_a_draft_that_is_deleted_meanwhile_leaves_no_files(
    settled, in_steps, monkeypatch, django_capture_on_commit_callbacks
):
    def delete_first(*args: object) -> list[BatchImage]:
        monkeypatch.undo()
        with django_capture_on_commit_callbacks(execute=True):
            lifecycle.delete(Batch.objects.get(pk=draft.pk))
        return locked(*args)

    draft = rerun.run_again(settled())
    locked = lifecycle.lock_draft
    monkeypatch.setattr(lifecycle, "lock_draft", delete_first)
    assert not rerun.copy_some(draft)
    assert not list((layout.data_folders()[0] / "temp").rglob("*.png"))


def test_a_disk_without_links_gets_copies(settled, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    assert whole(rerun.run_again(settled()))
