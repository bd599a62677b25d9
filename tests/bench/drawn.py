"""Draws tables with known content, from clean to barely legible.

`-m tests.bench.drawn FOLDER [N]`

Writes images/ID.png and gt/ID.html, which the other programs here take. The same N tables are drawn
each time, in the fonts that the machine has.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from html import escape
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Rows = Sequence[Sequence[str]]

FONTS = Path("/usr/share/fonts/truetype")
WORDS = (
    "Total Income Illinois control level Sales Oil Index Soil Zone Iron Silver baseline Male "
    "Female Copper Bristol Island Olive Lisbon Milan Oslo Age Weight Height ratio Median range "
    "Cases Interval Model class Islington Bolivia Libya Iceland Ohio mean share of in and per all"
)
SIGNS = "abc*†‡"
KINDS = (
    "name", "count", "count", "decimal", "decimal", "share", "error", "marked", "code", "day",
    "money",
)  # fmt: skip
"""The kinds of values that a column may hold, by how often."""


def write_tables(folder: Path, count: int) -> None:
    for kind in ("images", "gt"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        rng = random.Random(number)
        rows = draw_content(rng)
        worn(draw_table(rows, rng), rng).save(folder / "images" / f"{number:04}.png")
        (folder / "gt" / f"{number:04}.html").write_text(as_html(rows), encoding="utf-8")


def draw_content(rng: random.Random) -> Rows:
    """A header, a column of names, and columns that each hold one kind of value."""
    kinds = rng.choices(KINDS, k=rng.randint(2, 7))
    header = ["" if rng.random() < 0.3 else _name(rng)]
    for _ in kinds:
        name, year = _name(rng), str(rng.randint(1950, 2030))
        header.append(rng.choice((name, year, f"n = {rng.randint(5, 900)}")))
    empty = rng.choice((0, 0, 0.1))
    body = [
        [_name(rng), *("" if rng.random() < empty else _value(kind, rng) for kind in kinds)]
        for _ in range(rng.randint(4, 18))
    ]
    return [header, *body]


def draw_table(rows: Rows, rng: random.Random) -> Image.Image:
    """The table in one of the common looks, in print of 10 to 22 pixels."""
    size = rng.choice((10, 11, 12, 13, 14, 16, 18, 22))
    found = sorted(FONTS.glob("*/*.ttf"))
    plain = [path for path in found if not any(w in path.name for w in ("Math", "Mono", "Symbol"))]
    font: Font = (
        ImageFont.truetype(rng.choice(plain), size) if plain else ImageFont.load_default(size)
    )
    pad = size * rng.uniform(0.9, 2.0)
    pitch = size * rng.uniform(1.4, 2.0)
    widths = [max(font.getlength(row[c]) for row in rows) + 2 * pad for c in range(len(rows[0]))]
    lefts = np.cumsum([pad, *widths]).tolist()
    width, height = int(lefts[-1] + pad), int(pitch * (len(rows) + 1.5))
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    _draw_rules(draw, rng.choice(("all", "three", "zebra", "none")), lefts, pitch, len(rows))
    right = [c > 0 and rng.random() < 0.6 for c in range(len(widths))]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x = lefts[c + 1] - pad - font.getlength(text) if right[c] else lefts[c] + pad
            y = pitch * (r + 1.25)
            draw.text((x, y), text, fill=0, font=font, anchor="lm")
    return image


def worn(image: Image.Image, rng: random.Random) -> Image.Image:
    """The image after scaling, a lens, a copier, and JPEG; often nearly unchanged."""
    if rng.random() < 0.5:
        scale = rng.uniform(0.55, 0.95)
        image = image.resize((int(image.width * scale), int(image.height * scale)))
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.1)))
    pixels = np.asarray(image, np.float64)
    if rng.random() < 0.5:
        low, high = rng.uniform(0, 130), rng.uniform(190, 255)
        pixels = low + pixels / 255 * (high - low)
    if rng.random() < 0.4:
        noise = np.random.default_rng(rng.getrandbits(32))
        pixels = pixels + noise.normal(0, rng.uniform(3, 18), pixels.shape)
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if rng.random() < 0.5:
        stream = BytesIO()
        image.save(stream, "JPEG", quality=rng.randint(25, 80))
        image = Image.open(stream)
    return image.convert("RGB")


def as_html(rows: Rows) -> str:
    lines = ("".join(f"<td>{escape(text)}</td>" for text in row) for row in rows)
    return "<table>" + "\n".join(f"<tr>{line}</tr>" for line in lines) + "</table>\n"


def _draw_rules(
    draw: ImageDraw.ImageDraw, look: str, lefts: Sequence[float], pitch: float, rows: int
) -> None:
    left, right = lefts[0], lefts[-1]
    heights = [pitch * (r + 0.75) for r in range(rows + 1)]
    if look == "zebra":
        for top in heights[1:-1:2]:
            draw.rectangle((left, top, right, top + pitch), fill=222)
    drawn = {"all": heights, "three": [heights[0], heights[1], heights[-1]]}.get(look, [])
    for y in drawn:
        draw.line((left, y, right, y), fill=0)
    for x in lefts if look == "all" else []:
        draw.line((x, heights[0], x, heights[-1]), fill=0)


def _name(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS.split(), k=rng.randint(1, 3)))


def _value(kind: str, rng: random.Random) -> str:
    match kind:
        case "name":
            text = _name(rng)
        case "count":
            text = _count(rng)
        case "decimal":
            sign = rng.choice(("", "", "", "-", "<"))
            text = f"{sign}{10 ** rng.uniform(-1, 3):.{rng.randint(1, 3)}f}"
        case "share":
            text = f"{_count(rng)} ({rng.uniform(0, 100):.1f}%)"
        case "error":
            text = f"{rng.uniform(0, 200):.2f} ± {rng.uniform(0, 9):.2f}"
        case "marked":
            text = f"{rng.uniform(0, 99):.1f}{rng.choice(SIGNS)}"
        case "code":
            signs = rng.choices("O0I1lS5B8Z2GXxoQ7ACDE349-", k=rng.randint(4, 9))
            text = "".join(signs).strip("-")
        case "day":
            text = f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(1890, 2025)}"
        case _:
            text = f"{rng.choice('$£€')}{10 ** rng.uniform(0, 5):,.2f}"
    return text


def _count(rng: random.Random) -> str:
    return f"{int(10 ** rng.uniform(0, 7)):,}"


if __name__ == "__main__":
    write_tables(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 160)
