"""A drawn page as words with places: a table of a few columns, as an engine would read it."""

from __future__ import annotations

from collections.abc import Sequence

from converter.core.tables.model import Box, Cell, Table, Word

HIGH, STEP, WIDE, LETTER = 20, 30, 160, 9

ROWS = (
    ("Town", "Area", "People", "Change"),
    ("Aarau", "12.34", "21,726", "-1.5"),
    ("Basel", "23.91", "173,552", "+0.4"),
    ("Chur", "28.09", "36,336", "1.2"),
    ("Davos", "284.0", "10,937", "-0.3"),
    ("Erlen", "11.71", "3,989", "2.0"),
)


def table(rows: Sequence[Sequence[str]] = ROWS) -> Table:
    return Table(
        tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    )


def words(rows: Sequence[Sequence[str]] = ROWS, *, left: float = 40, top: float = 50) -> list[Word]:
    """The words of `rows` of text, a column every WIDE pixels and a row every STEP."""
    return [
        word
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        for word in printed(text, left + c * WIDE, top + r * STEP)
    ]


def printed(text: str, left: float, top: float) -> list[Word]:
    """The words of one text, from a place on."""
    found = []
    for part in text.split(" "):
        right = left + LETTER * len(part)
        found.append(Word(part, Box(left, top, right, top + HIGH)))
        left = right + LETTER / 2
    return found


def with_row(at: int, row: Sequence[str]) -> list[Sequence[str]]:
    """The rows with one more before row `at`."""
    return [*ROWS[:at], row, *ROWS[at:]]


def with_cell(row: int, col: int, text: str) -> list[list[str]]:
    rows = [list(row) for row in ROWS]
    rows[row][col] = text
    return rows
