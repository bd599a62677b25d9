"""Families mark every cell of their tables once, whatever they draw around them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from random import Random

import pytest
from lxml import html as lxml_html

from tests.bench.rendered.families import all_families
from tests.bench.rendered.invented import Range
from tests.bench.rendered.source import SourceTable
from tests.bench.rendered.tables import Supply

NAMES = (
    "app-screen", "authority-report", "book-numbers", "browser-window", "dashboard",
    "facts-box", "form", "form-boxes", "index-card", "label-value", "long", "many-tables",
    "monospace", "paper-levels", "plain-list", "receipt", "running-text", "small-print",
    "sortable", "spreadsheet", "ticks", "timetable", "two-column-page", "two-tables",
    "web-page", "wide", "wrapped-rows", "zebra",
)  # fmt: skip
SEEDS = range(6)

each_name = pytest.mark.parametrize("name", NAMES)


@dataclass(frozen=True)
class RecordingSupply(Supply):
    given: list[SourceTable] = field(default_factory=list)

    def table(self, *args: Range, **options: Range) -> SourceTable:
        self.given.append(super().table(*args, **options))
        return self.given[-1]

    def invented(self, *args: object, **options: Range) -> SourceTable:
        self.given.append(super().invented(*args, **options))
        return self.given[-1]


@cache
def pages_of(name: str) -> list[tuple[str, list[list[lxml_html.HtmlElement]], list[SourceTable]]]:
    """The HTML, the cells of each table and the supplied tables of a page per seed."""
    pages = []
    for seed in SEEDS:
        supply = RecordingSupply(Random(seed))
        page = all_families()[name].make(supply.rnd, supply)
        tables = lxml_html.fromstring(page).xpath("//*[@data-table]")
        cells = [table.xpath(".//*[@data-cell]") for table in tables]
        pages.append((page, cells, supply.given))
    return pages


def place_and_text(cell: lxml_html.HtmlElement) -> tuple[str, str, bool]:
    text = "".join(cell.xpath(".//text()[not(parent::*[@data-ornament])]"))
    return cell.get("data-cell"), "".join(text.split()), cell.get("data-header") is not None


def expected(table: SourceTable) -> Counter[tuple[str, str, bool]]:
    return Counter(
        (
            f"{each.row} {each.col} {each.cell.rowspan} {each.cell.colspan}",
            "".join(each.cell.text.split()),
            each.cell.header,
        )
        for each in table.placed
    )


@each_name
def test_each_cell_of_a_source_is_marked_once(name):
    for _, tables, given in pages_of(name):
        drawn = [Counter(map(place_and_text, cells)) for cells in tables]
        wanted = [expected(table) for table in given]
        assert drawn
        if wanted:  # some timetables are the family's own; fixed-width print takes the last it saw
            kept = wanted[-len(drawn) :]
            assert len(drawn) == len(kept)
            assert all(table in kept for table in drawn)


@each_name
def test_the_cells_fill_their_grid(name):
    for cells in (cells for _, tables, _ in pages_of(name) for cells in tables):
        places = [
            (row, col)
            for top, left, rows, cols in (map(int, each.get("data-cell").split()) for each in cells)
            for row in range(top, top + rows)
            for col in range(left, left + cols)
        ]
        width = 1 + max(col for _, col in places)
        assert len(places) == len(set(places)) == width * (1 + max(row for row, _ in places))


@each_name
def test_looks_differ_and_name_no_address(name):
    pages = [page for page, _, _ in pages_of(name)]
    assert len({re.sub(r"\d+|<body>.*", "", page) for page in pages}) >= 4
    assert not any(re.search(r"https?:|//\w|url\(|<script|src=", page) for page in pages)
