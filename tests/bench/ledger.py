"""How much print of a page is told nowhere: `-m tests.bench.ledger SET… [--rendered N]`.

Print is every mark of ink as large as a character. It is told where the middle of the mark lies in
the box of a cell, of text beside the tables, or of print that was not read. Prints the share of the
area of all marks that is not told, by set, and the worst pictures.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from converter.core.engines.local.ledger.marks import Boxes, marks_of
from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.pipeline import run
from converter.core.engines.local.stages import Page
from converter.core.engines.local.text.text import TextReader
from converter.core.images import Limits, open_pages
from converter.core.tables.model import Box
from tests.bench.sets import BenchSet, Rendering, find_sets, render_sets

REACH: Final = 0.25
"""By the height of a line: how far print may reach beyond the box that tells of it."""
WORST: Final = 10


@dataclass(frozen=True)
class Account:
    """The area of the print of a page, in pixels, and where the print is that is told nowhere."""

    area: float
    untold: Boxes

    @property
    def share(self) -> float:
        return float(areas(self.untold).sum()) / max(1.0, self.area)


def account_of(page: Page) -> Account:
    """That of a page at the end of all stages."""
    height = line_height(line.box for line in page.lines)
    marks = marks_of(page.gray, height, page.rules)
    told = _told(marks, list(_boxes(page)), REACH * height)
    return Account(float(areas(marks).sum()), marks[~told])


def areas(boxes: Boxes) -> np.ndarray:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def _boxes(page: Page) -> Iterator[Box]:
    for table in page.tables:
        yield from (cell.box for cell in table.cells if cell.box)
    yield from (line.box for line in page.told)
    yield from page.unread


def _told(marks: Boxes, boxes: Sequence[Box], reach: float) -> np.ndarray:
    """Which marks (n, 4) have their middle in one of the boxes."""
    if not boxes:
        return np.zeros(len(marks), np.bool_)
    x, y = (marks[:, :2] + marks[:, 2:]).T[:, :, None] / 2
    left, top, right, bottom = np.array(boxes).T
    within = (x > left - reach) & (x < right + reach) & (y > top - reach) & (y < bottom + reach)
    return within.any(axis=1)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.ledger")
    parser.add_argument("sets", type=Path, nargs="*", metavar="SET")
    parser.add_argument("--rendered", type=int, default=0, metavar="N", help="pages per family")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    reader = TextReader()
    with ExitStack() as stack:
        sets = find_sets(options.sets)
        if options.rendered:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            sets += render_sets(Rendering(each=options.rendered, seed=options.seed), folder)
        found = [(each.name, *case) for each in sets for case in told(each, reader)]
    print("| set | pages | print told nowhere |\n| --- | --- | --- |")
    for name in dict.fromkeys(name for name, _, _ in found):
        print(_line(name, [account for of, _, account in found if of == name]))
    print(_line("all", [account for _, _, account in found]))
    for of, name, account in sorted(found, key=lambda each: -each[2].share)[:WORST]:
        boxes = " ".join(str(tuple(map(round, box))) for box in account.untold[:3].tolist())
        print(f"{account.share:.3%} {of}/{name}: {len(account.untold)} marks, {boxes}")


def told(pictures: BenchSet, reader: TextReader) -> Iterator[tuple[str, Account]]:
    """The account of each picture of a set."""
    for case in pictures.cases:
        (image,) = open_pages(case.image, Limits())
        yield case.name, account_of(run(reader.read(image.pixels), reader).page)


def _line(name: str, accounts: Sequence[Account]) -> str:
    untold = sum(float(areas(account.untold).sum()) for account in accounts)
    share = untold / max(1.0, sum(account.area for account in accounts))
    return f"| {name} | {len(accounts)} | {share:.3%} |"


if __name__ == "__main__":
    main(sys.argv[1:])
