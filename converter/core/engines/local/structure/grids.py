"""The rows and columns of a table, and which of them each piece of its print is in.

Rows and columns are the best division of ordered pieces into runs, found by dynamic programming
over the scores of all pairs; what shares several with others that share none spans these.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.structure.clusters import frame
from converter.core.engines.local.structure.evidence import Values
from converter.core.engines.local.structure.page import Page, Places, printed_lines
from converter.core.engines.local.structure.scores import (
    CLIP,
    Grid,
    Matrix,
    Scores,
    Spans,
    log_likelihood,
    shares,
)

ROW_COST, COLUMN_COST = 3.0, 5.0
"""What another row or column costs: scores of neighbouring pairs are not independent."""
LONGEST_ROW: Final = 14
"""Printed lines in one row."""
COMPLEMENTARY: Final = 3.0
"""Neighbouring columns that no row fills both of are one, unless they score below minus this."""
WORD: Final = 4.5
"""The same of a column of one cell."""
SURE: Final = 0.5
"""Pairs that score as much share a row or column for sure enough; below minus this they don't."""
PARTIAL: Final = 0.9
"""Of a table's width: a longer ruling line belongs to no heading alone."""
BELOW: Final = 1.5
"""Heights from a heading down to its ruling line."""
VOTE: Final = 4.0
"""Log-odds that such a line counts for or against a column."""
RULED: Final = 0.15
"""By how much less likely a grid of closed boxes may be than another, and is believed."""
ONE_SIDE: Final = 0.4
"""Heights: sides of boxes that are as close lie on one straight."""


def find_grid(page: Page, scores: Scores, pieces: Places) -> Grid:
    """The rows and columns of a table of these pieces, and which of them each piece is in."""
    row, column = (
        np.clip(each[np.ix_(pieces, pieces)], -CLIP, CLIP) for each in (scores.row, scores.column)
    )
    in_row = _rows(page, pieces, row, _spanning(row, scores.tall[pieces]))
    in_column = _columns(page, pieces, column, _spanning(column, scores.wide[pieces]), in_row)
    rows = _spans(row, in_row)
    columns = _spans(column, in_column, _underlined(page, pieces, in_column))
    _widen_sections(page, scores.section[pieces], pieces, rows, columns)
    ruled = ruled_grid(page, pieces)
    least = likelihood(rows, columns, row, column) - RULED
    if ruled is not None and likelihood(*ruled, row, column) > least:
        rows, columns = ruled
    else:
        rows, columns = (_printed(each, page.empty[pieces]) for each in (rows, columns))
    margins = np.minimum(margins_of(rows, row), margins_of(columns, column))
    return Grid(pieces, rows, columns, margins)


def _printed(spans: Spans, empty: NDArray[np.bool_]) -> Spans:
    """The rows (or columns) counted without those that only boxes without print are in."""
    held = np.zeros(int(spans.max()), np.bool_)
    for first, end in spans[~empty]:
        held[first:end] = True
    before = np.concatenate([[0], held.cumsum()])
    found = before[spans]
    found[:, 1] = np.maximum(found[:, 1], found[:, 0] + 1)
    return np.asarray(np.minimum(found, [[before[-1] - 1, before[-1]]]), np.intp)


def margins_of(spans: Spans, pairs: Matrix) -> Values:
    """By how much each piece fits its rows (or columns) better than the ones beside them: (n,).

    It is the log-odds of the weaker of two findings: that it shares each of its rows with the
    others there, and that it shares none with those in the rows beside.
    """
    count = int(spans[:, 1].max())
    numbers = np.arange(count)
    first, end = spans[:, :1], spans[:, 1:]
    held = ((first <= numbers) & (numbers < end)).astype(np.float32)
    others = pairs.copy()
    np.fill_diagonal(others, 0)
    means = others @ held / np.maximum(1, held.sum(axis=0) - held)
    alone = (means == 0) | (numbers < first - 1) | (numbers > end)
    agreed = np.where(held > 0, means, -means)
    return np.asarray(np.where(alone, CLIP, agreed).min(axis=1), np.float32)


