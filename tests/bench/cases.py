"""Images of tables with their true content: from a folder, or drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.teds import Grid, Leaf, from_html
from tests.support.pictures import table_png


@dataclass(frozen=True)
class Case:
    name: str
    image: Path
    truth: list[Grid]


def read_cases(folder: Path) -> list[Case]:
    """The images of a set: images/ID.png or .jpg with gt/ID.html, one or more <table> each."""
    truths = {path.stem: path for path in (folder / "gt").glob("*.html")}
    return [
        Case(image.stem, image, from_html(truths[image.stem]))
        for image in sorted((folder / "images").iterdir())
        if image.stem in truths
    ]


def draw_cases(folder: Path) -> Iterator[Case]:
    """Tables of growing size, ruled and not ruled, with amounts that all differ."""
    for size in range(3, 9):
        for ruled in (True, False):
            header = ["Region", *(f"Year {2019 + col}" for col in range(size - 2))]
            rows = [header]
            for row in range(1, size):
                numbers = ((row * 7919 + col * 104729) % 99991 / 7 for col in range(size - 2))
                rows.append([f"Area {row}", *(f"{number:,.2f}" for number in numbers)])
            name = f"{size} x {size - 1}, {'ruled' if ruled else 'not ruled'}"
            path = folder / f"{name}.png"
            path.write_bytes(table_png(rows, ruled=ruled))
            yield Case(name, path, [[[Leaf(text) for text in row] for row in rows]])
