"""A picture of how a page was read, stage by stage, to find out why a table is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.stages import Page
from converter.core.tables.doubt import DOUBT_BELOW
from converter.core.tables.model import Box, Table

Colour = tuple[int, int, int]
Place = tuple[float, float]

WIDTH: Final = 1400  # pixels: a narrower page is enlarged to it, at most fourfold
MARGIN: Final = 24  # pixels at the top, for the legend
BORDER: Final = 32  # pixels around the page, for the numbers of rows and columns
BAD_BELOW: Final = 0.5

SURE: Final[Colour] = (0, 120, 60)
DOUBTFUL: Final[Colour] = (215, 120, 0)
BAD: Final[Colour] = (205, 0, 30)
LINE: Final[Colour] = (170, 175, 185)
PIECE: Final[Colour] = (90, 140, 220)
RULE: Final[Colour] = (0, 170, 200)
TABLE: Final[Colour] = (140, 40, 190)
DIVISION: Final[Colour] = (205, 175, 225)
LOOSE: Final[Colour] = (110, 110, 110)
WEAK: Final[Colour] = (255, 0, 200)

WEAKEST: Final = 8
"""Decisions about places that are marked: those with the least odds, below WEAK_BELOW."""
WEAK_BELOW: Final = 2.0
"""Log-odds."""

LEGEND: Final = (
    ("line", LINE),
    ("piece of a line", PIECE),
    ("rule", RULE),
    ("table", TABLE),
    ("its rows and columns", DIVISION),
    ("cell: sure", SURE),
    (f"below {DOUBT_BELOW}", DOUBTFUL),
    (f"below {BAD_BELOW}", BAD),
    ("text of no table", LOOSE),
    ("weakest places", WEAK),
)


def draw_page(page: Page) -> Image.Image:
    """On the left the page with lines, rules and tables; on the right the text, where it was read.

    Both show where each table was divided into rows and columns. A cell is framed in the colour of
    its confidence. On the right the confidence is written after each cell in hundredths, and rows
    and columns are counted from 0. The legend is at the top.
    """
    pixels = page.text.picture.pixels
    height, width = pixels.shape[:2]
    scale = min(4.0, max(1.0, WIDTH / width))
    size = (round(width * scale), round(height * scale))
    picture = Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)
    found, read = _Sheet(picture, scale), _Sheet(Image.new("RGB", size, "white"), scale)
    found.draw_marks(page)
    read.draw_text(page)
    left, right = found.image, read.image
    sheet = Image.new("RGB", (left.width + right.width + 8, left.height + MARGIN), (60, 60, 60))
    sheet.paste(left, (0, MARGIN))
    sheet.paste(right, (left.width + 8, MARGIN))
    draw, x = ImageDraw.Draw(sheet), 8.0
    font = ImageFont.load_default(14)
    draw.rectangle((0, 0, sheet.width, MARGIN - 1), fill="white")
    for name, colour in LEGEND:
        draw.rectangle((x, 6, x + 12, 18), fill=colour)
        draw.text((x + 17, MARGIN / 2), name, fill="black", font=font, anchor="lm")
        x += 17 + font.getlength(name) + 20
    return sheet


def weakest_places(page: Page) -> list[tuple[Box, float]]:
    """The cells whose places are least sure, and the log-odds of these."""
    placed = (
        (page.bend.back(cell.box), odds)
        for draft in page.drafts
        for cell, signs in zip(draft.cells, draft.places, strict=bool(draft.places))
        if cell.box and (odds := min(signs.row, signs.column)) < WEAK_BELOW
    )
    return sorted(placed, key=lambda each: each[1])[:WEAKEST]


def colour_of(confidence: float) -> Colour:
    """Red, amber or green."""
    if confidence < BAD_BELOW:
        return BAD
    return DOUBTFUL if confidence < DOUBT_BELOW else SURE


class _Sheet:
    """One half of the picture, with a border; its methods take pixels of the page."""

    def __init__(self, picture: Image.Image, scale: float) -> None:
        self.image = ImageOps.expand(picture, BORDER, "white")
        self.scale = scale
        self.draw = ImageDraw.Draw(self.image)
        self.small = ImageFont.load_default(max(10.0, picture.width / 120))

    def draw_marks(self, page: Page) -> None:
        for line in page.lines:
            self._frame(line.box, LINE)
        for fragment in page.fragments:
            self._frame(fragment.box, PIECE)
        self._draw_structure(page)
        for box, odds in weakest_places(page):
            left, top, right, bottom = box
            self.draw.line((*self._place((left, top)), *self._place((right, bottom))), fill=WEAK)
            self._label((right, top), f"{odds:.1f}", "lb", WEAK)

    def draw_text(self, page: Page) -> None:
        self._draw_structure(page)
        cells = [cell for table in page.tables for cell in table.cells]
        for piece in page.fragments:
            around = [cell.confidence for cell in cells if cell.box and piece.is_in(cell.box)]
            colour = colour_of(min(around)) if around else LOOSE
            # as wide as its box, so that each word is where it was read
            width, height = piece.box.width * self.scale, piece.box.height * self.scale
            font = ImageFont.load_default(fit_size(piece.text, width, height))
            place = self._place((piece.box.left, piece.middle))
            self.draw.text(place, piece.text, fill=colour, font=font, anchor="lm")
        for table in page.tables:
            self._number(table)

    def _draw_structure(self, page: Page) -> None:
        self._draw_rules(page.rules)
        for division in (box for draft in page.drafts for box in draft.divisions()):
            box = page.bend.back(division)
            self.draw.line((*self._place(box[:2]), *self._place(box[2:])), fill=DIVISION)
        self._draw_tables(page.tables)

    def _draw_tables(self, tables: Iterable[Table]) -> None:
        for number, table in enumerate(tables, start=1):
            for cell in table.cells:
                if cell.box:
                    self._frame(cell.box, colour_of(cell.confidence), 2)
            if table.box:
                (left, top, right, bottom), gap = table.box, 6 / self.scale
                around = Box(left - gap, top - gap, right + gap, bottom + gap)
                self._frame(around, TABLE, 3)
                label = f"Table {number}: {table.n_rows} rows, {table.n_cols} columns"
                self._label((around.left, around.top), label, "lb", TABLE)

    def _draw_rules(self, rules: RulingLines) -> None:
        along = [((r.start, r.at), (r.end, r.at)) for r in rules.horizontal]
        down = [((r.at, r.start), (r.at, r.end)) for r in rules.vertical]
        for start, end in along + down:
            self.draw.line((*self._place(start), *self._place(end)), fill=RULE, width=2)

    def _frame(self, box: Box, colour: Colour, width: int = 1) -> None:
        ends = (*self._place(box[:2]), *self._place(box[2:]))
        self.draw.rectangle(ends, outline=colour, width=width)

    def _number(self, table: Table) -> None:
        """The confidence after each cell, the numbers of rows on the left, of columns below."""
        if not table.box:
            return
        cells = [(cell, cell.box) for cell in table.cells if cell.box]
        gap = 8 / self.scale
        for cell, box in cells:
            note, place = f"{cell.confidence * 100:.0f}", (box.right, _middle(box)[1])
            self._label(place, note, "lm", colour_of(cell.confidence))
        for row, y in _centres((c.row, c.rowspan, _middle(box)[1]) for c, box in cells):
            self._label((table.box.left - gap, y), str(row), "rm", TABLE)
        for col, x in _centres((c.col, c.colspan, _middle(box)[0]) for c, box in cells):
            self._label((x, table.box.bottom + gap), str(col), "mt", TABLE)

    def _label(self, place: Place, text: str, anchor: str, colour: Colour) -> None:
        self.draw.text(self._place(place), text, fill=colour, font=self.small, anchor=anchor)

    def _place(self, place: Place) -> Place:
        return place[0] * self.scale + BORDER, place[1] * self.scale + BORDER


def _middle(box: Box) -> Place:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _centres(places: Iterable[tuple[int, int, float]]) -> list[tuple[int, float]]:
    """The middle of each row or column (index, span, middle), by cells that do not span several."""
    found: dict[int, list[float]] = {}
    for index, span, middle in places:
        if span == 1:
            found.setdefault(index, []).append(middle)
    return [(index, median(middles)) for index, middles in found.items()]


def fit_size(text: str, width: float, height: float) -> float:
    """The size of print (8 pixels at least) at which `text` fits into a box."""
    size = max(8.0, 0.7 * height)
    taken = ImageFont.load_default(size).getlength(text)
    return max(8.0, min(size, size * width / max(1.0, taken)))
