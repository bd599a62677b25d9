"""Fields → workbook: one row per image, then a summary of the images."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import REASONS, FieldValue, ValueState, field_values
from converter.core.tables.model import Cell, Table
from converter.core.tables.values import Value
from converter.core.workbook.sheet_names import FIELDS
from converter.core.workbook.sheet_text import clean_text
from converter.core.workbook.sheets import close_sheet, open_sheet
from converter.core.workbook.streaming import Target, new_book, save_book
from converter.core.workbook.styles import (
    BLANK_FILL,
    DOUBT_FILL,
    FAILED_FILL,
    QUIET_INK,
    RED_INK,
    CellMaker,
    CellStyle,
)
from converter.core.workbook.summary import ImageReport, write_summary
from converter.core.workbook.table_layout import plan_table
from converter.core.workbook.table_rows import AUTHOR, table_rows

IMAGE_COLUMN: Final = "Image"

_NAME: Final = CellStyle(ink=QUIET_INK)
_FAILED: Final = CellStyle(fill=FAILED_FILL, ink=RED_INK)
_PLAIN: Final = CellStyle()
_DOUBT: Final = CellStyle(fill=DOUBT_FILL)
_BLANK: Final = CellStyle(fill=BLANK_FILL)

LEGEND: Final = (
    "Empty cells: white, nothing was found; grey, it is blank on the card."
    " Yellow: please compare with the image; a note says why."
    " A red image could not be read; its note says why."
)
_BY_HAND: Final = "A person says so."
_STATES: Final = {
    ValueState.READ: "As it was read: {text}",
    ValueState.BLANK: "It is blank on the card.",
    ValueState.NOT_FOUND: "It was not found.",
    ValueState.UNREADABLE: "Something is written here that could not be read.",
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """The values of one image. With an `error` its row is empty and a note gives the error.

    `remark` is added to the note.
    """

    image: str
    values: tuple[FieldValue, ...] = ()
    error: str = ""
    remark: str = ""


def write_fields(
    target: Target,
    fields: Sequence[FieldSpec],
    rows: Iterable[FieldRow],
    reports: Sequence[ImageReport],
    title: str = FIELDS,
) -> None:
    """Write a workbook with the sheet `Fields` and the summary.

    `Fields` has a header row of the names, then a row per image in the order of `rows`, with the
    image's name in the last column. A field's type decides whether its values become numbers,
    dates or text. A field without a value leaves its cell empty, grey if it is blank on the card;
    values of other fields are left out. Doubtful cells are coloured, and a note gives the reasons
    and both readings. Raises OSError if the target cannot be written.
    """
    rows = tuple(rows)
    book, cells = new_book(title), CellMaker()
    # A table, so that its layout and the marks of doubt are those of every other table.
    names = [*(field.name for field in fields), IMAGE_COLUMN]
    header = [Cell(0, col, name, header=True) for col, name in enumerate(names)]
    body = [cell for number, row in enumerate(rows, 1) for cell in _cells(number, names, row)]
    table = Table((*header, *body))
    sheet = open_sheet(book, FIELDS, plan_table(table))
    # What cells mean by the type of their field; headers and names of images are text.
    values = {cell.place: Value(cell.text) for cell in table.cells}
    for col, field in enumerate(fields):
        read = [cell for cell in table.cells if cell.col == col and not cell.header]
        means = field_values(field.type, [cell.text for cell in read])
        values |= {(cell.row, col): value for cell, value in zip(read, means, strict=True)}
    lines = table_rows(sheet, cells, table, values)
    heads = next(lines)
    heads[-1].comment = _comment(LEGEND)
    sheet.append(heads)
    for line, row in zip(lines, rows, strict=True):
        found = {value.name: value for value in row.values}
        for col, field in enumerate(fields):
            if value := found.get(field.name):
                line[col] = _with_state(line[col], value, sheet, cells)
        line[-1] = cells.text(sheet, row.image, _FAILED if row.error else _NAME)
        if note := "\n".join(filter(None, (row.error, row.remark))):
            line[-1].comment = _comment(note)
        sheet.append(line)
    close_sheet(sheet)
    write_summary(book, cells, reports, links={})
    save_book(book, target)


def _cells(number: int, names: Sequence[str], row: FieldRow) -> Iterator[Cell]:
    found = {value.name: value for value in row.values}
    for col, name in enumerate(names[:-1]):
        value = found.get(name)
        if value and value.text:
            # A cell shows doubt in one way, whatever the reason.
            confidence = 0.0 if value.is_doubtful else 1.0
            yield Cell(number, col, value.text, box=value.box, confidence=confidence)
    yield Cell(number, len(names) - 1, row.image)


def _with_state(
    made: SheetCell, value: FieldValue, sheet: Worksheet, cells: CellMaker
) -> SheetCell:
    """The cell of a value, coloured by its state if it has no text, and with its note."""
    if not value.text:
        without_doubt = _BLANK if value.state is ValueState.BLANK else _PLAIN
        made = cells.text(sheet, "", _DOUBT if value.is_doubtful else without_doubt)
    if value.state is ValueState.CORRECTED:
        made.comment = _comment(_BY_HAND)
        return made
    marks = [f"It {REASONS[mark]}." for mark in value.marks]
    if marks or value.other or value.state is ValueState.UNREADABLE:
        state = _STATES[value.state].format(text=value.text)
        other = [f"Another reading: {value.other}"] if value.other else []
        made.comment = _comment("\n".join([state, *marks, *other]))
    return made


def _comment(text: str) -> Comment:
    return Comment(clean_text(text), AUTHOR, height=90, width=320)
