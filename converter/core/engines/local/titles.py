"""Lines with blanks that stand over or under a table's outer rules: titles and notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from converter.core.engines.local.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.text_lines import PrintLine

WIDE: Final = 0.8
"""Of the table's width: a rule this long closes a table off."""
FULL: Final = 0.5
"""Of the fragments of the fullest line: one with more fits the table's columns."""
SAME_HEIGHT: Final = 6.0  # pixels, between pieces of one rule
FEWEST: Final = 4  # fragments in the fullest line; narrower tables tell little from titles


def inside_rules(lines: Sequence[PrintLine], rules: RulingLines) -> tuple[int, int]:
    """The lines (start, end excluded) of a table without titles above and notes below.

    Those stand beyond the outermost of two wide rules, fill few columns, and no upright rule
    between columns reaches them.
    """
    most = max(map(len, lines))
    full = [line for line in lines if len(line) > FULL * most]
    left, right = min(line.left for line in full), max(line.right for line in full)
    wide = [rule.at for rule in rules.horizontal if _covered(rule.at, rules, left, right) > WIDE]
    if most < FEWEST or len(wide) < 2:
        return 0, len(lines)
    inner = [rule for rule in rules.vertical if left < rule.at < right]
    above = [line for line in lines if line.middle < wide[0]]
    below = [line for line in lines if line.middle > wide[-1]]
    start = len(above) if _is_outside(above, most, inner) else 0
    end = len(lines) - (len(below) if _is_outside(below, most, inner) else 0)
    return start, end


def _covered(y: float, rules: RulingLines, left: float, right: float) -> float:
    """The share (0..1) of a table's width along which rules run at this height."""
    return sum(
        rule.covers(left, right) for rule in rules.horizontal if abs(rule.at - y) < SAME_HEIGHT
    )


def _is_outside(lines: Sequence[PrintLine], most: int, inner: Sequence[RulingLine]) -> bool:
    if any(len(line) > FULL * most for line in lines):
        return False
    return all(_walls(line, inner) < max(1.0, 0.2 * most) for line in lines)


def _walls(line: PrintLine, inner: Sequence[RulingLine]) -> int:
    """How many upright rules stand beside a line."""
    return sum(rule.start < line.middle < rule.end for rule in inner)
