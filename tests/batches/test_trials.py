"""A trial of a draft's fields: read like any image, listed nowhere, gone when it has served."""

from __future__ import annotations

import pytest

from converter.batches import drafts, fair_share, lifecycle, trials
from converter.batches.lifecycle import BatchError
from converter.core.errors import ImageError
from converter.maintenance import orphans, recovery
from converter.models import Batch, BatchImage
from converter.storage import layout
from tests.fields.test_corrections import FIELDS, card_reading, read_next

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(make_batch) -> Batch:
    return make_batch(images=3, mode="fields", fields=FIELDS)


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """Does something, and what follows once it is committed."""

    def run(verb, *arguments):
        with django_capture_on_commit_callbacks(execute=True):
            return verb(*arguments)

    return run


def image_of(draft: Batch, position: int = 0) -> BatchImage:
    return draft.images.select_related("batch").get(position=position)


def test_a_trial_reads_one_image_first_and_leaves_its_draft_alone(draft, run):
    trial = run(trials.begin, draft, image_of(draft, 1))
    assert (trial.total, trial.images.get().name, trial.fields) == (1, "picture 1.png", FIELDS)
    waiting = [Batch.objects.create(name="x", engine="local"), trial]
    assert fair_share.in_turn(waiting, trial.started)[0] == trial
    draft.refresh_from_db()
    assert (draft.state, draft.images.count()) == ("draft", 3)
    read_next(trial, card_reading())
    lifecycle.settle(trial)
    found = trials.of(draft)
    assert found
    assert (found[0].state, found[1].upload) == ("done", str(image_of(draft, 1).pk))


def test_a_trial_is_in_no_list(draft, run):
    trial = run(trials.begin, draft, image_of(draft))
    assert list(Batch.objects.listed()) == [draft]
    assert trial in Batch.objects.all()


def test_the_next_trial_and_the_start_take_it_away_with_its_file(draft, run, settings):
    first = run(trials.begin, draft, image_of(draft))
    second = run(trials.begin, draft, image_of(draft, 2))
    assert not Batch.everything.filter(pk=first.pk).exists()
    assert trials.of(draft)[0] == second
    run(lifecycle.start, draft)
    assert list(Batch.everything.all()) == [draft]
    assert list(orphans.scan()) == []
    folders = [path.name for path in (settings.DATA_DIR / "batches").iterdir()]
    assert len(folders) == 1


def test_it_goes_with_its_draft(draft, run, settings):
    run(trials.begin, draft, image_of(draft))
    run(lifecycle.delete, draft)
    assert not Batch.everything.exists()
    assert not list(settings.DATA_DIR.rglob("*.png"))


def test_one_whose_worker_died_is_read_all_the_same(draft, run):
    trial = run(trials.begin, draft, image_of(draft))
    trial.images.update(
        state="running", claim=trial.pk, claimed_until="2020-01-01T00:00Z", claimed_by="gone"
    )
    recovery.put_right()
    assert trial.images.get().state == "waiting"


def test_fields_that_are_none_are_not_tried(draft, run):
    drafts.configure(draft, {"fields": []})
    with pytest.raises(BatchError, match="fields_missing"):
        run(trials.begin, draft, image_of(draft))
    assert trials.of(draft) is None


def test_a_file_that_is_gone_is_said(draft, run):
    image = image_of(draft)
    layout.discard_file(image)
    with pytest.raises(ImageError, match="file_missing"):
        run(trials.begin, draft, image)
    assert trials.of(draft) is None


def test_a_trial_of_other_fields_is_known_as_such(draft, run):
    trial = run(trials.begin, draft, image_of(draft))
    assert trials.is_current(draft, trial)
    drafts.configure(draft, {"fields": FIELDS[:1]})
    draft.refresh_from_db()
    assert not trials.is_current(draft, trial)
