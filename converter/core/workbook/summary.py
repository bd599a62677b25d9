"""The last sheet: what became of every image, and what the colours mean."""

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
    Look,
)
from converter.core.workbook.table_layout import WIDEST, area

COLUMNS: Final = ("Image", "State", "Tables", "Doubtful cells", "Engine", "Seconds", "Error")
LEGEND: Final = "read with too little certainty: please compare with the image"
MISSING: Final = "On the picture, but in no cell"

_WIDTHS: Final = (24, 12, 10, 16, 18, 10, 48)
_PADDING: Final = 3
_HEADER_ROW: Final = 5  # counted from 0

_PLAIN: Final = Look(line="")
_TITLE: Final = replace(_PLAIN, bold=True, size=16, wrap=False)
_NOTE: Final = replace(_PLAIN, ink=QUIET_INK, wrap=False)
_HEADER: Final = Look(fill=HEADER_FILL, bold=True, line_below=HEADER_LINE)
_HEADER_RIGHT: Final = replace(_HEADER, align="right")
_BODY: Final = Look()
_DOUBT: Final = Look(fill=DOUBT_FILL)
_FAILED: Final = Look(fill=FAILED_FILL, ink=RED_INK)
_MISSING: Final = replace(_DOUBT, wrap=False)
_LINK: Final = Look(ink=LINK_INK)


@dataclass(frozen=True, slots=True)
class ImageReport:
    """What became of one image. `seconds` is None where nothing was read; `missing` is print that
    no cell of its tables holds."""

    name: str
    state: str
    tables: int = 0
    engine: str = ""
    seconds: float | None = None
    doubtful: int = 0
    error: str = ""
    missing: tuple[str, ...] = ()


class Spot(NamedTuple):
    """A row of a sheet, counted from 0."""

    sheet: str
    row: int = 0


def write_summary(
    book: Workbook,
    cells: CellMaker,
    reports: Sequence[ImageReport],
    links: Mapping[int, Spot],
    remark: str = "",
) -> None:
    """Append the sheet. `links` leads from the index of a report to where its image begins; names
    will not do, for two images may have the same. `remark` is what else is to be said of all."""
    sheet = open_sheet(book, SUMMARY, _plan(reports))
    sheet.append([cells.text(sheet, SUMMARY, _TITLE)])
    sheet.append([cells.text(sheet, _totals(reports), _NOTE)])
    sheet.append([cells.text(sheet, remark, _NOTE)] if remark else [])
    sheet.append([cells.text(sheet, "Doubtful", _DOUBT), cells.text(sheet, LEGEND, _NOTE)])
    sheet.append([])
    sheet.append(_header(sheet, cells))
    for index, report in enumerate(reports):
        sheet.append(_row(sheet, cells, report, links.get(index)))
    for row in _missing(sheet, cells, reports):
        sheet.append(row)
    close_sheet(sheet)


def _missing(
    sheet: Worksheet, cells: CellMaker, reports: Sequence[ImageReport]
) -> Iterator[list[Cell]]:
    """The print that no cell holds, each line beside the name of its image."""
    lines = [(report.name, line) for report in reports for line in report.missing]
    if lines:
        yield []
        yield [cells.text(sheet, MISSING, replace(_NOTE, bold=True))]
    for name, line in lines:
        yield [cells.text(sheet, name, _BODY), cells.text(sheet, line, _MISSING)]


def _plan(reports: Sequence[ImageReport]) -> SheetPlan:
    widths = _widths(reports)
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


def _widths(reports: Sequence[ImageReport]) -> list[int]:
    """Names and engines are shown whole where they can be; errors wrap."""
    longest = {
        "Image": max((display_width(report.name) for report in reports), default=0),
        "Engine": max((display_width(report.engine) for report in reports), default=0),
    }
    return [
        min(max(width, longest.get(column, 0) + _PADDING), WIDEST)
        for column, width in zip(COLUMNS, _WIDTHS, strict=True)
    ]


def _totals(reports: Sequence[ImageReport]) -> str:
    states = Counter(report.state for report in reports)
    parts = [
        _counted(len(reports), "image"),
        *(f"{count:,} {state}" for state, count in states.items() if state),
        _counted(sum(report.tables for report in reports), "table"),
        _counted(sum(report.doubtful for report in reports), "doubtful cell"),
    ]
    return " · ".join(parts)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _header(sheet: Worksheet, cells: CellMaker) -> list[Cell]:
    numbers = {"Tables", "Doubtful cells", "Seconds"}
    return [
        cells.text(sheet, name, _HEADER_RIGHT if name in numbers else _HEADER) for name in COLUMNS
    ]


def _row(sheet: Worksheet, cells: CellMaker, report: ImageReport, link: Spot | None) -> list[Cell]:
    look = _FAILED if report.error else _BODY

    def number(value: float, number_format: str, number_look: Look = look) -> Cell:
        return cells.value(sheet, Value(value, number_format), number_look)

    name = cells.text(sheet, report.name, _LINK if link and not report.error else look)
    if link:
        target = f"{quote_sheetname(link.sheet)}!A{link.row + 1}"
        name.hyperlink = Hyperlink(ref="A1", location=target)
    seconds = report.seconds
    return [
        name,
        cells.text(sheet, report.state, look),
        number(report.tables, "#,##0"),
        number(report.doubtful, "#,##0", _DOUBT if report.doubtful else look),
        cells.text(sheet, report.engine, look),
        cells.text(sheet, "", look) if seconds is None else number(round(seconds, 2), "0.00"),
        cells.text(sheet, report.error, look),
    ]
