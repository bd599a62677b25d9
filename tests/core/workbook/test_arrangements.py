"""However tables come onto sheets: every cell is there once, with its mark, its value and its
source."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook

from converter.core.tables.doubt import needs_a_look
from converter.core.tables.model import Cell, Table
from converter.core.tables.values import table_values
from converter.core.workbook.arrangement import Arrangement
from converter.core.workbook.styles import DOUBT_FILL, HEADER_FILL
from converter.core.workbook.summary import ImageReport
from converter.core.workbook.tables_book import TableBook
from tests.core.tables.test_joining import ITEMS, doubting, grid

SINGLE, JOINED = Arrangement.SINGLE_SHEET, Arrangement.MERGE_SAME_COLUMNS
Images = Sequence[tuple[str | None, Sequence[Table]]]


def written(
    arrangement: Arrangement, *images: tuple[str | None, Sequence[Table]], **more
) -> Workbook:
    target = io.BytesIO()
    with TableBook(target, arrangement=arrangement, **more) as book:
        for name, tables in images:
            book.add_tables(name, tables)
            book.add_report(ImageReport(name or "a.png", "done", tables=len(tables)))
    return load_workbook(target)


def fill(cell) -> str:
    return cell.fill.fgColor.rgb[2:] if cell.fill.fill_type else ""


def rows(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def links(book: Workbook) -> list[str | None]:
    found = [row[0] for row in book["Summary"].iter_rows(min_row=7)]
    return [cell.hyperlink and cell.hyperlink.location for cell in found]


TWO = grid(["City", "Area"], ["Bonn", "141"], ["Köln", "405"])


def test_a_single_sheet_has_all_tables_each_under_its_title():
    book = written(SINGLE, ("a.png", [ITEMS, TWO]), ("b.png", [ITEMS]))
    assert book.sheetnames == ["Tables", "Summary"]
    assert rows(book["Tables"]) == [
        ["a.png · Table 1", None], ["Item", "Price"], ["a", 1], [None, None],
        ["a.png · Table 2", None], ["City", "Area"], ["Bonn", 141], ["Köln", 405], [None, None],
        ["b.png · Table 1", None], ["Item", "Price"], ["a", 1],
    ]  # fmt: skip
    assert links(book) == ["'Tables'!A1", "'Tables'!A10"]


def test_a_single_sheet_keeps_spans_marks_and_notes_where_each_table_stands():
    cells = (
        Cell(0, 0, "both", colspan=2, header=True),
        Cell(1, 0, "12", confidence=0.3, other="13"),
        Cell(1, 1, "x"),
    )
    sheet = written(SINGLE, ("a.png", [ITEMS, Table(cells)]))["Tables"]
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A6:B6"}
    assert (sheet["A6"].value, fill(sheet["A6"]), fill(sheet["A7"])) == (
        "both", HEADER_FILL, DOUBT_FILL,
    )  # fmt: skip
    assert "13" in sheet["A7"].comment.text
    assert sheet.freeze_panes is None


def test_a_single_sheet_has_columns_for_the_widest_table_and_rows_as_high_as_their_text():
    sheet = written(SINGLE, ("a.png", [ITEMS, grid(["Text"], ["word " * 30])]))["Tables"]
    assert 10 < sheet.column_dimensions["A"].width <= 40
    assert sheet.row_dimensions[7].height > 50


def test_a_single_image_is_not_named():
    assert rows(written(SINGLE, (None, [ITEMS]))["Tables"])[0][0] == "Table 1"


def test_a_full_sheet_goes_on_on_another():
    book = written(SINGLE, ("a.png", [ITEMS, ITEMS, TWO]), ("b.png", [TWO]), most_rows=8)
    assert book.sheetnames == ["Tables", "Tables, part 2", "Tables, part 3", "Summary"]
    assert [rows(book[name])[0][0] for name in book.sheetnames[:3]] == [
        "a.png · Table 1", "a.png · Table 3", "b.png · Table 1",
    ]  # fmt: skip
    assert links(book) == ["'Tables'!A1", "'Tables, part 3'!A1"]


def test_tables_with_the_same_columns_are_joined_and_others_have_their_own_sheet():
    second = grid(["Price", "ITEM"], ["2", "b"], ["2", "Total"])
    book = written(JOINED, ("a.png", [ITEMS, TWO]), ("b.png", [second]))
    assert book.sheetnames == ["Joined 1", "a 2", "Summary"]
    sheet = book["Joined 1"]
    assert rows(sheet) == [
        ["Item", "Price", "Source image", "Source table"],
        ["a", 1, "a.png", 1],
        ["b", 2, "b.png", 1],
        ["Total", 2, "b.png", 1],
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D4")
    assert sheet["A1"].comment.text == "“ITEM” in b.png, table 1"
    assert fill(sheet["A1"]) == HEADER_FILL
    assert links(book) == ["'Joined 1'!A2", "'Joined 1'!A3"]


def test_the_summary_says_that_totals_are_among_the_rows_of_joined_tables():
    remark = written(JOINED, ("a.png", [ITEMS, ITEMS]))["Summary"]["A3"].value
    assert remark.startswith("2 tables with the same columns are joined, on one sheet.")
    assert "totals" in remark


def test_the_summary_says_if_nothing_was_joined():
    remark = written(JOINED, ("a.png", [ITEMS, TWO]))["Summary"]["A3"].value
    assert remark == "No two tables have the same columns, so each has a sheet of its own."


def test_a_heading_that_is_doubtful_anywhere_is_marked():
    book = written(JOINED, ("a.png", [ITEMS, doubting(ITEMS, "Price", "1")]))
    sheet = book["Joined 1"]
    assert [fill(sheet[place]) for place in ("A1", "B1", "B2", "B3")] == [
        HEADER_FILL, DOUBT_FILL, "", DOUBT_FILL,
    ]  # fmt: skip
    assert "a.png, table 2: hard to read (30 % sure)" in sheet["B1"].comment.text


def test_values_mean_in_a_joined_table_what_they_mean_in_their_own():
    continental = grid(["Item", "Price"], ["a", "1.234,50"], ["b", "1.000,00"])
    english = grid(["Item", "Price"], ["c", "1,234.50"], ["d", "1,000"])
    sheet = written(JOINED, ("a.png", [continental, english]))["Joined 1"]
    assert [row[1] for row in rows(sheet)[1:]] == [1234.5, 1000, 1234.5, 1000]


def test_rows_in_a_joined_table_keep_their_spans_and_are_not_filtered():
    spanned = Table((*ITEMS.cells, Cell(2, 0, "all", colspan=2)))
    sheet = written(JOINED, ("a.png", [ITEMS, spanned]))["Joined 1"]
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A4:B4"}
    assert sheet.auto_filter.ref is None


def test_a_full_joined_sheet_goes_on_under_the_same_header():
    images = [(f"{number}.png", [TWO]) for number in range(3)]
    book = written(JOINED, *images, most_rows=4)
    assert book.sheetnames == ["Joined 1", "Joined 1, part 2", "Joined 1, part 3", "Summary"]
    assert [rows(book[name])[0][0] for name in book.sheetnames[:3]] == ["City"] * 3
    assert links(book)[2] == "'Joined 1, part 3'!A2"


def test_a_table_that_stands_alone_keeps_the_name_that_says_which_it_is():
    book = written(JOINED, ("a.png", [ITEMS, TWO, ITEMS]), ("Joined 1.png", [grid(["x"])]))
    assert book.sheetnames == ["Joined 1 2", "a 2", "Joined 1", "Summary"]


@pytest.mark.parametrize("arrangement", [SINGLE, JOINED])
def test_images_of_one_name_are_told_apart(arrangement):
    target = io.BytesIO()
    with TableBook(target, arrangement=arrangement) as book:
        book.add_tables("image.png", [ITEMS])
        book.add_report(ImageReport("image.png", "done", tables=1))
        book.add_report(ImageReport("image.png", "failed", error="engine_failed: no answer"))
        book.add_tables("image.png", [ITEMS])
        book.add_report(ImageReport("image.png", "done", tables=1))
    written = load_workbook(target)
    told = {str(value) for row in rows(written.worksheets[0]) for value in row}
    assert {"image.png", "image.png (3)"} <= told | {text.split(" · ")[0] for text in told}
    assert [bool(link) for link in links(written)] == [True, False, True]


@pytest.mark.parametrize("arrangement", [SINGLE, JOINED])
def test_an_exception_leaves_no_file_behind(arrangement, tmp_path, monkeypatch):
    folder = tmp_path / "books"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))

    def fail_midway() -> None:
        with TableBook(folder / "out.xlsx", arrangement=arrangement) as book:
            book.add_tables("a.png", [ITEMS])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("arrangement", [SINGLE, JOINED])
def test_nor_does_one_while_the_sheets_are_written(arrangement, tmp_path, monkeypatch):
    folder = tmp_path / "books"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    tables = [table_values(ITEMS)]  # of the first; there is nothing for the second
    module = "single_sheet" if arrangement is SINGLE else "joined_sheets"
    monkeypatch.setattr(f"converter.core.workbook.{module}.table_values", lambda _: tables.pop())
    with pytest.raises(IndexError), TableBook(folder / "x.xlsx", "x", arrangement) as book:
        book.add_tables("a.png", [ITEMS, ITEMS])
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("arrangement", Arrangement)
def test_without_tables_there_is_only_the_summary(arrangement):
    assert written(arrangement, ("a.png", [Table(())]), ("b.png", [])).sheetnames == ["Summary"]


# Every cell once, whatever the tables are. Each text is its own, so that it can be found again.

HEADINGS = ["Item", "Price", "Tax %", "Total", "Prlce", "Pr1ce", "tax%", "", "12"]


@st.composite
def tables(draw, number: int) -> Table:
    """A table of texts that say where they stand, with headings of a few, spans and doubt."""
    usual = draw(st.booleans())  # half of them have headings that others have too
    n_cols = 3 if usual else draw(st.integers(1, 4))
    header_rows = 1 if usual else draw(st.integers(0, 2))
    body_rows = draw(st.integers(1 if usual else 0, 3))
    taken: set[tuple[int, int]] = {(0, col) for col in range(n_cols)} if usual else set()
    cells = [
        Cell(0, col, HEADINGS[col], header=True, confidence=draw(st.sampled_from([1.0, 0.3])))
        for col in range(n_cols if usual else 0)
    ]
    for row in range(header_rows + body_rows):
        last = header_rows if row < header_rows else header_rows + body_rows
        for col in range(n_cols):
            if (row, col) in taken or draw(st.integers(0, 9)) == 0:
                continue
            below, right = draw(st.integers(1, 2)), draw(st.integers(1, 2))
            rowspan = min(below, last - row)
            colspan = min(right, n_cols - col)
            places = {(row + r, col + c) for r in range(rowspan) for c in range(colspan)}
            if places & taken:
                rowspan = colspan = 1
                places = {(row, col)}
            taken |= places
            is_header = row < header_rows
            text = draw(st.sampled_from(HEADINGS)) if is_header else f"t{number} r{row} c{col}"
            cells.append(
                Cell(
                    row, col, text, rowspan, colspan, header=is_header,
                    confidence=draw(st.sampled_from([1.0, 0.9, 0.3])),
                    other=draw(st.sampled_from(["", "another"])),
                )
            )  # fmt: skip
    return Table(tuple(cells))


@st.composite
def piles(draw) -> list[tuple[str, list[Table]]]:
    counts = draw(st.lists(st.integers(0, 3), min_size=2, max_size=4))
    numbers = iter(range(100))
    return [
        (draw(st.sampled_from(["a.png", "b.png"])), [draw(tables(next(numbers))) for _ in range(n)])
        for n in counts
    ]


def body_cells(pile: Images) -> list[Cell]:
    return [cell for _, found in pile for table in found for cell in table.cells if not cell.header]


def span_of(sheet, cell) -> tuple[int, int]:
    for merged in sheet.merged_cells.ranges:
        left, top, right, bottom = range_boundaries(str(merged))
        if (cell.column, cell.row) == (left, top):
            return bottom - top + 1, right - left + 1
    return 1, 1


@pytest.mark.no_cover
@settings(max_examples=50, deadline=None)
@given(piles(), st.sampled_from(Arrangement), st.sampled_from([1_048_576, 12]))
def test_every_cell_of_every_table_is_there_once_with_its_mark(pile, arrangement, most_rows):
    book = written(arrangement, *pile, most_rows=most_rows)
    found = [
        (cell.value, fill(cell) == DOUBT_FILL, bool(cell.comment), span_of(sheet, cell))
        for sheet in book.worksheets[:-1]
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("t") and " r" in cell.value
    ]
    wanted = [
        (cell.text, needs_a_look(cell), needs_a_look(cell),
         (cell.rowspan, cell.colspan))
        for cell in body_cells(pile)
    ]  # fmt: skip
    assert Counter(found) == Counter(wanted)


def heading_above(sheet, cell) -> str:
    return str(sheet.cell(1, cell.column).value)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.permutations(["Item", "Price", "Tax %", "Total"]), min_size=2, max_size=5))
def test_every_value_of_joined_tables_stands_under_its_heading(orders):
    found = [
        grid(list(order), [f"{name} of {number}" for name in order])
        for number, order in enumerate(orders)
    ]
    sheet = written(JOINED, *((f"{n}.png", [one]) for n, one in enumerate(found)))["Joined 1"]
    for number, row in enumerate(sheet.iter_rows(min_row=2)):
        assert [cell.value for cell in row[:4]] == [
            f"{heading_above(sheet, cell)} of {number}" for cell in row[:4]
        ]
        assert [cell.value for cell in row[4:]] == [f"{number}.png", 1]


@pytest.mark.no_cover
@settings(max_examples=30, deadline=None)
@given(piles())
def test_every_heading_of_joined_tables_is_told(pile):
    """In its cell or, where it is written in another way or doubtful, in its note."""
    book = written(JOINED, *pile)
    texts = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    notes = " ".join(
        cell.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    )
    for _, found in pile:
        for cell in (cell for table in found for cell in table.cells if cell.header and cell.text):
            assert cell.text in texts or f"“{cell.text}”" in notes
