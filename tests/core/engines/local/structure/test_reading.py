"""The network's reading of drawn pages, beside that of the rules."""

from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.pipeline import run
from converter.core.engines.local.structure import reading
from converter.core.engines.local.structure.acceptance import is_table, signs_of
from converter.core.engines.local.structure.decoding import decode
from converter.core.engines.local.structure.reading import the_network
from converter.core.engines.local.text.text import TextReader
from tests.core.engines.local.printed import Page, grid_of
from tests.core.engines.local.structure.made_up import certain, fragment, page_of

HEAD = ("Item", "2023", "2022")
ROWS = [("Sales", "1,250", "980"), ("Costs", "730", "655"), ("Profit", "520", "325")]
COLUMNS = (40, 260, 400)


def test_the_network_reads_a_plain_table() -> None:
    table = [HEAD, *ROWS]
    page = page_of(
        [fragment(text, r, c) for r, row in enumerate(table) for c, text in enumerate(row)]
    )
    (grid,) = decode(page, the_network().scores(page))
    assert grid.rows[:, 0].tolist() == [r for r in range(4) for _ in range(3)]
    assert grid.columns[:, 0].tolist() == [0, 1, 2] * 4
    assert grid.margins is not None
    assert grid.margins.min() > 0


def test_a_long_title_within_a_table_does_not_end_it(reader: TextReader) -> None:
    page = Page(560, 340).table([HEAD, *ROWS[:2]], COLUMNS, 20)
    page.text(40, 20 + 40 * 3, "Adjustments to what was earned by operating activities", 18)
    page.table(ROWS[::-1], COLUMNS, 20 + 40 * 4)
    (table,) = run(reader.read(page.pixels), reader).page.tables
    assert [row[1:] for row in grid_of(table) if row[1].strip("^")] == [
        [*row[1:]] for row in (HEAD, *ROWS[:2], *ROWS[::-1])
    ]


def test_where_the_network_finds_no_table_rules_find_none(
    reader: TextReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = reader.read(Page(560, 220).table([HEAD, *ROWS], COLUMNS, 20).pixels)
    assert run(text, reader, {"structure"}).page.tables
    monkeypatch.setattr(reading, "decode", lambda *_: [])
    page = run(text, reader).page
    assert not page.tables
    assert len(page.loose) == 12


def test_a_long_page_costs_in_proportion_to_its_length() -> None:
    page = page_of([fragment("1,250", row, col) for row in range(200) for col in range(6)])
    scores = the_network().scores(page)
    near, far = scores.row[0, 1], scores.row[0, -1]
    assert near > 0
    assert far == 0  # never compared
    assert np.isfinite(scores.table).all()


@pytest.mark.parametrize("inside", [True, False])
def test_what_is_surely_outside_is_no_table(inside: bool) -> None:
    places = [(0, row, row + 1, col, col + 1) for row in range(3) for col in range(3)]
    page = page_of([fragment("1", row, col) for _, row, _, col, _ in places])
    scores = certain(places)
    (grid,) = decode(page, scores)
    scores.inside[:] = 5 if inside else -5
    assert is_table(page, scores, grid) is inside
    signs = signs_of(page, scores, grid)
    assert (signs.filled, signs.figures, signs.ruled) == (1, 1, 0)
