"""Styles of cells: few quiet colours, each with one meaning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.numbers import BUILTIN_FORMATS_REVERSE
from openpyxl.worksheet.worksheet import Worksheet

from converter.core.tables.values import Value
from converter.core.workbook.sheet_text import (
    CELL_LIMIT,
    CUT_MARK,
    clean_text,
    escape_text,
    shorten,
)

INK: Final = "1F2933"
QUIET_INK: Final = "6B7785"
RED_INK: Final = "A32A1D"
LINK_INK: Final = "1D5B9B"
HEADER_FILL: Final = "E9EEF4"
DOUBT_FILL: Final = "FFE9B8"
FAILED_FILL: Final = "FBE3DF"
BLANK_FILL: Final = "EEEEEE"
LINE: Final = "D9DFE6"
HEADER_LINE: Final = "7B8794"

FONT_NAME: Final = "Calibri"

# Excel allows at least 200 number formats besides its own.
MOST_FORMATS: Final = 200

# The formats of numbers and dates beyond that.
_PLAIN_FORMAT: Final = "General"
_PLAIN_SHARE: Final = "0.00%"
_PLAIN_DATE: Final = "yyyy-mm-dd"

# How a formula may begin.
_RISKY: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class CellStyle:
    """The style of a cell, apart from its number format."""

    fill: str = ""
    ink: str = INK
    bold: bool = False
    size: int = 11
    align: str = "left"
    vertical: str = "top"
    line: str = LINE
    line_below: str = ""
    wrap: bool = True
    indent: int = 0


@dataclass(frozen=True, slots=True)
class _StyleKey:
    style: CellStyle
    number_format: str
    quoted: bool


class CellMaker:
    """Makes the cells of one workbook. Each style is built once and shared: building it takes
    longer than making the cell."""

    def __init__(self) -> None:
        self._styles: dict[_StyleKey, StyleArray] = {}
        self._formats = {_PLAIN_DATE}

    def text(
        self, sheet: Worksheet, text: str, style: CellStyle, number_format: str = "General"
    ) -> Cell:
        """A cell with `text` that is never a formula; text beyond the limit of a cell is cut."""
        shown = shorten(escape_text(clean_text(text)), CELL_LIMIT, CUT_MARK)
        risky = shown.startswith(_RISKY)
        cell = self._styled(sheet, style, number_format, quoted=risky)
        if shown:
            cell.value = shown
            # The library takes "=1" for a formula and "#N/A" for an error.
            cell.data_type = "s"
        return cell

    def value(self, sheet: Worksheet, value: Value, style: CellStyle) -> Cell:
        """A cell with a number, a date or text, in its printed format; in a plain format if the
        workbook already has as many formats as Excel allows."""
        if isinstance(value.content, str):
            return self.text(sheet, value.content, style, value.number_format)
        if isinstance(value.content, int | float):
            style = replace(style, align="right", wrap=False)
        shown = value.number_format
        if shown not in BUILTIN_FORMATS_REVERSE and shown not in self._formats:
            if len(self._formats) < MOST_FORMATS:
                self._formats.add(shown)
            elif isinstance(value.content, date):
                shown = _PLAIN_DATE
            else:
                shown = _PLAIN_SHARE if "%" in shown else _PLAIN_FORMAT
        cell = self._styled(sheet, style, shown, quoted=False)
        cell.value = value.content
        return cell

    def _styled(
        self, sheet: Worksheet, style: CellStyle, number_format: str, *, quoted: bool
    ) -> Cell:
        key = _StyleKey(style, number_format, quoted)
        if key not in self._styles:
            self._styles[key] = _style(sheet, key)
        return Cell(sheet, row=1, column=1, style_array=self._styles[key])


def _style(sheet: Worksheet, key: _StyleKey) -> StyleArray:
    style, cell = key.style, WriteOnlyCell(sheet)
    cell.font = Font(name=FONT_NAME, size=style.size, bold=style.bold, color=style.ink)
    cell.alignment = Alignment(
        horizontal=style.align,
        vertical=style.vertical,
        wrap_text=style.wrap,
        indent=style.indent + int(style.align != "center" and bool(style.line)),
    )
    if style.fill:
        cell.fill = PatternFill("solid", fgColor=style.fill)
    side = Side("thin", color=style.line) if style.line else Side()
    below = Side("medium", color=style.line_below) if style.line_below else side
    cell.border = Border(left=side, right=side, top=side, bottom=below)
    cell.number_format = key.number_format
    cell.quotePrefix = key.quoted
    # The library has no public name for what a cell hands on to the next.
    built: StyleArray = cell._style  # type: ignore[attr-defined]
    return built
