from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.recognition.recognition import BATCH_COLUMNS, RUN, batches, decode

ALPHABET = ["", "a", "b", " "]


def scores(path: list[int], confidence: float = 0.9) -> np.ndarray:
    table = np.full((len(path), len(ALPHABET)), 0.01, np.float32)
    table[np.arange(len(path)), path] = confidence
    return table


def test_repeats_are_merged_and_blanks_dropped() -> None:
    glyphs = decode(scores([0, 1, 1, 0, 1, 2]), ALPHABET, 1.0)
    assert "".join(glyph.text for glyph in glyphs) == "aab"


def test_place_of_a_character_is_the_middle_of_its_steps() -> None:
    glyphs = decode(scores([0, 1, 1, 0, 0, 0, 0, 2]), ALPHABET, 1.0)
    assert [glyph.x for glyph in glyphs] == pytest.approx([0.25, 0.9375])


def test_padding_does_not_move_characters() -> None:
    (glyph,) = decode(scores([0, 1, 0, 0]), ALPHABET, 0.5)
    assert glyph.x == pytest.approx(0.75)


def test_no_steps_no_characters() -> None:
    assert decode(scores([]), ALPHABET, 1.0) == ()


def test_a_character_that_nearly_was_read_is_missed_by_its_neighbours() -> None:
    table = scores([1, 0, 0, 0, 2, 0, 1], 0.97)
    table[2] = [0.6, 0.0, 0.05, 0.35]
    first, second, third = decode(table, ALPHABET, 1.0)
    assert first.missed == second.missed == pytest.approx(0.35)
    assert third.missed < 0.05


def test_batches_hold_every_crop_once_and_are_wide_enough() -> None:
    widths = [90, 17, 300, 91, 2000, 16, 96, 1]
    found = list(batches(widths))
    assert sorted(place for _, batch in found for place in batch) == list(range(len(widths)))
    assert all(widths[place] <= width for width, batch in found for place in batch)
    assert all(width % 8 == 0 for width, _ in found)


def test_padding_costs_less_than_more_runs_would() -> None:
    widths = [40 + 7 * n for n in range(60)]
    found = list(batches(widths))
    padding = sum(width * len(batch) for width, batch in found) - sum(widths)
    assert padding < 60 * 8 + RUN * len(found)
    assert all(width * len(batch) <= BATCH_COLUMNS for width, batch in found)


def test_no_crops_no_batches() -> None:
    assert list(batches([])) == []
