"""What the summary tells about the images."""

from __future__ import annotations

import io
from dataclasses import replace

from openpyxl import load_workbook

from converter.core.workbook.styles import DOUBT_FILL, FAILED_FILL
from converter.core.workbook.summary import (
    COLUMNS,
    LEGEND,
    MISSING,
    OUTSIDE,
    TOLD,
    UNREAD,
    ImageReport,
)
from converter.core.workbook.tables_book import TableBook

DONE = ImageReport("a.png", "done", 2, "local", 1.234, doubtful=3)
FAILED = ImageReport("b.png", "failed", error="engine_failed: There is no answer. Try again.")


def summary(*reports: ImageReport):
    target = io.BytesIO()
    with TableBook(target) as book:
        for report in reports:
            book.add_report(report)
    return load_workbook(target)["Summary"]


def row_of(sheet, name: str):
    return next(row for row in sheet if row[0].value == name)


def test_every_image_has_a_row():
    sheet = summary(DONE, FAILED)
    shown = [[cell.value for cell in row] for row in sheet]
    assert shown[5] == list(COLUMNS)
    assert shown[6] == ["a.png", "done", 2, 3, "local", 1.23, None]
    assert shown[7] == ["b.png", "failed", 0, 0, None, None, FAILED.error]


def test_totals():
    assert summary(DONE, FAILED)["A2"].value == (
        "2 images · 1 done · 1 failed · 2 tables · 3 doubtful cells"
    )
    assert summary(FAILED)["A2"].value == "1 image · 1 failed · 0 tables · 0 doubtful cells"


def test_legend_explains_the_colour():
    sheet = summary()
    assert (sheet["A4"].value, sheet["B4"].value) == ("Doubtful", LEGEND)
    assert sheet["A4"].fill.fgColor.rgb.endswith(DOUBT_FILL)


def test_doubt_and_failure_are_seen():
    sheet = summary(DONE, FAILED)
    assert row_of(sheet, "a.png")[3].fill.fgColor.rgb.endswith(DOUBT_FILL)
    assert all(cell.fill.fgColor.rgb.endswith(FAILED_FILL) for cell in row_of(sheet, "b.png"))


def test_long_list_can_be_filtered_below_a_header_that_stays():
    sheet = summary(DONE, FAILED)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A7", "A6:G8")


def test_long_error_is_shown_whole():
    sheet = summary(ImageReport("c.png", "failed", error="word " * 40))
    assert sheet.row_dimensions[7].height >= 60


def test_long_names_are_shown_whole():
    sheet = summary(ImageReport("n" * 40, "done", engine="e" * 30))
    assert sheet.column_dimensions["A"].width > 40
    assert sheet.column_dimensions["E"].width > 30


def test_name_that_looks_like_a_formula_is_text():
    assert row_of(summary(ImageReport("=1.png", "done")), "=1.png")[0].data_type == "s"


def test_print_that_no_cell_holds_is_listed():
    sheet = summary(DONE, replace(DONE, name="c.png", missing=("Chur 28.09", "=1+1")))
    shown = [[cell.value for cell in row[:2]] for row in sheet]
    assert shown[8:] == [[None, None], [MISSING, None], ["c.png", "Chur 28.09"], ["c.png", "=1+1"]]
    assert sheet["B11"].fill.fgColor.rgb.endswith(DOUBT_FILL)
    assert sheet["B12"].data_type == "s"


def test_what_stands_outside_of_the_tables_is_told():
    told = ("Table 1, title: Sales", "Table 1, note: without tax")
    sheet = summary(replace(DONE, told=told, lines=12, unread=3), FAILED)
    shown = [[cell.value for cell in row[:2]] for row in sheet]
    assert [text for _, text in shown[shown.index([TOLD, None]) :][1:3]] == list(told)
    assert shown[shown.index([OUTSIDE, None]) + 1] == ["a.png", 12]
    assert shown[shown.index([UNREAD, None]) + 1] == ["a.png", 3]


def test_nothing_outside_is_nothing_told():
    texts = {cell.value for row in summary(DONE) for cell in row}
    assert texts.isdisjoint((TOLD, OUTSIDE, UNREAD))
