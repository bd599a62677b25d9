"""Pictures that tests draw: plain ones, and tables with known numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

Rows = Sequence[Sequence[str]]

CELL_WIDTH, CELL_HEIGHT, MARGIN = 190, 46, 30


def png(width: int = 64, height: int = 48, color: str = "white") -> bytes:
    """A plain picture of one colour."""
    return _encoded(Image.new("RGB", (width, height), color))


def table_png(rows: Rows, *, ruled: bool = True) -> bytes:
    """A table, drawn as a person would see it on a screen."""
    width = len(rows[0]) * CELL_WIDTH + 2 * MARGIN
    height = len(rows) * CELL_HEIGHT + 2 * MARGIN
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(24)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            left, top = MARGIN + c * CELL_WIDTH, MARGIN + r * CELL_HEIGHT
            if ruled:
                draw.rectangle((left, top, left + CELL_WIDTH, top + CELL_HEIGHT), outline="black")
            draw.text((left + 14, top + 8), text, fill="black", font=font)
    return _encoded(image)


def card_png(values: Mapping[str, str]) -> bytes:
    """An index card: each label with what is typed behind it, a line each."""
    image = Image.new("RGB", (900, 110 + 80 * len(values)), "#fbf8ef")
    draw = ImageDraw.Draw(image)
    draw.rectangle((12, 12, image.width - 13, image.height - 13), outline="#8a8471", width=2)
    for number, (label, value) in enumerate(values.items()):
        top = 60 + 80 * number
        draw.text((60, top), f"{label}:", fill="black", font=ImageFont.load_default(30))
        draw.text((260, top), value, fill="black", font=ImageFont.load_default(30))
    return _encoded(image)


def _encoded(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
