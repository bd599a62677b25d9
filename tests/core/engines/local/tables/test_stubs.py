from __future__ import annotations

from collections.abc import Sequence

from converter.core.engines.local.tables.stubs import mark_stubs
from converter.core.tables.model import Box, Cell

HEAD = ("", "1996", "1997")
BODY = [("Wheat", "12", "13"), ("Rye", "8", "7"), ("Oats", "5", "6")]


def cells_of(
    rows: Sequence[Sequence[str]], lefts: Sequence[float] = (), header: int = 1
) -> list[Cell]:
    return [
        Cell(row, col, text, box=Box(left, row, left + 50, row + 20), header=row < header)
        for row, texts in enumerate(rows)
        for col, text in enumerate(texts)
        for left in [lefts[row] if col == 0 and lefts else 100.0 * col]
    ]


def stubs_of(cells: Sequence[Cell]) -> list[str]:
    return [cell.text for cell in mark_stubs(cells, 20) if cell.stub]


def indents_of(lefts: Sequence[float]) -> list[int]:
    cells = cells_of([HEAD, *(BODY * 2)[: len(lefts)]], [0, *lefts])
    return [cell.indent for cell in mark_stubs(cells, 20) if cell.stub]


def test_words_beside_numbers_name_rows() -> None:
    assert stubs_of(cells_of([HEAD, *BODY])) == ["Wheat", "Rye", "Oats"]


def test_two_columns_of_words_name_rows() -> None:
    rows = [("Sex", "Male", "12"), ("", "Female", "13"), ("Age", "Old", "7")]
    assert stubs_of(cells_of(rows, header=0)) == ["Sex", "Male", "Female", "Age", "Old"]


def test_years_name_rows() -> None:
    rows = [("Year", "Sum"), ("1996", "12"), ("1997", "13")]
    assert stubs_of(cells_of(rows)) == ["1996", "1997"]


def test_words_beside_words_name_nothing() -> None:
    assert stubs_of(cells_of([("Name", "Place"), ("Ann", "Ulm"), ("Bob", "Bonn")])) == []


def test_numbers_beside_numbers_name_nothing() -> None:
    assert stubs_of(cells_of([("No", "Sum"), ("1", "12"), ("2", "13")])) == []


def test_titles_of_sections_name_rows() -> None:
    title = Cell(4, 0, "Roots", colspan=3, box=Box(0, 4, 50, 24))
    assert stubs_of([*cells_of([HEAD, *BODY]), title])[-1] == "Roots"


def test_levels_of_indent() -> None:
    assert indents_of([0, 20, 21, 0, 20, 40]) == [0, 1, 1, 0, 1, 0]
    assert indents_of([0, 20, 40, 40, 20, 0]) == [0, 1, 2, 2, 1, 0]


def test_names_that_begin_anywhere_are_not_indented() -> None:
    assert indents_of([0, 13, 35, 50, 62, 80]) == [0] * 6
    assert indents_of([0, 3, 5, 2, 0, 4]) == [0] * 6


def test_a_title_in_the_middle_has_no_indent() -> None:
    titles = [Cell(row, 0, "Roots", colspan=3, box=Box(90, row, 140, row + 20)) for row in (4, 5)]
    marked = mark_stubs([*cells_of([HEAD, *BODY]), *titles], 20)
    assert {cell.indent for cell in marked} == {0}
