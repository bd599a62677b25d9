"""Fix once: the same misreading is found in a batch, corrected at once and taken back at once."""

from __future__ import annotations

import pytest

from converter.core.errors import EditError
from converter.core.tables.edits import InsertRows, SetText
from converter.core.tables.model import Said
from converter.models import BatchImage, Result
from converter.review import repeats, trail
from tests.review.piles import ME, image_of, pile, states, texts_of

pytestmark = pytest.mark.django_db

FIRST = (0, 1, 0)


@pytest.fixture
def images(db) -> list[BatchImage]:
    """lowa four times, on the second image in doubt."""
    batch = pile(
        states("lowa", "Ohio", "lowa"), states("Utah", "lowa", doubtful="lowa"), states("lowa")
    )
    return [image_of(batch, number) for number in range(3)]


def corrected(image: BatchImage, text: str = "Iowa", row: int = 1) -> None:
    trail.make(image, [SetText(table=0, row=row, col=0, text=text)], ME)


def column(image: BatchImage) -> list[str]:
    return [row[0] for row in texts_of(image)[1:]]


def test_the_same_misreading_is_found_the_doubtful_ones_first(images):
    corrected(images[0])
    found = repeats.offer(images[0], FIRST)
    assert found
    assert (found.read, found.text, found.doubtful, found.taken) == ("lowa", "Iowa", 1, 0)
    assert [(twin.image.position, twin.cell.row) for twin in found.twins] == [
        (1, 2),
        (0, 3),
        (2, 1),
    ]


def test_all_are_corrected_by_one_call_and_say_why(images):
    corrected(images[0])
    change, count = repeats.take(images[0], FIRST, ME)
    assert count == 3
    assert change.review.image_id == images[0].pk
    assert [column(image) for image in images] == [
        ["Iowa", "Ohio", "Iowa"],
        ["Utah", "Iowa"],
        ["Iowa"],
    ]
    assert Result.objects.get(image=images[1]).doubtful == 0
    [row] = trail.history(images[2])
    assert row.why == "the same misreading as on picture 0.png: “lowa” is “Iowa”"
    assert (row.before["text"], row.owner) == ("lowa", "me")
    found = repeats.offer(images[0], FIRST)
    assert found
    assert (found.twins, found.taken) == ((), 3)


def test_only_chosen_ones_are_corrected(images):
    corrected(images[0])
    _, count = repeats.take(images[0], FIRST, ME, [f"{images[2].pk}.0.1.0", "7.7.7.7"])
    assert count == 1
    assert column(images[1]) == ["Utah", "lowa"]
    assert column(images[2]) == ["Iowa"]


def test_one_undo_takes_them_all_back(images):
    corrected(images[0])
    repeats.take(images[0], FIRST, ME)
    corrected(images[1], "Idaho", row=1)  # what was said since stays
    change = trail.undo(images[0])
    assert [column(image) for image in images] == [
        ["Iowa", "Ohio", "lowa"], ["Idaho", "lowa"], ["lowa"],
    ]  # fmt: skip
    assert Result.objects.get(image=images[1]).doubtful == 1
    assert not change.may_redo  # they are offered anew
    assert len(repeats.offer(images[0], FIRST).twins) == 3
    trail.undo(images[0])
    assert column(images[0]) == ["lowa", "Ohio", "lowa"]


def test_what_was_taken_over_on_other_images_alone_is_one_step_too(images):
    corrected(images[2])
    repeats.take(images[2], FIRST, ME)
    trail.undo(images[2])
    assert [column(image) for image in images] == [
        ["lowa", "Ohio", "lowa"], ["Utah", "lowa"], ["Iowa"],
    ]  # fmt: skip


def test_on_another_image_it_is_undone_and_redone_alone(images):
    corrected(images[0])
    repeats.take(images[0], FIRST, ME)
    assert trail.undo(images[2]).may_redo
    assert [column(images[2]), column(images[1])] == [["lowa"], ["Utah", "Iowa"]]
    trail.redo(images[2])
    assert column(images[2]) == ["Iowa"]


def test_they_are_taken_back_without_the_correction_itself(images):
    corrected(images[0])
    repeats.take(images[0], FIRST, ME)
    corrected(images[0], "Ohio!", row=2)
    _, count = repeats.take_back(images[0], FIRST)
    assert count == 3
    assert column(images[0]) == ["Iowa", "Ohio!", "lowa"]
    assert column(images[2]) == ["lowa"]


def test_rows_that_moved_since_do_not_hinder_the_undo(images):
    corrected(images[0])
    repeats.take(images[0], FIRST, ME)
    trail.make(images[1], [InsertRows(table=0, at=1)], ME)
    repeats.take_back(images[0], FIRST)
    assert column(images[1]) == ["", "Utah", "lowa"]


def test_what_a_person_has_looked_at_is_left_alone(images):
    corrected(images[0])
    confirmed = SetText(table=0, row=1, col=0, text="lowa", said=Said.CONFIRMED)
    trail.make(images[2], [confirmed], ME)
    found = repeats.offer(images[0], FIRST)
    assert found
    assert images[2].pk not in {twin.image.pk for twin in found.twins}


def test_a_number_is_offered_only_where_it_is_in_doubt(db):
    batch = pile(states("17", "17"), states("17", doubtful="17"))
    corrected(image_of(batch), "77")
    found = repeats.offer(image_of(batch), FIRST)
    assert found
    assert [twin.image.position for twin in found.twins] == [1]


@pytest.mark.parametrize("read", ["Zürich \\ “x”\n2", "100 % x", 'say "no"', "日本"])
def test_any_text_is_found(db, read):
    batch = pile(states(read), states(read))
    corrected(image_of(batch), "right")
    assert len(repeats.offer(image_of(batch), FIRST).twins) == 1


def test_a_cell_that_was_not_corrected_offers_nothing(images):
    assert repeats.offer(images[0], FIRST) is None
    confirmed = SetText(table=0, row=1, col=0, text="lowa", said=Said.CONFIRMED)
    trail.make(images[0], [confirmed], ME)
    assert repeats.offer(images[0], FIRST) is None
    assert repeats.offer(images[0], (4, 4, 4)) is None


def test_nothing_to_take_or_take_back_is_said(images):
    corrected(images[0])
    with pytest.raises(EditError) as refused:
        repeats.take(images[0], FIRST, ME, ["none"])
    assert refused.value.code == "cell_changed"
    with pytest.raises(EditError) as refused:
        repeats.take_back(images[0], FIRST)
    assert refused.value.code == "nothing_to_undo"


def test_another_batch_is_left_alone(images):
    other = image_of(pile(states("lowa")))
    corrected(images[0])
    repeats.take(images[0], FIRST, ME)
    assert column(other) == ["lowa"]
