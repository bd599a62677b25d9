"""Faults of a model, and whether the words of the page give them away."""

from __future__ import annotations

import random

import pytest

from converter.core.engines.two_readings.compare import compare
from converter.core.tables.doubt import is_doubtful
from converter.core.tables.model import Box, Cell, Table, Word
from tests.core.engines.two_readings.drawn import (
    ROWS,
    STEP,
    WIDE,
    printed,
    table,
    with_cell,
    with_row,
    words,
)


def marked(read: Table, page=None) -> set[tuple[int, int]]:
    (judged,) = compare([read], words() if page is None else page).tables
    return {(cell.row, cell.col) for cell in judged.cells if is_doubtful(cell)}


def missing(read: Table, page=None) -> list[str]:
    return [line.text for line in compare([read], page or words()).missing]


def whole_row(row: int) -> set[tuple[int, int]]:
    return {(row, col) for col in range(4)}


def test_what_both_read_is_sure_and_has_a_box():
    comparison = compare([table()], words())
    (judged,) = comparison.tables
    assert not any(map(is_doubtful, judged.cells))
    assert judged.cells[5].box == printed("12.34", 40 + WIDE, 50 + STEP)[0].box
    assert comparison.missing == ()


def test_no_text_is_changed():
    read = table(with_cell(2, 1, "23.19"))
    (judged,) = compare([read], words()).tables
    assert [cell.text for cell in judged.cells] == [cell.text for cell in read.cells]


@pytest.mark.parametrize(
    ("col", "text"),
    [
        (1, "23.97"),
        (1, "29.31"),
        (1, "2.391"),
        (1, "-23.91"),
        (2, "173,522"),
        (2, "173.552"),
        (2, "173"),
        (3, "-0.4"),
        (3, "0.4"),
        (0, "Bern"),
    ],
)
def test_a_changed_value_is_marked_with_both_readings(col, text):
    (judged,) = compare([table(with_cell(2, col, text))], words()).tables
    (doubted,) = [cell for cell in judged.cells if is_doubtful(cell)]
    assert (doubted.text, doubted.other) == (text, ROWS[2][col])


@pytest.mark.parametrize(
    "row",
    [
        ("Chur", "28.09", "36,336", "1.2"),
        ("Chur", "28.09", "36,337", "1.2"),
        ("Fribourg", "29.60", "38,003", "1.6"),
        ("Aarau", "23.91", "36,336", "2.0"),
    ],
    ids=["duplicate", "one digit", "series", "borrowed"],
)
def test_an_invented_row_is_marked(row):
    assert marked(table(with_row(4, row))) == whole_row(4)


def test_an_invented_last_row_is_marked():
    assert marked(table([*ROWS, ("Total", "360.05", "246,542", "")])) == {(6, 0), (6, 1), (6, 2)}


@pytest.mark.parametrize("row", [1, 3, 5])
def test_a_dropped_row_is_missing(row):
    assert missing(table([*ROWS[:row], *ROWS[row + 1 :]])) == [" ".join(ROWS[row])]


def test_text_outside_that_the_model_read_is_not_missing():
    read = table(ROWS[:-1])
    assert compare([read], words(), loose=["Erlen 11.71 3,989 2.0"]).missing == ()


def test_a_sentence_below_is_no_row():
    page = words() + printed("All of these figures were counted in the month of May", 40, 230)
    assert missing(table(), page) == []


def test_a_value_left_out_is_missing_and_shown_at_its_cell():
    comparison = compare([table(with_cell(3, 2, ""))], words())
    (emptied,) = [cell for cell in comparison.tables[0].cells if not cell.text]
    assert emptied.other == "36,336"
    assert [line.text for line in comparison.missing] == ["36,336"]


@pytest.mark.parametrize("col", [1, 3])
def test_a_column_left_out_is_missing(col):
    read = table([[*row[:col], *row[col + 1 :]] for row in ROWS])
    assert missing(read) == [row[col] for row in ROWS]


def test_a_shifted_row_is_marked():
    rows = [list(row) for row in ROWS]
    rows[3] = ["Chur", "36,336", "1.2", ""]
    assert {(3, 1), (3, 2)} <= marked(table(rows)) <= whole_row(3)


def test_exchanged_values_are_marked():
    rows = [list(row) for row in ROWS]
    rows[3] = ["Chur", "36,336", "28.09", "1.2"]
    assert marked(table(rows)) == {(3, 1), (3, 2)}


def test_exchanged_columns_are_marked():
    rows = [ROWS[0], *((row[0], row[2], row[1], row[3]) for row in ROWS[1:])]
    assert {(row, col) for row in range(1, 6) for col in (1, 2)} <= marked(table(rows))


def test_an_invented_column_is_marked():
    rows = [[*row[:2], f"9{place}.8", *row[2:]] for place, row in enumerate(ROWS)]
    assert marked(table(rows)) == {(row, 2) for row in range(6)}


def test_a_word_bears_out_one_table_alone():
    judged = compare([table(), table()], words()).tables
    assert [sum(map(is_doubtful, read.cells)) for read in judged] == [0, 24]


def test_tables_side_by_side_are_told_apart():
    other = [[f"{text}7" for text in row] for row in ROWS]
    comparison = compare([table(), table(other)], words() + words(other, left=800))
    assert not any(is_doubtful(cell) for read in comparison.tables for cell in read.cells)
    assert comparison.missing == ()


