"""Where doubt begins."""

from __future__ import annotations

import pytest

from converter.core.tables.causes import Cause
from converter.core.tables.doubt import DOUBT_BELOW, is_doubtful, needs_a_look, reasons
from converter.core.tables.model import Cell


@pytest.mark.parametrize(
    ("text", "confidence", "doubtful"),
    [("a", DOUBT_BELOW, False), ("a", DOUBT_BELOW - 0.01, True), ("", 0.0, False)],
)
def test_text_below_the_threshold_is_doubtful(text, confidence, doubtful):
    assert is_doubtful(Cell(0, 0, text, confidence=confidence)) is doubtful


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Cell(0, 0, "12", other="13"), []),
        (Cell(0, 0, "12", confidence=0.3), ["hard to read (30 % sure)"]),
        (
            Cell(0, 0, "12", confidence=0.3, other="13"),
            ["hard to read (30 % sure)", "another reading says “13”"],
        ),
        (Cell(0, 0, "", confidence=0.3, other="13"), ["another reading says “13”"]),
        (Cell(0, 0, "", confidence=0.3), []),
        (
            Cell(0, 0, "", confidence=0.4, causes=(Cause.NOT_READ,)),
            ["something is printed here that was not read"],
        ),
        (
            Cell(0, 0, "1.204.5", confidence=0.7, causes=(Cause.IMPOSSIBLE,)),
            ["no number is written so"],
        ),
        (Cell(0, 0, "12", confidence=1.0, causes=(Cause.BESIDE,)), []),
    ],
)
def test_every_marked_cell_says_why_and_no_other(cell, said):
    assert list(reasons(cell)) == said
    assert needs_a_look(cell) is bool(said)
