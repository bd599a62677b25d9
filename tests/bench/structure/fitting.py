"""Fits what decides over whole tables, with the shipped network.

`-m tests.bench.structure.fitting PAGES --cases FOLDER … --tuned FOLDER …` prints the constants of
`divisions` and of `acceptance`, from recorded pages that the network did not learn from, and those
of `witness`, from pictures with a truth. Pictures to which the rules were tuned count TUNED times
as much.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from converter.core.engines.local.page.logistic import Logistic
from converter.core.engines.local.pipeline import run
from converter.core.engines.local.structure.acceptance import TableSigns, signs_of
from converter.core.engines.local.structure.clusters import find_tables
from converter.core.engines.local.structure.decoding import decode
from converter.core.engines.local.structure.divisions import (
    GapSigns,
    divided,
    printed_groups,
    signs_of_gaps,
)
from converter.core.engines.local.structure.drafts import draft_of, grid_of
from converter.core.engines.local.structure.evidence import Evidence, gather
from converter.core.engines.local.structure.grids import find_grid
from converter.core.engines.local.structure.page import Page
from converter.core.engines.local.structure.reading import the_network
from converter.core.engines.local.structure.witness import (
    DisputeSigns,
    disputes,
    signs_of_dispute,
)
from converter.core.engines.local.tables.draft import Draft
from converter.core.engines.local.text.text import TextReader
from converter.core.images import Limits, open_pages
from converter.core.tables.model import Table
from tests.bench.alignment import cells_by_row, leaf_of
from tests.bench.cases import Case, read_cases
from tests.bench.structure.pages import read_pages
from tests.bench.structure.recording import OUTSIDE, Labels
from tests.bench.teds import Grid, teds

Answered = tuple[TableSigns | DisputeSigns | GapSigns, float]
"""Signs, and the answer: above 0 for yes; how far from 0 says how much it matters."""

STEPS: Final = 8000
RATE: Final = 0.3
DECAY: Final = 0.01
ALIKE: Final = 0.005
"""Readings whose TEDS differs by less are equally right."""
TUNED: Final = 0.2


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.structure.fitting")
    parser.add_argument("pages", type=Path)
    parser.add_argument("--cases", type=Path, nargs="+", default=[], metavar="FOLDER")
    parser.add_argument("--tuned", type=Path, nargs="+", default=[], metavar="FOLDER")
    options = parser.parse_args(arguments)
    pages = read_pages(options.pages)
    for axis, where in ((0, "along a page"), (1, "down a page")):
        gaps = [each for page in pages for each in gap_signs(page.evidence, page.labels, axis)]
        print(f"divisions: do two tables meet {where}?", told(gaps), sep="\n")
    tables = [each for page in pages for each in table_signs(page.evidence, page.labels)]
    print("acceptance: is it a table?", told(tables), sep="\n")
    reader = TextReader()
    disputed = [
        (signs, answer * weight)
        for folders, weight in ((options.cases, 1.0), (options.tuned, TUNED))
        for folder in folders
        for case in read_cases(folder)
        for signs, answer in dispute_signs(case, reader)
    ]
    if disputed:
        print("witness: are the rules right?", told(disputed), sep="\n")


def told(cases: Sequence[Answered]) -> str:
    """The fitted model, and how many of the cases it answers rightly."""
    signs = np.array([signs for signs, _ in cases])
    answers = np.array([answer for _, answer in cases])
    bias, weights = fit(signs, answers)
    right = ((bias + signs @ weights > 0) == (answers > 0)).mean()
    kind = type(cases[0][0])
    return (
        f"yes in {(answers > 0).sum()} of {len(answers)}, answered rightly in {right:.3f}\n"
        f"{Logistic(round(bias, 2), kind(*(round(float(weight), 2) for weight in weights)))}"
    )


def fit(signs: np.ndarray, answers: np.ndarray) -> tuple[float, np.ndarray]:
    """The bias and weights of a logistic model, by gradient descent on scaled signs."""
    mean, scale = signs.mean(axis=0), signs.std(axis=0) + 1e-6
    scaled, matters = (signs - mean) / scale, np.abs(answers) / np.abs(answers).mean()
    weights, bias = np.zeros(signs.shape[1]), 0.0
    for _ in range(STEPS):
        error = matters * (1 / (1 + np.exp(-(scaled @ weights + bias))) - (answers > 0))
        weights -= RATE * (scaled.T @ error / len(error) + DECAY * weights)
        bias -= RATE * float(error.mean())
    weights = weights / scale
    return bias - float(mean @ weights), weights


def gap_signs(evidence: Evidence, labels: Labels, axis: int) -> Iterator[Answered]:
    """The signs of each gap of what was taken for one table, and whether two tables meet there."""
    page = Page(evidence)
    scores = the_network().scores(page)
    found = []
    for pieces in find_tables(page, scores):
        tables, groups = labels.places[pieces, 0], printed_groups(page, pieces, axis)
        for at, signs in signs_of_gaps(page, scores, pieces, groups, axis=axis).items():
            before, after = (set(tables[side]) - {OUTSIDE} for side in (groups <= at, groups > at))
            if before and after:
                found.append((signs, -1.0 if before & after else 1.0))
    weight = 1 / np.sqrt(max(1, len(found)))  # a page with many gaps tells not much more
    yield from ((signs, answer * weight) for signs, answer in found)


def table_signs(evidence: Evidence, labels: Labels) -> Iterator[Answered]:
    """The signs of each grid of a page, and whether most of it is in one true table."""
    page = Page(evidence)
    scores = the_network().scores(page)
    found = find_tables(page, scores)
    for pieces in (part for whole in found for part in divided(page, scores, whole)):
        grid = find_grid(page, scores, pieces)
        if grid.rows.max() < 2 or grid.columns.max() < 2:
            continue
        tables = labels.places[pieces, 0]
        inside = np.bincount(tables[tables >= 0], minlength=1).max()
        yield signs_of(page, scores, grid), 1.0 if 2 * inside > len(pieces) else -1.0


def dispute_signs(case: Case, reader: TextReader) -> Iterator[Answered]:
    """The signs of a picture's one dispute, and by how much TEDS the rules read it better."""
    image = next(iter(open_pages(case.image, Limits())))
    known = run(reader.read(image.pixels), reader).after["header"]
    if not known.fragments:
        return
    rules = known.bend.rules(known.rules)
    page = Page(gather(known.fragments, known.straight, rules, known.gray))
    scores = the_network().scores(page)
    learned = decode(page, scores)
    others = [grid_of(draft, known.straight) for draft in known.drafts]
    found = disputes(learned, others)
    if len(found) != 1:
        return
    mine = [draft_of(page, scores, grid, known.straight, rules) for grid in learned]
    gain = teds(case.truth, as_grids(known.drafts)) - teds(case.truth, as_grids(mine))
    if abs(gain) > ALIKE:
        yield signs_of_dispute(page, scores, learned, others, found[0].pieces), gain


def as_grids(drafts: Sequence[Draft]) -> list[Grid]:
    tables = (Table(draft.cells) for draft in drafts)
    return [[[leaf_of(cell) for cell in row] for row in cells_by_row(table)] for table in tables]


if __name__ == "__main__":
    main(sys.argv[1:])
