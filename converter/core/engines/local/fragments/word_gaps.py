"""Which blanks between two words of a line part two cells, by the lines of print around.

A wide blank parts cells by itself. A narrower one may be a space between two words or all that is
left between two narrow columns: then it goes on through the lines above and below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.glyphs import Glyph, text_of
from converter.core.engines.local.page.logistic import Logistic
from converter.core.engines.local.page.printed_rows import printed_rows

Floats = NDArray[np.float64]

WIDE_BLANK: Final = 0.62
"""Heights: a blank that is as wide parts cells by itself; a space is about a quarter."""
AROUND: Final = 8
"""Rows of print above and below in which a blank is looked for."""
CLEARANCE: Final = 0.1
"""Heights on either side of the middle of a blank that have to be free of ink."""
ALIGNED: Final = 0.25
"""Heights: edges of words that are as close are aligned."""
SAME_ROW: Final = 0.5
"""Heights: lines whose middles differ by less are in one row of print."""
FIGURE: Final = re.compile(
    r"[(\[$€£+\-\u2013\u2212<>~±]*\d[\d.,:'\u00b7]*[)\]%*†‡]*|[-\u2013—\u2212]"
)


class Word(NamedTuple):
    """A stretch of ink from `left` to `right` on a line with this `middle` and `height`, in pixels.

    `ruled` says whether a vertical rule runs before it.
    """

    left: float
    right: float
    middle: float
    height: float
    ruled: bool
    glyphs: list[Glyph]


class GapSigns(NamedTuple):
    """What a blank is like; lengths in heights of its line, shares from 0 to 1.

    `width` is its own, `beyond_line` and `beyond_page` by how much that is more than the median of
    the blanks of its line and of the page. Of the rows around that print on both sides of it,
    `open` is the share that leaves it blank, `wide` the share where a wide blank parts cells, and
    `rows` the logarithm of their number. `run` is the logarithm of the rows that leave it blank
    without a break. `starts` and `ends` are the logarithms of how many rows around have a word
    beside a wide blank that starts or ends at its edges. `figures` is how many of the two words
    beside it are figures.
    """

    width: float
    beyond_line: float
    beyond_page: float
    open: float
    wide: float
    rows: float
    run: float
    starts: float
    ends: float
    figures: float


def signs_of_gaps(lines: Sequence[Sequence[Word]]) -> list[list[GapSigns]]:
    """Those of each blank of each line, from the left; a line has one word at least."""
    measured = [_Line.of(words) for words in lines]
    widths = [line.widths for line in measured if len(line.widths)]
    usual = float(np.median(np.concatenate(widths))) if widths else 0.0
    middles = np.array([line.middle for line in measured])
    numbers = printed_rows(middles, [SAME_ROW * line.height for line in measured])
    rows = [
        _row([measured[place] for place in np.flatnonzero(numbers == number)])
        for number in range(int(numbers.max(initial=-1)) + 1)
    ]
    return [
        _signs(line, rows, int(number), usual) if len(line.widths) else []
        for line, number in zip(measured, numbers, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """The words of a line at `spans` (n, 2), whether each is a figure, and its blanks."""

    middle: float
    height: float
    spans: Floats
    figures: NDArray[np.bool_]
    widths: Floats

    @classmethod
    def of(cls, words: Sequence[Word]) -> _Line:
        spans = np.array([(word.left, word.right) for word in words])
        figures = [FIGURE.fullmatch(text_of(word.glyphs).strip()) is not None for word in words]
        widths = (spans[1:, 0] - spans[:-1, 1]) / words[0].height
        return cls(words[0].middle, words[0].height, spans, np.array(figures), widths)


@dataclass(frozen=True, slots=True)
class _Row:
    """The words of a row at `spans` (n, 2), edges of those beside a wide blank, and wide blanks."""

    spans: Floats
    starts: Floats
    ends: Floats
    wide: Floats


def _row(lines: Sequence[_Line]) -> _Row:
    spans = np.concatenate([line.spans for line in lines])
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    blanks = np.stack([np.maximum.accumulate(spans[:-1, 1]), spans[1:, 0]], axis=1)
    broad = np.diff(blanks, axis=1)[:, 0] > WIDE_BLANK * max(line.height for line in lines)
    starts = np.concatenate([spans[:1, 0], spans[1:, 0][broad]])
    ends = np.concatenate([spans[-1:, 1], spans[:-1, 1][broad]])
    return _Row(spans, starts, ends, blanks[broad])


def _signs(line: _Line, rows: Sequence[_Row], number: int, usual: float) -> list[GapSigns]:
    left, right = line.spans[:-1, 1], line.spans[1:, 0]
    middle = (left + right) / 2
    above, below = rows[max(0, number - AROUND) : number][::-1], rows[number + 1 :][:AROUND]
    states = [[_state(row, middle, line.height) for row in side] for side in (above, below)]
    run = sum(np.cumprod([blank for _, blank, _ in side], axis=0).sum(axis=0) for side in states)
    told = np.array([*states[0], *states[1]]).reshape(-1, 3, len(middle))
    both, blank, broad = told.transpose(1, 0, 2)
    count = both.sum(axis=0)
    near = ALIGNED * line.height
    others = [*above, *below]
    starts = sum((np.abs(right[:, None] - row.starts) < near).any(axis=1) for row in others)
    ends = sum((np.abs(left[:, None] - row.ends) < near).any(axis=1) for row in others)
    few = len(middle) < 3
    columns = np.broadcast_arrays(
        line.widths,
        0.0 if few else line.widths - np.median(line.widths),
        line.widths - usual,
        (both * blank).sum(axis=0) / np.maximum(1, count),
        (both * broad).sum(axis=0) / np.maximum(1, count),
        np.log1p(count),
        np.log1p(run),
        np.log1p(starts),
        np.log1p(ends),
        line.figures[:-1].astype(float) + line.figures[1:],
    )
    return [GapSigns(*each) for each in np.array(columns).T.tolist()]


def _state(row: _Row, at: Floats, height: float) -> Floats:
    """Whether a row prints on both sides of places, leaves them blank, and widely: (3, n)."""
    left, right = row.spans.T
    clear = CLEARANCE * height
    covered = ((left < at[:, None] + clear) & (right > at[:, None] - clear)).any(axis=1)
    both = (left.min() < at) & (right.max() > at)
    broad = ((row.wide[:, 0] < at[:, None]) & (row.wide[:, 1] > at[:, None])).any(axis=1)
    return np.array([both, ~covered, broad], np.float64)


# Fitted by tests/bench/structure/word_gaps.py.
MODEL: Final = Logistic(
    bias=-9.26,
    weights=GapSigns(
        width=9.89,
        beyond_line=-0.71,
        beyond_page=4.33,
        open=3.88,
        wide=-2.47,
        rows=-0.85,
        run=0.08,
        starts=1.91,
        ends=1.37,
        figures=1.62,
    ),
)


def parts_cells(signs: GapSigns) -> bool:
    """Whether a blank is likelier between two cells than within one, by a logistic model."""
    return MODEL.log_odds(signs) > 0
