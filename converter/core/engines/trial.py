"""A random image of a table, and a check that an engine has really read it.

A server whose model cannot see images may still answer with status 200 and an invented table. So
the numbers on the image are random each time, and the reading is compared with them cell by cell.
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
_SEEN: Final = 0.25  # with fewer of the numbers in its answer, the model did not see the image


class Verdict(StrEnum):
    RIGHT = "right"
    MISREAD = "misread"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A cell that was read differently from what was drawn; rows and columns count from 0."""

    row: int
    col: int
    drawn: str
    read: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a trial. `cells` is the number of cells that were compared."""

    verdict: Verdict
    cells: int
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """The texts that were drawn, row by row, and the image of them."""

    rows: tuple[tuple[str, ...], ...]
    picture: PageImage


def make_trial(lot: random.Random | None = None) -> Trial:
    """A small table in clear print with random numbers from `lot`."""
    lot = lot or random.SystemRandom()
    items = lot.sample(_ITEMS, _ROWS)
    rows: list[tuple[str, ...]] = [_HEADER]
    for item in items:
        numbers = (f"{lot.randrange(1000, 10_000)}.{lot.randrange(1, 10)}" for _ in _HEADER[1:])
        rows.append((item, *numbers))
    size = len(_HEADER) * _WIDTH + 2 * _MARGIN, len(rows) * _HEIGHT + 2 * _MARGIN
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(28)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            left, top = _MARGIN + c * _WIDTH, _MARGIN + r * _HEIGHT
            draw.rectangle((left, top, left + _WIDTH, top + _HEIGHT), outline="black", width=2)
            draw.text((left + 18, top + 10), text, fill="black", font=font)
    return Trial(tuple(rows), PageImage("trial.png", np.asarray(image)))


def judge(trial: Trial, reading: Reading) -> Outcome:
    """Compares a reading with what was drawn, cell by cell, regardless of blanks and case."""
    cells = sum(map(len, trial.rows))
    found = [tuple(_mistakes(trial, table)) for table in reading.tables]
    mistakes = min(found, key=len, default=tuple(_mistakes(trial, Table(()))))
    if not mistakes:
        return Outcome(Verdict.RIGHT, cells)
    # the model saw the image if enough of the numbers are anywhere in its answer
    texts = [cell.text for table in reading.tables for cell in table.cells]
    answer = _plain(" ".join([*texts, *(line.text for line in reading.loose_text)]))
    numbers = [text for row in trial.rows[1:] for text in row[1:]]
    is_seen = sum(number in answer for number in numbers) >= _SEEN * len(numbers)
    return Outcome(Verdict.MISREAD if is_seen else Verdict.UNSEEN, cells, mistakes)


def _mistakes(trial: Trial, table: Table) -> Iterator[Mistake]:
    read = {cell.place: cell.text for cell in table.cells if cell.text.strip()}
    drawn = {(r, c): text for r, row in enumerate(trial.rows) for c, text in enumerate(row)}
    for place in sorted(drawn.keys() | read.keys()):
        wanted, got = drawn.get(place, ""), read.get(place, "")
        if _plain(wanted) != _plain(got):
            yield Mistake(*place, wanted, got)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
