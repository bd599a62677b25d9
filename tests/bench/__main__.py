"""`make bench [SET=FOLDER]`: how good and how fast the local engine is, on this machine.

FOLDER holds images/ID.png or .jpg and gt/ID.html (one or more <table>). Without one, tables are
drawn whose content is known. Printed per image and in the mean: TEDS of the finished workbook, and
the seconds of processor time; at the end the largest memory.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from converter.core.engines.protocol import Engine, ReadRequest
from converter.core.engines.registry import make_engine
from converter.core.images import Limits, open_pages
from converter.core.workbook.tables_book import TableBook
from tests.bench.teds import Grid, Leaf, from_html, from_workbook, teds
from tests.pictures import Rows, table_png


@dataclass(frozen=True)
class Case:
    name: str
    image: Path
    truth: list[Grid]


def main() -> None:
    engine = make_engine("local")
    with TemporaryDirectory() as folder:
        work = Path(folder)
        cases = _cases(Path(sys.argv[1])) if len(sys.argv) > 1 else _drawn(work)
        figures = [_measure(engine, case, work / "out.xlsx") for case in cases]
    scores, seconds = zip(*figures, strict=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(figures)} images: TEDS {mean(scores):.3f}, {mean(seconds):.2f} CPU s each")
    print(f"at most {memory:.0f} MB of memory")


def _measure(engine: Engine, case: Case, out: Path) -> tuple[float, float]:
    begun = time.process_time()
    with out.open("wb") as file, TableBook(file) as book:
        for page in open_pages(case.image, Limits()):
            book.add_tables(None, engine.read(page, ReadRequest()).tables)
    seconds = time.process_time() - begun
    score = teds(case.truth, from_workbook(out))
    print(f"{case.name:40.40} TEDS {score:.3f}  {seconds:5.2f} CPU s", flush=True)
    return score, seconds


def _cases(folder: Path) -> Iterator[Case]:
    for image in sorted((folder / "images").iterdir()):
        truth = folder / "gt" / f"{image.stem}.html"
        if truth.exists():
            yield Case(image.stem, image, from_html(truth))


def _drawn(folder: Path) -> Iterator[Case]:
    """Tables of growing size, ruled and not."""
    for size in range(3, 9):
        for ruled in (True, False):
            rows = _numbers(size)
            name = f"{size} x {size - 1}, {'ruled' if ruled else 'not ruled'}"
            path = folder / f"{name}.png"
            path.write_bytes(table_png(rows, ruled=ruled))
            yield Case(name, path, [[[Leaf(text) for text in row] for row in rows]])


def _numbers(size: int) -> Rows:
    """A table of amounts that differ from each other, below a header."""
    header = ["Region", *(f"Year {2019 + col}" for col in range(size - 2))]
    body = [
        [
            f"Area {row}",
            *(f"{(row * 7919 + col * 104729) % 99991 / 7:,.2f}" for col in range(size - 2)),
        ]
        for row in range(1, size)
    ]
    return [header, *body]


if __name__ == "__main__":
    main()
