"""What was said of an image is offered when its batch is run again and reads something else."""

from __future__ import annotations

import pytest

from converter.core.engines.protocol import Reading
from converter.core.tables.edits import InsertCols, SetText
from converter.core.tables.model import Said
from converter.models import BatchImage
from converter.review import earlier, trail
from tests.review.piles import ME, doubtful_table, image_of, pile, texts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def again() -> BatchImage:
    """The picture of a batch of which everything was said, read again the same way."""
    before = pile(Reading("m", tables=(doubtful_table(),)))
    said = [
        SetText(table=0, row=1, col=0, text="Oak"),
        SetText(table=0, row=1, col=1, text="12.50"),
        SetText(table=0, row=2, col=0, text="Elm", said=Said.CONFIRMED),
        SetText(table=0, row=2, col=1, text="", said=Said.UNREADABLE),
    ]
    trail.make(image_of(before), said, ME)
    trail.make(image_of(before), [InsertCols(table=0, at=0)], ME)  # places are others there
    return image_of(pile(Reading("m", tables=(doubtful_table(),)), again_of=before))


def differing(image: BatchImage) -> list[tuple[str, str, str]]:
    found = earlier.differences(image, image.result.current().tables)
    return [(one.at, one.cell.text, one.text) for one in found]


def test_cells_that_say_something_else_are_told_by_where_they_stand(again):
    assert differing(again) == [("0.1.0", "0ak", "Oak"), ("0.1.1", "12.5O", "12.50")]


def test_it_is_said_again_as_one_step(again):
    earlier.take(again, "", ME)
    assert texts_of(again)[1] == ["Oak", "12.50"]
    assert differing(image_of(again.batch)) == []
    trail.undo(again)
    assert texts_of(again)[1] == ["0ak", "12.5O"]


def test_of_another_picture_nothing_is_offered(again):
    BatchImage.objects.filter(pk=again.pk).update(sha256="0" * 64)
    assert differing(image_of(again.batch)) == []
    assert differing(image_of(pile(Reading("m", tables=(doubtful_table(),))))) == []
