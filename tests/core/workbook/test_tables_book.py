"""Workbooks of tables, opened again as anybody would."""

from __future__ import annotations

import gc
import io
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS_REVERSE
from openpyxl.workbook import Workbook

from converter.core.tables.model import Cell, Table
from converter.core.workbook.sheet_text import CELL_LIMIT, CUT_MARK
from converter.core.workbook.styles import DOUBT_FILL, HEADER_FILL, MOST_FORMATS
from converter.core.workbook.summary import ImageReport
from converter.core.workbook.table_rows import NOTE, NOTHING
from converter.core.workbook.tables_book import TableBook


def grid(*rows: list[str], header_rows: int = 0) -> Table:
    return Table(
        tuple(
            Cell(row, col, text, header=row < header_rows)
            for row, texts in enumerate(rows)
            for col, text in enumerate(texts)
        )
    )


def written(*tables: Table, name: str | None = None) -> Workbook:
    target = io.BytesIO()
    with TableBook(target) as book:
        book.add_tables(name, tables)
    return load_workbook(target)


def sheet_of(table: Table):
    return written(table)["Table 1"]


def fill(cell) -> str:
    return cell.fill.fgColor.rgb[2:] if cell.fill.fill_type else ""


def test_sheets_of_a_single_image():
    assert written(grid(["a"]), grid(["b"])).sheetnames == ["Table 1", "Table 2", "Summary"]


def test_sheets_of_several_images():
    target = io.BytesIO()
    with TableBook(target) as book:
        book.add_tables("a.png", [grid(["1"])])
        book.add_tables("b.png", [grid(["2"]), grid(["3"])])
    assert load_workbook(target).sheetnames == ["a", "b 1", "b 2", "Summary"]


def test_without_tables_there_is_only_the_summary():
    assert written().sheetnames == ["Summary"]
    assert written(Table(()), name="empty.png").sheetnames == ["Summary"]


@pytest.mark.parametrize(
    ("text", "content", "number_format"),
    [
        ("1,234.50", 1234.5, "#,##0.00"),
        ("(5)", -5, "0;(0)"),
        ("12.5%", 0.125, "0.0%"),
        ("€3", 3, '"€"0'),
        ("33 003", 33003, '#" "##0'),
        ("007", "007", "@"),
        ("Total", "Total", "@"),
    ],
)
def test_values_keep_their_type_and_printed_form(text, content, number_format):
    cell = sheet_of(grid([text]))["A1"]
    assert (cell.value, cell.number_format) == (content, number_format)


