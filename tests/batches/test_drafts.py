"""What can be changed in a draft, undone, and no more once it has been started."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from converter.batches import drafts, lifecycle
from converter.batches.lifecycle import BatchClosed, BatchError, BatchFull
from converter.models import Batch, BatchState, RefusedFile
from converter.storage import layout
from tests.support.app import RunningApp
from tests.support.migrated import migrate

pytestmark = pytest.mark.django_db


def names(batch: Batch) -> list[str]:
    """What is left, by number: `picture 2.png` is 2."""
    kept = batch.images.kept().order_by("position").values_list("name", flat=True)
    return [name.removeprefix("picture ").removesuffix(".png") for name in kept]


def ids(batch: Batch, *numbers: int) -> list[int]:
    return [batch.images.get(name=f"picture {number}.png").pk for number in numbers]


def total(batch: Batch) -> int:
    batch.refresh_from_db()
    return batch.total


def test_what_is_removed_comes_back_where_it_was_the_last_first(make_batch):
    batch = make_batch(images=5)
    assert drafts.remove(batch, ids(batch, 1, 3)) == 2
    assert drafts.remove(batch, ids(batch, 0, 1)) == 1
    assert (names(batch), total(batch)) == (["2", "4"], 2)
    assert drafts.put_back(batch) == 1
    assert names(batch) == ["0", "2", "4"]
    assert drafts.put_back(batch) == 2
    assert (names(batch), total(batch)) == (["0", "1", "2", "3", "4"], 5)
    assert drafts.put_back(batch) == 0


def test_what_does_not_fit_any_more_is_not_put_back(make_batch, settings):
    batch = make_batch(images=2)
    drafts.remove(batch, ids(batch, 0))
    settings.MAX_BATCH_SIZE = 1
    with pytest.raises(BatchFull):
        drafts.put_back(batch)
    assert total(batch) == 1


def test_starting_drops_what_was_removed(make_batch, django_capture_on_commit_callbacks):
    batch = make_batch(images=3)
    gone = batch.images.get(position=0)
    drafts.remove(batch, [gone.pk])
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.start(batch)
    assert list(batch.images.values_list("name", "position")) == [
        ("picture 1.png", 0),
        ("picture 2.png", 1),
    ]
    assert batch.total == 2
    kept = {image.file for image in batch.images.all()}
    assert {path.name for path in layout.data_folders()[0].rglob("*.png")} == kept


def test_a_draft_of_which_all_was_removed_does_not_start(make_batch):
    batch = make_batch(images=1)
    drafts.remove(batch, ids(batch, 0))
    with pytest.raises(BatchError, match="batch_empty"):
        lifecycle.start(batch)


def test_four_quarters_are_none(make_batch):
    batch = make_batch(images=2)
    turns = []
    for degrees in (90, 90, -90, -90, -90, 450):
        drafts.turn(batch, ids(batch, 1), degrees)
        turns.append(batch.images.get(position=1).turn)
    assert turns == [90, 180, 90, 0, 270, 0]
    assert batch.images.get(position=0).turn == 0


@pytest.mark.parametrize(
    ("image", "steps", "order"),
    [(0, 1, "102"), (2, -1, "021"), (0, 9, "120"), (2, -9, "201"), (1, 0, "012")],
)
def test_an_image_passes_its_neighbours(make_batch, image, steps, order):
    batch = make_batch(images=3)
    drafts.shift(batch, ids(batch, image)[0], steps)
    assert "".join(names(batch)) == order


@pytest.mark.parametrize(("number", "order"), [(1, "13024"), (2, "01324"), (9, "02413")])
def test_several_are_moved_together_in_their_own_order(make_batch, number, order):
    batch = make_batch(images=5)
    drafts.move_to(batch, ids(batch, 3, 1), number)
    assert "".join(names(batch)) == order


def test_images_are_put_before_another(make_batch):
    batch = make_batch(images=4)
    drafts.move_before(batch, ids(batch, 0), ids(batch, 3)[0])
    drafts.move_before(batch, ids(batch, 1), None)
    drafts.move_before(batch, [], None)
    assert "".join(names(batch)) == "2031"


def test_images_of_another_batch_are_left_alone(make_batch):
    mine, other = make_batch(images=1), make_batch(images=2)
    theirs = ids(other, 0, 1)
    drafts.remove(mine, theirs)
    drafts.turn(mine, theirs, 90)
    drafts.move_to(mine, theirs, 1)
    drafts.shift(mine, theirs[0], 1)
    assert names(other) == ["0", "1"]
    assert set(other.images.values_list("turn", flat=True)) == {0}


def test_options_are_changed_and_those_of_the_start_are_the_last(make_batch):
    batch = make_batch(images=1)
    drafts.configure(batch, {"name": "Spring", "priority": 1, "reuse": False})
    lifecycle.start(batch, {"name": "Summer"})
    assert (batch.name, batch.priority, batch.reuse) == ("Summer", 1, False)
    assert batch.folder.startswith("Summer_")


def test_reading_fields_needs_a_field(make_batch):
    batch = make_batch(images=1, mode="fields")
    with pytest.raises(BatchError, match="fields_missing"):
        lifecycle.start(batch)
    lifecycle.start(batch, {"fields": [{"name": "Total"}]})
    assert batch.state == BatchState.QUEUED


def test_refusals_are_forgotten(make_batch):
    batch = make_batch()
    RefusedFile.objects.create(batch=batch, name="a", code="empty_file", message="It is empty.")
    drafts.forget_refusals(batch)
    assert not batch.refusals.exists()


CHANGES: dict[str, Callable[[Batch], object]] = {
    "remove": lambda batch: drafts.remove(batch, ids(batch, 0)),
    "put back": drafts.put_back,
    "turn": lambda batch: drafts.turn(batch, ids(batch, 0), 90),
    "move before": lambda batch: drafts.move_before(batch, ids(batch, 0), None),
    "move to": lambda batch: drafts.move_to(batch, ids(batch, 1), 1),
    "shift": lambda batch: drafts.shift(batch, ids(batch, 0)[0], 1),
    "sort": drafts.sort_by_name,
    "configure": lambda batch: drafts.configure(batch, {"name": "Late"}),
    "forget": drafts.forget_refusals,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_started_batch_takes_no_change(make_batch, change):
    batch = make_batch(images=2)
    seen_as_draft = Batch.objects.get()
    lifecycle.start(batch)
    before = list(batch.images.order_by("pk").values())
    with pytest.raises(BatchClosed):
        change(seen_as_draft)
    assert list(batch.images.order_by("pk").values()) == before
    batch.refresh_from_db()
    assert (batch.name, batch.total) == ("Pile", 2)


@pytest.mark.process
def test_a_change_that_races_with_the_start_is_in_it_or_refused(tmp_path):
    """Two threads with connections of their own, against a database file."""
    app = RunningApp(tmp_path)
    migrate(app)
    code = "from tests.support.row_races import race_with_start; print(race_with_start(rounds=40))"
    rounds = json.loads(app.manage("shell", "--no-imports", "-c", code).splitlines()[-1])
    assert {outcome["agrees"] for outcome in rounds} == {True}
    assert {outcome["started"] for outcome in rounds} == {True}
