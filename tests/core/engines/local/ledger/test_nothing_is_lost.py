"""Whole pages: where something is printed, a cell has text or says that it was not read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from converter.core.engines.local.engine import LocalEngine
from converter.core.engines.protocol import Reading, ReadRequest
from converter.core.images import PageImage
from converter.core.tables.doubt import needs_a_look
from converter.core.tables.roles import Role

FONTS = Path("/usr/share/fonts")
LATIN = ImageFont.load_default(18)
ROWS, COLUMNS, HIGH, WIDE, EDGE = 6, 3, 40, 150, 20
Draw = ImageDraw.ImageDraw
Put = Callable[[Draw, int, int], object]

WORDS = {
    "Cyrillic": ("DejaVuSans.ttf", "Цена Сумма Итого Склад Город"),
    "Greek": ("DejaVuSans.ttf", "Τιμή Ποσό Σύνολο Πόλη Έτος"),
    "Hebrew": ("DejaVuSans.ttf", "מחיר סכום סהכ עיר שנה"),
    "Arabic": ("DejaVuSans.ttf", "سعر مبلغ مجموع مدينة سنة"),
    "Devanagari": ("NotoSansDevanagari-Regular.ttf", "मूल्य राशि कुल शहर वर्ष"),
    "Thai": ("NotoSansThai-Regular.ttf", "ราคา จำนวน รวม เมือง ปี"),
    "Korean": ("NotoSansCJK-Regular.ttc", "가격 금액 합계 도시 연도"),
}


def tick(draw: Draw, x: int, y: int) -> None:
    draw.line([(x, y + 9), (x + 5, y + 15), (x + 14, y)], fill="black", width=2)


def box(draw: Draw, x: int, y: int) -> None:
    draw.rectangle((x, y, x + 14, y + 14), outline="black", width=2)


def scribble(draw: Draw, x: int, y: int) -> None:
    draw.line([(x + 4 * n, y + (n * 7) % 15) for n in range(14)], fill="navy", width=2)


def upright(draw: Draw, x: int, y: int) -> None:
    word = Image.new("L", (30, 14), 255)
    ImageDraw.Draw(word).text((0, 0), "Rate", fill=0, font=ImageFont.load_default(11))
    draw.bitmap(
        (x, y - 6), Image.eval(word.rotate(90, expand=True), lambda tone: 255 - tone), "black"
    )


def font_of(script: str, size: int) -> ImageFont.FreeTypeFont:
    name, _ = WORDS[script]
    found = next(FONTS.rglob(name), None)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return ImageFont.truetype(str(found), size)


def words_in(script: str) -> list[Put]:
    _, words = WORDS[script]
    font = font_of(script, 18)
    return [
        lambda draw, x, y, word=word: draw.text((x, y - 4), word, "black", font)
        for word in words.split()
    ]


def page_with(column: Sequence[Put]) -> np.ndarray:
    """A grid of names and numbers, with this in the body of its second column."""
    image = Image.new("RGB", (COLUMNS * WIDE + 2 * EDGE, ROWS * HIGH + 2 * EDGE), "white")
    draw = ImageDraw.Draw(image)
    for row in range(ROWS):
        for col in range(COLUMNS):
            left, top = EDGE + col * WIDE, EDGE + row * HIGH
            draw.rectangle((left, top, left + WIDE, top + HIGH), outline="black")
            if row and col == 1:
                column[(row - 1) % len(column)](draw, left + 16, top + 14)
            else:
                text = ("Name", "State", "Amount")[col] if not row else f"{row * 317 + col}"
                draw.text((left + 16, top + 9), text, fill="black", font=LATIN)
    return np.asarray(image)


def read(engine: LocalEngine, pixels: np.ndarray) -> Reading:
    return engine.read(PageImage("page.png", pixels), ReadRequest())


def assert_nothing_is_lost(reading: Reading) -> None:
    (table,) = reading.tables
    assert (table.n_rows, table.n_cols) == (ROWS, COLUMNS)
    lost = [cell for cell in table.cells if not cell.text and not needs_a_look(cell)]
    assert lost == []
    assert all(cell.box for cell in table.cells)


@pytest.mark.parametrize("mark", [tick, box, scribble, upright])
def test_ticks_boxes_strokes_and_upright_words(engine: LocalEngine, mark: Put) -> None:
    assert_nothing_is_lost(read(engine, page_with([mark])))


@pytest.mark.parametrize("script", list(WORDS))
def test_words_in_other_scripts(engine: LocalEngine, script: str) -> None:
    assert_nothing_is_lost(read(engine, page_with(words_in(script))))


def test_words_that_look_like_digits_upside_down_do_not_turn_a_page(engine: LocalEngine) -> None:
    words = ["मूल्य", "राशि", "कुल", "शहर", "वर्ष", "जनसंख्या"]
    font = font_of("Devanagari", 20)
    image = Image.new("RGB", (700, 420), "white")
    draw = ImageDraw.Draw(image)
    for row in range(9):
        numbers = [f"{1234 * (row + 1) + 77 * column}" for column in (2, 3)]
        shown = [words[(4 * row + column) % len(words)] for column in (0, 1)]
        for column, text in enumerate(shown + numbers):
            draw.text((20 + 170 * column, 20 + 42 * row), text, "black", font)
    reading = read(engine, np.asarray(image))
    assert reading.turned == 0
    (table,) = reading.tables
    assert all(cell.text or needs_a_look(cell) for cell in table.cells)


def test_empty_cells_are_not_doubted(engine: LocalEngine) -> None:
    (table,) = read(engine, page_with([lambda *_: None])).tables
    assert sum(not cell.text for cell in table.cells) == ROWS - 1
    assert not any(map(needs_a_look, table.cells))


def test_print_outside_of_tables_is_told_with_its_place(engine: LocalEngine) -> None:
    image = Image.fromarray(page_with([lambda *_: None]))
    wide = Image.new("RGB", (image.width, image.height + 200), "white")
    wide.paste(image)
    for step in range(3):
        box(ImageDraw.Draw(wide), 100 + 18 * step, image.height + 120)
    reading = read(engine, np.asarray(wide))
    (place,) = [*reading.unread, *(line.box for line in reading.loose_text)]
    assert place
    assert abs(place.left - 100) < 9
    assert image.height + 105 < place.top < place.bottom < image.height + 150


def test_a_line_level_with_the_rows_makes_the_table_doubtful(engine: LocalEngine) -> None:
    image = Image.fromarray(page_with([lambda *_: None]))
    wide = Image.new("RGB", (image.width + 300, image.height), "white")
    wide.paste(image)
    ImageDraw.Draw(wide).text((image.width + 40, EDGE + 90), "see below", "black", LATIN)
    reading = read(engine, np.asarray(wide))
    (table,) = reading.tables
    if reading.loose_text:
        (line,) = reading.loose_text
        assert (line.role, line.table, table.beside) == (Role.BESIDE, 0, 1)
        assert sum(map(needs_a_look, table.cells)) == 1
    else:
        assert any("see below" in cell.text for cell in table.cells)
