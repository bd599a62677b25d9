"""One sheet of a streamed workbook: what is set before its rows are written, and after."""

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
# Attributes that saving the workbook does not use once the sheet is on disk.
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
    """The properties of a sheet around its cells.

    `widths` of columns are in characters; `lines` is the number of lines of text in a row (from 0)
    that needs more than one; `frozen` is the number of rows and columns that stay in sight;
    `filtered` and `merged` are ranges like "A1:C9".
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
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.left.text = "&A"  # type: ignore[union-attr]  # it is made with its parts
    sheet.oddFooter.right.text = "&P / &N"  # type: ignore[union-attr]
    if plan.repeated_rows:
        sheet.print_title_rows = f"1:{plan.repeated_rows}"
    return sheet


def set_lines(sheet: Worksheet, lines: Mapping[int, int], top: int = 0) -> None:
    """Set the heights of rows that are not written yet; row 0 of `lines` is row `top`."""
    for row, count in lines.items():
        sheet.row_dimensions[top + row + 1].height = min(count * LINE_HEIGHT, _TALLEST)


def close_sheet(sheet: Worksheet) -> None:
    """Finish the sheet on disk and drop what is written.

    Otherwise each sheet would keep a file open and some 14 kB in memory until the end.
    """
    sheet.close()  # type: ignore[attr-defined]
    for part in _WRITTEN:
        sheet.__dict__.pop(part, None)
