"""Lines with blanks that stand over or under a table's outer rules: titles and notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from converter.core.engines.local.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.text_lines import Row, middle_of

WIDE: Final = 0.8
"""Of the table's width: a rule this long closes a table off."""
FULL: Final = 0.5
"""Of the fragments of the fullest line: one with more fits the table's columns."""
SAME_HEIGHT: Final = 6.0  # pixels, between pieces of one rule
FEWEST: Final = 4  # fragments in the fullest line; narrower tables tell little from titles


def inside_rules(rows: Sequence[Row], rules: RulingLines) -> tuple[int, int]:
    """The lines (start, end excluded) of a table without titles above and notes below.

    Those stand beyond the outermost of two wide rules, fill few columns, and no upright rule
    between columns reaches them.
    """
    most = max(map(len, rows))
    full = [row for row in rows if len(row) > FULL * most]
    left = min(fragment.box.left for row in full for fragment in row)
    right = max(fragment.box.right for row in full for fragment in row)
    wide = [rule.at for rule in rules.horizontal if _covered(rule.at, rules, left, right) > WIDE]
    if most < FEWEST or len(wide) < 2:
        return 0, len(rows)
    inner = [rule for rule in rules.vertical if left < rule.at < right]
    above = [row for row in rows if middle_of(row) < wide[0]]
    below = [row for row in rows if middle_of(row) > wide[-1]]
    start = len(above) if _is_outside(above, most, inner) else 0
    end = len(rows) - (len(below) if _is_outside(below, most, inner) else 0)
    return start, end


def _covered(y: float, rules: RulingLines, left: float, right: float) -> float:
    """The share (0..1) of a table's width along which rules run at this height."""
    return sum(
        rule.covers(left, right) for rule in rules.horizontal if abs(rule.at - y) < SAME_HEIGHT
    )


def _is_outside(rows: Sequence[Row], most: int, inner: Sequence[RulingLine]) -> bool:
    if any(len(row) > FULL * most for row in rows):
        return False
    return all(_walls(row, inner) < max(1.0, 0.2 * most) for row in rows)


def _walls(row: Row, inner: Sequence[RulingLine]) -> int:
    """How many upright rules stand beside a line."""
    return sum(rule.start < middle_of(row) < rule.end for rule in inner)
