from __future__ import annotations

import pytest

from converter.core.engines.local.glyphs import Glyph, count_clear, legibility


def test_legibility() -> None:
    lines = [[Glyph("a", 0, 0.8), Glyph(" ", 0, 0.1)], [], [Glyph("b", 0, 0.6)]]
    assert legibility(lines) == pytest.approx(0.7)
    assert legibility([[]]) == 0


def test_clear_characters() -> None:
    assert count_clear([[Glyph("a", 0, 0.99), Glyph(" ", 0, 1.0)], [Glyph("b", 0, 0.6)]]) == 1
