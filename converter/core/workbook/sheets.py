"""One sheet of a streamed workbook: all that must stand before, and after, its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

LINE_HEIGHT = 15.0  # points, for the body font
# What saving the workbook does not look at again once the sheet is on disk.
_WRITTEN = (
    "HeaderFooter",
    "col_breaks",
    "column_dimensions",
    "conditional_formatting",
    "data_validations",
    "merged_cells",
    "page_margins",
    "page_setup",
    "print_options",
    "protection",
    "row_breaks",
    "row_dimensions",
    "scenarios",
    "sheet_format",
    "sheet_properties",
    "views",
)
_TALLEST = 409.0  # points, Excel's limit


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What a sheet looks like around its cells.

    `widths` are in characters, `lines` says how many lines of text a row (from 0) needs if more
    than one, `frozen` is how many rows and columns stay in sight, `filtered` and `merged` are
    ranges like "A1:C9".
    """

    widths: Sequence[float]
    lines: Mapping[int, int] = field(default_factory=dict)
    frozen: tuple[int, int] = (0, 0)
    repeated_rows: int = 0
    filtered: str = ""
    merged: Sequence[str] = ()
    gridlines: bool = True


def open_sheet(book: Workbook, title: str, plan: SheetPlan) -> Worksheet:
    """A new sheet, ready for its rows. `book` must be write-only; close the sheet when done."""
    # A streamed sheet has every property used here, though it is a class of its own.
    sheet = cast("Worksheet", book.create_sheet(title))
    for col, width in enumerate(plan.widths, 1):
        sheet.column_dimensions[get_column_letter(col)].width = width
    set_lines(sheet, plan.lines)
    rows, cols = plan.frozen
    if rows or cols:
        sheet.freeze_panes = f"{get_column_letter(cols + 1)}{rows + 1}"
    sheet.sheet_view.showGridLines = plan.gridlines
    sheet.auto_filter.ref = plan.filtered or None
    for area in plan.merged:
        sheet.merged_cells.ranges.add(CellRange(area))
    _set_up_print(sheet, plan.repeated_rows)
    return sheet


def set_lines(sheet: Worksheet, lines: Mapping[int, int], top: int = 0) -> None:
    """Make rows that are not written yet as high as their lines; the first of them is row `top`."""
    for row, count in lines.items():
        sheet.row_dimensions[top + row + 1].height = min(count * LINE_HEIGHT, _TALLEST)


def close_sheet(sheet: Worksheet) -> None:
    """Send the sheet to disk, and forget all of it that is written.

    Without this each sheet would keep a file open, and some 14 kB, until the end.
    """
    sheet.close()  # type: ignore[attr-defined]
    for part in _WRITTEN:
        sheet.__dict__.pop(part, None)


def _set_up_print(sheet: Worksheet, repeated_rows: int) -> None:
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.left.text = "&A"  # type: ignore[union-attr]  # it is made with its parts
    sheet.oddFooter.right.text = "&P / &N"  # type: ignore[union-attr]
    if repeated_rows:
        sheet.print_title_rows = f"1:{repeated_rows}"
