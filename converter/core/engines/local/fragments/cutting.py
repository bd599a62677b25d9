"""Lines of text cut where a column may begin: at blanks and at vertical ruling lines."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from converter.core.engines.local.fragments.word_gaps import (
    WIDE_BLANK,
    Word,
    parts_cells,
    signs_of_gaps,
)
from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph, certainty, text_of
from converter.core.engines.local.page.ruling_lines import RulingLine, mended_rules
from converter.core.engines.local.picture.ink import ink_runs
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.text.page_text import Line
from converter.core.tables.model import Box

WALLS: Final = "| "
BARE_NUMBER: Final = r"[-+]?[\d.,\u00b7: ]*\d%?"
LETTERS: Final = 0.18  # of the height of the detected line: narrower blanks are within words


def cut_lines(lines: Sequence[Line], gray: Gray, vertical: Sequence[RulingLine]) -> list[Fragment]:
    """Cut each line where its picture in `gray` (h, w) shows that a cell ends.

    That is at vertical rules, at wide blanks, and at narrower ones that go on through the lines
    around.
    """
    found = words_of(lines, gray, vertical)
    fragments = []
    for line, words, blanks in zip(lines, found, signs_of_gaps(found), strict=True):
        pieces = [words[:1]]
        for word, blank in zip(words[1:], blanks, strict=True):
            if word.ruled or blank.width >= WIDE_BLANK or parts_cells(blank):
                pieces.append([])
            pieces[-1].append(word)
        for piece in pieces:
            glyphs = [glyph for word in piece for glyph in word.glyphs]
            if text_of(glyphs).strip():
                box = Box(piece[0].left, line.box.top, piece[-1].right, line.box.bottom)
                fragments.append(_fragment(glyphs, box))
    return fragments


def words_of(lines: Sequence[Line], gray: Gray, vertical: Sequence[RulingLine]) -> list[list[Word]]:
    """The words of each line as its picture in `gray` (h, w) shows them: one at least."""
    mended = mended_rules(vertical, tolerance=0.2 * line_height(line.box for line in lines))
    return [_words_of(line, gray, vertical, mended) for line in lines]


def _words_of(
    line: Line, gray: Gray, vertical: Sequence[RulingLine], mended: Sequence[RulingLine]
) -> list[Word]:
    box = line.box
    crossing = _crossing(vertical, box)
    inked = ink_runs(box, gray, crossing)
    # where a ruling line is too faint to be found, it leaves a blank
    crossing += [
        x for x in _crossing(mended, box) if not any(left <= x <= right for left, right in inked)
    ]
    middle = (box.top + box.bottom) / 2
    words: list[Word] = []
    for left, right in inked or [(box.left, box.right)]:
        ruled = bool(words) and any(words[-1].right <= x <= left for x in crossing)
        if words and left - words[-1].right < LETTERS * box.height and not ruled:
            words[-1] = words[-1]._replace(right=right)
        else:
            words.append(Word(left, right, middle, max(1.0, box.height), ruled, []))
    for glyph in line.glyphs:
        away = [max(word.left - glyph.x, glyph.x - word.right, 0) for word in words]
        words[away.index(min(away))].glyphs.append(glyph)
    return words


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
