from __future__ import annotations

import pytest

from converter.core.engines.local.page.glyphs import (
    DISPUTED,
    Glyph,
    certainty,
    count_clear,
    legibility,
)


def test_legibility() -> None:
    lines = [[Glyph("a", 0, 0.8), Glyph(" ", 0, 0.1)], [], [Glyph("b", 0, 0.6)]]
    assert legibility(lines) == pytest.approx(0.7)
    assert legibility([[]]) == 0


def test_clear_characters() -> None:
    assert count_clear([[Glyph("a", 0, 0.99), Glyph(" ", 0, 1.0)], [Glyph("b", 0, 0.6)]]) == 1


def test_certainty_is_that_of_all_characters_together() -> None:
    glyphs = [Glyph("a", 0, 0.9), Glyph(" ", 0.5, 0.1), Glyph("b", 1, 0.5)]
    assert certainty(glyphs) == pytest.approx(0.45)


def test_a_character_that_a_second_look_did_not_read_is_not_trusted() -> None:
    assert certainty([Glyph("a", 0, 0.99, seconded=True)]) == 0.99
    assert certainty([Glyph("a", 0, 0.99, seconded=False)]) == DISPUTED