@pytest.mark.parametrize("text", ["2026-11-20", "20 Nov 2026"])
def test_date_is_a_date(text):
    cell = sheet_of(grid([text]))["A1"]
    assert (cell.is_date, cell.value.date()) == (True, date(2026, 11, 20))


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "+a", "-a", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_is_text(text):
    cell = sheet_of(grid([text]))["A1"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


@pytest.mark.parametrize("text", ["#N/A", "TRUE", "false", "1e5", " a ", "a\nb", "\U0001f600"])
def test_text_stays_text(text):
    cell = sheet_of(grid([text]))["A1"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", False)


def test_header_is_text():
    assert sheet_of(grid(["2019"], ["5"], header_rows=1))["A1"].value == "2019"


def test_characters_that_break_a_file_are_left_out():
    assert sheet_of(grid(["a\x00\x1bb\ud800"]))["A1"].value == "ab\ufffd"


def test_characters_that_break_a_file_may_stand_in_any_name():
    target, bad = io.BytesIO(), "a\x00\x1b\ud800"
    with TableBook(target, title=bad) as book:
        book.add_tables(f"{bad}.png", [grid(["1"])])
        book.add_report(ImageReport(f"{bad}.png", bad, engine=bad, error=bad))
    assert load_workbook(target).sheetnames == ["a\ufffd", "Summary"]


def test_text_that_is_too_long_is_cut_and_marked():
    cell = sheet_of(grid(["x" * 40_000]))["A1"]
    assert len(cell.value) == CELL_LIMIT
    assert cell.value.endswith(CUT_MARK)
    assert fill(cell) == DOUBT_FILL


def test_spans_are_merged_cells():
    table = Table((Cell(0, 0, "a", rowspan=2), Cell(0, 1, "b", colspan=2), Cell(1, 2, "c")))
    sheet = sheet_of(table)
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:A2", "B1:C1"}
    assert [sheet[place].value for place in ("A1", "B1", "C2")] == ["a", "b", "c"]


def test_empty_last_row_and_column_are_kept():
    sheet = sheet_of(Table((Cell(0, 0, "a"), Cell(2, 3))))
    assert (sheet.max_row, sheet.max_column) == (3, 4)


def test_doubtful_cells_are_marked():
    cells = (Cell(0, 0, "a", confidence=0.79), Cell(0, 1, "b"), Cell(0, 2, "", confidence=0.1))
    assert [fill(cell) for cell in sheet_of(Table(cells))[1]] == [DOUBT_FILL, "", ""]


def test_two_readings_that_differ_are_both_shown():
    cells = (
        Cell(0, 0, "12", confidence=0.3, other="13"),
        Cell(0, 1, "Geneva", confidence=0.93, other="Geneve"),
        Cell(0, 2, "", confidence=0.3, other="=1\x00"),
    )
    first, second, third = sheet_of(Table(cells))[1]
    assert [fill(cell) for cell in (first, second, third)] == [DOUBT_FILL, "", DOUBT_FILL]
    assert first.comment.text == NOTE.format(text="12", other="13")
    assert second.comment is None
    assert third.comment.text == NOTE.format(text=NOTHING, other="=1")


def test_header_looks_like_one():
    sheet = sheet_of(grid(["a", "b"], ["x", "1"], ["y", "2"], header_rows=1))
    assert sheet["A1"].font.bold
    assert fill(sheet["A1"]) == HEADER_FILL
    assert sheet["A1"].border.bottom.style == "medium"
    assert not sheet["A2"].font.bold
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B3")


def test_names_of_rows_look_like_a_header_and_keep_their_indent():
    cells = (Cell(0, 0, "Wheat", stub=True), Cell(1, 0, "Winter", stub=True, indent=1))
    sheet = sheet_of(Table((*cells, Cell(0, 1, "12"), Cell(1, 1, "7"))))
    upper, lower = sheet["A1"], sheet["A2"]
    assert (fill(upper), upper.font.bold) == (HEADER_FILL, False)
    assert lower.alignment.indent > upper.alignment.indent == sheet["B1"].alignment.indent
    assert fill(sheet["B1"]) == ""


def test_header_in_the_body_is_bold_alone():
    cell = sheet_of(Table((Cell(0, 0, "name", header=True), Cell(0, 1, "5"))))["A1"]
    assert (cell.font.bold, fill(cell)) == (True, "")


def test_numbers_and_their_headers_stand_on_the_right():
    sheet = sheet_of(grid(["a", "b"], ["x", "1"], header_rows=1))
    assert [[cell.alignment.horizontal for cell in row] for row in sheet] == [
        ["left", "right"],
        ["left", "right"],
    ]


def test_header_over_several_columns_stands_in_the_middle():
    table = Table((Cell(0, 0, "a", colspan=2, header=True), Cell(1, 0, "1"), Cell(1, 1, "2")))
    assert sheet_of(table)["A1"].alignment.horizontal == "center"


def test_sheet_is_ready_for_printing():
    sheet = sheet_of(grid(["a"], ["b"], header_rows=1))
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"


def test_rows_and_columns_have_their_size():
    sheet = sheet_of(grid(["x" * 30], ["a\nb"]))
    assert sheet.column_dimensions["A"].width > 30
    assert sheet.row_dimensions[2].height == 30


def test_numbers_beyond_the_formats_that_excel_takes_are_plain():
    signs = ["{}", "-{}", "({})", "${}", "€{}", "£{}", "{}%", "{} %", "+{}", "¥{}", "{} €", "₹{}"]
    texts = [sign.format(f"{5:.{places}f}") for places in range(1, 15) for sign in signs]
    texts += [sign.format(f"1,000.{'5' * places}") for places in range(1, 8) for sign in signs]
    sheet = sheet_of(grid([*texts, "3 Mar 2024"]))
    formats = {cell.number_format for cell in sheet[1]} - set(BUILTIN_FORMATS_REVERSE)
    assert len(formats) <= MOST_FORMATS
    numbers, day = sheet[1][:-1], sheet[1][-1]
    assert all(cell.data_type == "n" for cell in numbers)
    assert (numbers[-1].value, numbers[-1].number_format) == (1000.5555555, "General")
    assert (day.is_date, day.number_format) == (True, "yyyy-mm-dd")
    assert {cell.number_format for cell in numbers if "%" in cell.number_format} >= {"0.00%"}


def test_summary_keeps_its_formats_when_tables_have_used_up_theirs():
    target, signs = io.BytesIO(), "$€£¥₹₩₪₫₴₽₺"
    with TableBook(target) as book:
        texts = [f"{sign}5.{'5' * places}" for sign in signs for places in range(1, 15)]
        book.add_tables("a.png", [grid([*texts, *(f"({text})" for text in texts)])])
        book.add_report(ImageReport("a.png", "done", tables=1, seconds=1.5))
    row = next(row for row in load_workbook(target)["Summary"] if row[0].value == "a.png")
    tables, seconds = row[2], row[5]
    assert (tables.value, tables.number_format) == (1, "#,##0")
    assert (seconds.value, seconds.number_format) == (1.5, "0.00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "books"
    folder.mkdir()
    return folder


def test_file_at_a_path_appears_at_the_end(folder):
    path = folder / "out.xlsx"
    book = TableBook(path)
    book.add_tables(None, [grid(["a"])])
    assert not path.exists()
    book.save()
    assert load_workbook(path)["Table 1"]["A1"].value == "a"
    assert list(folder.iterdir()) == [path]


def test_saving_twice_is_saving_once():
    target = io.BytesIO()
    with TableBook(target) as book:
        book.save()
    assert load_workbook(target).sheetnames == ["Summary"]


def test_exception_leaves_no_file_behind(folder, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(folder))

    def fail_midway() -> None:
        with TableBook(folder / "out.xlsx") as book:
            book.add_tables(None, [grid(["a"])])
            assert list(folder.iterdir())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert list(folder.iterdir()) == []


def test_each_sheet_is_closed_at_once():
    book = TableBook(io.BytesIO())
    book.add_tables(None, [grid(["a"]) for _ in range(3)])
    assert all(sheet.closed for sheet in book._book.worksheets)
    book.save()


def test_report_leads_to_the_first_sheet_of_its_image():
    target = io.BytesIO()
    with TableBook(target) as book:
        book.add_tables("it's.png", [grid(["a"]), grid(["b"])])
        book.add_report(ImageReport("it's.png", "done", tables=2))
        book.add_report(ImageReport("other.png", "failed", error="engine_failed: no answer"))
    rows = {row[0].value: row[0] for row in load_workbook(target)["Summary"]}
    assert rows["it's.png"].hyperlink.location == "'it''s 1'!A1"
    assert rows["other.png"].hyperlink is None


def test_images_of_one_name_lead_each_to_their_own_sheet():
    target = io.BytesIO()
    with TableBook(target) as book:
        for text in ("first", "second"):
            book.add_tables("image.png", [grid([text])])
            book.add_report(ImageReport("image.png", "done", tables=1))
    rows = [row[0] for row in load_workbook(target)["Summary"] if row[0].value == "image.png"]
    assert [row.hyperlink.location for row in rows] == ["'image'!A1", "'image 2'!A1"]


def test_image_without_tables_does_not_take_the_link_of_another_of_its_name():
    target = io.BytesIO()
    with TableBook(target) as book:
        book.add_report(ImageReport("image.png", "failed", error="engine_failed: no answer"))
        book.add_tables("image.png", [])
        book.add_report(ImageReport("image.png", "done"))
        book.add_tables("image.png", [Table(())])
        book.add_report(ImageReport("image.png", "done", tables=1))
        book.add_tables("image.png", [grid(["a"])])
        book.add_report(ImageReport("image.png", "done", tables=1))
    rows = [row[0] for row in load_workbook(target)["Summary"] if row[0].value == "image.png"]
    assert [row.hyperlink and row.hyperlink.location for row in rows] == [
        *[None] * 3,
        "'image'!A1",
    ]


def test_little_of_a_sheet_is_kept_once_it_is_written():
    """Ten thousand tables are ten thousand sheets."""
    table = Table((Cell(0, 0, "1"),))
    gc.collect()
    tracemalloc.start()
    book = TableBook(io.BytesIO())
    for number in range(200):
        book.add_tables(f"{number}.png", (table,))
        book.add_report(ImageReport(f"{number}.png", "done", tables=1))
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    book.save()
    assert kept < 200 * 8_000 + 500_000
