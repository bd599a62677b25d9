from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from converter.core.engines.local.explain import (
    BAD,
    BORDER,
    DIVISION,
    DOUBTFUL,
    LOOSE,
    MARGIN,
    RULE,
    SURE,
    TABLE,
    WIDTH,
    colour_of,
    draw_page,
    fit_size,
)
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_lines import group_lines
from converter.core.engines.local.picture.pictures import Picture, Pixels
from converter.core.engines.local.stages import Page
from converter.core.engines.local.tables.draft import Draft
from converter.core.engines.local.text.page_text import PageText
from converter.core.tables.model import Box, Cell, Table
from tests.core.engines.local.printed import fragment, layout_of, lines_of

WHITE = np.full((100, 700, 3), 255, np.uint8)


def page_of(pixels: Pixels, **known: Any) -> Page:
    """A page without text, and what is `known` about it."""
    return Page(PageText((), Picture(pixels)), **known)


def colours(picture: Image.Image) -> set[tuple[int, ...]]:
    below_legend = np.asarray(picture)[MARGIN:]
    return set(map(tuple, below_legend.reshape(-1, 3).tolist()))


def test_cells_have_the_colour_of_their_confidence() -> None:
    pieces = [fragment(text, 200 * n, 40) for n, text in enumerate(("sure", "weak", "bad"))]
    cells = tuple(
        Cell(0, n, piece.text, box=piece.box, confidence=confidence)
        for n, (piece, confidence) in enumerate(zip(pieces, (0.97, 0.7, 0.2), strict=True))
    )
    table = Table(cells, Box(0, 40, 430, 60))
    drawn = draw_page(page_of(WHITE, fragments=tuple(pieces), tables=(table,)))
    assert {SURE, DOUBTFUL, BAD, TABLE} <= colours(drawn)


def test_rules_and_loose_text_are_drawn() -> None:
    piece = fragment("A sentence of no table", 20, 40)
    rules = RulingLines((RulingLine(20, 10, 600),), (RulingLine(300, 5, 90),))
    drawn = draw_page(page_of(WHITE, rules=rules, fragments=(piece,)))
    assert {RULE, LOOSE} <= colours(drawn)


def test_rows_and_columns_of_a_table_in_the_making_are_drawn() -> None:
    pieces = lines_of([("Ann", "12"), ("Bob", "14")], (20, 200), top=20)
    draft = Draft(layout_of(pieces, [120]), tuple((line,) for line in group_lines(pieces)))
    drawn = draw_page(page_of(WHITE, drafts=(draft,)))
    assert DIVISION in colours(drawn)


def test_page_and_text_stand_side_by_side_large_enough_to_read() -> None:
    drawn = draw_page(page_of(WHITE))
    assert drawn.width > 2 * WIDTH
    assert drawn.height == 200 + 2 * BORDER + MARGIN


@pytest.mark.parametrize("shape", [(1, 1), (20, 6000)])
def test_pages_of_any_shape(shape: tuple[int, int]) -> None:
    assert draw_page(page_of(np.zeros((*shape, 3), np.uint8))).width > 2 * shape[1]


@pytest.mark.parametrize(
    ("confidence", "colour"), [(0.9, SURE), (0.89, DOUBTFUL), (0.5, DOUBTFUL), (0.49, BAD)]
)
def test_colours(confidence: float, colour: tuple[int, int, int]) -> None:
    assert colour_of(confidence) == colour


def test_long_text_is_printed_smaller_but_never_too_small() -> None:
    assert fit_size("ab", 500, 40) == pytest.approx(28)
    assert 8 < fit_size("abcdefghijkl", 100, 40) < 28
    assert fit_size("abcdefghijkl" * 9, 100, 40) == 8
