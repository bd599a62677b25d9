"""Where doubt begins."""

from __future__ import annotations

import pytest

from converter.core.tables.doubt import DOUBT_BELOW, is_doubtful
from converter.core.tables.model import Cell


@pytest.mark.parametrize(
    ("text", "confidence", "doubtful"),
    [("a", DOUBT_BELOW, False), ("a", DOUBT_BELOW - 0.01, True), ("", 0.0, False)],
)
def test_text_below_the_threshold_is_doubtful(text, confidence, doubtful):
    assert is_doubtful(Cell(0, 0, text, confidence=confidence)) is doubtful
