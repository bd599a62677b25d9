"""Reviewed is a state with a name; an open image is reserved for who has it open."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from openpyxl import load_workbook

from converter.batches import reviewed
from converter.core.engines.protocol import Reading
from converter.core.errors import EditError
from converter.core.fields.values import FieldValue
from converter.core.tables.edits import SetText
from converter.core.tables.model import Said
from converter.exports import workbooks
from converter.fields import corrections
from converter.models import BatchImage, Reservation
from converter.review import repeats, reservations, trail
from converter.review.records import By
from converter.review.reservations import Holder
from tests.review.piles import ME, doubtful, image_of, pile, states

pytestmark = pytest.mark.django_db

PRICE = SetText(table=0, row=1, col=1, text="12.50")
ITEM = SetText(table=0, row=1, col=0, text="0ak", said=Said.CONFIRMED)
HERE, THERE = Holder("here", "ann"), Holder("there", "bob")


@pytest.fixture
def image() -> BatchImage:
    return image_of(doubtful())


@pytest.fixture
def ann() -> By:
    return By({"user": User.objects.create_user("ann"), "owner": ""})


def state_of(image: BatchImage) -> tuple[bool, str]:
    image.refresh_from_db()
    return image.reviewed is not None, image.reviewed_by


def test_who_settles_the_last_doubt_has_reviewed_it(image, ann):
    trail.make(image, [PRICE], ann)
    assert state_of(image) == (False, "")
    trail.make(image, [ITEM], ann)
    assert state_of(image) == (True, "ann")
    trail.make(image, [PRICE], ME)  # whoever changes more is not the first
    assert state_of(image) == (True, "ann")


def test_a_doubt_that_comes_back_by_an_undo_ends_it(image, ann):
    trail.make(image, [PRICE, ITEM], ann)
    trail.undo(image)
    assert state_of(image) == (False, "")
    trail.redo(image, ann)
    assert state_of(image) == (True, "ann")
    trail.take_back(image, 0, 1, 1)
    assert state_of(image) == (False, "")


def test_a_program_looks_at_nothing(image):
    trail.make(image, [PRICE, ITEM], By(ME.owner, program=True))
    assert state_of(image) == (False, "")


def test_nor_has_anybody_looked_at_what_was_taken_over(ann):
    batch = pile(states("lowa", doubtful="lowa"), states("lowa", doubtful="lowa"))
    first, second = image_of(batch), image_of(batch, 1)
    trail.make(first, [SetText(table=0, row=1, col=0, text="Iowa")], ann)
    repeats.take(first, (0, 1, 0), ann)
    assert state_of(first) == (True, "ann")
    assert state_of(second) == (False, "")


def test_it_is_said_and_unsaid_whatever_is_in_doubt(image, ann):
    assert reviewed.mark(image, ann.owner)
    assert not reviewed.mark(image, ME.owner)
    trail.make(image, [PRICE], ME)
    assert state_of(image) == (True, "ann")
    reviewed.unmark(image)
    assert state_of(image) == (False, "")


def test_an_image_that_was_not_read_cannot_be_reviewed(make_batch):
    image = make_batch(images=1).images.get()
    assert not reviewed.mark(image, ME.owner)


def test_a_card_is_reviewed_by_who_settles_its_last_value(ann):
    fields = [{"name": "Surname"}, {"name": "Place"}]
    values = tuple(FieldValue(field["name"], "x", confidence=0.2) for field in fields)
    image = image_of(pile(Reading("m", fields=values), mode="fields", fields=fields))
    corrections.correct(image, "Surname", "Oak", ann.owner)
    assert state_of(image) == (False, "")
    corrections.correct(image, "Place", "Elm", ann.owner, program=True)
    assert state_of(image) == (False, "")
    corrections.undo(image, "Place")
    corrections.correct(image, "Place", "Elm", ann.owner)
    assert state_of(image) == (True, "ann")
    corrections.undo(image, "Place")
    assert state_of(image) == (False, "")


def test_the_workbook_says_how_many_were_reviewed(image, ann):
    for _ in range(2):
        with workbooks.workbook_file(image.batch) as file:
            said = load_workbook(BytesIO(file.read()))["Summary"]["A2"].value
        assert ("1 reviewed by a person" in said) is (image.reviewed is not None)
        reviewed.mark(image, ann.owner)


def test_an_open_image_is_reserved_for_ten_minutes(image):
    assert reservations.hold(image, HERE) is None
    assert reservations.hold(image, HERE) is None
    other = reservations.hold(image, THERE)
    assert other
    assert other.whose == "ann, in another browser,"
    Reservation.objects.update(until=other.until - reservations.HELD_FOR - timedelta(seconds=1))
    assert reservations.hold(image, THERE) is None
    assert reservations.hold(image, HERE)


def test_it_is_released_by_who_has_it_alone(image):
    reservations.hold(image, HERE)
    reservations.release(image, THERE)
    assert reservations.hold(image, THERE)
    reservations.release(image, HERE)
    assert reservations.hold(image, THERE) is None


def test_only_who_has_it_changes_something_until_another_takes_it_over(image):
    at_here, at_there = By(ME.owner, desk="here"), By(ME.owner, desk="there")
    reservations.hold(image, HERE)
    trail.make(image, [PRICE], at_here)
    for change in (
        lambda: trail.make(image, [ITEM], at_there),
        lambda: trail.undo(image, at_there),
        lambda: trail.take_back(image, 0, 1, 1, at_there),
    ):
        with pytest.raises(EditError) as refused:
            change()
        assert refused.value.code == "reserved"
    reservations.take_over(image, THERE)
    trail.make(image, [ITEM], at_there)
    with pytest.raises(EditError):
        trail.undo(image, at_here)
    trail.undo(image)  # a program is not held up
