"""Lines of text cut where a column may begin: at wide blanks and at vertical ruling lines."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from converter.core.engines.local.boxes import line_height
from converter.core.engines.local.fragments import Fragment
from converter.core.engines.local.glyphs import Glyph, certainty, text_of
from converter.core.engines.local.ink import ink_runs
from converter.core.engines.local.page_text import Line
from converter.core.engines.local.pictures import Gray
from converter.core.engines.local.ruling_lines import RulingLine, mended_rules
from converter.core.tables.model import Box

WALLS: Final = "| "
BARE_NUMBER: Final = r"[-+]?[\d.,\u00b7: ]*\d%?"
WIDE_BLANK: Final = 0.62  # of the height of the detected line; a space is about a quarter


def cut_lines(lines: Sequence[Line], gray: Gray, vertical: Sequence[RulingLine]) -> list[Fragment]:
    """Cut each line where its picture in `gray` (h, w) shows a wide blank or a vertical rule."""
    mended = mended_rules(vertical, tolerance=0.2 * line_height(line.box for line in lines))
    fragments = []
    for line in lines:
        box = line.box
        crossing = _crossing(vertical, box)
        inked = ink_runs(box, gray, crossing)
        # where a ruling line is too faint to be found, it leaves a blank
        crossing += [
            x
            for x in _crossing(mended, box)
            if not any(left <= x <= right for left, right in inked)
        ]
        pieces = _join_close(inked, WIDE_BLANK * box.height, crossing) or [(box.left, box.right)]
        shares: list[list[Glyph]] = [[] for _ in pieces]
        for glyph in line.glyphs:
            away = [max(left - glyph.x, glyph.x - right, 0) for left, right in pieces]
            shares[away.index(min(away))].append(glyph)
        fragments += [
            _fragment(glyphs, Box(left, box.top, right, box.bottom))
            for (left, right), glyphs in zip(pieces, shares, strict=True)
            if any(glyph.text.strip() for glyph in glyphs)
        ]
    return fragments


def part_at(fragment: Fragment, places: Sequence[float]) -> list[Fragment]:
    """Cut a fragment at x `places`; each character goes where its middle is."""
    return _parted(fragment, places, [[glyph] for glyph in fragment.glyphs])


def part_between_words(fragment: Fragment, places: Sequence[float]) -> list[Fragment]:
    """Cut a fragment at x `places`; each word goes whole where its middle is."""
    words: list[list[Glyph]] = [[]]
    for glyph in fragment.glyphs:
        if glyph.text.strip():
            words[-1].append(glyph)
        else:
            words += [[glyph], []]
    return _parted(fragment, places, [word for word in words if word])


def _parted(
    fragment: Fragment, places: Sequence[float], pieces: Sequence[Sequence[Glyph]]
) -> list[Fragment]:
    sides = [fragment.box.left, *places, fragment.box.right]
    shares: list[list[Glyph]] = [[] for _ in sides[1:]]
    for piece in pieces:
        shares[bisect(places, (piece[0].x + piece[-1].x) / 2)] += piece
    parts = [
        _fragment(glyphs, Box(left, fragment.box.top, right, fragment.box.bottom))
        for glyphs, (left, right) in zip(shares, pairwise(sides), strict=True)
    ]
    return [part for part in parts if part.text] or [fragment]


def _join_close(
    runs: Sequence[tuple[float, float]], blank: float, crossing: Sequence[float]
) -> list[tuple[float, float]]:
    """Runs of ink with less than a `blank` and no ruling line between them become one piece."""
    pieces: list[tuple[float, float]] = []
    for left, right in runs:
        ruled = pieces and any(pieces[-1][1] <= x <= left for x in crossing)
        if pieces and left - pieces[-1][1] < blank and not ruled:
            pieces[-1] = (pieces[-1][0], right)
        else:
            pieces.append((left, right))
    return pieces


def _crossing(upright: Sequence[RulingLine], box: Box) -> list[float]:
    """Where upright rules run through a box."""
    left, right = box.left + 2, box.right - 2
    inside = [rule for rule in upright if left < rule.at < right]
    return [rule.at for rule in inside if rule.covers(box.top, box.bottom) > 0.7]


def _fragment(glyphs: Sequence[Glyph], box: Box) -> Fragment:
    """These characters, without vertical rules that were read as such beside a number."""
    text = text_of(glyphs)
    start, end = len(text) - len(text.lstrip(WALLS)), len(text.rstrip(WALLS))
    if re.fullmatch(BARE_NUMBER, text[start:end]):
        glyphs = glyphs[start:end]
    return Fragment(text_of(glyphs).strip(), box, certainty(glyphs), tuple(glyphs))