def _widen_sections(
    page: Page, section: Values, pieces: Places, rows: Spans, columns: Spans
) -> None:
    """Lets titles of sections, alone in their rows, span all columns."""
    alone = np.bincount(rows[~page.empty[pieces], 0], minlength=int(rows.max()) + 1) == 1
    titles = (section > 0) & alone[rows[:, 0]] & (columns[:, 0] == 0) & ~page.empty[pieces]
    columns[titles] = (0, columns.max())


def ruled_grid(page: Page, pieces: Places) -> tuple[Spans, Spans] | None:
    """The rows and columns of pieces by the closed boxes that they are in; None without boxes."""
    boxes = page.ruled[pieces]
    if np.isnan(boxes[:, 0]).any():
        return None
    rows, columns = (
        np.stack([_edge(boxes[:, low], boxes[:, high], way) for way in (low, high)], axis=1)
        for low, high in ((1, 3), (0, 2))
    )
    if (rows[:, 1] <= rows[:, 0]).any() or (columns[:, 1] <= columns[:, 0]).any():
        return None
    return rows, columns


def _edge(low: Values, high: Values, way: int) -> Places:
    """Which of the straights that sides of boxes make up is at their `low` or their `high` side."""
    sides = np.sort(np.concatenate([low, high]))
    starts = np.concatenate([[True], np.diff(sides) > ONE_SIDE])
    straights = sides[starts]
    found = np.searchsorted(straights, (high if way > 1 else low) + 1e-3, side="right") - 1
    return found.astype(np.intp)


def _spanning(pairs: Matrix, flag: Values) -> NDArray[np.bool_]:
    """Whether pieces span: those that they share a line with share none among themselves."""
    share = (pairs > SURE).astype(np.float32)
    np.fill_diagonal(share, 0)
    apart = (pairs < -SURE).astype(np.float32)
    partners = share.sum(axis=1)
    conflict = ((share @ apart) * share).sum(axis=1) / np.maximum(1, partners * (partners - 1))
    spanning = ((flag > 0) & (conflict > 0.02)) | ((flag > -4) & (conflict > 0.1))
    return spanning if not spanning.all() else np.zeros_like(spanning)


def _rows(page: Page, pieces: Places, pairs: Matrix, tall: NDArray[np.bool_]) -> Places:
    """The row of each piece; -1 where it spans several."""
    held = np.flatnonzero(~tall)
    lines = printed_lines(page.middles[pieces[held]])
    members = np.zeros((lines.max() + 1, len(held)), np.float32)
    members[lines, np.arange(len(held))] = 1
    between = members @ pairs[np.ix_(held, held)] @ members.T
    row_of_line = np.zeros(len(members), np.intp)
    for number, (start, end) in enumerate(best_runs(between, ROW_COST, LONGEST_ROW)):
        row_of_line[start:end] = number
    rows = np.full(len(pieces), -1)
    rows[held] = row_of_line[lines]
    return rows


def _columns(
    page: Page, pieces: Places, pairs: Matrix, wide: NDArray[np.bool_], rows: Places
) -> Places:
    """The column of each piece; -1 where it spans several."""
    held = np.flatnonzero(~wide)
    order = held[np.argsort(page.centres[pieces[held]], kind="stable")]
    runs = [order[start:end] for start, end in best_runs(pairs[np.ix_(order, order)], COLUMN_COST)]
    at = 0
    while at + 1 < len(runs) and len(runs) > 2:
        first, second = runs[at], runs[at + 1]
        in_rows = [set(rows[run].tolist()) - {-1} for run in (first, second)]
        # a column of one cell beside another in its row is a word of that one, set apart
        word = min(map(len, in_rows)) < 2 and len(in_rows[0] | in_rows[1]) > 2
        least = -WORD if word else -COMPLEMENTARY
        if (word or not in_rows[0] & in_rows[1]) and pairs[np.ix_(first, second)].mean() > least:
            runs[at : at + 2] = [np.concatenate([first, second])]
        else:
            at += 1
    columns = np.full(len(pieces), -1)
    for number, run in enumerate(runs):
        columns[run] = number
    return columns


