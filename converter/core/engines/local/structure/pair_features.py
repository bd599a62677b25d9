"""What the network is told of each pair of pieces of print, in heights of a line."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.structure.evidence import Values
from converter.core.engines.local.structure.page import STRIPS, Page, Places
from converter.core.engines.local.structure.ruled_boxes import Segments


def pair_features(page: Page, window: Places) -> Values:
    """What the network is told of each pair of the pieces at `window`: (m, m, features).

    Those of a pair [i, j] say where j is as seen from i.
    """
    left, top, right, bottom = page.boxes[window].T
    x, y = page.centres[window], page.middles[window]
    lines = page.lines[window]
    apart = (lines[None] - lines[:, None]).astype(np.float32)
    down = y[None] - y[:, None]
    ramps = [_ramp(down, 0.5), _ramp(down, 2), _ramp(down, 10)]
    for values in (left, right, x):
        difference = values[None] - values[:, None]
        ramps += [_ramp(difference, 0.5), _ramp(difference, 3)]
    ramps.append(_ramp(x[None] - x[:, None], 20))
    wide = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    high = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    least = np.minimum((right - left)[:, None], right - left)
    lowest = np.minimum((bottom - top)[:, None], bottom - top)
    shade = page.evidence.ground[window]
    weight = page.evidence.weight[window]
    figure = page.kinds[window, 7]
    thinnest, widest = _blanks(page, window)
    parts: list[Values] = [
        *ramps,
        np.clip(wide / least, -1, 1),
        _ramp(wide, 2),
        np.clip(high / lowest, -1, 1),
        _ramp(apart, 1.5),
        _ramp(apart, 6),
        (apart == 0).astype(np.float32),
        np.minimum(10 * np.abs(shade[None] - shade[:, None]), 1),
        np.minimum(5 * np.abs(weight[None] - weight[:, None]), 1),
        figure[:, None] * figure,
        *_between(page.horizontal, y, left, right),
        *_between(page.vertical, x, top, bottom),
        thinnest,
        _widest_pitch(page, lines),
        *_shared_box(page.ruled[window]),
        widest,
        _lone_lines(page, lines),
        _same_frame(page.frames[window]),
    ]
    return np.stack(parts, axis=-1).astype(np.float32)


def _ramp(values: Values, scale: float) -> Values:
    """From -1 to 1, steep near 0: what tanh does, at a tenth of its cost."""
    scaled = values / np.float32(scale)
    return np.asarray(scaled / (1 + np.abs(scaled)), np.float32)


def _between(lines: Segments, at: Values, low: Values, high: Values) -> list[Values]:
    """Whether ruling lines pass between two pieces, across both of them or across one: (m, m)."""
    if not len(lines):
        return [np.zeros((len(at), len(at)), np.float32)] * 2
    middle = (low + high) / 2
    passes = (lines[:, 1] - 0.5 < middle[:, None]) & (lines[:, 2] + 0.5 > middle[:, None])
    before = lines[:, 0] < at[:, None]
    held, other = (before & passes).astype(np.float32), (~before & passes).astype(np.float32)
    both = held @ other.T
    both = both + both.T
    one = held @ (~before).astype(np.float32).T + other @ before.astype(np.float32).T
    return [both / (1 + both), (one + one.T) / (1 + one + one.T)]


def _blanks(page: Page, window: Places) -> list[Values]:
    """The blanks between two pieces on the lines around either: (m, m).

    How seldom print covers the emptiest strip, 0 for a blank, and how wide the widest blank is.
    """
    first, last = page.boxes[:, 0].min(), page.boxes[:, 2].max()
    strip = (page.centres[window] - first) / max(1e-3, last - first) * STRIPS
    strip = np.clip(strip.astype(np.intp), 0, STRIPS - 1)
    lines = page.lines[window]
    low, high = np.minimum(strip[:, None], strip), np.maximum(strip[:, None], strip)
    thinnest = _extreme(np.minimum, page.coverage, lines, low, high)
    widest = _extreme(np.maximum, page.blank_widths, lines, low, high)
    wide = np.maximum(widest, widest.T)
    return [thinnest + thinnest.T, np.asarray(wide / (wide + 3), np.float32)]


def _extreme(
    pick: np.ufunc, values: Values, lines: Places, low: NDArray[np.intp], high: NDArray[np.intp]
) -> Values:
    """The least or greatest of `values` (all lines, STRIPS) from one strip to another: (m, m).

    The line is that of the first piece. A table of the extremes over 1, 2, 4, … strips answers
    each question by two look-ups.
    """
    tables = [values]
    while 2 ** len(tables) <= STRIPS:
        step = 2 ** (len(tables) - 1)
        tables.append(pick(tables[-1][:, :-step], tables[-1][:, step:]))
    ranges = np.stack([np.pad(each, ((0, 0), (0, STRIPS - each.shape[1]))) for each in tables])
    level = LEVELS[high - low + 1]
    starts, ends = (
        ranges[level, lines[:, None], low],
        ranges[level, lines[:, None], high + 1 - 2**level],
    )
    return np.asarray(pick(starts, ends), np.float32)


LEVELS: Final = np.array([0, *(length.bit_length() - 1 for length in range(1, STRIPS + 1))])


def _widest_pitch(page: Page, lines: Places) -> Values:
    """The largest distance between neighbouring lines from one piece's to another's: (m, m)."""
    pitch = np.minimum(np.diff(page.line_middles), 8)
    used = np.unique(lines)
    first = used[0]
    count = used[-1] - first + 1
    widest = np.zeros((count, count), np.float32)
    for start in range(count - 1):
        widest[start, start + 1 :] = np.maximum.accumulate(pitch[first + start : first + count - 1])
    widest = np.maximum(widest, widest.T)
    at = lines - first
    return np.asarray(widest[at[:, None], at] / 4, np.float32)


def _lone_lines(page: Page, lines: Places) -> Values:
    """How many lines with one piece of print each lie between those of two pieces: (m, m)."""
    before = np.concatenate([[0], (np.bincount(page.lines) == 1).cumsum()])
    low, high = np.minimum(lines[:, None], lines), np.maximum(lines[:, None], lines)
    between = np.maximum(0, before[high] - before[np.minimum(low + 1, high)])
    return np.asarray(between / (1 + between), np.float32)


def _same_frame(frames: Places) -> Values:
    """1 for two pieces in one frame, -1 for two in different ones, else 0: (m, m)."""
    framed = (frames >= 0)[:, None] & (frames >= 0)
    return np.where(framed, np.where(frames[:, None] == frames, 1.0, -1.0), 0).astype(np.float32)


def _shared_box(ruled: Values) -> list[Values]:
    """How closed boxes of two pieces lie to each other; 0 where one has none: (m, m)."""
    left, top, right, bottom = ruled.T
    closed = ~np.isnan(left)
    both = closed[:, None] & closed
    parts = [both.astype(np.float32), (both != (closed[:, None] | closed)).astype(np.float32)]
    for low, high in ((left, right), (top, bottom)):
        shared = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
        least = np.minimum((high - low)[:, None], high - low)
        parts.append(np.where(both, np.clip(shared / np.maximum(least, 0.1), -1, 1), 0))
    parts += [
        np.where(both, np.abs(edge[:, None] - edge) < 0.4, 0) for edge in (left, top, right, bottom)
    ]
    return [np.nan_to_num(part).astype(np.float32) for part in parts]
