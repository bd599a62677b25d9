from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.engine import MODEL, LocalEngine
from converter.core.engines.local.explain import SURE
from converter.core.engines.local.orientation import turn_clockwise
from converter.core.engines.protocol import Mode, Reading, ReadRequest
from converter.core.fields.specification import FieldSpec
from converter.core.images import PageImage
from tests.core.engines.local.printed import Page, grid_of

ROWS = [("Country", "Stores", "Growth"), ("Austria", "17", "2.5%"), ("Finland", "820", "-3.1%")]
COLUMNS = (40, 220, 380)


def read(engine: LocalEngine, page: Page, request: ReadRequest | None = None) -> Reading:
    return engine.read(PageImage("page.png", page.pixels), request or ReadRequest())


def framed(page: Page, top: int) -> Page:
    for y in range(top, top + 121, 40):
        page.across(y, 30, 500)
    for x in (30, 210, 370, 500):
        page.down(x, top, top + 120)
    return page


def test_ruled_table(engine: LocalEngine) -> None:
    reading = read(engine, framed(Page(540, 200).table(ROWS, COLUMNS, 48), 40))
    (table,) = reading.tables
    assert grid_of(table) == [list(row) for row in ROWS]
    assert table.header_rows == 1
    assert reading.model == MODEL
    assert reading.seconds > 0


def test_borderless_table_below_a_sentence(engine: LocalEngine) -> None:
    page = Page(640, 300).text(40, 20, "Stores in Europe, counted at the end of the year 1996")
    reading = read(engine, page.table(ROWS, COLUMNS, 120))
    (table,) = reading.tables
    assert grid_of(table) == [list(row) for row in ROWS]
    assert [line.text for line in reading.loose_text] == [
        "Stores in Europe, counted at the end of the year 1996"
    ]


def test_two_tables(engine: LocalEngine) -> None:
    page = framed(Page(540, 500).table(ROWS, COLUMNS, 48), 40)
    tables = read(engine, framed(page.table(ROWS, COLUMNS, 348), 340)).tables
    assert [grid_of(table) for table in tables] == [[list(row) for row in ROWS]] * 2


def test_cells_know_where_they_stand(engine: LocalEngine) -> None:
    (table,) = read(engine, framed(Page(540, 200).table(ROWS, COLUMNS, 48), 40)).tables
    box = next(cell.box for cell in table.cells if cell.text == "820")
    assert box is not None
    assert (box.left, (box.top + box.bottom) / 2) == pytest.approx((220, 140), abs=8)


def test_text_without_columns_is_loose(engine: LocalEngine) -> None:
    page = Page(640, 200)
    for n in range(4):
        page.text(30, 20 + 36 * n, "Plain words that run on from line to line")
    reading = read(engine, page)
    assert reading.tables == ()
    assert len(reading.loose_text) == 4


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (300, 400), (50, 20000)])
def test_blank_pictures_have_neither(engine: LocalEngine, shape: tuple[int, int]) -> None:
    blank = PageImage("blank.png", np.full((*shape, 3), 255, np.uint8))
    reading = engine.read(blank, ReadRequest())
    assert (reading.tables, reading.loose_text) == ((), ())


def test_fields_are_found_by_their_labels(engine: LocalEngine) -> None:
    page = Page(640, 160).text(40, 30, "Surname: Lindqvist").text(40, 90, "Number: 00123")
    request = ReadRequest(Mode.FIELDS, (FieldSpec("Surname"), FieldSpec("Number")))
    assert [field.text for field in read(engine, page, request).fields] == ["Lindqvist", "00123"]


def test_a_page_on_its_side(engine: LocalEngine) -> None:
    page = framed(Page(540, 200).table(ROWS, COLUMNS, 48), 40)
    lain = PageImage("page.png", turn_clockwise(page.pixels, 90))
    reading = engine.read(lain, ReadRequest())
    (table,) = reading.tables
    assert grid_of(table) == [list(row) for row in ROWS]
    assert reading.turned == 270
    box = next(cell.box for cell in table.cells if cell.text == "820")
    assert box is not None
    assert (box.left, (box.top + box.bottom) / 2) == pytest.approx((220, 140), abs=8)


def test_explains_what_it_read(engine: LocalEngine) -> None:
    page = framed(Page(540, 200).table(ROWS, COLUMNS, 48), 40)
    drawn = np.asarray(engine.explain(PageImage("page.png", page.pixels)))
    assert drawn.shape[1] > 2 * 540
    assert (drawn == SURE).all(axis=2).any()
