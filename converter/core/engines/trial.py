"""A picture of a table that nobody has seen before, and whether an engine has really read it.

A server without eyes may answer 200 and a table of its own making. So the numbers on the picture
are drawn by lot each time, and what was read is held against them cell by cell.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from converter.core.engines.protocol import Reading
from converter.core.images import PageImage
from converter.core.tables.model import Table

_HEADER: Final = ("Item", "May", "June", "July")
_ITEMS: Final = ("Birch", "Cedar", "Hazel", "Maple", "Alder", "Aspen", "Larch")
_ROWS: Final = 4
_WIDTH, _HEIGHT, _MARGIN = 190, 56, 40  # pixels, of a cell and around the table
_SEEN: Final = 0.25  # with fewer of the numbers in an answer, nobody has looked


class Verdict(StrEnum):
    RIGHT = "right"
    MISREAD = "misread"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A cell that was read otherwise than it was drawn; rows and columns count from 0."""

    row: int
    col: int
    drawn: str
    read: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a trial ended. `cells` is how many there were to compare."""

    verdict: Verdict
    cells: int
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """The texts that were drawn, row by row, and the picture of them."""

    rows: tuple[tuple[str, ...], ...]
    picture: PageImage


def make_trial(lot: random.Random | None = None) -> Trial:
    """A small table with clear print, whose numbers are drawn by `lot`."""
    lot = lot or random.SystemRandom()
    items = lot.sample(_ITEMS, _ROWS)
    rows = (_HEADER, *((item, *(_number(lot) for _ in _HEADER[1:])) for item in items))
    return Trial(rows, PageImage("trial.png", np.asarray(_drawn(rows))))


def judge(trial: Trial, reading: Reading) -> Outcome:
    """Hold what was read against what was drawn, cell by cell. Blanks and case do not count."""
    cells = sum(map(len, trial.rows))
    found = [tuple(_mistakes(trial, table)) for table in reading.tables]
    mistakes = min(found, key=len, default=tuple(_mistakes(trial, Table(()))))
    if not mistakes:
        return Outcome(Verdict.RIGHT, cells)
    verdict = Verdict.MISREAD if _is_seen(trial, reading) else Verdict.UNSEEN
    return Outcome(verdict, cells, mistakes)


def _number(lot: random.Random) -> str:
    return f"{lot.randrange(1000, 10_000)}.{lot.randrange(1, 10)}"


def _drawn(rows: tuple[tuple[str, ...], ...]) -> Image.Image:
    size = len(rows[0]) * _WIDTH + 2 * _MARGIN, len(rows) * _HEIGHT + 2 * _MARGIN
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(28)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            left, top = _MARGIN + c * _WIDTH, _MARGIN + r * _HEIGHT
            draw.rectangle((left, top, left + _WIDTH, top + _HEIGHT), outline="black", width=2)
            draw.text((left + 18, top + 10), text, fill="black", font=font)
    return image


def _mistakes(trial: Trial, table: Table) -> Iterator[Mistake]:
    read = {(cell.row, cell.col): cell.text for cell in table.cells if cell.text.strip()}
    drawn = {(r, c): text for r, row in enumerate(trial.rows) for c, text in enumerate(row)}
    for place in sorted(drawn.keys() | read.keys()):
        wanted, got = drawn.get(place, ""), read.get(place, "")
        if _plain(wanted) != _plain(got):
            yield Mistake(*place, wanted, got)


def _is_seen(trial: Trial, reading: Reading) -> bool:
    """Whether enough of the numbers stand anywhere in what was answered."""
    cells = (cell.text for table in reading.tables for cell in table.cells)
    said = _plain(" ".join([*cells, *(line.text for line in reading.loose_text)]))
    numbers = [text for row in trial.rows[1:] for text in row[1:]]
    return sum(number in said for number in numbers) >= _SEEN * len(numbers)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
