"""Draws what the local engine fails at: `-m tests.bench.worst FOLDER`.

Writes images/ID.png and gt/ID.html, as `make bench SET=FOLDER` takes them, and
explained/worst-ID.png, which docs/benchmarks.md shows. The same pictures come out each time, given
the same fonts.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from converter.core.engines.local.engine import LocalEngine
from converter.core.images import PageImage
from tests.bench.drawn import FONTS, Rows, as_html
from tests.support.photo_variants import vary

Drawn = tuple[Image.Image, str]
"""A picture and the table on it in HTML; nothing where there is none."""

WIDTH = 1100  # of a picture in the documentation
MOST_BYTES = 150_000

NAMES = ("Amsler", "Baumann", "Christen", "Dubler", "Egger", "Frey", "Gasser", "Huber")


def script_on_a_card() -> Drawn:
    """A form with dotted lines to write on, filled in by hand."""
    rows = [
        ["Name", "Post", "Place", "Salary", "Since"],
        ["Anna Lindqvist", "Clerk", "Bern", "3320", "1 Aug 1943"],
        ["", "Clerk", "Olten", "3395", "1 Jan 1944"],
        ["", "First clerk", "Olten", "4120", "1 Apr 1947"],
        ["", "Keeper", "Basel", "5280", "1 May 1951"],
    ]
    lefts, pitch = (30, 300, 500, 640, 760, 980), 52
    image = Image.new("RGB", (1010, 420), (188, 200, 182))
    draw = ImageDraw.Draw(image)
    for y in range(92, 380, pitch):
        for x in range(lefts[0], lefts[-1], 5):
            draw.point((x, y), fill=(70, 80, 70))
    for row, top in zip(rows[1:], range(50, 400, pitch), strict=False):
        for text, left in zip(row, lefts, strict=False):
            _write_by_hand(draw, (left + 10, top), text)
    image = Image.fromarray(_shaken(np.asarray(image)))
    draw = ImageDraw.Draw(image)
    for text, left in zip(rows[0], lefts, strict=False):
        draw.text((left + 10, 14), text, fill=(40, 40, 40), font=_font("DejaVuSans", 17))
    for x in lefts:
        draw.line((x, 8, x, 400), fill=(50, 50, 50), width=2)
    for y in (8, 42):
        draw.line((lefts[0], y, lefts[-1], y), fill=(50, 50, 50), width=2)
    return image, as_html(rows)


def small_and_tilted() -> Drawn:
    """A crop of 440 pixels, photographed from a screen at an angle."""
    rng = random.Random(3)
    rows = [["Group", "n", "Mean (SD)", "95% CI", "p"]]
    for name in NAMES:
        centre = rng.uniform(2, 40)
        interval = f"{centre - 1.3:.2f} to {centre + 1.3:.2f}"
        spread = f"{centre:.2f} ({rng.uniform(0.1, 3):.2f})"
        count, p = str(rng.randint(20, 400)), f"{rng.uniform(0, 1):.3f}"
        rows.append([name, count, spread, interval, p])
    image = Image.new("RGB", (440, 140), "white")
    draw = ImageDraw.Draw(image)
    for row, top in zip(rows, range(8, 140, 14), strict=False):
        for text, left in zip(row, (8, 96, 142, 240, 380), strict=True):
            draw.text((left, top), text, fill="black", font=_font("LiberationSerif-Regular", 10))
    return Image.fromarray(vary("phone", np.asarray(image), "b")), as_html(rows)


def names_without_values() -> Drawn:
    """Rows of a name alone, which are set like titles of sections, and are none."""
    rows = [["Measure", "6 months", "12 months", "18 months"]]
    for number, name in enumerate(("Sessions, mean (SD)", "Couples, mean (SD)", "Cycles, n (%)")):
        rows.append([name, "", "", ""])
        for group in ("Manual", "Web", "Overall"):
            base = 11 * number + len(group)
            rows.append([group, *(f"{base * k / 9:.2f} ({k}.4)" for k in (2, 3, 5))])
    return _plain(rows, (30, 280, 430, 580), 740), as_html(rows)


def cells_over_rows() -> Drawn:
    """Cells over several rows, without a line to show how far they reach."""
    rows = [["Region", "Crop", "1990", "2000", "2010"]]
    parts = []
    for region in ("North", "Lake district", "South"):
        for number, crop in enumerate(("Wheat", "Barley", "Oats")):
            first = region if number == 1 else ""
            base = 31 * len(region) + 17 * number
            rows.append([first, crop, *(f"{base * k / 7:.1f}" for k in (3, 5, 8))])
            stub = f'<td rowspan="3">{region}</td>' if number == 0 else ""
            parts.append(stub + "".join(f"<td>{text}</td>" for text in rows[-1][1:]))
    image = _plain(rows, (30, 200, 330, 430, 530), 640)
    top = "".join(f"<td>{text}</td>" for text in rows[0])
    lines = "".join(f"<tr>{line}</tr>" for line in (top, *parts))
    return image, f"<table>{lines}</table>"


def small_superscripts() -> Drawn:
    """Powers and footnote marks at 72 dpi: four pixels high."""
    rng = random.Random(5)
    signs = ("a", "b", "*", "**", "***", "†", "ab", "c")
    rows = [["Sample", "Yield", "Rate", "Count"]]
    marks = [["", "", "", ""]]
    for name, sign in zip(NAMES, signs, strict=True):
        rows.append([name, f"{rng.uniform(1, 9):.2f}", f"{rng.uniform(1, 9):.1f} x 10", "m"])
        marks.append(["", sign, str(rng.randint(2, 9)), "-2"])
    image = Image.new("RGB", (400, 164), "white")
    draw = ImageDraw.Draw(image)
    font, small = _font("LiberationSerif-Regular", 11), _font("LiberationSerif-Regular", 7)
    for row, above, top in zip(rows, marks, range(6, 164, 17), strict=False):
        for text, mark, left in zip(row, above, (8, 110, 200, 330), strict=True):
            draw.text((left, top), text, fill="black", font=font)
            draw.text((left + font.getlength(text), top - 1), mark, fill="black", font=small)
    printed = [
        [text + mark for text, mark in zip(*pair, strict=True)]
        for pair in zip(rows, marks, strict=True)
    ]
    return image, as_html(printed)


WORST: Sequence[Callable[[], Drawn]] = (
    script_on_a_card, small_and_tilted, names_without_values, cells_over_rows, small_superscripts,
)  # fmt: skip


def write_worst(folder: Path) -> None:
    for kind in ("images", "gt"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for draw in WORST:
        image, truth = draw()
        image.save(folder / "images" / f"{draw.__name__}.png")
        (folder / "gt" / f"{draw.__name__}.html").write_text(truth, encoding="utf-8")


def explain(folder: Path) -> None:
    """How the engine read each picture, small enough for a page of documentation."""
    (folder / "explained").mkdir(exist_ok=True)
    engine = LocalEngine()
    for path in sorted((folder / "images").iterdir()):
        pixels = np.asarray(Image.open(path).convert("RGB"))
        drawn = engine.explain(PageImage(path.name, pixels))
        name = f"worst-{path.name.replace('_', '-')}"
        (folder / "explained" / name).write_bytes(shrunk(drawn))


def shrunk(image: Image.Image) -> bytes:
    """A PNG of few colours, no wider than WIDTH and no larger than MOST_BYTES."""
    width = min(WIDTH, image.width)
    while True:
        size = (width, round(image.height * width / image.width))
        stream = BytesIO()
        image.resize(size, Image.Resampling.LANCZOS).quantize(128).save(
            stream, "PNG", optimize=True
        )
        if len(stream.getvalue()) <= MOST_BYTES:
            return stream.getvalue()
        width = width * 9 // 10


def _plain(rows: Rows, lefts: Sequence[int], width: int) -> Image.Image:
    image = Image.new("RGB", (width, 40 * len(rows) + 30), "white")
    draw = ImageDraw.Draw(image)
    for row, top in zip(rows, range(20, 2000, 40), strict=False):
        for text, left in zip(row, lefts, strict=True):
            draw.text((left, top), text, fill="black", font=_font("LiberationSans-Regular", 19))
    return image


def _write_by_hand(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str) -> None:
    """Script letters that overlap, in place of handwriting."""
    font, (left, top) = _font("DejaVuMathTeXGyre", 32), place
    for number, letter in enumerate(text):
        sway = round(3 * np.sin(2.1 * number + len(text)))
        draw.text((left, top - 2 + sway), _script(letter), fill=(72, 66, 104), font=font)
        left += round(font.getlength(_script(letter)) * (0.72 if letter.isalpha() else 0.9))


def _script(letter: str) -> str:
    if not (letter.isascii() and letter.isalpha()):
        return letter
    first = 0x1D4D0 if letter.isupper() else 0x1D4EA
    return chr(first + ord(letter.lower()) - ord("a"))


def _shaken(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image with wavering strokes, as if by an unsteady hand."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    noise = np.random.default_rng(1).normal(0, 40, (2, height, width)).astype(np.float32)
    dx, dy = (cv2.GaussianBlur(part, (0, 0), 7) for part in noise)
    return cv2.remap(pixels, x + dx, y + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _font(name: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    found = sorted(FONTS.glob(f"*/{name}.ttf"))
    return ImageFont.truetype(found[0], size) if found else ImageFont.load_default(size)


if __name__ == "__main__":
    write_worst(Path(sys.argv[1]))
    explain(Path(sys.argv[1]))
