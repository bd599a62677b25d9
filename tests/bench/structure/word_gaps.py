"""Fits which blanks between words part cells: `-m tests.bench.structure.word_gaps CORPUS`.

Pages are drawn as for `record`, and read by the engine's own detector. The constants of
`fragments/word_gaps.py` are printed, and what they find on families that they were not fitted on.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.fragments.cutting import words_of
from converter.core.engines.local.fragments.word_gaps import WIDE_BLANK, GapSigns, signs_of_gaps
from converter.core.engines.local.page.logistic import Logistic
from converter.core.tables.model import Box
from tests.bench.rendered.page import RenderedPage, running
from tests.bench.rendered.tables import read_corpus
from tests.bench.structure.fitting import fit
from tests.bench.structure.record import drawn_pages
from tests.bench.structure.recording import Recorder, true_lines

HELD_OUT: Final = 4
"""Every so manieth family is left out of the fit that is judged."""
MISSED: Final = 1.5
"""How much worse a blank is that is missed than one that is cut in vain, which can be undone."""
SHIFT: Final = -0.75
"""Added to the fitted bias: lines of running text have many blanks."""


class Gap(NamedTuple):
    family: str
    page: int
    signs: GapSigns
    parts: bool
    in_table: bool


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.structure.word_gaps")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    end = time.monotonic() + 60 * options.minutes
    gaps: list[Gap] = []
    recorder = Recorder(options.seed)
    with running() as renderer:
        drawn = drawn_pages(renderer, read_corpus(options.corpus), options.seed)
        for number, each in enumerate(drawn):
            gaps += [
                Gap(each.family, number, *told)
                for told in gaps_of(each.page, recorder)
                if told[0].width < WIDE_BLANK
            ]
            if time.monotonic() > end:
                break
    told = sorted({gap.family for gap in gaps})[::HELD_OUT]
    judge(
        [gap for gap in gaps if gap.family not in told], [gap for gap in gaps if gap.family in told]
    )
    bias, weights = fit_gaps(gaps)
    print(Logistic(round(bias, 2), GapSigns(*(round(float(weight), 2) for weight in weights))))


def fit_gaps(gaps: Sequence[Gap]) -> tuple[float, NDArray[np.float64]]:
    """The bias and weights; a page counts by the root of its blanks."""
    pages = np.array([gap.page for gap in gaps])
    share = 1 / np.sqrt(np.bincount(pages)[pages])
    answers = share * np.where([gap.parts for gap in gaps], MISSED, -1.0)
    bias, weights = fit(np.array([gap.signs for gap in gaps]), answers)
    return bias + SHIFT, weights


def judge(fitted: Sequence[Gap], others: Sequence[Gap]) -> None:
    bias, weights = fit_gaps(fitted)
    for name, inside in (("in tables", True), ("outside", False)):
        held = [gap for gap in others if gap.in_table == inside]
        cut = np.array([bias + np.array(gap.signs) @ weights > 0 for gap in held])
        parts = np.array([gap.parts for gap in held], np.bool_)
        print(
            f"{name}: {cut[parts].mean():.3f} of {parts.sum()} found,"
            f" {cut[~parts].mean():.4f} of {(~parts).sum()} cut in vain"
        )


def gaps_of(page: RenderedPage, recorder: Recorder) -> Iterator[tuple[GapSigns, bool, bool]]:
    """The signs of each blank of a page, whether it parts cells, and whether it is in a table."""
    found = recorder.read(page, recognised=False)
    if not found:
        return
    text, lines, rules = found
    words = words_of(lines, text.picture.gray, rules.vertical)
    truth = list(true_lines(page))
    boxes = np.array([line.box for line, _ in truth]).reshape(-1, 4)
    for line, parts, signs in zip(lines, words, signs_of_gaps(words), strict=True):
        spans = [Box(word.left, line.box.top, word.right, line.box.bottom) for word in parts]
        owners = [_owner(box, boxes) for box in text.back(spans)]
        for at, sign in enumerate(signs):
            first, second = owners[at : at + 2]
            if first is None or second is None or parts[at + 1].ruled:
                continue
            places = [truth[owner][1] for owner in (first, second)]
            outside = isinstance(places[0], str)
            yield sign, first != second if outside else places[0] != places[1], not outside


def _owner(box: Box, boxes: NDArray[np.float64]) -> int | None:
    """The true line that most of a word is on."""
    left, top, right, bottom = box
    high = np.minimum(bottom, boxes[:, 3]) - np.maximum(top, boxes[:, 1])
    wide = np.minimum(right, boxes[:, 2]) - np.maximum(left, boxes[:, 0])
    least = np.minimum(bottom - top, boxes[:, 3] - boxes[:, 1])
    held = np.flatnonzero((high > 0.4 * least) & (wide > 0.5 * (right - left)))
    return int(held[high[held].argmax()]) if len(held) else None


if __name__ == "__main__":
    main(sys.argv[1:])
