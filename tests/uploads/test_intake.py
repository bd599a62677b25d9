"""Intake: every file is taken or refused on its own, and rows and files stay in step."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import connection
from django.utils.module_loading import import_string

from converter.batches import lifecycle
from converter.batches.lifecycle import BatchClosed
from converter.core.errors import CODES
from converter.models import Batch, BatchImage, ImageState, RefusedFile
from converter.storage import layout
from converter.uploads import intake
from converter.uploads.handler import LimitedUpload
from converter.uploads.intake import IntakeReport, add_files, clean_name
from tests.support.hostile_files import NASTY_NAMES, draw, encode, good_files, hostile_files, png

MakeBatch = Callable[..., Batch]


def upload(data: bytes = b"", name: str = "scan.png") -> UploadedFile:
    file = SimpleUploadedFile("name", data)
    file._name = name  # as it stands in the request; the property would clean it
    return file


@pytest.fixture
def draft(make_batch: MakeBatch) -> Batch:
    return make_batch()


def add(batch: Batch, *contents: bytes) -> IntakeReport:
    return add_files(batch, [upload(data) for data in contents])


def stored(batch: Batch) -> set[str]:
    return {file.name for file in layout.files_of(batch)}


def rows(batch: Batch) -> list[tuple[int, str, int | None]]:
    return list(batch.images.order_by("position").values_list("position", "name", "page"))


def refusals(batch: Batch) -> list[tuple[str, str]]:
    return list(batch.refusals.order_by("pk").values_list("name", "code"))


def fail(*args: object) -> None:
    raise ZeroDivisionError


# --- what is taken ---


def test_a_picture_becomes_a_waiting_image(draft: Batch):
    report = add(draft, png(24, 16))
    [image] = draft.images.all()
    assert report == IntakeReport([image])
    assert (image.name, image.page, image.state) == ("scan.png", None, ImageState.WAITING)
    stored = layout.image_path(image).read_bytes()
    assert (image.width, image.height, image.size) == (24, 16, len(stored))
    assert image.encoded_here
    assert layout.kept_thumbnail(image)


def test_every_page_becomes_an_image(draft: Batch):
    add(draft, encode(draw(), "TIFF", pages=3), png())
    assert rows(draft) == [
        (0, "scan.png", 1),
        (1, "scan.png", 2),
        (2, "scan.png", 3),
        (3, "scan.png", None),
    ]
    assert draft.total == 4


def test_more_files_are_appended(draft: Batch):
    add(draft, png())
    add(draft, png(), png())
    assert [position for position, _, _ in rows(draft)] == [0, 1, 2]


def test_an_upload_that_lies_on_disk_is_read_there(draft: Batch, settings):
    file = LimitedUpload("scan.png", "image/png", None, {})
    file.write(png())
    assert len(add_files(draft, [file]).added) == 1


def test_uploads_are_deleted_as_soon_as_they_are_taken(draft: Batch, settings):
    files = [LimitedUpload("scan.png", "image/png", None, {}) for _ in range(2)]
    files[0].write(png())
    add_files(draft, files)
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_an_upload_that_is_sent_again_is_not_taken_twice(draft: Batch):
    first = add_files(draft, [upload(png())], upload="a")
    assert add_files(draft, [upload(png())], upload="a") == first
    refused = add_files(draft, [upload(b"")], upload="b")
    assert add_files(draft, [upload(b"")], upload="b") == refused
    assert (draft.images.count(), draft.refusals.count()) == (1, 1)
    assert {image.file for image in first.added} == stored(draft)


def test_an_upload_that_is_sent_again_while_it_is_taken_in_is_not_taken_twice(
    draft: Batch, monkeypatch
):
    def arrive_first(*args):
        monkeypatch.undo()
        add_files(draft, [upload(png())], upload="a")
        return add_images(*args)

    add_images = lifecycle.add_images
    monkeypatch.setattr(lifecycle, "add_images", arrive_first)
    [image] = add_files(draft, [upload(png())], upload="a").added
    assert list(draft.images.all()) == [image]
    assert stored(draft) == {image.file}


def test_uploads_stand_where_their_sender_put_them(draft: Batch):
    add_files(draft, [upload(png(), "third.png")], upload="c", place=2)
    add_files(draft, [upload(encode(draw(), "TIFF", pages=2), "first.tif")], upload="a", place=0)
    add_files(draft, [upload(png(), "second.png")], upload="b", place=1)
    assert [name for _, name, _ in rows(draft)] == ["first.tif"] * 2 + ["second.png", "third.png"]


# --- what is refused ---


def test_hostile_files_among_good_ones(draft: Batch):
    hostile, good = hostile_files(), [file for file in good_files() if "metres" not in file.what]
    report = add_files(draft, [upload(file.data, file.name) for file in hostile + good])
    assert [refusal.code for refusal in report.refused] == [file.code for file in hostile]
    assert len(report.added) == draft.total == sum(file.pages for file in good)
    assert {image.file for image in report.added} == stored(draft)


def test_a_refusal_is_noted_with_its_reason(draft: Batch):
    [refusal] = add(draft, b"<svg/>").refused
    [row] = draft.refusals.all()
    assert (row.name, row.code, row.message) == (refusal.name, refusal.code, refusal.message)
    assert (refusal.code, refusal.name) == ("unsupported_type", "scan.png")
    assert "PNG, JPEG" in refusal.message


@pytest.mark.parametrize("code", ["file_too_large", "storage_failed"])
def test_what_the_upload_handler_refused(draft: Batch, code: str):
    file = LimitedUpload("scan.png", "image/png", None, {})
    file.refuse(code)
    assert [refusal.code for refusal in add_files(draft, [file]).refused] == [code]


def test_limits_come_from_the_settings(draft: Batch, settings):
    settings.MAX_FILE_SIZE, settings.MAX_PIXELS, settings.MAX_PAGES = 30_000, 10_000, 2
    big, wide = encode(draw(99, 101), "BMP"), png(100, 101)
    report = add(draft, big, wide, encode(draw(9, 9), "TIFF", pages=3), png(100, 100))
    codes = [refusal.code for refusal in report.refused]
    assert codes == ["file_too_large", "too_many_pixels", "too_many_pages"]


def test_a_full_batch_takes_what_fits(draft: Batch, settings):
    settings.MAX_BATCH_SIZE = 3
    report = add(draft, png(), encode(draw(), "TIFF", pages=3), png(), png(), png())
    assert [refusal.code for refusal in report.refused] == ["batch_full"] * 2
    assert {image.file for image in report.added} == stored(draft)
    assert draft.total == 3


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("error", "code"),
    [(OSError(28, "No space left on device"), "storage_failed"), (KeyError("x"), "unexpected")],
)
def test_a_failure_costs_one_file(draft: Batch, monkeypatch, caplog, error: Exception, code: str):
    def fail_once(*args):
        monkeypatch.undo()
        raise error

    monkeypatch.setattr(intake, "store_pages", fail_once)
    with caplog.at_level(logging.CRITICAL, "converter.uploads.intake"):
        report = add(draft, png(), png())
    assert [refusal.code for refusal in report.refused] == [code]
    assert {image.file for image in report.added} == stored(draft)
    assert len(report.added) == 1


def test_a_failure_is_logged(draft: Batch, monkeypatch, caplog):
    monkeypatch.setattr(intake, "store_pages", fail)
    add(draft, png())
    [record] = caplog.records
    assert record.exc_info[0] is ZeroDivisionError


def test_when_rows_fail_files_go(draft: Batch, monkeypatch, caplog):
    monkeypatch.setattr(lifecycle, "add_images", fail)
    add(draft, encode(draw(), "TIFF", pages=3))
    assert (stored(draft), rows(draft)) == (set(), [])
    assert refusals(draft) == [("scan.png", "unexpected")]


def test_an_interrupt_leaves_no_files(draft: Batch, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(lifecycle, "add_images", interrupt)
    with pytest.raises(KeyboardInterrupt):
        add(draft, png())
    assert stored(draft) == set()


def test_nothing_is_decoded_inside_a_transaction(
    make_batch: MakeBatch, transactional_db, monkeypatch
):
    def watch(*args):
        seen.append(connection.in_atomic_block)
        return store_pages(*args)

    seen: list[bool] = []
    store_pages = intake.store_pages
    monkeypatch.setattr(intake, "store_pages", watch)
    add(make_batch(), png(), b"")
    assert seen == [False, False]


# --- a batch that is no draft ---


CLOSE = pytest.mark.parametrize("close", [lifecycle.start, lifecycle.cancel, lifecycle.delete])


@CLOSE
@pytest.mark.django_db(transaction=True)
def test_a_closed_batch_takes_nothing(make_batch: MakeBatch, settings, monkeypatch, close):
    decoded: list[object] = []
    batch = make_batch(1)
    monkeypatch.setattr(intake, "store_pages", lambda *args: decoded.append(args))
    close(Batch.objects.get(pk=batch.pk))
    before = set(settings.DATA_DIR.rglob("*"))
    with pytest.raises(BatchClosed):
        add(batch, png(), b"")
    assert set(settings.DATA_DIR.rglob("*")) == before
    assert not RefusedFile.objects.exists()
    assert decoded == []


@CLOSE
@pytest.mark.parametrize(
    ("moment", "data"),
    [
        ("converter.storage.layout.receive", png()),
        ("converter.uploads.intake.store_pages", b""),
        ("converter.uploads.intake.store_pages", encode(draw(), "TIFF", pages=2)),
        ("converter.batches.lifecycle.add_images", encode(draw(), "TIFF", pages=2)),
    ],
    ids=["before its folder", "before its refusal", "before its files", "before its rows"],
)
@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_closed_meanwhile_keeps_what_it_had(
    make_batch: MakeBatch, monkeypatch, moment, data, close
):
    def close_first(*args):
        close(Batch.objects.get(pk=batch.pk))
        return verb(*args)

    verb = import_string(moment)
    batch = make_batch(1)
    monkeypatch.setattr(moment, close_first)
    with pytest.raises(BatchClosed):
        add(batch, data)
    kept = {image.file for image in BatchImage.objects.all()}
    assert len(kept) == (close is not lifecycle.delete)
    root = layout.data_folders()[0]
    assert {path.name for path in root.rglob("*.png")} == kept
    assert all(any(folder.iterdir()) for folder in (root / "temp").iterdir())


# --- names ---


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("C:\\fakepath\\scan.jpg", "scan.jpg"),
        ("folder/", "folder"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("nul\0byte\r\n\x1b[2J.png", "nulbyte[2J.png"),
        ("\ud83d.png", ".png"),
        ("e\u0301te\u0301.png", "\u00e9t\u00e9.png"),
        ("🧾 Beleg №7.png", "🧾 Beleg №7.png"),
        ("=HYPERLINK(1).png", "=HYPERLINK(1).png"),
        (".htaccess", ".htaccess"),
        ("CON.png", "CON.png"),
        ("n" * 300 + ".png", "n" * 251 + ".png"),
        ("n." + "x" * 300, "n." + "x" * 237 + "x" * 16),
    ],
)
def test_a_name_keeps_what_can_be_seen(name: str, cleaned: str):
    assert clean_name(name) == cleaned


@pytest.mark.parametrize("name", [None, "", " \t ", "\u200b\ufeff", ".", "..", "...", "/", "\\"])
def test_a_name_is_never_empty(name: str | None):
    assert clean_name(name) == "unnamed"


@pytest.mark.parametrize("name", NASTY_NAMES)
def test_every_name_can_be_stored_and_shown(draft: Batch, name: str):
    add_files(draft, [upload(png(), name), upload(b"", name)])
    image = draft.images.get()
    assert [(image.name, "empty_file")] == refusals(draft)
    assert 1 <= len(image.name) <= 255
    assert image.name.isprintable()
    assert not set("/\\") & set(image.name)


def test_every_hostile_code_is_known():
    assert {file.code for file in hostile_files()} <= CODES
