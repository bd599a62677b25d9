"""Reads lines of text: a CTC recogniser over crops of one height, in batches of one width."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.recognition.cropping import HEIGHT, Framing, margin_along
from converter.core.engines.local.recognition.recogniser import Recogniser

STEP: Final = 8  # columns of a crop that the network turns into one step
BATCH_COLUMNS: Final = 1280  # bounds the scores of one run to about 12 MB
RUN: Final = 24  # columns: the fixed cost of one run of the network


def read_crops(recogniser: Recogniser, crops: Sequence[Gray]) -> list[tuple[Glyph, ...]]:
    """The characters of each crop (HEIGHT, w: one line of text), in the order of the crops."""
    read: list[tuple[Glyph, ...]] = [()] * len(crops)
    for width, batch in batches([crop.shape[1] for crop in crops]):
        lines = _read_batch(recogniser, [crops[index] for index in batch], width)
        for index, glyphs in zip(batch, lines, strict=True):
            read[index] = glyphs
    return read


def _read_batch(
    recogniser: Recogniser, crops: Sequence[Gray], width: int
) -> list[tuple[Glyph, ...]]:
    """A separate function, so that the scores are freed before the next batch is scored."""
    tensor = np.zeros((len(crops), 3, HEIGHT, width), np.float32)
    for place, crop in enumerate(crops):
        tensor[place, :, :, : crop.shape[1]] = crop * np.float32(1 / 127.5) - np.float32(1)
    return [
        decode(line.scores, line.alphabet, crop.shape[1] / width)
        for line, crop in zip(recogniser.score(tensor), crops, strict=True)
    ]


def decode(scores: NDArray[np.float32], alphabet: Sequence[str], used: float) -> tuple[Glyph, ...]:
    """Greedy CTC: the best class of each step, repeats merged, blanks dropped.

    `scores` is (steps, classes); `used` is the share (0..1) of the steps that show the crop, the
    others are padding. Graves et al., "Connectionist Temporal Classification", ICML 2006.
    """
    best = scores.argmax(axis=1)
    starts = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist()] if len(best) else []
    runs = [(start, end, int(best[start])) for start, end in pairwise([*starts, len(best)])]
    missed = _missed(scores, runs)
    glyphs = []
    for place, (start, end, label) in enumerate(runs):
        if not label:
            continue
        glyphs.append(
            Glyph(
                text=alphabet[label],
                x=min(1.0, (start + end) / 2 / len(scores) / used),
                confidence=max(scores[start:end, label].tolist()),
                missed=max(missed[max(0, place - 1) : place + 2]),
            )
        )
    return tuple(glyphs)


def _missed(scores: NDArray[np.float32], runs: Sequence[tuple[int, int, int]]) -> list[float]:
    """The probability that a run of blanks hides a character; 0 for a run of a character.

    `runs` are (start, end excluded, class). The characters beside the blanks do not count: their
    own ends are likely there.
    """
    if not runs:
        return []
    starts, ends, labels = np.array(runs).T
    before, after = np.concatenate([[0], labels[:-1]]), np.concatenate([labels[1:], [0]])
    run_of = np.repeat(np.arange(len(runs)), ends - starts)
    steps = np.arange(len(run_of))
    known = scores[:, 0].copy()
    lower, higher = np.minimum(before, after), np.maximum(before, after)
    for beside, counts in ((lower, lower > 0), (higher, higher > lower)):
        known += scores[steps, beside[run_of]] * counts[run_of]
    rest = 1 - np.minimum.reduceat(known, starts).astype(np.float64)
    return [float(hidden) for hidden in np.where(labels == 0, np.clip(rest, 0, 1), 0)]


def place_in_box(glyphs: Sequence[Glyph], quad: Quad, framing: Framing) -> tuple[Glyph, ...]:
    """Characters with `x` as shares of a box's width, from shares of its crop's."""
    margin = margin_along(quad, framing)
    return tuple(glyph._replace(x=glyph.x * (1 + 2 * margin) - margin) for glyph in glyphs)


def batches(widths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Crops of these widths in batches: the width of each batch and the indices of its crops.

    A batch takes the next wider crop as long as the padding costs less than a run of its own.
    """
    order = sorted(range(len(widths)), key=widths.__getitem__)
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order):
            new, old = (_round_up(widths[order[last]]) for last in (end, end - 1))
            count = end - start
            if (count + 1) * new > BATCH_COLUMNS or count * (new - old) > RUN:
                break
            end += 1
        yield _round_up(widths[order[end - 1]]), order[start:end]
        start = end


def _round_up(width: int) -> int:
    return math.ceil(width / STEP) * STEP
