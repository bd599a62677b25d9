"""Files: on a disk or in an object store, each ends at one place and is found at every moment."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from converter.batches import claims, lifecycle
from converter.core.errors import ImageError
from converter.models import Batch, BatchImage
from converter.reading import pipeline, worker_loop
from converter.storage import layout, local
from converter.uploads import intake
from tests.batches.test_claims import ENGINE_DOWN
from tests.support.engines import ScriptedEngine
from tests.support.pictures import png

pytestmark = pytest.mark.django_db(transaction=True)


def places(batch: Batch) -> list[str]:
    """Where the files of a batch are: `temp`, the batch's folder, or `_errors`; one each."""
    return sorted(file.folder.rpartition("/")[2] for file in layout.files_of(batch))


def start(batch: Batch) -> Batch:
    lifecycle.start(batch)
    return Batch.objects.get(pk=batch.pk)


def data_of(image: BatchImage) -> bytes:
    with layout.local_file(image) as path:
        return path.read_bytes()


# --- the way of a file ---


def test_a_drafts_files_are_in_a_folder_of_its_own(where, make_batch):
    batch = make_batch(images=2)
    assert places(batch) == [str(batch.pk)] * 2
    assert data_of(batch.images.first()) == png()


def test_starting_moves_all_files_to_the_folder_of_the_batch(where, make_batch):
    batch = start(make_batch(images=7))
    assert places(batch) == [batch.folder] * 7
    assert list(layout.folders(layout.DRAFTS)) == []
    assert list(layout.folders(layout.STARTED)) == [batch.folder]
    assert data_of(batch.images.first()) == png()


def test_a_file_is_found_though_its_batch_was_started_meanwhile(where, make_batch):
    image = BatchImage.objects.select_related("batch").get(batch=make_batch(images=1))
    start(Batch.objects.get(pk=image.batch_id))
    assert data_of(image)
    image = BatchImage.objects.select_related("batch").get(pk=image.pk)
    Batch.objects.filter(pk=image.batch_id).delete()
    layout.discard_file(image)
    with pytest.raises(ImageError, match="is gone"):
        data_of(image)


def test_a_failed_image_is_set_aside_and_comes_back(where, make_batch):
    batch = start(make_batch(images=1))
    image = batch.images.get()
    for _ in range(2):
        layout.set_aside(image)
        assert places(batch) == [layout.ERRORS]
        assert data_of(image) == png()
    for _ in range(2):
        layout.bring_back(image)
        assert places(batch) == [batch.folder]


def test_a_picture_is_streamed(where, make_batch):
    with layout.open_image(make_batch(images=1).images.get()) as stream:
        assert stream.read() == png()


def test_what_is_not_there_is_missing(where, make_batch):
    image = make_batch(images=1).images.get()
    layout.discard_file(image)
    layout.discard_file(image)
    for find in (layout.image_path, layout.open_image, data_of):
        with pytest.raises(ImageError, match="file_missing"):
            find(image)


def test_pages_that_could_not_be_kept_leave_nothing(where, make_batch):
    batch = make_batch()

    def interrupt(folder: Path) -> None:
        (folder / "half.png").write_bytes(b"")
        (folder / "half.png").unlink()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), layout.receive(batch) as folder:
        interrupt(folder)
    assert places(batch) == []


def test_a_folder_is_discarded_with_all_that_is_in_it(where, make_batch):
    batch = start(make_batch(images=5))
    layout.set_aside(batch.images.first())
    other = make_batch(images=1)
    for _ in range(2):
        layout.discard_folder(batch.pk, batch.folder)
    assert places(batch) == []
    assert places(other) == [str(other.pk)]


def test_an_image_is_read_from_wherever_it_is_kept(where, make_batch, monkeypatch):
    monkeypatch.setattr(pipeline, "engine", lambda _name: ScriptedEngine())
    batch = start(make_batch(images=2))
    worker_loop.work()
    batch.refresh_from_db()
    assert (batch.done, batch.state) == (2, "done")


def test_what_is_uploaded_is_kept_and_shown(where, client):
    sent = {"name": "Kept", "files": [SimpleUploadedFile("a.png", png())]}
    client.post(reverse("batches"), sent)
    image = BatchImage.objects.select_related("batch").get()
    assert places(image.batch) == [image.batch.folder]
    shown = client.get(reverse("image-picture", args=[image.batch_id, image.pk]))
    kept, sent_picture = (Image.open(BytesIO(data)) for data in (shown.getvalue(), png()))
    assert kept.tobytes() == sent_picture.convert(kept.mode).tobytes()


def test_a_picture_that_cannot_be_fetched_for_now_is_read_later(bucket, make_batch, monkeypatch):
    monkeypatch.setattr(pipeline, "engine", lambda _name: ScriptedEngine())
    monkeypatch.setattr(claims, "BACKOFF_SECONDS", 0)
    batch = start(make_batch(images=1))
    bucket.refuse = lambda asked: asked in {"GET", "HEAD", "COPY"}
    worker_loop.work()
    image = batch.images.get()
    assert (image.attempts, image.error_code) == (3, "storage_failed")
    bucket.refuse = lambda _verb: False
    batch.refresh_from_db()
    lifecycle.retry_failed(batch)
    worker_loop.work()
    assert places(batch) == [batch.folder]
    assert batch.images.get().state == "done"


def test_a_file_that_cannot_be_kept_is_refused(bucket, make_batch):
    batch = make_batch()
    bucket.refuse = lambda asked: asked == "PUT"
    report = intake.add_files(batch, [SimpleUploadedFile("a.png", png())])
    assert [refused.code for refused in report.refused] == ["storage_failed"]
    assert places(batch) == []