def test_spans_and_cells_of_several_lines():
    cells = (
        Cell(0, 0, "Town and canton", rowspan=2),
        Cell(0, 1, "Measured values", colspan=2),
        Cell(1, 1, "Area"),
        Cell(1, 2, "People"),
        Cell(2, 0, "Aarau"),
        Cell(2, 1, "12.34"),
        Cell(2, 2, "21,726"),
    )
    page = [
        *printed("Town and", 40, 60),
        *printed("canton", 40, 84),
        *printed("Measured values", 240, 50),
        *words([("Area", "People")], left=200, top=80),
        *words([("Aarau", "12.34", "21,726")], top=110),
    ]
    assert marked(Table(cells), page) == set()


def test_a_page_that_was_read_badly_bears_out_little():
    page = [
        Word("#" * len(word.text), word.box) if place % 4 else word
        for place, word in enumerate(words())
    ]
    (judged,) = compare([table()], page).tables
    assert all(map(is_doubtful, judged.cells))


@pytest.mark.parametrize("read", [[], [Table(())], [Table((Cell(0, 0),))]])
def test_nothing_to_compare(read):
    assert compare(read, words()).missing == ()


def test_a_page_without_words_bears_out_nothing():
    assert len(marked(table(), [])) == 24


def test_a_number_cut_at_a_blank_is_marked_with_the_whole_of_it():
    rows = [("Town", "People"), ("Aarau", "21 726"), ("Basel", "173 552"), ("Chur", "36 336")]
    read = table([*rows[:2], ("Basel", "173"), rows[3]])
    (judged,) = compare([read], words(rows)).tables
    assert [cell.other for cell in judged.cells if is_doubtful(cell)] == ["173 552"]


def test_a_number_is_not_held_by_another_in_the_text():
    read = table(with_cell(3, 3, ""))
    missed = compare([read], words(), loose=["Counted in 1.2013, 11.2 and 1.2 times"]).missing
    assert [line.text for line in missed] == ["1.2"]


def test_a_letter_that_differs_is_kept_without_a_mark():
    read, page = table(with_cell(0, 2, "Inhabitants")), words(with_cell(0, 2, "Inhabltents"))
    (judged,) = compare([read], page).tables
    assert (judged.cells[2].other, is_doubtful(judged.cells[2])) == ("Inhabltents", False)


def test_boxes_can_be_moved():
    moved = compare([table(ROWS[:-1])], words()).moved(lambda box: Box(0, 0, *box[2:]))
    boxes = [cell.box for cell in moved.tables[0].cells] + [line.box for line in moved.missing]
    assert {(box.left, box.top) for box in boxes if box} == {(0, 0)}
    assert moved.tables[0].box.left == 0


def test_confidence_is_lower_where_little_else_is_borne_out():
    few = table([*ROWS, *([f"x{n}", "9.99", "88,888", "-7.7"] for n in range(12))])
    sure, unsure = (compare([read], words()).tables[0].cells[5] for read in (table(), few))
    assert unsure.confidence < sure.confidence - 0.1


@pytest.mark.parametrize("seed", range(20))
def test_any_table_fits_any_page(seed):
    chance = random.Random(seed)
    texts = (
        "",
        "1",
        "-",
        "..",
        "12.5",
        "(3)",
        "a b",
        "\u00bd",
        "\n",
        "10^5",
        "\U0001f600",
        "Total",
    )
    cells: list[Cell] = []
    for row in range(0, 12, 3):
        for col in range(0, 12, 3):
            spans = chance.randint(1, 3), chance.randint(1, 3)
            cells.append(Cell(row, col, chance.choice(texts), *spans))
    page = [
        Word(chance.choice(texts), Box(left, top, left + chance.randint(0, 90), top + 9))
        for left, top in ((chance.random() * 300, chance.random() * 90) for _ in range(60))
    ]
    (judged,) = compare([Table(tuple(cells))], page).tables
    said = "".join(word.text for word in page)
    assert [cell.text for cell in judged.cells] == [cell.text for cell in cells]
    assert all(
        cell.text in said or is_doubtful(cell) for cell in judged.cells if len(cell.text) > 3
    )


def test_columns_that_changed_places_are_marked_though_some_words_were_not_read():
    true = [("Town", "New", "Old"), *((f"Town {n}", str(7 * n), "-") for n in range(1, 9))]
    page = words([row if place % 2 else (*row[:2], "") for place, row in enumerate(true)])
    read = table([true[0], *((name, old, new) for name, new, old in true[1:])])
    assert {(row, 2) for row in range(1, 9)} <= marked(read, page)


def test_a_narrow_digit_stands_apart_from_the_rest_of_its_number():
    page = words([("Town", "People"), ("Aarau", "21 726"), ("Basel", ""), ("Chur", "36 336")])
    for text, left in (("1", 200), ("000", 220)):
        page.append(Word(text, Box(left, 110, left + 9 * len(text), 130)))
    read = table([("Town", "People"), ("Aarau", "21 726"), ("Basel", "1"), ("Chur", "36 336")])
    (judged,) = compare([read], page).tables
    assert [cell.other for cell in judged.cells if is_doubtful(cell)] == ["1 000"]
