"""What a person says of a card: kept apart from what was read, and over it until it is undone."""

from __future__ import annotations

import pytest

from converter.batches import claims, lifecycle
from converter.batches.lifecycle import BatchError
from converter.core.engines.protocol import Reading
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue, Mark, ValueState
from converter.fields import cards, corrections
from converter.models import Batch, BatchImage, Correction

pytestmark = pytest.mark.django_db

ME = {"user": None, "owner": "me"}
FIELDS = [{"name": "Surname"}, {"name": "Remarks", "type": "multiline"}]


def card_reading(surname: str | None = "0ak") -> Reading:
    return Reading("m", fields=(FieldValue("Surname", surname, confidence=0.2),))


def read_next(batch: Batch, reading: Reading) -> None:
    claim = claims.claim_next(batch)
    assert claim
    assert claims.finish(claim, "local", reading)


def make_cards(make_batch, *readings: Reading | None, **values: object) -> Batch:
    """A settled batch of cards: what was read of each, or None where it failed."""
    batch = make_batch(images=len(readings), mode="fields", fields=FIELDS, **values)
    lifecycle.start(batch)
    for reading in readings:
        if reading:
            read_next(batch, reading)
        elif claim := claims.claim_next(batch):
            claims.fail(claim, EngineError("timed_out", "Slow.", permanent=True), permanent=True)
    lifecycle.settle(batch)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def image(make_batch) -> BatchImage:
    return make_cards(make_batch, card_reading()).images.get()


def values_of(image: BatchImage) -> dict[str, FieldValue]:
    image = BatchImage.objects.select_related("batch").get(pk=image.pk)
    row = cards.row_of(image)
    return {value.name: value for value in row.values(cards.specs_of(image.batch))}


def text_of(image: BatchImage) -> tuple[str | None, str]:
    value = values_of(image)["Surname"]
    return value.text, value.state


def test_what_is_said_stands_and_what_was_read_is_kept(image):
    corrections.correct(image, "Surname", " Oak\n", ME)
    assert text_of(image) == ("Oak", ValueState.CORRECTED)
    said = Correction.objects.get()
    assert FieldValue.from_json(said.before).text == "0ak"
    assert (said.owner, said.undone) == ("me", None)
    assert image.result.to_reading().fields[0].text == "0ak"


def test_each_correction_is_undone_by_itself(image):
    corrections.correct(image, "Surname", "Oak", ME)
    corrections.correct(image, "Surname", "", ME)
    assert text_of(image) == (None, ValueState.CORRECTED)
    assert corrections.undo(image, "Surname")
    assert text_of(image) == ("Oak", ValueState.CORRECTED)
    assert corrections.undo(image, "Surname")
    assert text_of(image) == ("0ak", ValueState.READ)
    assert not corrections.undo(image, "Surname")


def test_what_a_person_said_is_no_doubt_any_more(image):
    assert image.result.doubtful == 1
    corrections.correct(image, "Surname", "0ak", ME)
    image.result.refresh_from_db()
    assert image.result.doubtful == 0
    corrections.undo(image, "Surname")
    image.result.refresh_from_db()
    assert image.result.doubtful == 1


def test_lines_stay_where_a_field_has_several(image):
    corrections.correct(image, "Remarks", " one \r\ntwo\t\r\n", ME)
    assert values_of(image)["Remarks"].text == "one\ntwo"


def test_a_field_that_is_none_is_refused(image):
    with pytest.raises(BatchError, match="no_such_field"):
        corrections.correct(image, "Nickname", "x", ME)


def test_a_card_that_is_still_to_be_read_waits(make_batch):
    batch = make_batch(images=1, mode="fields", fields=FIELDS)
    lifecycle.start(batch)
    with pytest.raises(BatchError, match="image_not_read"):
        corrections.correct(batch.images.get(), "Surname", "Oak", ME)


def test_a_failed_card_is_filled_in_and_a_retry_changes_nothing_of_that(make_batch):
    batch = make_cards(make_batch, None)
    image = batch.images.get()
    corrections.correct(image, "Surname", "Oak", ME)
    assert text_of(image) == ("Oak", ValueState.CORRECTED)
    lifecycle.retry_failed(batch)
    read_next(batch, card_reading("something else"))
    assert text_of(image) == ("Oak", ValueState.CORRECTED)
    corrections.undo(image, "Surname")
    assert text_of(image) == ("something else", ValueState.READ)


def test_marks_beside_the_other_cards_are_shown_until_a_person_speaks(image):
    image.result.marks = {"Surname": ["length"]}
    image.result.save()
    assert values_of(image)["Surname"].marks == (Mark.LENGTH,)
    corrections.correct(image, "Surname", "Oak", ME)
    assert values_of(image)["Surname"].marks == ()


def test_both_sides_are_one_card_and_its_corrections_are_the_fronts(make_batch):
    back = Reading("m", fields=(FieldValue("Remarks", "behind", confidence=0.9),))
    batch = make_cards(make_batch, card_reading(), back, pairing="alternating")
    assert batch.cards == 1
    front, behind = batch.images.order_by("position")
    assert [front.is_back, behind.is_back] == [False, True]
    corrections.correct(behind, "Surname", "Oak", ME)
    assert Correction.objects.get().image == front
    for side in (front, behind):
        assert {v.name: v.text for v in values_of(side).values()} == {
            "Surname": "Oak",
            "Remarks": "behind",
        }
