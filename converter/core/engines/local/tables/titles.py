"""Titles and notes with wide gaps, above or below a table's outer rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_lines import PrintLine

WIDE: Final = 0.8
"""By the table's width: a rule longer than this is an outer rule of the table."""
FULL: Final = 0.5
"""By the fragments of the fullest line: a line with more fits the table's columns."""
SAME_HEIGHT: Final = 6.0  # pixels, between pieces of one rule
FEWEST: Final = 4  # fragments in the fullest line: narrower tables are too similar to titles


def inside_rules(lines: Sequence[PrintLine], rules: RulingLines) -> tuple[int, int]:
    """The lines (start, end excluded) of a table without titles above and notes below.

    Titles and notes are outside of the outermost wide rules, of which there are at least two; they
    fill few columns, and no vertical rule between columns reaches them.
    """
    most = max(map(len, lines))
    full = [line for line in lines if len(line) > FULL * most]
    left, right = min(line.left for line in full), max(line.right for line in full)
    wide = []
    for rule in rules.horizontal:
        pieces = (one for one in rules.horizontal if abs(one.at - rule.at) < SAME_HEIGHT)
        if sum(piece.covers(left, right) for piece in pieces) > WIDE:
            wide.append(rule.at)
    if most < FEWEST or len(wide) < 2:
        return 0, len(lines)
    inner = [rule for rule in rules.vertical if left < rule.at < right]
    above = [line for line in lines if line.middle < wide[0]]
    below = [line for line in lines if line.middle > wide[-1]]
    start = len(above) if _is_outside(above, most, inner) else 0
    end = len(lines) - (len(below) if _is_outside(below, most, inner) else 0)
    return start, end


def _is_outside(lines: Sequence[PrintLine], most: int, inner: Sequence[RulingLine]) -> bool:
    if any(len(line) > FULL * most for line in lines):
        return False
    # the number of vertical rules that reach each line
    walls = (sum(rule.start < line.middle < rule.end for rule in inner) for line in lines)
    return all(count < max(1.0, 0.2 * most) for count in walls)
