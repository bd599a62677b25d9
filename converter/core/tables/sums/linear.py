"""Sums and differences along one axis of a table: a line is made of lines before or after it.

A line is a row, its numbers stand in crossing columns; or the other way round. One pattern, such as
"the last row is the sum of those above", is tried in all crossing lines at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.tables.sums.amounts import BROKEN, NUMBER, TEXT, Amounts, Bools, Floats
from converter.core.tables.sums.relation import EPSILON

LONGEST: Final = 80
"""Lines that one total may have,"""
UNNAMED_LONGEST: Final = 24
"""and one that no label calls so."""
TALL: Final = 40
"""In tables of more lines only a line with a label is a total of those that follow."""
FREE: Final = 4
"""So many parts may each be added or taken off."""
FAILS: Final = 0.7
"""Digits of doubt for each crossing line in which a pattern fails: other things are printed too."""
UNNAMED: Final = 1.0
"""Digits more that must speak for a line that no label calls a total."""
LAST: Final = 0.5
"""And for the last line."""
BELIEVED: Final = 1.0
"""Digits by which a pattern must be likelier than chance."""


@dataclass(frozen=True)
class Lines:
    """`values`, `units`, `holds` and `percent` (n lines, n crossing lines); which lines are called
    totals, and which are called something that is taken off."""

    values: Floats
    units: Floats
    holds: NDArray[np.int8]
    percent: Bools
    named: frozenset[int]
    less: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Pattern:
    """Line `total` is made of the lines `parts` with these `signs`; arrays over crossing lines.

    `valid`: where all its numbers are; `bits`: how surprising it is there.
    """

    total: int
    parts: tuple[int, ...]
    signs: tuple[int, ...]
    made: Floats
    slack: Floats
    valid: Bools
    holds: Bools
    bits: Floats
    score: float

    @property
    def support(self) -> float:
        return float(self.bits[self.holds].sum())


def along(amounts: Amounts, axis: int, named: frozenset[int], less: frozenset[int]) -> Lines:
    """The rows of a table (axis 0) as lines, or its columns (axis 1)."""
    if axis == 0:
        arrays = amounts.values, amounts.units, amounts.holds, amounts.percent
    else:
        arrays = amounts.values.T, amounts.units.T, amounts.holds.T, amounts.percent.T
    return Lines(*arrays, named, less)


def find_patterns(lines: Lines) -> list[Pattern]:
    """One pattern for each line that is believed to be made of others, the best that there is."""
    forth = _totals_after(lines, range(len(lines.values)))
    if len(lines.values) > TALL and not lines.named:
        return forth
    used = {line for pattern in forth for line in (*pattern.parts, pattern.total)}
    back = _totals_after(lines, range(len(lines.values))[::-1], used)
    return [*forth, *back]


def _totals_after(
    lines: Lines, order: Sequence[int], skipped: set[int] | None = None
) -> list[Pattern]:
    """Patterns in which a total follows its parts, in this order."""
    numeric = (lines.holds == NUMBER) | (lines.holds == BROKEN)
    open_lines: list[int] = []
    plain: list[int] = []
    found: list[Pattern] = []
    for line in order:
        if not numeric[line].any():
            continue
        if skipped and line in skipped:
            open_lines, plain = [], []
            continue
        is_likely = line in lines.named or line == order[-1]
        longest = LONGEST if is_likely else UNNAMED_LONGEST
        is_tried = is_likely or skipped is None or len(order) <= TALL
        last, alone = open_lines[: -longest - 1 : -1], plain[: -longest - 1 : -1]
        best = _best(lines, line, last, alone) if is_tried else None
        if best:
            found.append(best)
            kept = set(best.parts)
            open_lines = [one for one in open_lines if one not in kept]
        else:
            plain.append(line)
            if line in lines.named and skipped is None:
                found += _claims(lines, line, open_lines[::-1][:LONGEST])
        open_lines.append(line)
    return found


def _claims(lines: Lines, total: int, before: Sequence[int]) -> Iterator[Pattern]:
    """What a line that is called a total claims, though it holds nowhere: that it is the sum of all
    lines, or of those since the last total."""
    if len(before) < 2:
        return
    trial = next(_trials(lines, total, before))
    judged = _judged(lines, total, trial)
    since = next((at for at, line in enumerate(before) if line in lines.named), 0)
    for count in sorted({len(before), since} - {0, 1}):
        way = count - 2
        if trial.valid[way].any() and not judged.holds[way].any():
            yield _pattern(total, trial, way, judged, 0.0)


def _best(lines: Lines, total: int, opened: Sequence[int], plain: Sequence[int]) -> Pattern | None:
    trials = [*_trials(lines, total, opened)]
    if list(plain) != list(opened):
        trials += _trials(lines, total, plain)
    tried = log10(max(1, sum(len(trial.made) for trial in trials)))
    is_named, is_last = total in lines.named, total == len(lines.values) - 1
    least = BELIEVED + (0 if is_named else LAST if is_last else UNNAMED)
    best: Pattern | None = None
    for trial in trials:
        judged = _judged(lines, total, trial)
        if not judged.holds.any():
            continue
        fails = (trial.valid & ~judged.holds).sum(axis=1)
        scores = (judged.bits * judged.holds).sum(axis=1) - FAILS * fails
        way = int(np.argmax(scores))
        # What is called a total is hardly ever anything but a sum.
        is_plain = is_named and set(trial.signs(way)) == {1}
        score = float(scores[way]) - (log10(len(trial.made)) if is_plain else tried)
        if score >= least and (best is None or score > best.score + EPSILON):
            best = _pattern(total, trial, way, judged, score)
    return best


def _pattern(total: int, trial: _Trial, way: int, judged: _Judged, score: float) -> Pattern:
    signs = trial.signs(way)
    return Pattern(
        total,
        trial.parts[: len(signs)],
        signs,
        trial.made[way],
        judged.slack[way % len(judged.slack)],
        trial.valid[way % len(trial.valid)],
        judged.holds[way],
        judged.bits[way],
        score,
    )


@dataclass(frozen=True)
class _Trial:
    """Ways to make a line of the first of these parts, each with its signs.

    Arrays (ways, crossing lines): what is made, of how many numbers, whether all are there and
    whether one is none, the coarsest of their units, and how far they are apart. What is the same
    for all ways stands once.
    """

    parts: tuple[int, ...]
    signs: Callable[[int], tuple[int, ...]]
    made: Floats
    counts: NDArray[np.int64]
    valid: Bools
    broken: Bools
    units: Floats
    reach: Floats


def _trials(lines: Lines, total: int, before: Sequence[int]) -> Iterator[_Trial]:
    """All ways to make a total of the lines before it, the nearest first, without a gap."""
    if len(before) < 2:
        return
    index = np.array(before)
    is_number = (lines.holds[index] == NUMBER) | (lines.holds[index] == BROKEN)
    values = np.where(is_number, lines.values[index], 0.0)
    printed = lines.values[total]
    is_broken = lines.holds[index] == BROKEN
    filled = np.cumsum(values != 0, axis=0)[1:]
    is_other = is_number & (lines.percent[index] != lines.percent[total])
    texts = np.logical_or.accumulate((lines.holds[index] == TEXT) | is_other, axis=0)[1:]
    has_total = (lines.holds[total] == NUMBER) | (lines.holds[total] == BROKEN)
    valid = has_total & (filled > 1) & ~texts
    own = np.where(is_number, lines.units[index], lines.units[total])
    units = np.maximum.accumulate(np.maximum(own, lines.units[total]), axis=0)[1:]
    known = np.where(is_number, values, printed)
    reach = np.maximum(np.maximum.accumulate(known), printed) - np.minimum(
        np.minimum.accumulate(known), printed
    )
    broken = np.logical_or.accumulate(is_broken, axis=0)[1:]
    common = filled, valid, broken, units, reach[1:]
    whole = np.cumsum(values, axis=0)[1:]
    parts = tuple(before)
    yield _Trial(parts, lambda way: (1,) * (way + 2), whole, *common)
    signs = [-1 if one in lines.less else 1 for one in before]
    if -1 in signs:
        told = np.cumsum(values * np.array(signs)[:, None], axis=0)[1:]
        yield _Trial(parts, lambda way: tuple(signs[: way + 2]), told, *common)
    first = 2 * values[1:] - whole
    yield _Trial(parts, lambda way: (*[-1] * (way + 1), 1), first, *common)
    nearest = 2 * values[0] - whole
    yield _Trial(parts, lambda way: (1, *[-1] * (way + 1)), nearest, *common)
    for count in range(3, min(FREE, len(before)) + 1):
        made = WAYS[count] @ values[:count]
        yield _Trial(parts, _free_signs(count), made, *(one[count - 2][None] for one in common))


def _free_signs(count: int) -> Callable[[int], tuple[int, ...]]:
    return lambda way: tuple(WAYS[count][way].tolist())


WAYS: Final = {
    count: np.array([way for way in product((1.0, -1.0), repeat=count) if len(set(way)) > 1])
    for count in range(3, FREE + 1)
}
"""Signs of so many parts, but not all added or all taken off."""


@dataclass(frozen=True)
class _Judged:
    """How far each way may miss, where it holds, and how surprising that is."""

    slack: Floats
    holds: Bools
    bits: Floats


def _judged(lines: Lines, total: int, trial: _Trial) -> _Judged:
    printed = lines.values[total]
    slack = slack_of(trial.counts + 1) * trial.units + EPSILON * trial.units
    is_something = ((trial.made != 0) | (printed != 0)) & (lines.holds[total] == NUMBER)
    holds = trial.valid & (np.abs(trial.made - printed) <= slack) & is_something & ~trial.broken
    # To come out exactly is less likely than to come out about.
    is_exact = np.abs(trial.made - printed) < trial.units / 2
    width = np.where(is_exact, trial.units, 2 * slack + trial.units)
    return _Judged(slack, holds, np.log10(np.maximum(1.0, trial.reach / width)))


def slack_of(count: NDArray[np.int64]) -> Floats:
    """How many units the sum of so many rounded numbers may be off: each by half a unit at most,
    all together hardly ever by more than three standard deviations."""
    return np.asarray(_SLACK[np.minimum(count, len(_SLACK) - 1)])


_COUNTS: Final = np.arange(2 * LONGEST)
_SLACK: Final[Floats] = np.floor(
    np.minimum(np.maximum(0, _COUNTS - 1) / 2, 3 * np.sqrt(_COUNTS / 12))
)
