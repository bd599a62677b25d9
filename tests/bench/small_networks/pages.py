"""Parts of pages, for the network that finds text: tables, running text, forms, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from random import Random
from typing import Final, NamedTuple

from PIL import Image, ImageDraw

from tests.bench.small_networks.digits import printed_number
from tests.bench.small_networks.fonts import Font, Fonts, OpenType
from tests.bench.small_networks.words import Words

SMALLEST, LARGEST = 8, 40
"""Letters, in pixels."""
WHITE: Final = 255
LEFT, CENTRE, RIGHT = 0.0, 0.5, 1.0
"""The alignment of a text in its column: the share of the free space before it."""
FORM_LABELS: Final = (
    "Name", "Date", "No.", "Born", "Address", "Station", "Total", "Author", "Title", "Remarks",
    "Amount", "Signature", "Rank", "Serial number", "Place of birth", "Received by",
)  # fmt: skip


class Place(NamedTuple):
    """What a block of a page may use of it, and the height of its letters."""

    left: float
    top: float
    right: float
    bottom: float
    size: int


class Column(NamedTuple):
    """A column of a table: its texts, where it starts, its width and alignment."""

    texts: Sequence[str]
    start: float
    width: float
    align: float


class Pages:
    """Draws the ink (0..255) of any number of parts of pages, the same for the same seed."""

    def __init__(self, fonts: Fonts, words: Words, seed: int, side: int) -> None:
        self._fonts = fonts
        self._words = words
        self._side = side
        self._rnd = Random(seed)

    def ink(self) -> Image.Image:
        """Blocks below each other, on a square of `side` pixels; sometimes few and small."""
        rnd, side = self._rnd, self._side
        sheet = Image.new("L", (side, side), 0)
        draw = ImageDraw.Draw(sheet)
        size = self._size()
        left = rnd.choice([-0.3, 0.02, 0.05, 0.1, 0.25]) * side
        right = side * rnd.choice([0.6, 0.9, 0.95, 1.0, 1.3])
        top = rnd.uniform(-4, 4) * size
        between = 5
        if rnd.random() < 0.2:
            top, right, between = side * rnd.uniform(0.1, 0.4), left + side * 0.7, 30
        while top < side:
            block = rnd.choices(BLOCKS, WEIGHTS)[0]
            if rnd.random() < 0.3:
                size = self._size()
            top = block(self, draw, Place(left, top, right, side, size))
            top += rnd.uniform(0.3, between) * size
        # strokes, folds and rules that have nothing to do with the text
        while rnd.random() < 0.3:
            points = [(rnd.random() * side, rnd.random() * side) for _ in range(2)]
            if rnd.random() < 0.6:  # upright or level
                points[1] = rnd.choice([(points[0][0], side), (side, points[0][1])])
            draw.line(points, rnd.randint(40, 255), rnd.choice([1, 1, 2, 3, 8]))
        return sheet

    def _size(self) -> int:
        """A random size, evenly distributed on a logarithmic scale."""
        return round(SMALLEST * (LARGEST / SMALLEST) ** self._rnd.random())

    # --- blocks: each gives back where it ends ---------------------------------------------------

    def _running_text(self, draw: ImageDraw.ImageDraw, place: Place) -> float:
        rnd = self._rnd
        font = self._font()(place.size)
        columns = rnd.choice([1, 1, 1, 2, 3])
        gap = rnd.uniform(1, 3) * place.size
        wide = (place.right - place.left - gap * (columns - 1)) / columns
        leading = rnd.uniform(1.05, 1.7) * place.size
        lines = rnd.randint(1, 14)
        numbered = rnd.uniform(1.8, 6) * place.size if rnd.random() < 0.15 else 0
        for column in range(columns):
            x, y = place.left + column * (wide + gap), place.top
            for number in range(lines):
                ragged = 0.7 if numbered else 0.15
                indent = place.size * rnd.uniform(0, 3) if rnd.random() < ragged else 0
                share = rnd.uniform(0.1, 0.9) if rnd.random() < ragged else 1
                if numbered:
                    draw.text((x, y), str(number + 1), WHITE, font)
                    indent += numbered
                self._line(draw, (x + indent, y), (wide - indent) * share, font)
                y += leading
        return place.top + lines * leading

    def _line(
        self, draw: ImageDraw.ImageDraw, start: tuple[float, float], wide: float, font: Font
    ) -> None:
        """Words as far as they go, with blanks that may fill the line."""
        words, used, blank = [], 0.0, font.getlength(" ")
        while True:
            word = self._text()
            length = font.getlength(word)
            if used + length + blank * len(words) > wide:
                break
            words.append((word, length))
            used += length
        if not words:
            return
        if self._rnd.random() < 0.5:
            blank = min(3 * blank, (wide - used) / max(1, len(words) - 1))
        x, y = start
        for word, length in words:
            draw.text((x, y), word, WHITE, font)
            x += length + blank

    def _heading(self, draw: ImageDraw.ImageDraw, place: Place) -> float:
        rnd = self._rnd
        size = round(place.size * rnd.uniform(1, 2.2))
        font, text = self._font()(size), self._text()
        free = place.right - place.left - font.getlength(text)
        x = place.left + max(0, free) * rnd.choice([LEFT, LEFT, CENTRE, RIGHT])
        draw.text((x, place.top), text, WHITE, font)
        return place.top + 1.3 * size

    def _table(self, draw: ImageDraw.ImageDraw, place: Place) -> float:
        rnd = self._rnd
        pitch = place.size * rnd.choice([rnd.uniform(1.0, 1.3), rnd.uniform(1.2, 2.6)])
        rows = min(rnd.randint(2, 40), max(1, int((place.bottom - place.top) / pitch) + 1))
        font = self._font()(place.size)
        columns = list(self._columns(place, rows, font))
        heights = [place.top + pitch * row for row in range(rows + 1)]
        self._grid(draw, columns, heights, place.size)
        has_header = rnd.random() < 0.4 and len(columns) > 2
        above = (pitch - place.size) * rnd.choice([0.3, 0.5])
        if has_header:
            # texts above several columns, or a title across the width
            x = columns[0].start
            while x < columns[-1].start:
                text = self._text()
                draw.text((x, heights[0]), text, WHITE, font)
                x += font.getlength(text) * rnd.uniform(1.2, 3)
        elif rnd.random() < 0.2:
            self._dark_header(draw, columns, (heights[0], heights[1], above), font)
            has_header = True
        for column in columns:
            for text, top in list(zip(column.texts, heights, strict=False))[has_header:]:
                free = column.width - font.getlength(text)
                x, y = column.start + free * column.align, top + above
                draw.text((x, y), text, WHITE, font)
                if text and rnd.random() < 0.03:
                    raised = x + font.getlength(text), y - 0.1 * font.size
                    small = self._font()(max(6, round(0.65 * font.size)))
                    draw.text(raised, rnd.choice("abc123*†‡"), WHITE, small)
        return heights[-1]

    def _numbers(self, draw: ImageDraw.ImageDraw, place: Place) -> float:
        """Numbers alike, close together between faint and broken rules, as old yearbooks have."""
        rnd = self._rnd
        font = self._font()(place.size)
        form = rnd.choice([printed_number(rnd), "0·000", "0·000", "00·0", "0.00", "0000", "000"])
        wide, gap = font.getlength(form), place.size * rnd.uniform(0.3, 0.9)
        pitch, rows = place.size * rnd.uniform(1.05, 1.5), rnd.randint(4, 40)
        empty, every = rnd.choice([0, 0, 0.1]), rnd.choice([5, 5, 10, 99])
        heights = [place.top + pitch * (row + row // every * 0.5) for row in range(rows)]
        faintest, darkest = rnd.choice([(0, 60), (20, 140), (150, 255)])
        x = place.left
        while x < place.right:
            for y in heights:
                if rnd.random() >= empty:
                    draw.text((x, y), self._alike(form), WHITE, font)
                if rnd.random() < 0.9:
                    at = x + wide + gap * rnd.uniform(0.4, 0.6)
                    draw.line((at, y, at, y + 1.1 * pitch), rnd.randint(faintest, darkest))
            x += wide + gap
        return heights[-1] + pitch

    def _ledger(self, draw: ImageDraw.ImageDraw, place: Place) -> float:
        """A printed card: ruled, dotted, with headings, and a few lines typed across the dots."""
        rnd = self._rnd
        pitch, rows = place.size * rnd.uniform(1.2, 2), rnd.randint(2, 24)
        bottom, ink = place.top + pitch * (rows + 2), rnd.randint(120, 255)
        small, typed = self._font()(max(8, round(place.size * 0.7))), self._font()(place.size)
        filled, ends = rnd.randint(0, min(rows, 8)), place.top + 2 * pitch
        for y in (place.top, ends):
            _rule(draw, (place.left, y), (place.right, y), ink, 2, 0)
        step = rnd.randint(2, 6)
        for row in range(rows):
            y = ends + pitch * (row + 1)
            _rule(draw, (place.left, y), (place.right, y), ink, 1, step)
        x = place.left
        while x < place.right:
            wide = place.size * rnd.uniform(2, 14)
            _rule(draw, (x, place.top), (x, bottom), ink, rnd.randint(1, 3), 0)
            for number in range(rnd.randint(1, 3)):
                draw.text((x + 4, place.top + number * small.size), self._text(), WHITE, small)
            for part in range(rnd.choice([0, 0, 1, 3])):
                at = x + wide * (part + 1) / 4
                _rule(draw, (at, ends), (at, bottom), ink, 1, step)
            kind = rnd.choice([self._text, self._value, self._value, self._short])
            for row in range(filled):
                off = place.size * rnd.uniform(-0.2, 0.6), pitch * rnd.uniform(0.05, 0.2)
                draw.text((x + off[0], ends + pitch * row + off[1]), kind(), WHITE, typed)
            x += wide
        return bottom

    def _columns(self, place: Place, rows: int, font: Font) -> list[Column]:
        """Columns side by side, as many as there is room for; now and then of numbers alike."""
        rnd = self._rnd
        gap = place.size * rnd.uniform(*rnd.choice([(0.25, 0.7), (0.5, 1.2), (0.8, 5)]))
        empty = rnd.choice([0, 0, 0.1, 0.4])
        form = printed_number(rnd) if rnd.random() < 0.3 else ""
        columns: list[Column] = []
        x = place.left
        for number in range(rnd.randint(1, 30)):
            kind = self._text if (number == 0 or rnd.random() < 0.25) else self._value
            if rnd.random() < 0.3:
                kind = self._short
            if form and number:
                kind = partial(self._alike, form)
            texts = ["" if rnd.random() < empty else kind() for _ in range(rows)]
            width = max(map(font.getlength, texts))
            if x + width > place.right and columns:
                break
            align = LEFT if kind == self._text else rnd.choice([LEFT, CENTRE, RIGHT, RIGHT])
            columns.append(Column(texts, x, width, align))
            x += width + gap
        return columns

    def _dark_header(
        self,
        draw: ImageDraw.ImageDraw,
        columns: Sequence[Column],
        row: tuple[float, float, float],
        font: Font,
    ) -> None:
        """The first row, light on dark or dark on gray; `row` is its top, bottom and padding."""
        top, bottom, above = row
        right = columns[-1].start + columns[-1].width + font.size
        shade, ink = self._rnd.choice([(self._rnd.randint(130, 255), 0), (110, WHITE)])
        draw.rectangle((columns[0].start - 0.5 * font.size, top, right, bottom), shade)
        for column in columns:
            free = column.width - font.getlength(column.texts[0])
            start = column.start + free * column.align, top + above
            draw.text(start, column.texts[0], ink, font)

    def _grid(
        self,
        draw: ImageDraw.ImageDraw,
        columns: Sequence[Column],
        heights: Sequence[float],
        size: int,
    ) -> None:
        """RulingLines, bands or nothing; bands are lighter ink below what is then drawn on them."""
        rnd = self._rnd
        look = rnd.choice(["none", "none", "three", "all", "all", "rows", "columns", "bands"])
        pad = size * rnd.uniform(0.1, 0.6)
        left, right = columns[0].start - pad, columns[-1].start + columns[-1].width + pad
        ink, thick = rnd.randint(90, 255), rnd.choice([1, 1, 1, 2, 3])
        step = rnd.randint(2, 6) if rnd.random() < 0.2 else 0
        if look == "bands":
            shade = rnd.randint(10, 130)
            for top, bottom in list(pairwise(heights))[rnd.randint(0, 1) :: 2]:
                draw.rectangle((left, top, right, bottom), shade)
        across = {"three": [heights[0], heights[1], heights[-1]], "all": heights, "rows": heights}
        for y in across.get(look, []):
            _rule(draw, (left, y), (right, y), ink, thick, step)
        if look in ("all", "columns"):
            between = rnd.uniform(0.3, 0.7)
            gaps = ((one.start + one.width, other.start) for one, other in pairwise(columns))
            for x in [left, right, *(end + between * (start - end) for end, start in gaps)]:
                _rule(draw, (x, heights[0]), (x, heights[-1]), ink, thick, step)

    def _form(self, draw: ImageDraw.ImageDraw, place: Place) -> float:
        """Labels with what was written beside them, typed or by hand."""
        rnd, y = self._rnd, place.top
        label_font = self._font()(place.size)
        written = rnd.random() < 0.6
        size = round(place.size * (rnd.uniform(1.2, 2.5) if written else 1))
        font = (rnd.choice(self._fonts.script) if written else self._font())(size)
        for _ in range(rnd.randint(1, 8)):
            x = place.left
            while x < place.right:
                label = rnd.choice(FORM_LABELS) + rnd.choice(["", ":", "."])
                draw.text((x, y), label, WHITE, label_font)
                start = x + label_font.getlength(label) + rnd.uniform(0.3, 2) * place.size
                end = start + rnd.uniform(4, 24) * place.size
                if rnd.random() < 0.5:
                    dashed = "." * int((end - start) / label_font.getlength("."))
                    draw.text((start, y), dashed, rnd.randint(100, 255), label_font)
                if rnd.random() < 0.85:
                    off = rnd.uniform(-0.3, 0.2) * place.size
                    draw.text((start, y + off), self._text(), rnd.randint(140, 255), font)
                x = end + rnd.uniform(0.5, 3) * place.size
                if rnd.random() < 0.5:
                    break
            y += size * rnd.uniform(1.2, 2.4)
        return y

    def _picture(self, draw: ImageDraw.ImageDraw, place: Place) -> float:
        """Anything but text: blots, a chart, a frame."""
        rnd = self._rnd
        high, wide = (
            rnd.uniform(2, 12) * place.size,
            rnd.uniform(0.1, 1) * (place.right - place.left),
        )
        left = place.left + rnd.random() * max(0.0, place.right - place.left - wide)
        for _ in range(rnd.randint(1, 12)):
            x, y = left + rnd.random() * wide, place.top + rnd.random() * high
            box = (x, y, x + rnd.random() * wide / 2 + 1, y + rnd.random() * high / 2 + 1)
            shape = rnd.choice([draw.rectangle, draw.ellipse])
            inside = rnd.choice([None, rnd.randint(20, 220)])
            shape(box, inside, rnd.randint(60, 255), rnd.choice([1, 1, 2, 4]))
        return place.top + high

    # --- texts and their fonts --------------------------------------------------------------------

    def _font(self) -> OpenType:
        fonts = self._fonts
        kind = self._rnd.random()
        return self._rnd.choice(fonts.common if kind < 0.5 else fonts.plain)

    def _text(self) -> str:
        rnd = self._rnd
        text = self._words.text(rnd)
        return text if rnd.random() < 0.7 else f"{text} {self._words.text(rnd)}"

    def _value(self) -> str:
        rnd = self._rnd
        return printed_number(rnd) if rnd.random() < 0.9 else f"{rnd.randint(1, 9999)}.-"

    def _alike(self, form: str) -> str:
        """A number with as many digits as `form` has, in their places."""
        return re.sub(r"\d", lambda _: str(self._rnd.randint(0, 9)), form)

    def _short(self) -> str:
        rnd = self._rnd
        sign = rnd.choice("-–—.x*0123456789ABNY")  # noqa: RUF001
        return rnd.choice([str(rnd.randint(0, 99)), sign, "..", '"'])


def _rule(
    draw: ImageDraw.ImageDraw,
    start: tuple[float, float],
    end: tuple[float, float],
    ink: int,
    thick: int,
    step: int,
) -> None:
    """A level or upright rule; of dots with a `step` between them, if there is one."""
    if not step:
        draw.line((*start, *end), ink, thick)
        return
    length = max(end[0] - start[0], end[1] - start[1])
    for off in range(0, int(length), step + thick):
        x, y = (start[0] + off, start[1]) if start[1] == end[1] else (start[0], start[1] + off)
        draw.rectangle((x, y, x + (thick - 1), y + (thick - 1)), ink)


BLOCKS: Final[list[Callable[[Pages, ImageDraw.ImageDraw, Place], float]]] = [
    Pages._table, Pages._running_text, Pages._numbers, Pages._ledger, Pages._heading, Pages._form,
    Pages._picture,
]  # fmt: skip
WEIGHTS: Final = (8, 4, 3, 2, 2, 2, 1)
