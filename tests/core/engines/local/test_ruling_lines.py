from __future__ import annotations

import pytest

from converter.core.engines.local.ruling_lines import RulingLine, rails


def test_a_rail_runs_over_faint_parts() -> None:
    (rail,) = rails([RulingLine(100, 0, 80), RulingLine(103, 150, 200)], tolerance=4)
    assert (rail.start, rail.end) == (0, 200)
    assert 100 < rail.at < 103


def test_a_few_strokes_far_apart_are_no_rail() -> None:
    assert rails([RulingLine(100, 0, 20), RulingLine(100, 480, 500)], tolerance=4) == []


def test_a_faint_rail_as_long_as_the_others_counts() -> None:
    tall = [RulingLine(x, 0, 500) for x in (0, 50, 100, 150)]
    faint = [RulingLine(200, 0, 50), RulingLine(201, 460, 500)]
    assert len(rails([*tall, *faint], tolerance=4)) == 5
    assert len(rails([*tall[:2], *faint], tolerance=4)) == 2


def test_share_of_a_stretch() -> None:
    assert RulingLine(5, 0, 50).covers(25, 75) == pytest.approx(0.5)
    assert RulingLine(5, 0, 50).covers(60, 70) == 0
