"""The trail of edits: made, undone, made again, and laid over what was read without touching it."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook

from converter.batches import claims, lifecycle
from converter.batches.lifecycle import BatchError
from converter.core.engines.protocol import Reading
from converter.core.errors import EditError
from converter.core.tables.edits import InsertRows, Merge, SetText, apply_all
from converter.core.tables.model import Said, Table
from converter.exports import archives, workbooks
from converter.models import BatchImage, Result, Review, TableEdit
from converter.review import trail
from converter.review.trail import By, Seen
from tests.review.piles import ME, doubtful, image_of, pile, texts_of

pytestmark = pytest.mark.django_db

PRICE = SetText(table=0, row=1, col=1, text="12.50")
ITEM = SetText(table=0, row=1, col=0, text="Oak")


@pytest.fixture
def image() -> BatchImage:
    return image_of(doubtful())


def doubts(image: BatchImage) -> int:
    return Result.objects.get(image=image).doubtful


def test_a_correction_lies_over_what_was_read(image):
    trail.make(image, [PRICE], ME)
    assert texts_of(image)[1] == ["0ak", "12.50"]
    assert Result.objects.get(image=image).to_reading().tables[0].cells[3].text == "12.5O"
    assert doubts(image) == 1


def test_the_trail_says_who_changed_what_and_why_it_was_marked(image):
    trail.make(image, [PRICE], By({"user": None, "owner": "me"}, program=True))
    [row] = trail.history(image)
    assert (row.owner, row.by_program, row.undone) == ("me", True, None)
    assert row.details["text"] == "12.50"
    assert row.before == {
        "text": "12.5O",
        "confidence": 0.3,
        "reasons": ["hard to read (30 % sure)", "another reading says “12.50”"],
        "said": "",
    }


def test_a_step_is_undone_and_redone(image):
    trail.make(image, [ITEM], ME)
    trail.make(image, [PRICE], ME)
    trail.undo(image)
    assert texts_of(image)[1] == ["Oak", "12.5O"]
    trail.undo(image)
    assert texts_of(image)[1] == ["0ak", "12.5O"]
    assert doubts(image) == 2
    trail.redo(image)
    trail.redo(image)
    assert texts_of(image)[1] == ["Oak", "12.50"]
    assert doubts(image) == 0


def test_edits_that_were_made_together_are_undone_together(image):
    trail.make(image, [ITEM, PRICE], ME)
    assert len(trail.undo(image).edits) == 2
    assert texts_of(image)[1] == ["0ak", "12.5O"]
    trail.redo(image)
    assert texts_of(image)[1] == ["Oak", "12.50"]


def test_after_another_edit_what_was_undone_is_not_redone(image):
    trail.make(image, [ITEM], ME)
    trail.undo(image)
    trail.make(image, [PRICE], ME)
    with pytest.raises(EditError) as refused:
        trail.redo(image)
    assert refused.value.code == "nothing_to_redo"
    assert TableEdit.objects.count() == 2  # both are in the trail


def test_there_is_nothing_to_undo_at_first(image):
    with pytest.raises(EditError) as refused:
        trail.undo(image)
    assert refused.value.code == "nothing_to_undo"


def test_structure_and_texts_are_undone_in_turn(image):
    trail.make(image, [InsertRows(table=0, at=1)], ME)
    trail.make(image, [SetText(table=0, row=2, col=1, text="12.50")], ME)
    trail.make(image, [Merge(table=0, row=2, col=0, last_row=2, last_col=1)], ME)
    assert texts_of(image)[2] == ["0ak 12.50", ""]
    for _ in range(3):
        trail.undo(image)
    assert texts_of(image) == [["Item", "Price"], ["0ak", "12.5O"], ["Elm", "9.75"]]


def test_what_is_kept_is_always_the_base_with_the_edits_in_force(image):
    trail.make(image, [InsertRows(table=0, at=3), PRICE], ME)
    trail.make(image, [ITEM], ME)
    trail.undo(image)
    review = Review.objects.get(image=image)
    rows = review.edits.filter(undone=None).order_by("pk")
    base = tuple(map(Table.from_json, review.base))
    assert review.to_tables() == apply_all(base, [row.to_edit() for row in rows])


def test_two_people_change_different_cells(image):
    trail.make(image, [ITEM], ME, Seen(0, ["0ak"]))
    trail.make(image, [PRICE], ME, Seen(0, ["12.5O"]))
    assert texts_of(image)[1] == ["Oak", "12.50"]


def test_of_two_who_change_the_same_cell_the_second_is_told(image):
    trail.make(image, [PRICE], ME, Seen(0, ["12.5O"]))
    with pytest.raises(EditError) as refused:
        trail.make(image, [SetText(table=0, row=1, col=1, text="13")], ME, Seen(0, ["12.5O"]))
    assert refused.value.code == "cell_changed"
    assert "12.50" in refused.value.message
    assert texts_of(image)[1] == ["0ak", "12.50"]


def test_the_same_correction_twice_is_none_too_many(image):
    for _ in range(2):
        trail.make(image, [PRICE], ME, Seen(0, ["12.5O"]))
    assert texts_of(image)[1] == ["0ak", "12.50"]


def test_a_text_for_a_place_that_has_moved_is_refused(image):
    trail.make(image, [InsertRows(table=0, at=1)], ME)
    with pytest.raises(EditError) as refused:
        trail.make(image, [PRICE], ME, Seen(0, ["12.5O"]))
    assert refused.value.code == "cell_changed"


def test_of_several_edits_with_one_that_cannot_be_made_none_is(image):
    with pytest.raises(EditError):
        trail.make(image, [PRICE, SetText(table=0, row=9, col=0, text="x")], ME)
    assert texts_of(image)[1] == ["0ak", "12.5O"]
    assert not TableEdit.objects.exists()


def test_an_image_that_is_not_read_takes_no_edit(make_batch):
    batch = make_batch(images=1)
    lifecycle.start(batch)
    with pytest.raises(BatchError) as refused:
        trail.make(batch.images.get(), [PRICE], ME)
    assert refused.value.code == "image_not_read"


def test_corrections_outlive_another_reading(image):
    trail.make(image, [PRICE], ME)
    result = Result.objects.get(image=image)
    Result.objects.filter(pk=result.pk).update(reading=Reading("other").to_json())
    assert texts_of(image)[1] == ["0ak", "12.50"]


def test_the_same_picture_in_another_batch_is_as_it_was_read(image):
    Result.objects.update(fingerprint="same")
    trail.make(image, [ITEM, PRICE], ME)
    other = doubtful()
    claim = claims.Claim(image_of(other), image_of(other).batch_id)
    other.images.update(state="waiting")
    Result.objects.filter(image__batch=other).delete()
    other.images.update(settled=None, settlement=None)
    type(other).objects.filter(pk=other.pk).update(state="running", settled=None, done=0)
    claim = claims.claim_next(other)
    assert claim
    assert claims.take_over(claim, Result.objects.get(image=image))
    assert doubts(image_of(other)) == 2
    assert texts_of(image_of(other))[1] == ["0ak", "12.5O"]


def test_everything_that_is_downloaded_holds_the_corrections(image):
    unreadable = SetText(table=0, row=2, col=0, text="", said=Said.UNREADABLE)
    trail.make(image, [ITEM, PRICE, unreadable], ME)
    batch = image.batch
    with workbooks.workbook_file(batch) as file:
        sheet = load_workbook(BytesIO(file.read()))["Table 1"]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["Item", "Price"], ["Oak", 12.5], [None, 9.75],
    ]  # fmt: skip
    assert sheet["B2"].fill.fgColor.rgb.endswith("000000")  # no more amber
    assert "read: 12.5O" in sheet["B2"].comment.text
    assert sheet["A3"].fill.fgColor.rgb.endswith("FFE9B8")
    assert "could not read this" in sheet["A3"].comment.text
    [described] = json.loads(b"".join(archives.readings(batch)))["images"]
    cell = described["tables"][0]["cells"][3]
    assert (cell["text"], cell["read"], cell["said"]) == ("12.50", "12.5O", "corrected")
    assert "doubtful" not in cell
    assert "Oak,12.50" in b"".join(archives.one_csv(batch)).decode()


def test_downloads_cost_no_query_for_each_image(django_assert_num_queries):
    batch = pile(*[Reading("m")] * 3)
    with django_assert_num_queries(2):
        b"".join(archives.readings(batch))
