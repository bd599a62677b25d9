"""Print that no line says is found, and nothing else is taken for print."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from converter.core.engines.local.ledger.account import unread_print
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.text.page_text import Line
from converter.core.tables.model import Box

SIZE = 16
FONT = ImageFont.load_default(SIZE)
WHITE, BLACK = 255, 0


def blank(ground: int = WHITE) -> Image.Image:
    return Image.new("L", (400, 200), ground)


def write(page: Image.Image, text: str, left: int, top: int, ink: int = BLACK) -> Line:
    """Draws a text, and returns the line that a reader would make of it."""
    draw = ImageDraw.Draw(page)
    draw.text((left, top), text, fill=ink, font=FONT)
    places = [left + draw.textlength(text[: at + 1], font=FONT) for at in range(len(text))]
    glyphs = tuple(Glyph(sign, x - 4, 0.99) for sign, x in zip(text, places, strict=True))
    return Line(Box(left - 2, top, places[-1] + 2, top + 22), glyphs)


def unread(page: Image.Image, *lines: Line, rules: RulingLines | None = None) -> list[Box]:
    return unread_print(np.asarray(page), lines, (), rules or RulingLines())


def test_print_that_a_line_says_is_accounted_for():
    page = blank()
    lines = [write(page, "Revenue 2024", 20, 20), write(page, "1,234.50", 200, 20)]
    assert unread(page, *lines) == []


def test_a_word_that_no_line_says_is_one_piece():
    page = blank()
    line = write(page, "Revenue", 20, 20)
    write(page, "Total", 200, 20)
    (piece,) = unread(page, line)
    assert 198 <= piece.left < 206
    assert 230 < piece.right < 260
    assert 20 < piece.top < piece.bottom < 42


def test_light_print_on_a_dark_fill_is_print():
    page = blank()
    ImageDraw.Draw(page).rectangle((150, 60, 380, 160), fill=40)
    line = write(page, "Revenue", 20, 20)
    write(page, "Total", 230, 100, WHITE)
    (piece,) = unread(page, line)
    assert 228 <= piece.left < piece.right < 300


def test_print_within_a_line_far_from_its_characters_is_unread():
    page = blank()
    line = write(page, "Revenue", 20, 20)
    write(page, "Total", 200, 20)
    wide = Line(Box(18, 20, 260, 42), line.glyphs)
    (piece,) = unread(page, wide)
    assert piece.left >= 198


def test_fills_and_their_corners_are_no_print():
    page = blank()
    draw = ImageDraw.Draw(page)
    draw.rectangle((20, 60, 380, 190), fill=60)
    draw.rectangle((100, 80, 118, 98), fill=200)
    line = write(page, "Revenue", 20, 20)
    assert unread(page, line) == []


def test_the_characters_of_an_upright_word_are_no_fills():
    page = blank()
    line = write(page, "Revenue 2024", 20, 20)
    word = Image.new("L", (90, 30), WHITE)
    bold = ImageFont.load_default(18)
    ImageDraw.Draw(word).text((0, 0), "MMM", fill=BLACK, font=bold, stroke_width=1)
    page.paste(word.rotate(90, expand=True), (200, 60))
    assert len(unread(page, line)) == 1


def test_ruling_lines_are_no_print():
    page = blank()
    draw = ImageDraw.Draw(page)
    draw.line((10, 50, 390, 50), fill=BLACK, width=2)
    draw.line((150, 10, 150, 190), fill=BLACK, width=2)
    rules = RulingLines((RulingLine(50, 10, 390),), (RulingLine(150, 10, 190),))
    assert unread(page, write(page, "Revenue", 20, 20), rules=rules) == []


def test_print_that_hangs_from_a_line_is_print():
    """As Devanagari does: the line may be taken for a ruling line."""
    page = blank()
    draw = ImageDraw.Draw(page)
    line = write(page, "Revenue", 20, 20)
    draw.line((200, 100, 250, 100), fill=BLACK, width=2)
    for x in range(204, 250, 12):
        draw.arc((x - 8, 96, x, 114), 300, 120, fill=BLACK, width=2)
        draw.line((x, 100, x, 115), fill=BLACK, width=2)
    rules = RulingLines((RulingLine(100, 200, 250), RulingLine(112, 200, 250)))
    assert len(unread(page, line, rules=rules)) == 1


def test_noise_and_specks_are_no_print():
    page = blank(235)
    line = write(page, "Revenue", 20, 20)
    noise = np.random.default_rng(1).normal(0, 6, (200, 400))
    pixels = np.clip(np.asarray(page) + noise, 0, 255).astype(np.uint8)
    pixels[150:153, 300:303] = 0
    assert unread_print(pixels, [line], (), RulingLines()) == []


def test_a_page_without_any_line_is_all_unread():
    page = blank()
    write(page, "Total", 200, 20)
    assert len(unread(page)) == 1


def test_tiny_and_empty_pages():
    assert unread_print(np.full((1, 1), 255, np.uint8), (), (), RulingLines()) == []
    assert unread(blank()) == []


def test_frames_of_typed_signs_are_no_print():
    page = blank()
    draw = ImageDraw.Draw(page)
    line = write(page, "Revenue", 40, 20)
    for x in (20, 180):
        draw.line((x - 5, 60, x + 5, 60), fill=BLACK, width=2)
        draw.line((x, 55, x, 66), fill=BLACK, width=2)
        draw.line((x, 22, x, 40), fill=BLACK, width=2)
    rules = RulingLines((RulingLine(60, 20, 180, dotted=True),))
    assert unread(page, line, rules=rules) == []
