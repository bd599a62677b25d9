"""The last sheet: the result of every image, and what the colours mean."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from converter.core.tables.values import Value
from converter.core.workbook.sheet_names import SUMMARY
from converter.core.workbook.sheet_text import display_width
from converter.core.workbook.sheets import SheetPlan, close_sheet, open_sheet
from converter.core.workbook.styles import (
    DOUBT_FILL,
    FAILED_FILL,
    HEADER_FILL,
    HEADER_LINE,
    LINK_INK,
    QUIET_INK,
    RED_INK,
    CellMaker,
    CellStyle,
)
from converter.core.workbook.table_layout import WIDEST, area

COLUMNS: Final = ("Image", "State", "Tables", "Doubtful cells", "Engine", "Seconds", "Error")
LEGEND: Final = "read with too little certainty: please compare with the image"
MISSING: Final = "On the picture, but in no cell"
TOLD: Final = "Titles, units and notes of the tables"
OUTSIDE: Final = "Other lines of print outside of the tables"
UNREAD: Final = "Places outside of the tables where something is printed that was not read"

_WIDTHS: Final = (24, 12, 10, 16, 18, 10, 48)
_PADDING: Final = 3
_HEADER_ROW: Final = 5  # counted from 0

_PLAIN: Final = CellStyle(line="")
_TITLE: Final = replace(_PLAIN, bold=True, size=16, wrap=False)
_NOTE: Final = replace(_PLAIN, ink=QUIET_INK, wrap=False)
_HEADER: Final = CellStyle(fill=HEADER_FILL, bold=True, line_below=HEADER_LINE)
_HEADER_RIGHT: Final = replace(_HEADER, align="right")
_BODY: Final = CellStyle()
_DOUBT: Final = CellStyle(fill=DOUBT_FILL)
_FAILED: Final = CellStyle(fill=FAILED_FILL, ink=RED_INK)
_MISSING: Final = replace(_DOUBT, wrap=False)
_LINK: Final = CellStyle(ink=LINK_INK)


@dataclass(frozen=True, slots=True)
class ImageReport:
    """The result of one image. `seconds` is None if nothing was read; `missing` holds the lines of
    print that should be in a cell and are in none. `told` are titles, units and notes of the
    tables; `lines` is how many others stand outside, and `unread` at how many places print there
    was not read. `reviewed`: a person has looked it over."""

    name: str
    state: str
    tables: int = 0
    engine: str = ""
    seconds: float | None = None
    doubtful: int = 0
    error: str = ""
    missing: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    lines: int = 0
    unread: int = 0
    reviewed: bool = False


class SheetRow(NamedTuple):
    """A row of a sheet, counted from 0."""

    sheet: str
    row: int = 0


def write_summary(
    book: Workbook,
    cells: CellMaker,
    reports: Sequence[ImageReport],
    links: Mapping[int, SheetRow],
    remark: str = "",
) -> None:
    """Append the sheet. `links` leads from the index of a report to the first row of its image, not
    by name, which two images may share. `remark` is a line about all of them."""
    numbers = {"Tables", "Doubtful cells", "Seconds"}
    missing = [(report.name, line) for report in reports for line in report.missing]
    sheet = open_sheet(book, SUMMARY, _plan(reports))
    sheet.append([cells.text(sheet, SUMMARY, _TITLE)])
    sheet.append([cells.text(sheet, " · ".join(_totals(reports)), _NOTE)])
    sheet.append([cells.text(sheet, remark, _NOTE)] if remark else [])
    sheet.append([cells.text(sheet, "Doubtful", _DOUBT), cells.text(sheet, LEGEND, _NOTE)])
    sheet.append([])
    sheet.append(
        [cells.text(sheet, name, _HEADER_RIGHT if name in numbers else _HEADER) for name in COLUMNS]
    )
    for index, report in enumerate(reports):
        sheet.append(_row(sheet, cells, report, links.get(index)))
    if missing:
        sheet.append([])
        sheet.append([cells.text(sheet, MISSING, replace(_NOTE, bold=True))])
    for name, line in missing:
        sheet.append([cells.text(sheet, name, _BODY), cells.text(sheet, line, _MISSING)])
    told = [(report.name, line) for report in reports for line in report.told]
    if told:
        sheet.append([])
        sheet.append([cells.text(sheet, TOLD, replace(_NOTE, bold=True))])
    for name, line in told:
        sheet.append([cells.text(sheet, name, _BODY), cells.text(sheet, line, _NOTE)])
    _count(sheet, cells, OUTSIDE, [(report.name, report.lines) for report in reports])
    _count(sheet, cells, UNREAD, [(report.name, report.unread) for report in reports])
    close_sheet(sheet)


def _count(
    sheet: Worksheet, cells: CellMaker, title: str, counts: Sequence[tuple[str, int]]
) -> None:
    """How much of something each image has, for those that have any."""
    if not any(count for _, count in counts):
        return
    sheet.append([])
    sheet.append([cells.text(sheet, title, replace(_NOTE, bold=True))])
    for name, count in counts:
        if count:
            number = cells.value(sheet, Value(count, "#,##0"), _BODY)
            sheet.append([cells.text(sheet, name, _BODY), number])


def _plan(reports: Sequence[ImageReport]) -> SheetPlan:
    # Names and engines are shown whole where they can be; errors wrap.
    longest = {
        "Image": max((display_width(report.name) for report in reports), default=0),
        "Engine": max((display_width(report.engine) for report in reports), default=0),
    }
    widths = [
        min(max(width, longest.get(column, 0) + _PADDING), WIDEST)
        for column, width in zip(COLUMNS, _WIDTHS, strict=True)
    ]
    errors = {row: report.error for row, report in enumerate(reports, _HEADER_ROW + 1)}
    lines = {
        row: len(textwrap.wrap(error, widths[-1] - _PADDING))
        for row, error in errors.items()
        if display_width(error) > widths[-1] - _PADDING
    }
    filtered = area(_HEADER_ROW, 0, _HEADER_ROW + len(reports), len(COLUMNS) - 1)
    return SheetPlan(
        widths=widths,
        lines={0: 2} | lines,
        frozen=(_HEADER_ROW + 1, 0),
        filtered=filtered if len(reports) > 1 else "",
        gridlines=False,
    )


def _totals(reports: Sequence[ImageReport]) -> Iterator[str]:
    yield _counted(len(reports), "image")
    states = Counter(report.state for report in reports)
    yield from (f"{count:,} {state}" for state, count in states.items() if state)
    yield _counted(sum(report.tables for report in reports), "table")
    yield _counted(sum(report.doubtful for report in reports), "doubtful cell")
    if reviewed := sum(report.reviewed for report in reports):
        yield f"{reviewed:,} reviewed by a person"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _row(
    sheet: Worksheet, cells: CellMaker, report: ImageReport, link: SheetRow | None
) -> list[Cell]:
    style = _FAILED if report.error else _BODY

    def number(value: float, number_format: str, number_style: CellStyle = style) -> Cell:
        return cells.value(sheet, Value(value, number_format), number_style)

    name = cells.text(sheet, report.name, _LINK if link and not report.error else style)
    if link:
        target = f"{quote_sheetname(link.sheet)}!A{link.row + 1}"
        name.hyperlink = Hyperlink(ref="A1", location=target)
    seconds = report.seconds
    return [
        name,
        cells.text(sheet, report.state, style),
        number(report.tables, "#,##0"),
        number(report.doubtful, "#,##0", _DOUBT if report.doubtful else style),
        cells.text(sheet, report.engine, style),
        cells.text(sheet, "", style) if seconds is None else number(round(seconds, 2), "0.00"),
        cells.text(sheet, report.error, style),
    ]
