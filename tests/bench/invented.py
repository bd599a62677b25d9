"""Compares answers with known faults to the image: `-m tests.bench.invented FOLDER...`.

Each FOLDER holds images/ID.png or .jpg and gt/ID.html. Every answer is the truth with one fault.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from converter.core.engines.local.pipeline import run
from converter.core.engines.local.text.text import TextReader
from converter.core.engines.two_readings.agreement import key_of
from converter.core.engines.two_readings.compare import Comparison, compare
from converter.core.engines.two_readings.print_lines import words_of
from converter.core.images import Limits, open_pages
from converter.core.tables.doubt import is_doubtful
from converter.core.tables.model import Cell, Table, Word
from tests.bench.tampering import FAULTS, Tampered
from tests.bench.teds import Grid, from_html

SEED = 20


@dataclass
class Tally:
    """Cells that were changed and that were not, and how many of each were marked."""

    changed: int = 0
    caught: int = 0
    unchanged: int = 0
    alarms: int = 0
    misses: list[str] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.changed + other.changed,
            self.caught + other.caught,
            self.unchanged + other.unchanged,
            self.alarms + other.alarms,
        )

    def __str__(self) -> str:
        caught, alarms = self.caught / max(1, self.changed), self.alarms / max(1, self.unchanged)
        return (
            f"{self.caught:6} of {self.changed:6} changed {caught:7.1%},"
            f" {self.alarms:6} of {self.unchanged:6} unchanged {alarms:6.1%}"
        )


def main(arguments: Sequence[str]) -> None:
    verbose = "-v" in arguments
    for folder in [Path(name) for name in arguments if name != "-v"]:
        tallies, seconds = drill(folder)
        print_tallies(folder.name, tallies, seconds, verbose=verbose)


def drill(folder: Path) -> tuple[dict[str, Tally], list[float]]:
    """What each kind of fault came to over all pictures, and the seconds of each comparison."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    seconds = []
    for name, truth, words in read_cases(folder):
        for fault, tamper in {"none": untouched, **FAULTS}.items():
            chance = random.Random(f"{SEED} {name} {fault}")
            answer = tamper(chance, truth)
            if answer is None:
                continue
            begun = time.thread_time()
            comparison = compare(answer.tables, words)
            seconds.append(time.thread_time() - begun)
            count(tallies[fault], name, answer, comparison)
    return tallies, seconds


def untouched(_: random.Random, tables: Sequence[Table]) -> Tampered:
    return Tampered(tuple(tables), frozenset())


def count(tally: Tally, name: str, answer: Tampered, comparison: Comparison) -> None:
    """Count the cells of one answer. What was left out counts as caught if its words are listed as
    missing, or a cell beside it is marked."""
    for number, table in enumerate(comparison.tables):
        for cell in table.cells:
            if cell.text.strip():
                changed = (number, cell.row, cell.col) in answer.changed
                _count_cell(tally, f"{name}: {cell}", changed=changed, marked=is_doubtful(cell))
    missing = Missing(comparison)
    marked = {c.row for table in comparison.tables for c in table.cells if is_doubtful(c)}
    for near, text in answer.dropped:
        caught = missing.take(text) or not marked.isdisjoint(near)
        _count_cell(tally, f"{name}: left out {text!r}", changed=True, marked=caught)


def _count_cell(tally: Tally, what: str, *, changed: bool, marked: bool) -> None:
    if changed:
        tally.changed += 1
        tally.caught += marked
    else:
        tally.unchanged += 1
        tally.alarms += marked
    if marked is not changed:
        tally.misses.append(what)


class Missing:
    """The words that a comparison lists as missing; each may account for one that was left out."""

    def __init__(self, comparison: Comparison) -> None:
        lines = [line.text for line in comparison.missing]
        self._words = Counter(key_of(word) for line in lines for word in line.split())
        self._all = key_of(" ".join(lines))

    def take(self, text: str) -> bool:
        wanted = Counter(map(key_of, text.split()))
        if wanted <= self._words:
            self._words -= wanted
            return True
        return len(key_of(text)) > 3 and key_of(text) in self._all


def read_cases(folder: Path) -> Iterator[tuple[str, tuple[Table, ...], list[Word]]]:
    """Each picture's name, its true tables, and the words that the local engine reads on it."""
    reader = None
    for path in sorted((folder / "images").iterdir()):
        truth = tuple(map(table_of, from_html(folder / "gt" / f"{path.stem}.html")))
        reader = reader or TextReader()
        yield path.stem, truth, read_words(reader, path)


def read_words(reader: TextReader, path: Path) -> list[Word]:
    (page,) = open_pages(path, Limits())
    return words_of(run(reader.read(page.pixels), reader).page.fragments)


def table_of(grid: Grid) -> Table:
    """A grid of leaves as a table; a leaf that finds its place taken goes to the next free one."""
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for row, leaves in enumerate(grid):
        col = 0
        for leaf in leaves:
            while (row, col) in taken:
                col += 1
            width = 1
            while width < leaf.colspan and (row, col + width) not in taken:
                width += 1
            height = min(leaf.rowspan, len(grid) - row)
            cell = Cell(row, col, leaf.text, height, width)
            cells.append(cell)
            taken |= set(cell.places())
    return Table(tuple(cells))


def print_tallies(
    name: str, tallies: dict[str, Tally], seconds: Sequence[float], *, verbose: bool
) -> None:
    usual, longest = 1000 * median(seconds), 1000 * max(seconds)
    print(f"{name}: {usual:.1f} ms, at most {longest:.0f}")
    for fault, tally in tallies.items():
        print(f"{fault:20} {tally}")
        if verbose:
            print(*tally.misses, sep="\n")
    print(f"{'all':20} {sum(tallies.values(), Tally())}")


if __name__ == "__main__":
    main(sys.argv[1:])
