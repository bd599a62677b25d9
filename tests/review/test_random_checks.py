"""A random check draws cells that nothing marks, and measures how many of them are wrong."""

from __future__ import annotations

import random
from collections import Counter
from io import BytesIO

import pytest
from openpyxl import load_workbook

from converter.batches.lifecycle import BatchError
from converter.core.engines.protocol import Reading
from converter.core.errors import EditError
from converter.core.tables.edits import SetText
from converter.core.tables.model import Cell, Table
from converter.exports import workbooks
from converter.models import Batch, RandomCheck, check_result
from converter.review import random_checks, trail
from tests.review.piles import ME, doubtful, image_of, pile, texts_of

pytestmark = pytest.mark.django_db


def numbers(rows: int) -> Reading:
    return Reading("m", tables=(Table(tuple(Cell(row, 0, f"n{row}") for row in range(rows))),))


@pytest.fixture
def batch() -> Batch:
    return pile(numbers(40), numbers(20))


def cells_of(check: RandomCheck):
    return list(check.cells.select_related("image").order_by("pk"))


def test_thirty_cells_are_drawn_each_once(batch):
    cells = cells_of(random_checks.begin(batch, ME))
    assert len({(cell.image_id, cell.place) for cell in cells}) == 30


def test_every_cell_is_as_likely_as_any_other(batch):
    drawn: Counter[tuple[int, int]] = Counter()
    for seed in range(60):
        check = random_checks.begin(batch, ME, random.Random(seed))
        drawn.update((cell.image.position, cell.row) for cell in cells_of(check))
    assert len(drawn) == 60
    assert 15 <= min(drawn.values()) <= max(drawn.values()) <= 45  # 30 are expected of each


def test_what_is_marked_or_said_is_not_drawn():
    batch = doubtful()
    trail.make(image_of(batch), [SetText(table=0, row=2, col=0, text="Elm tree")], ME)
    texts = {cell.text for cell in cells_of(random_checks.begin(batch, ME))}
    assert texts == {"Item", "Price", "9.75"}


def test_a_batch_with_nothing_unmarked_is_refused():
    with pytest.raises(BatchError) as refused:
        random_checks.begin(pile(Reading("m")), ME)
    assert refused.value.code == "nothing_to_check"


def test_answers_measure_a_rate_and_correct_what_was_wrong(batch):
    check = random_checks.begin(batch, ME)
    first, *others = cells_of(check)
    random_checks.answer(first, "other", ME)
    assert texts_of(first.image)[first.row] == ["other"]
    for cell in others:
        random_checks.answer(cell, f" {cell.text} ", ME)
    found = check_result(batch)
    assert found
    assert (found.wrong, found.looked_at, found.left) == (1, 30, 0)
    assert found.sentence == (
        "1 of 30 cells that nothing marked was wrong: 3.3 %, and of all such cells 0.6 to 16.7 % "
        "(95 % interval)"
    )
    with workbooks.workbook_file(batch) as file:
        said = load_workbook(BytesIO(file.read()))["Summary"]["A3"].value
    assert said.startswith("Random check: 1 of 30 cells that nothing marked was wrong")


def test_the_last_answer_is_taken_back_with_its_correction(batch):
    check = random_checks.begin(batch, ME)
    cell = cells_of(check)[0]
    random_checks.answer(cell, "other", ME)
    assert random_checks.undo(check, ME) == cell
    assert texts_of(cell.image)[cell.row] == [cell.text]
    assert check_result(batch).looked_at == 0
    with pytest.raises(EditError) as refused:
        random_checks.undo(check, ME)
    assert refused.value.code == "nothing_to_undo"


def test_a_cell_that_somebody_changed_meanwhile_is_not_counted(batch):
    check = random_checks.begin(batch, ME)
    cell = cells_of(check)[0]
    edit = SetText(table=0, row=cell.row, col=0, text="theirs")
    trail.make(cell.image, [edit], ME)
    with pytest.raises(EditError) as refused:
        random_checks.answer(cell, "mine", ME)
    assert refused.value.code == "cell_changed"
    assert check_result(batch).looked_at == 0


def test_the_latest_check_counts(batch):
    first = random_checks.begin(batch, ME)
    random_checks.answer(cells_of(first)[0], "other", ME)
    random_checks.begin(batch, ME)
    assert check_result(batch).looked_at == 0
