from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from converter.core.engines.local.engine import LocalEngine
from converter.core.engines.local.explain import SURE
from converter.core.engines.local.picture.orientation import turn_clockwise
from converter.core.engines.local.text.text_models import MODEL
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


def test_bands_of_colour_keep_wrapped_cells_whole(engine: LocalEngine) -> None:
    page = Page(560, 260)
    page.text(40, 16, "Name").text(220, 16, "Work").text(440, 16, "Age")
    for n, name in enumerate(["Ann", "Bob", "Cid"]):
        top = 50 + 64 * n
        if n % 2 == 0:
            page.draw.rectangle((20, top, 540, top + 63), fill=(222, 230, 240))
        page.text(40, top + 4, name).text(440, top + 4, str(31 + n))
        page.text(220, top + 4, "keeps the house").text(220, top + 32, "and the garden")
    (table,) = read(engine, page).tables
    work = "keeps the house and the garden"
    assert grid_of(table)[1:] == [
        [n, work, a] for n, a in (("Ann", "31"), ("Bob", "32"), ("Cid", "33"))
    ]


def test_tables_side_by_side(engine: LocalEngine) -> None:
    page = Page(1000, 240).table([*ROWS, ("France", "64", "1.5%")], COLUMNS, 20)
    for n, row in enumerate([*ROWS, ("Greece", "96", "7.5%"), ("Malta", "31", "4.5%")]):
        for text, left in zip(row, (640, 760, 880), strict=True):
            page.text(left, 30 + 33 * n, text, 18)
    left, right = read(engine, page).tables
    assert {left.n_rows, right.n_rows} == {4, 5}


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


def print_in_columns(page: Page) -> None:
    text = "some words of running text that goes on from line to line without an end"
    words = text.split()
    for column in (20, 330):
        for n in range(12):
            start = (5 * n + column) % len(words)
            page.text(column, 20 + 28 * n, " ".join((words * 2)[start : start + 6]), 18)


def letter(page: Page) -> None:
    for n, (left, right) in enumerate(
        [("Lindqvist & Sons", "Phone: 0117"), ("Bristol", "May 3rd")]
    ):
        page.text(20, 20 + 30 * n, left).text(480, 20 + 30 * n, right)
    page.text(20, 140, "Dear Ms Baker,")
    for n in range(4):
        page.text(20, 180 + 30 * n, "we thank you for the letter of last week and will answer soon")


def code(page: Page, left: int = 60) -> None:
    lines = [
        "def read(path):",
        "    for line in path:",
        "        yield line   # as it is",
        "x = 12",
    ]
    for n, line in enumerate(lines * 2):
        page.text(left, 20 + 28 * n, line, 18).text(20, 20 + 28 * n, str(n + 1), 18)


def code_with_numbers_far_off(page: Page) -> None:
    code(page, left=140)


def patches(page: Page) -> None:
    for n in range(60):
        x, y = 97 * n % 640, 61 * n % 400
        page.draw.rectangle((x, y, x + 20 + 7 * n % 90, y + 60), fill=(40 * n % 256, 90, 4 * n))


@pytest.mark.parametrize(
    "draw", [print_in_columns, letter, code, code_with_numbers_far_off, patches]
)
def test_no_table_is_made_up(engine: LocalEngine, draw: Callable[[Page], None]) -> None:
    page = Page(660, 400)
    draw(page)
    assert read(engine, page).tables == ()


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


def test_words_for_who_compares_stand_where_they_are_printed(engine: LocalEngine) -> None:
    page = Page(540, 200).table(ROWS, COLUMNS, 48)
    seen = engine.read_words(PageImage("page.png", page.pixels))
    assert (seen.model, seen.turned) == (MODEL, 0)
    boxes = seen.back([word.box for word in seen.words])
    left = {word.text: box.left for word, box in zip(seen.words, boxes, strict=True)}
    printed = {text: place for row in ROWS for text, place in zip(row, COLUMNS, strict=True)}
    assert left == pytest.approx(printed, abs=12)
