"""`prune` deletes what it is asked to, says how much, and tells by its status how it went."""

from __future__ import annotations

import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from converter.maintenance import orphans
from converter.models import Batch
from converter.storage import layout

pytestmark = pytest.mark.django_db(transaction=True)


def prune(*options: str) -> tuple[int, str]:
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("prune", *options, stdout=out)
    assert isinstance(left.value.code, int)
    return left.value.code, out.getvalue()


@pytest.fixture
def old(make_batch) -> Batch:
    batch = make_batch(images=2, name="Forgotten")
    make_batch(images=1, name="Fresh")
    Batch.objects.filter(pk=batch.pk).update(created=timezone.now() - timedelta(days=10))
    return batch


def test_a_dry_run_says_what_would_go_and_deletes_nothing(old):
    status, said = prune("--drafts", "7", "--settled", "30", "--orphans", "--dry-run")
    assert status == 0
    assert "1 drafts older than 7 days: 2 images" in said
    assert f"  {old.pk}" in said
    assert "0 settled older than 30 days" in said
    assert "deleted" not in said
    assert Batch.objects.count() == 2


def test_old_drafts_are_deleted_with_their_files(old):
    status, said = prune("--drafts", "7")
    assert (status, "; deleted" in said) == (0, True)
    assert [batch.name for batch in Batch.everything.all()] == ["Fresh"]
    assert list(layout.files_of(old)) == []


def test_orphans_and_uploads_left_behind_are_deleted(settings, monkeypatch):
    monkeypatch.setattr(orphans, "GRACE", timedelta(seconds=-10))
    stray = settings.DATA_DIR / "temp" / "nobody" / "x.png"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"1234")
    upload = settings.FILE_UPLOAD_TEMP_DIR / "x.upload"
    upload.mkdir()
    (upload / "y.png").write_bytes(b"12")
    os.utime(upload, (0, 0))
    status, said = prune("--orphans")
    assert "1 files that belong to no image: 4 bytes; deleted" in said
    assert "1 uploads left behind: 2 bytes; deleted" in said
    assert (status, stray.exists(), upload.exists()) == (0, False, False)


def test_rows_without_a_file_are_named_and_make_the_status_1(make_batch):
    batch = make_batch(images=1)
    layout.discard_file(batch.images.get())
    status, said = prune("--orphans")
    assert (status, "Pile: picture 0.png" in said) == (1, True)


def test_what_cannot_be_deleted_makes_the_status_1(old, monkeypatch):
    def refuse(*_args):
        raise PermissionError

    monkeypatch.setattr(layout, "discard_folder", refuse)
    assert prune("--drafts", "7")[0] == 1


@pytest.mark.parametrize("options", [[], ["--dry-run"], ["--drafts", "-1"]])
def test_wrong_usage_is_status_2(db, options):
    with pytest.raises(CommandError) as error:
        call_command("prune", *options)
    assert error.value.returncode == 2