def test_an_image_is_copied_into_another_batch(where, make_batch):
    first, again = make_batch(images=1), make_batch()
    for _ in range(2):
        layout.copy_file(first.images.get(), again, "copy.png")
    layout.discard_folder(first.pk, "")
    assert places(again) == [str(again.pk)]
    copied = BatchImage(batch=again, file="copy.png")
    assert data_of(copied) == png()
    with pytest.raises(ImageError, match="file_missing"):
        layout.copy_file(first.images.get(), again, "gone.png")


def test_a_disk_without_links_copies_the_bytes(make_batch, monkeypatch):
    def refuse(*_args):
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    first, again = make_batch(images=1), make_batch()
    layout.copy_file(first.images.get(), again, "copy.png")
    assert data_of(BatchImage(batch=again, file="copy.png")) == png()


def test_a_small_picture_is_kept_and_goes_with_its_batch(where, make_batch):
    batch = make_batch(images=1)
    image = batch.images.get()
    assert layout.kept_thumbnail(image) is None
    layout.keep_thumbnail(image, b"small")
    assert layout.kept_thumbnail(image) == b"small"
    layout.discard_folder(batch.pk, "")
    assert layout.kept_thumbnail(image) is None


# --- crashes ---


@pytest.mark.parametrize("verb", ["COPY", "DELETE"])
@pytest.mark.parametrize("moment", range(5))
def test_a_move_that_ends_at_any_step_is_finished_by_its_repetition(
    bucket, make_batch, verb, moment
):
    """Four files, and the store refuses from the given copy or delete on."""
    batch = make_batch(images=4)
    images = list(batch.images.all())
    bucket.asked.clear()
    bucket.refuse = lambda asked: asked == verb and bucket.asked.count(verb) > moment
    batch = start(batch)
    for image in images:
        image.batch = batch
        assert data_of(image) == png()
    bucket.refuse = lambda _verb: False
    layout.settle_folder(batch)
    assert places(batch) == [batch.folder] * 4


@pytest.mark.parametrize("verb", ["COPY", "DELETE"])
@pytest.mark.parametrize("step", [layout.set_aside, layout.bring_back])
def test_setting_aside_and_bringing_back_end_at_one_place_too(bucket, make_batch, verb, step):
    batch = start(make_batch(images=1))
    image = batch.images.get()
    if step is layout.bring_back:
        layout.set_aside(image)
    bucket.refuse = lambda asked: asked == verb
    step(image)
    assert data_of(image) == png()
    bucket.refuse = lambda _verb: False
    step(image)
    assert len(places(batch)) == 1


@pytest.mark.parametrize("verb", ["COPY", "DELETE"])
def test_a_file_is_put_to_the_place_that_its_row_says(bucket, make_batch, verb):
    batch = start(make_batch(images=2))
    claim = claims.claim_next(batch)
    claims.fail(claim, ENGINE_DOWN, permanent=True)
    bucket.refuse = lambda asked: asked == verb
    layout.set_aside(claim.image)
    bucket.refuse = lambda _verb: False
    for image in batch.images.all():
        layout.put_right(image)
    assert places(batch) == sorted([batch.folder, layout.ERRORS])


def test_a_folder_that_is_not_deleted_whole_says_so(bucket, make_batch):
    batch = start(make_batch(images=2))
    bucket.refuse = lambda asked: asked == "DELETE"
    with pytest.raises(OSError, match="refused"):
        layout.discard_folder(batch.pk, batch.folder)
    assert len(places(batch)) == 2


def test_a_folder_on_disk_that_is_not_deleted_whole_says_so(make_batch, monkeypatch):
    batch = start(make_batch(images=1))
    monkeypatch.setattr(local.shutil, "rmtree", lambda *_args, **_options: None)
    with pytest.raises(OSError, match="could not be deleted"):
        layout.discard_folder(batch.pk, batch.folder)


def test_files_that_do_not_fit_into_the_time_are_moved_by_the_next_call(
    bucket, make_batch, monkeypatch
):
    monkeypatch.setattr(layout, "MOVING_SECONDS", -1)
    batch = start(make_batch(images=2))
    assert places(batch) == [str(batch.pk)] * 2
    monkeypatch.setattr(layout, "MOVING_SECONDS", 20)
    layout.settle_folder(batch)
    assert places(batch) == [batch.folder] * 2


def test_a_store_that_cannot_be_reached_refuses_the_file(settings, make_batch):
    settings.OBJECT_STORE = {"bucket": "b", "endpoint": "http://127.0.0.1:9", "region": "x"}
    with pytest.raises(OSError, match="object store"):
        layout.image_path(BatchImage(batch=make_batch(), file="x.png"))


def test_nothing_of_a_copy_at_hand_stays(bucket, make_batch, settings):
    data_of(make_batch(images=1).images.get())
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


def test_a_folders_name_tells_when_the_batch_was_started(make_batch):
    batch = make_batch(name="Spring/2026")
    now = timezone.now()
    assert layout.folder_name(batch, now).startswith(f"Spring2026_{now:%Y-%m-%d_%H}")


def test_a_folder_that_goes_while_it_is_listed_only_lacks_its_files(tmp_path):
    for name in ("a", "b"):
        (tmp_path / "kept" / name).mkdir(parents=True)
        (tmp_path / "kept" / name / "x.png").write_bytes(png())
    store = local.LocalStore(tmp_path)
    listed = store.files("kept")
    first = next(listed)
    shutil.rmtree(tmp_path / "kept" / ("b" if first.folder == "kept/a" else "a"))
    assert list(listed) == []
    assert [file.key for file in store.files("kept")] == [first.key]