def best_runs(pairs: Matrix, cost: float, longest: int | None = None) -> list[tuple[int, int]]:
    """The division of ordered items into runs with the highest sum of scores within runs.

    Each run costs `cost` and has `longest` items at the most. By dynamic programming, exact.
    """
    count = len(pairs)
    total = np.zeros((count + 1, count + 1))
    total[1:, 1:] = np.triu(pairs, 1).astype(np.float64).cumsum(axis=0).cumsum(axis=1)
    best, start_of = np.zeros(count + 1), np.zeros(count + 1, np.intp)
    for end in range(1, count + 1):
        starts = np.arange(max(0, end - longest) if longest else 0, end)
        inner = total[end, end] - total[starts, end] - total[end, starts] + total[starts, starts]
        gains = best[starts] + inner
        choice = int(gains.argmax())
        best[end], start_of[end] = gains[choice] - cost, starts[choice]
    runs = []
    while count:
        runs.append((int(start_of[count]), count))
        count = int(start_of[count])
    return runs[::-1]


def _spans(pairs: Matrix, home: Places, votes: Matrix | None = None) -> Spans:
    """The rows (or columns) of all pieces.

    A piece without a home covers the run around its best one whose scores, with `votes` for each
    (n, rows or columns), add up to most.
    """
    count = int(home.max()) + 1
    spans = np.stack([home, home + 1], axis=1)
    lost = np.flatnonzero(home < 0)
    if not len(lost):
        return spans
    means = np.stack([pairs[:, home == number].mean(axis=1) for number in range(count)], axis=1)
    if votes is not None:
        means = means + votes
    for piece in lost:
        spans[piece] = _best_stretch(means[piece])
    return spans


def _underlined(page: Page, pieces: Places, home: Places) -> Matrix:
    """Votes for the columns above which a ruling line runs just below a piece: (n, columns).

    The line below a heading is as long as what the heading spans. Lines along most of the table
    tell nothing.
    """
    count = int(home.max()) + 1
    votes = np.zeros((len(pieces), count), np.float32)
    centres = np.array([np.median(page.centres[pieces[home == number]]) for number in range(count)])
    left, _, right, _ = frame(page, pieces)
    lines = page.horizontal
    lines = lines[lines[:, 2] - lines[:, 1] < PARTIAL * (right - left)]
    for number in np.flatnonzero(home < 0):
        start, _, end, bottom = page.boxes[pieces[number]]
        below = (lines[:, 0] > bottom - 0.5) & (lines[:, 0] < bottom + BELOW)
        below &= (lines[:, 1] < start + 0.5) & (lines[:, 2] > end - 0.5)
        if below.any():
            line = lines[below][lines[below, 0].argmin()]
            votes[number] = np.where((line[1] < centres) & (centres < line[2]), VOTE, -VOTE)
    return votes


def _best_stretch(values: Values) -> tuple[int, int]:
    """The run of `values` around the highest one that has the highest sum."""
    middle = int(values.argmax())
    after = np.concatenate([[0], values[middle + 1 :].cumsum()])
    before = np.concatenate([[0], values[:middle][::-1].cumsum()])
    return middle - int(before.argmax()), middle + 1 + int(after.argmax())


def likelihood(rows: Spans, columns: Spans, row: Matrix, column: Matrix) -> float:
    """The mean log-likelihood of what a grid says of pairs, by their scores: 0 at best."""
    total, count = 0.0, 0
    for spans, pairs in ((rows, row), (columns, column)):
        known = pairs != 0
        np.fill_diagonal(known, val=False)
        total += float(log_likelihood(pairs, shares(spans))[known].sum())
        count += int(known.sum())
    return total / max(1, count)
