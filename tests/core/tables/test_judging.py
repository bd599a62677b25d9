"""Tables that contradict themselves are doubted where they do, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from converter.core.tables.causes import Cause
from converter.core.tables.doubt import is_doubtful, reasons
from converter.core.tables.judging import judged
from converter.core.tables.model import Cell, Place, Table
from converter.core.tables.odd_numbers import is_no_day


def table_of(rows: Sequence[str], headers: int = 1) -> Table:
    """The first rows are headers; what is read is sure."""
    return Table(
        tuple(
            Cell(row, col, text.strip().replace("~", "\n"), confidence=0.97, header=row < headers)
            for row, line in enumerate(rows)
            for col, text in enumerate(line.split("|"))
        )
    )


def causes(rows: Sequence[str], headers: int = 1) -> dict[Place, tuple[Cause, ...]]:
    cells = judged(table_of(rows, headers)).cells
    return {(cell.row, cell.col): cell.causes for cell in cells if cell.causes}


def column(*texts: str) -> list[str]:
    return ["City | Figure", *(f"City {'abcdefghijkl'[row]} | {t}" for row, t in enumerate(texts))]


def test_a_number_that_a_sum_contradicts_is_marked_and_those_of_others_are_believed_more():
    rows = ["Tree | 2019 | 2020", "Oak | 11,204 | 77", "Elm | 318 | 1,410", "Ash | 75 | 26"]
    table = table_of([*rows, "Total | 11,597 | 1,573"])
    faint = Table(tuple(replace(cell, confidence=0.7) for cell in table.cells))
    marked = judged(faint)
    cells = {(cell.row, cell.col): cell for cell in marked.cells}
    assert list(reasons(cells[4, 2])) == ["the sum of which it is part does not come out"]
    assert not is_doubtful(cells[1, 1])
    assert is_doubtful(cells[1, 2])
    assert judged(marked) == marked


def test_what_else_speaks_against_a_number_outweighs_its_sum():
    table = table_of(["Oak | 11,204", "Elm | 318", "Ash | 75", "Total | 11,597"], headers=0)
    cells = tuple(replace(c, confidence=0.7, causes=(Cause.NOT_READ,)) for c in table.cells)
    assert judged(Table(cells)).cells == cells


@pytest.mark.parametrize(
    "texts",
    [
        ("12.4", "8.7", "3.31", "9.9", "14.2", "7.5", "6.1", "5.8"),
        ("12.4", "8.7", "33", "9.9", "14.2", "7.5", "6.1", "5.8"),
        ("1,204", "8,713", "3311", "9,902", "1,442", "7,530", "6,107", "5,811"),
        ("1,204", "8,713", "3.311", "9,902", "1,442", "7,530", "6,107", "5,811"),
    ],
)
def test_the_one_number_that_is_written_unlike_all_others_is_doubted(texts):
    assert causes(column(*texts)) == {(3, 1): (Cause.UNLIKE,)}


@pytest.mark.parametrize(
    "texts",
    [
        ("12.4", "8.7", "100", "9.9", "14.2", "7.5", "6.1", "5.8"),
        ("12.4", "8.7", "33", "9.9", "14.2", "75", "6.1", "5.8"),
        ("12.4", "8.7", "33"),
        ("1,204", "871", "33", "9,902", "1,442", "75", "6,107", "5,811"),
    ],
)
def test_numbers_may_be_round_or_few_or_mixed(texts):
    assert causes(column(*texts)) == {}


def stock(word: str, name: str = "Fuse") -> list[str]:
    numbers = ["Belt | 6 | 9.90", "Bolt | 24 | 3.15", "Cap | 10 | 6.80", "Nut | 40 | 0.75"]
    return ["Part | Count | Price", *numbers, f"{name} | {word} | 2.10"]


@pytest.mark.parametrize("word", ["EIV", "lO", "Paid"])
def test_the_one_word_among_numbers_is_doubted(word):
    """As one of a stamp, which was read for the number that it covers."""
    assert causes(stock(word)) == {(5, 1): (Cause.UNLIKE,)}


@pytest.mark.parametrize("word", ["n/a", "NA", "nil", "none", "DNF", "see note 4", "?", "12"])
def test_words_that_say_that_there_is_no_number(word):
    assert causes(stock(word)) == {}


def test_words_in_a_row_of_words_and_names_are_no_errors():
    assert causes([*stock("12"), "Total | Units | Mean", "Lot | 7 | 1.10"]) == {}
    assert (
        causes(["Year | Sum | Price", *(f"{n} | {n} | 1.5" for n in range(5)), "All | 9 | 2.5"])
        == {}
    )


def test_a_row_of_another_kind_is_no_error():
    rows = ["City | A | B", *(f"C{n} | {n}1.4 | {n}8.7" for n in range(1, 8)), "Cases | 12 | 15"]
    assert causes(rows) == {}


@pytest.mark.parametrize("text", ["12,34.5", "(1,204", "1,204)", "01.01", "1.2O4", "8,60.122"])
def test_digits_that_make_no_number_among_numbers_are_impossible(text):
    expected = {} if "O" in text else {(3, 1): (Cause.IMPOSSIBLE,)}
    assert causes(column("1,204.10", "871.20", text, "33.75", "9,902.30")) == expected


@pytest.mark.parametrize("text", ["2021-13-02", "31.04.2020", "30 February 1998", "45/12/2001"])
def test_days_that_no_calendar_has(text):
    assert is_no_day(text)
    assert causes(["Day | What", f"{text} | a"]) == {(1, 0): (Cause.DATE,)}


@pytest.mark.parametrize(
    "text", ["2021-12-02", "30.04.2020", "04/30/2020", "29 February 1996", "12.13.14", "31 May"]
)
def test_days_and_other_texts(text):
    assert not is_no_day(text)


BODY = ["Oslo | 709 | 13.5", "Rome | 2,748 | 21.0", "Bern | 134 | 9.5", "Kiev | 2,952 | 25.5"]


def test_two_rows_in_one_are_told():
    rows = ["City | People | Area", *BODY, "Graz~Lund | 291~125 | 12.5~8.0"]
    assert causes(rows) == {(5, col): (Cause.ROWS,) for col in range(3)}


def test_a_column_of_pairs_is_none():
    assert causes(["City | Won and lost", *(f"C{n} | {n} {n + 2}" for n in range(6))]) == {}


def test_figures_in_the_header_are_told_and_years_are_none():
    body = [*BODY, "Graz | 291 | 12.5"]
    assert causes(["City | People | Area", *body], headers=2) == {(1, 1): (Cause.HEADER,)}
    assert causes(["City | 2019 | 2020", *body]) == {}
    assert causes(["City | 1 | 2", *body]) == {}


def test_a_header_that_is_taken_for_a_row_is_told():
    assert causes(["City | People | Area", *BODY], headers=0) == {(0, 1): (Cause.HEADER,)}


def test_a_column_that_fills_the_gaps_of_the_one_before_is_told():
    rows = ["City | People | ", "Oslo | 709 | ", "Rome | | 2,748", "Bern | 134 | ", "Kiev | | 29",
            "Graz | 291 | "]  # fmt: skip
    assert causes(rows) == {(2, 2): (Cause.COLUMNS,)}
    assert causes(["City | Men | Women", *rows[1:]]) == {}


def test_one_row_of_which_all_cells_have_two_lines_may_be_two():
    body = ["Oslo | north", "Rome | south", "Bern | west", "Graz~Lund | east~far north"]
    assert causes(["City | Where", *body]) == {(4, 0): (Cause.ROWS,)}
    assert causes(["City | Where", *body, "Bonn~am Rhein | very~far"]) == {}


def test_a_row_of_the_body_in_the_header_is_known_by_how_it_is_written():
    rows = ["Day | Score", "3.5.21 | 2:1", "9.5.21 | 0:0", "16.5.21 | 13:4", "30.5.21 | 1:1"]
    assert causes(rows, headers=2) == {(1, 0): (Cause.HEADER,)}
    assert causes(rows) == {}
    assert causes(rows, headers=0) == {(0, 0): (Cause.HEADER,)}
