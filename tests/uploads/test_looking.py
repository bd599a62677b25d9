"""Files that take long: kept, looked at by a worker, and gone once their pages are here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from converter.batches import lifecycle
from converter.batches.lifecycle import BatchError
from converter.core.decoding.decoders import Bounds, Decoders, Unavailable
from converter.core.engines.protocol import Mode
from converter.models import Batch, BatchState, PendingFile
from converter.storage import layout
from converter.uploads import intake, looking, pending
from converter.uploads.intake import IntakeReport
from tests.support import bombs
from tests.support.decoding import HASTY
from tests.support.hostile_files import draw, encode, pdf, png

pytestmark = pytest.mark.django_db(transaction=True)

MakeBatch = Callable[..., Batch]


@pytest.fixture
def draft(make_batch: MakeBatch) -> Batch:
    return make_batch()


@pytest.fixture(autouse=True)
def slow(settings, monkeypatch) -> None:
    """No request waits for anything, and workers give up soon."""
    settings.UPLOAD_WAIT_SECONDS = 0.0
    monkeypatch.setattr("converter.uploads.intake.decoders", lambda: HASTY)


def send(batch: Batch, *contents: bytes, upload: str = "") -> IntakeReport:
    files = [SimpleUploadedFile(f"{n}.pdf", data) for n, data in enumerate(contents)]
    return intake.add_files(batch, files, upload)


def files_below(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file() and path.suffix != ".jpg"}


def names(batch: Batch) -> list[tuple[str, int | None]]:
    return list(batch.images.order_by("position").values_list("name", "page"))


def test_what_takes_long_is_kept_for_a_worker(draft: Batch) -> None:
    report = send(draft, pdf(pages=2))
    assert (report.added, report.refused, report.pending) == ([], [], ["0.pdf"])
    [file] = draft.pending.all()
    with layout.pending_file(file) as path:
        assert path.read_bytes() == pdf(pages=2)


def test_its_pages_appear_in_their_place(draft: Batch, settings) -> None:
    send(draft, pdf(pages=2))
    settings.UPLOAD_WAIT_SECONDS = 120
    send(draft, png())
    looking.work()
    assert names(draft) == [("0.pdf", 1), ("0.pdf", 2), ("0.pdf", None)]
    assert not PendingFile.objects.exists()
    draft.refresh_from_db()
    kept = set(draft.images.values_list("file", flat=True))
    assert (draft.total, files_below(settings.DATA_DIR)) == (3, kept)


def test_its_refusal_appears(draft: Batch, settings) -> None:
    send(draft, bombs.tiling())
    looking.work()
    [refused] = draft.refusals.all()
    assert (refused.name, refused.code) == ("0.pdf", "too_complex")
    assert not draft.pending.exists()
    assert files_below(settings.DATA_DIR) == set()


def test_good_pages_are_taken_and_the_others_told(draft: Batch) -> None:
    send(draft, bombs.tiling(good_pages=2))
    looking.work()
    assert names(draft) == [("0.pdf", 2), ("0.pdf", 3)]
    [refused] = draft.refusals.all()
    assert (refused.name, refused.code) == ("0.pdf, page 1", "too_complex")


def test_once_one_was_slow_the_others_of_a_request_do_not_make_it_wait(
    draft: Batch, settings, monkeypatch
) -> None:
    asked: list[Path] = []
    look_at = intake.look_at

    def watch(path: Path, within: float) -> intake.LookedAt:
        asked.append(path)
        return look_at(path, within)

    monkeypatch.setattr(intake, "look_at", watch)
    assert len(send(draft, png(), png(), png()).pending) == 3
    assert len(asked) == 1


def broken(*_: object) -> None:
    raise OSError("the disk is gone")


@pytest.mark.parametrize("partial", [False, True])
def test_a_batch_is_not_started_short_for_a_fault_of_ours(draft, settings, monkeypatch, partial):
    send(draft, pdf(), upload="a")
    settings.UPLOAD_WAIT_SECONDS = 120
    send(draft, png())
    lifecycle.start(draft, {"partial": partial})
    monkeypatch.setattr(intake, "take_in", broken)
    for _ in range(pending.MOST_ATTEMPTS):
        draft.pending.update(not_before=timezone.now())
        looking.work()
    draft.refresh_from_db()
    [refused] = draft.refusals.all()
    assert refused.code == "storage_failed"
    assert draft.is_draft is not partial
    assert draft.total == 1


def test_too_many_requests_do_not_wait(draft: Batch, settings, monkeypatch) -> None:
    settings.UPLOAD_WAIT_SECONDS = 120
    for _ in range(intake._WAITING_AT_ONCE):
        assert intake._waiting.acquire(blocking=False)
    try:
        assert send(draft, png()).pending == ["0.pdf"]
    finally:
        for _ in range(intake._WAITING_AT_ONCE):
            intake._waiting.release()


def test_an_upload_that_is_sent_again_is_not_kept_twice(draft: Batch) -> None:
    first = send(draft, png(), upload="a")
    assert send(draft, png(), upload="a") == first
    looking.work()
    assert len(send(draft, png(), upload="a").added) == 1
    assert draft.images.count() == 1


# --- the start ---


def test_a_start_waits_until_all_has_been_looked_at(draft: Batch) -> None:
    send(draft, png())
    lifecycle.start(draft, {"name": "Mine"})
    assert (draft.state, draft.starts_by_itself, draft.name) == (BatchState.DRAFT, True, "Mine")
    looking.work()
    draft.refresh_from_db()
    assert (draft.state, draft.total) == (BatchState.QUEUED, 1)


def test_with_nothing_taken_it_ends(draft: Batch, settings) -> None:
    send(draft, b"no picture")
    lifecycle.start(draft)
    looking.work()
    draft.refresh_from_db()
    assert draft.state == BatchState.CANCELLED
    assert draft.refusals.get().code == "unsupported_type"
    assert files_below(settings.DATA_DIR) == set()


def test_an_empty_draft_is_still_not_started(draft: Batch) -> None:
    with pytest.raises(BatchError, match="batch_empty"):
        lifecycle.start(draft)


def test_what_cannot_be_started_stays_a_draft(draft: Batch) -> None:
    send(draft, png())
    lifecycle.start(draft)
    Batch.objects.filter(pk=draft.pk).update(mode=Mode.FIELDS, fields=[])
    looking.work()
    draft.refresh_from_db()
    assert (draft.state, draft.start_asked) == (BatchState.DRAFT, None)


def test_a_cancelled_draft_looks_at_nothing(draft: Batch, settings) -> None:
    send(draft, png())
    lifecycle.cancel(draft)
    looking.work()
    assert not PendingFile.objects.exists()
    assert files_below(settings.DATA_DIR) == set()


def test_a_draft_that_is_deleted_meanwhile(draft: Batch, settings) -> None:
    send(draft, png())
    claim = pending.claim_due()
    assert claim
    lifecycle.delete(draft)
    looking._refuse(claim, looking._LOST)
    assert files_below(settings.DATA_DIR) == set()


# --- faults ---


def test_a_fault_of_ours_is_tried_again(draft: Batch, monkeypatch, caplog) -> None:
    send(draft, png())

    def fail(*_: object, **__: object) -> None:
        raise Unavailable("no decoder")

    with monkeypatch.context() as broken:
        broken.setattr(intake, "store_pages", fail)
        looking.work()
    [file] = draft.pending.all()
    assert (file.state, file.attempts) == ("waiting", 1)
    assert not draft.refusals.exists()
    PendingFile.objects.update(not_before=timezone.now())
    looking.work()
    assert draft.images.count() == 1


def test_a_file_that_kills_its_worker_is_refused_in_the_end(draft: Batch) -> None:
    send(draft, png())
    lifecycle.start(draft)
    for _ in range(pending.MOST_ATTEMPTS):
        PendingFile.objects.update(not_before=timezone.now())
        assert pending.claim_due()
        PendingFile.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
        looking.recover()
    assert draft.refusals.get().code == "worker_died"
    draft.refresh_from_db()
    assert draft.state == BatchState.CANCELLED


def test_a_worker_that_died_before_the_start_is_made_up_for(make_batch: MakeBatch) -> None:
    batch = make_batch(1)
    Batch.objects.filter(pk=batch.pk).update(start_asked=timezone.now())
    looking.recover()
    batch.refresh_from_db()
    assert batch.state == BatchState.QUEUED


def test_a_crash_after_the_pages_adds_them_once(draft: Batch, monkeypatch) -> None:
    send(draft, encode(draw(), "TIFF", pages=2))
    with monkeypatch.context() as dying:
        dying.setattr(pending, "finish", lambda _claim: None)
        looking.work()
    PendingFile.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    looking.recover()
    PendingFile.objects.update(not_before=timezone.now())
    looking.work()
    assert (draft.images.count(), PendingFile.objects.count()) == (2, 0)


def test_nobody_waits_for_ever(draft: Batch, monkeypatch) -> None:
    patient = Decoders(1, Bounds(page=600.0, file=600.0, longest=600.0))
    monkeypatch.setattr("converter.uploads.intake.decoders", lambda: patient)
    monkeypatch.setattr("converter.config.decoders.LONGEST", 0.5)
    send(draft, bombs.tiling())
    try:
        looking.work()
    finally:
        patient.close()
    assert draft.refusals.get().code == "too_complex"
