"""How cells look: few quiet colours, each with one meaning."""

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

# Excel promises room for 200 number formats of one's own, its own ones aside.
MOST_FORMATS: Final = 200

# How numbers and dates are shown that find no room left.
_PLAIN_FORMAT: Final = "General"
_PLAIN_SHARE: Final = "0.00%"
_PLAIN_DATE: Final = "yyyy-mm-dd"

# How a formula may begin.
_RISKY: Final = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell looks like apart from its number format."""

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
    look: Look
    number_format: str
    quoted: bool


class CellMaker:
    """Makes the cells of one workbook. A style is built once and shared, for it costs more than
    the cell."""

    def __init__(self) -> None:
        self._styles: dict[_StyleKey, StyleArray] = {}
        self._formats = {_PLAIN_DATE}

    def text(self, sheet: Worksheet, text: str, look: Look, number_format: str = "General") -> Cell:
        """A cell that shows `text` and never computes it; text that is too long ends in a mark."""
        shown = shorten(escape_text(clean_text(text)), CELL_LIMIT, CUT_MARK)
        risky = shown.startswith(_RISKY)
        cell = self._styled(sheet, look, number_format, quoted=risky)
        if shown:
            cell.value = shown
            # "=1" has become a formula and "#N/A" an error, which no text may do.
            cell.data_type = "s"
        return cell

    def value(self, sheet: Worksheet, value: Value, look: Look) -> Cell:
        """A cell with a number, a date or text, in the format in which it was printed; in a plain
        one if the workbook already has as many as Excel takes."""
        if isinstance(value.content, str):
            return self.text(sheet, value.content, look, value.number_format)
        if isinstance(value.content, int | float):
            look = replace(look, align="right", wrap=False)
        cell = self._styled(sheet, look, self._format(value), quoted=False)
        cell.value = value.content
        return cell

    def _format(self, value: Value) -> str:
        wanted = value.number_format
        if wanted in BUILTIN_FORMATS_REVERSE or wanted in self._formats:
            return wanted
        if len(self._formats) < MOST_FORMATS:
            self._formats.add(wanted)
            return wanted
        if isinstance(value.content, date):
            return _PLAIN_DATE
        return _PLAIN_SHARE if "%" in wanted else _PLAIN_FORMAT

    def _styled(self, sheet: Worksheet, look: Look, number_format: str, *, quoted: bool) -> Cell:
        key = _StyleKey(look, number_format, quoted)
        if key not in self._styles:
            self._styles[key] = _style(sheet, key)
        return Cell(sheet, row=1, column=1, style_array=self._styles[key])


def _style(sheet: Worksheet, key: _StyleKey) -> StyleArray:
    look, cell = key.look, WriteOnlyCell(sheet)
    cell.font = Font(name=FONT_NAME, size=look.size, bold=look.bold, color=look.ink)
    cell.alignment = Alignment(
        horizontal=look.align,
        vertical=look.vertical,
        wrap_text=look.wrap,
        indent=look.indent + int(look.align != "center" and bool(look.line)),
    )
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    cell.border = _border(look)
    cell.number_format = key.number_format
    cell.quotePrefix = key.quoted
    # The library has no public name for what a cell hands on to the next.
    style: StyleArray = cell._style  # type: ignore[attr-defined]
    return style


def _border(look: Look) -> Border:
    side = Side("thin", color=look.line) if look.line else Side()
    below = Side("medium", color=look.line_below) if look.line_below else side
    return Border(left=side, right=side, top=side, bottom=below)
