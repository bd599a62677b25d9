"""Files and rows that do not fit together are found, and put right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from converter import tasks
from converter.batches import claims, deletion, lifecycle
from converter.maintenance import orphans
from converter.maintenance.orphans import Kind
from converter.models import Batch, BatchImage
from converter.storage import layout
from tests.batches.test_claims import ENGINE_DOWN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _old_enough(monkeypatch):
    monkeypatch.setattr(orphans, "GRACE", timedelta(seconds=-10))


@pytest.fixture
def started(make_batch) -> Batch:
    batch = make_batch(images=3)
    lifecycle.start(batch)
    return Batch.objects.get(pk=batch.pk)


def found() -> list[tuple[Kind, str]]:
    return sorted((finding.kind, finding.name) for finding in orphans.scan())


def put_right() -> None:
    orphans.put_right(orphans.scan())


def leave_file(batch: Batch, name: str) -> None:
    with layout.receive(batch) as folder:
        (folder / name).write_bytes(b"left")


def test_where_all_is_well_nothing_is_found_and_nothing_done(where, started, make_batch):
    draft = make_batch(images=1)
    layout.keep_thumbnail(draft.images.get(), b"small")
    failed = claims.claim_next(started)
    claims.fail(failed, ENGINE_DOWN, permanent=True)
    layout.set_aside(failed.image)
    assert found() == []
    put_right()
    assert len(list(layout.files_of(started))) == 3
    assert layout.kept_thumbnail(draft.images.get()) == b"small"


def test_files_of_a_batch_that_is_not_there_are_deleted(where, started):
    leave_file(Batch(), "stranger.png")
    layout.keep_thumbnail(BatchImage(batch=Batch(), file="x.png"), b"small")
    kinds = [kind for kind, _ in found()]
    assert kinds == [Kind.ORPHAN] * 2
    put_right()
    assert found() == []
    assert list(layout.folders(layout.DRAFTS)) == []
    assert len(list(layout.files_of(started))) == 3


def test_folders_of_no_batch_go_by_themselves(where, started):
    leave_file(Batch(), "stranger.png")
    layout.keep_thumbnail(BatchImage(batch=Batch(), file="x.png"), b"small")
    tasks.retain()
    assert list(layout.folders(layout.DRAFTS)) == list(layout.folders(layout.THUMBNAILS)) == []
    assert len(list(layout.files_of(started))) == 3


def test_new_files_may_have_a_row_soon(where, monkeypatch):
    monkeypatch.setattr(orphans, "GRACE", timedelta(days=1))
    leave_file(Batch(), "new.png")
    tasks.retain()
    assert len(list(layout.folders(layout.DRAFTS))) == 1


def test_folders_that_nobody_named_by_our_rules_are_looked_at_too(settings):
    stray = settings.DATA_DIR / "temp" / "by hand" / "x.png"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"")
    assert found() == [(Kind.ORPHAN, "temp/by hand/x.png")]
    put_right()
    assert not stray.parent.exists()


def test_a_file_of_a_batch_that_no_row_knows_is_deleted(where, started):
    leave_file(started, "late.png")
    [(kind, name)] = found()
    assert (kind, name) == (Kind.ORPHAN, f"temp/{started.pk}/late.png")
    put_right()
    assert found() == []


def test_a_file_that_has_just_come_is_left_alone(where, started, monkeypatch):
    monkeypatch.setattr(orphans, "GRACE", timedelta(hours=1))
    leave_file(started, "coming.png")
    assert found() == []


def test_a_file_at_a_wrong_place_is_moved(where, started):
    image = started.images.first()
    layout.set_aside(image)
    [(kind, name)] = found()
    assert (kind, name.endswith(f"_errors/{image.file}")) == (Kind.MISPLACED, True)
    put_right()
    assert found() == []


def test_a_file_at_two_places_ends_at_one(bucket, started):
    bucket.refuse = lambda asked: asked == "DELETE"
    layout.set_aside(started.images.first())
    bucket.refuse = lambda _verb: False
    assert len(list(layout.files_of(started))) == 4
    put_right()
    assert (found(), len(list(layout.files_of(started)))) == ([], 3)


def test_a_row_without_a_file_is_told_and_stays(where, started):
    image = started.images.first()
    layout.discard_file(image)
    assert found() == [(Kind.MISSING, f"{started.name}: {image.display_name}")]
    put_right()
    assert started.images.count() == 3


def test_a_file_that_was_only_on_its_way_is_not_missing(started, monkeypatch):
    monkeypatch.setattr(layout, "files_of", lambda _batch: iter(()))
    assert found() == []


def test_what_is_being_deleted_is_left_to_that(started, monkeypatch):
    monkeypatch.setattr(deletion, "SMALL", 0)
    deletion.delete(started)
    assert found() == []
    put_right()
    assert len(list(layout.files_of(started))) == 3
