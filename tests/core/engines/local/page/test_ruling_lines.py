from __future__ import annotations

import pytest

from converter.core.engines.local.page.ruling_lines import RulingLine, mended_rules


def test_a_rule_is_mended_over_faint_parts() -> None:
    (rule,) = mended_rules([RulingLine(100, 0, 80), RulingLine(103, 150, 200)], tolerance=4)
    assert (rule.start, rule.end) == (0, 200)
    assert 100 < rule.at < 103


def test_a_few_strokes_far_apart_are_no_rule() -> None:
    assert mended_rules([RulingLine(100, 0, 20), RulingLine(100, 480, 500)], tolerance=4) == []


def test_a_faint_rule_as_long_as_the_others_counts() -> None:
    tall = [RulingLine(x, 0, 500) for x in (0, 50, 100, 150)]
    faint = [RulingLine(200, 0, 50), RulingLine(201, 460, 500)]
    assert len(mended_rules([*tall, *faint], tolerance=4)) == 5
    assert len(mended_rules([*tall[:2], *faint], tolerance=4)) == 2


def test_share_of_a_stretch() -> None:
    assert RulingLine(5, 0, 50).covers(25, 75) == pytest.approx(0.5)
    assert RulingLine(5, 0, 50).covers(60, 70) == 0
