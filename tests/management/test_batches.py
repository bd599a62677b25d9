"""The command does to batches what their pages do, and says what it did."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from converter.batches import claims, lifecycle
from converter.models import Batch, BatchState, Priority
from tests.batches.test_claims import ENGINE_DOWN, READING
from tests.support.pictures import png

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        call_command("batches", *map(str, words))
    return int(left.value.code or 0)


@pytest.fixture
def settled(make_batch):
    """One image done, one failed."""
    batch = make_batch(images=2)
    lifecycle.start(batch)
    claims.finish(claims.claim_next(batch), "local", READING)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=True)
    lifecycle.settle(batch)
    return batch


def test_from_files_to_a_started_batch(tmp_path, capsys):
    User.objects.create_user("ada")
    (tmp_path / "a.png").write_bytes(png())
    words = ["new", tmp_path / "a.png", "--name", "Cards", "--user", "ada", "--priority", "high"]
    assert run(*words) == 0
    batch = Batch.objects.get()
    assert (batch.name, batch.total, batch.priority) == ("Cards", 1, Priority.HIGH)
    assert batch.user
    assert run("add", batch.pk, tmp_path / "a.png") == 0
    assert run("start", batch.pk) == 0
    assert f"{batch.pk}  queued     0/2 done, 0 failed  Cards" in capsys.readouterr().out


def test_a_drawer_of_cards_by_a_template(tmp_path):
    (tmp_path / "a.png").write_bytes(png())
    template = tmp_path / "card.json"
    template.write_text('{"version": 1, "fields": [{"name": "Surname", "labels": ["Name"]}]}')
    assert run("new", tmp_path / "a.png", "--template", template, "--pair", "names") == 0
    batch = Batch.objects.get()
    assert (batch.mode, batch.pairing) == ("fields", "names")
    assert batch.fields == [{"name": "Surname", "labels": ["Name"]}]


@pytest.mark.parametrize("words", [["--template", "nowhere.json"], ["--pair", "names"]])
def test_a_draft_that_cannot_be_is_not_made(tmp_path, words):
    (tmp_path / "a.png").write_bytes(png())
    with pytest.raises(CommandError):
        call_command("batches", "new", str(tmp_path / "a.png"), *words)
    assert not Batch.objects.exists()


def test_a_file_that_is_not_taken_is_said(tmp_path, capsys):
    (tmp_path / "a.txt").write_bytes(b"hello")
    assert run("new", tmp_path / "a.txt", tmp_path / "gone.png") == 1
    said = capsys.readouterr().err
    assert "unsupported_type" in said
    assert "gone.png" in said


def test_the_newest_are_listed_first(make_batch, capsys):
    for name in ("old", "new"):
        make_batch(name=name)
    assert run("list", "-n", 1) == 0
    assert capsys.readouterr().out.endswith("  new\n")


def test_failed_images_are_read_again(settled):
    assert run("retry", settled.pk) == 0
    settled.refresh_from_db()
    assert (settled.state, settled.failed) == (BatchState.RUNNING, 0)


def test_one_image_is_read_again(settled, capsys):
    assert run("retry-image", settled.pk, 1) == 1
    assert "nothing_failed" in capsys.readouterr().err
    assert run("retry-image", settled.pk, 2) == 0
    settled.refresh_from_db()
    assert settled.failed == 0


def test_cancelled_and_resumed(make_batch):
    batch = make_batch(images=1)
    lifecycle.start(batch)
    assert run("cancel", batch.pk) == 0
    assert run("cancel", batch.pk) == 1
    assert run("resume", batch.pk) == 0
    batch.refresh_from_db()
    assert batch.state == BatchState.RUNNING


def test_run_again_shows_the_new_draft(settled, capsys):
    assert run("again", settled.pk) == 0
    draft = Batch.objects.get(again_of=settled)
    assert str(draft.pk) in capsys.readouterr().out


def test_what_a_batch_does_not_allow_is_said_and_the_next_one_done(make_batch, capsys):
    empty, full = make_batch(), make_batch(images=1)
    assert run("start", empty.pk, full.pk) == 1
    assert "batch_empty" in capsys.readouterr().err
    full.refresh_from_db()
    assert full.state == BatchState.QUEUED


def test_deleting_says_how_much_first(settled):
    with pytest.raises(CommandError, match="1 batches with 2 images"):
        call_command("batches", "delete", str(settled.pk))
    assert Batch.objects.exists()
    assert run("delete", settled.pk, "--yes") == 0
    assert not Batch.everything.exists()


@pytest.mark.parametrize(
    "words", [["start", uuid4()], ["retry-image", uuid4(), 1], ["new", "x.png", "--user", "nobody"]]
)
def test_what_there_is_not_is_wrong_usage(words):
    with pytest.raises(CommandError) as raised:
        call_command("batches", *map(str, words))
    assert raised.value.returncode == 2


def test_a_number_that_the_batch_does_not_have(settled):
    with pytest.raises(CommandError, match="no image number 0"):
        call_command("batches", "retry-image", str(settled.pk), "0")
