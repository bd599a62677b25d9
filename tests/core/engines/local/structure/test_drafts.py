"""Grids as tables in the making, and back."""

from __future__ import annotations

import numpy as np

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.structure.decoding import decode
from converter.core.engines.local.structure.drafts import (
    draft_of,
    grid_of,
    header_rows,
    with_whole_dates,
)
from tests.core.engines.local.structure.made_up import Place, certain, fragment, page_of

TRUTH: list[Place] = [(0, row, row + 1, col, col + 1) for row in range(3) for col in range(3)]
TEXTS = ["name", "1990", "1991", "Oslo", "1", "2", "Rome", "3", "4"]


def test_cells_have_their_text_and_the_header_is_marked() -> None:
    fragments = [
        fragment(text, row, col) for text, (_, row, _, col, _) in zip(TEXTS, TRUTH, strict=True)
    ]
    page, scores = page_of(fragments), certain(TRUTH, headers=(0, 1, 2))
    (grid,) = decode(page, scores)
    draft = draft_of(page, scores, grid, fragments, RulingLines())
    assert [(cell.row, cell.col, cell.text) for cell in draft.cells] == [
        (row, col, text) for text, (_, row, _, col, _) in zip(TEXTS, TRUTH, strict=True)
    ]
    assert [cell.header for cell in draft.cells] == [True] * 3 + [False] * 6
    # columns part in the blanks between them
    assert [60 < draft.layout.boundaries[0] < 100, 160 < draft.layout.boundaries[1] < 200]
    back = grid_of(draft, fragments)
    assert back.pieces.tolist() == list(range(9))
    assert back.rows.tolist() == [[row, row + 1] for _, row, _, _, _ in TRUTH]


def test_text_of_two_columns_that_was_found_as_one_is_parted() -> None:
    fragments = [
        fragment(text, row, col) for text, (_, row, _, col, _) in zip(TEXTS, TRUTH, strict=True)
    ]
    joined = fragment("20 30", 3, 1, 2)
    truth: list[Place] = [*TRUTH, (0, 3, 4, 0, 1), (0, 3, 4, 1, 3)]
    fragments += [fragment("Bern", 3, 0), joined]
    page, scores = page_of(fragments), certain(truth)
    scores.joined[-1] = 5
    (grid,) = decode(page, scores)
    draft = draft_of(page, scores, grid, fragments, RulingLines())
    assert [cell.text for cell in draft.cells if cell.row == 3] == ["Bern", "20", "30"]
    assert 10 in grid_of(draft, fragments).pieces


def test_a_table_is_not_all_header() -> None:
    scores = certain(TRUTH, headers=range(9))
    page = page_of([fragment("a", row, col) for _, row, _, col, _ in TRUTH])
    (grid,) = decode(page, scores)
    assert header_rows(scores, grid, 0) == 2


def test_rules_say_what_is_header_where_the_network_hardly_does() -> None:
    page = page_of([fragment("a", row, col) for _, row, _, col, _ in TRUTH])
    scores = certain(TRUTH)
    scores.header[:] = -9
    (grid,) = decode(page, scores)
    assert header_rows(scores, grid, 1) == 0
    scores.header[:3] = -1
    assert header_rows(scores, grid, 1) == 1


def test_a_table_has_the_ruling_lines_within_its_reach() -> None:
    fragments = [fragment("a", row, col) for _, row, _, col, _ in TRUTH]
    page, scores = page_of(fragments), certain(TRUTH)
    (grid,) = decode(page, scores)
    near, far = RulingLine(25, 0, 300), RulingLine(700, 0, 300)
    draft = draft_of(page, scores, grid, fragments, RulingLines(horizontal=(near, far)))
    assert draft.layout.rules.horizontal == (near,)
    assert np.all(np.diff(draft.layout.boundaries) > 0)


def test_day_month_and_year_of_a_form_are_one_column() -> None:
    heads = [("Place", 0, 0, 1), ("Date of the raise", 0, 1, 3), ("Pay", 0, 4, 1)]
    labels = [(text, 1, col, 1) for col, text in enumerate(["Tag", "Monat", "Jahr"], 1)]
    texts = ["Bern", "17", "Dez", "45", "270"]
    body = [(text, row, col, 1) for row in (2, 3) for col, text in enumerate(texts)]
    printed = [*heads, *labels, *body]
    fragments = [fragment(*each) for each in printed]
    truth: list[Place] = [(0, row, row + 1, col, col + wide) for _, row, col, wide in printed]
    page = page_of(fragments)
    (grid,) = decode(page, certain(truth))
    rules = RulingLines(vertical=tuple(RulingLine(at, 25, 120) for at in (180, 280)))
    whole = with_whole_dates(page, grid, fragments, rules)
    assert int(grid.columns.max()) == 5
    assert int(whole.columns.max()) == 3
    draft = draft_of(page, certain(truth), whole, fragments, rules)
    assert [cell.text for cell in draft.cells if cell.row == 2] == ["Bern", "17 Dez 45", "270"]
    untold = with_whole_dates(page, grid, fragments, RulingLines())
    assert untold.columns.tolist() == grid.columns.tolist()
