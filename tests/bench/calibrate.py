"""Fits the confidence of cells and shows how accurate it is: `-m tests.bench.calibrate FOLDER...`.

Each FOLDER, a source, holds images/ID.png or .jpg and gt/ID.html. `--rendered FOLDER...` are more
of them, such as `tests.bench.rendered` makes of each family; they weigh as much as all others do.
All results except the weights are cross-validated: no source is judged by weights fitted to it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.logistic import Logistic
from converter.core.engines.local.pipeline import run
from converter.core.engines.local.tables import grid
from converter.core.engines.local.tables.confidence import Signs, TextSigns, signs_of
from converter.core.engines.local.tables.places import PlaceSigns
from converter.core.engines.local.text.text import TextReader
from converter.core.images import Limits, open_pages
from converter.core.tables.doubt import DOUBT_BELOW
from converter.core.tables.model import Cell
from tests.bench.alignment import right_cells
from tests.bench.teds import from_html

Floats = NDArray[np.float64]

FOLDS = 8
RIDGE = 3.0
ROUNDS, STEPS = 100, 2
MOST = 150  # cells: a larger table weighs no more, since its cells fail together
BINS = (0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)
SHARES = (0.03, 0.05, 0.08)
AFTERWARDS = ("decimal_points", "contradictions")
"""The stages that lower a confidence once it is judged."""


class Matrices(NamedTuple):
    """Signs of n cells about text (n, TextSigns) and place (n, PlaceSigns), or weights of both."""

    text: Floats
    place: Floats

    def at(self, chosen: NDArray[np.bool_]) -> Matrices:
        return Matrices(self.text[chosen], self.place[chosen])


@dataclass(frozen=True)
class Observation:
    folder: str
    image: str
    signs: Signs
    right: bool


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.calibrate")
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER")
    parser.add_argument("--rendered", type=Path, nargs="+", default=[], metavar="FOLDER")
    options = parser.parse_args(arguments)
    folders = [*options.folders, *options.rendered]
    reader = TextReader()
    seen = [item for folder in folders for item in observe(reader, folder)]
    signs = Matrices(
        np.array([item.signs.text for item in seen], np.float64),
        np.array([item.signs.place for item in seen], np.float64),
    )
    right = np.array([item.right for item in seen], np.float64)
    rendered = {folder.name for folder in options.rendered}
    weights = balanced(
        weigh([item.image for item in seen]), np.array([item.folder in rendered for item in seen])
    )
    chances = cross_validated(signs, right, weights, [item.folder for item in seen])
    for folder in folders:
        part = np.array([item.folder == folder.name for item in seen])
        print(f"{folder.name}: {silent_errors(chances[part], right[part])}")
    print_curve(chances, right)
    fitted = fit_both(signs, right, weights)
    for kind, (bias, *others) in zip((TextSigns, PlaceSigns), fitted, strict=True):
        print(Logistic(round(bias, 2), kind(*(round(weight, 2) for weight in others))))


def observe(reader: TextReader, folder: Path) -> Iterator[Observation]:
    """Every cell with text that is read on the images of a folder."""
    for image in sorted((folder / "images").iterdir()):
        truth = from_html(folder / "gt" / f"{image.stem}.html")
        (page,) = open_pages(image, Limits())
        text = reader.read(page.pixels)
        signs: list[Signs | None] = []

        def record(cells: Sequence[Cell], *rest, signs: list[Signs | None] = signs) -> list[Cell]:
            # A cell's confidence holds the index of its signs until they are looked up.
            numbered = [replace(cell, confidence=n) for n, cell in enumerate(cells, len(signs))]
            signs += signs_of(cells, *rest)
            return numbered

        with patch.object(grid, "judge", record):
            tables = run(text, reader, AFTERWARDS).page.tables
        for cell, right in right_cells(truth, tables):
            if (seen := signs[int(cell.confidence)]) is not None:
                yield Observation(folder.name, f"{folder.name}/{image.stem}", seen, right)


def weigh(images: Sequence[str]) -> Floats:
    sizes = Counter(images)
    return np.array([min(1.0, MOST / sizes[image]) for image in images])


def balanced(weights: Floats, rendered: NDArray[np.bool_]) -> Floats:
    """Weights with those of what was rendered scaled, so that these add up to as much as others."""
    if rendered.all() or not rendered.any():
        return weights
    return np.where(rendered, weights * weights[~rendered].sum() / weights[rendered].sum(), weights)


def fit_both(signs: Matrices, right: Floats, weights: Floats) -> Matrices:
    """The biases and weights of two logistic models whose chances, multiplied, say what is right.

    By expectation and maximisation: which of the two is wrong of a wrong cell is not known, so each
    is by the chance that the models so far give it.
    """
    fitted = Matrices(np.zeros(signs.text.shape[1] + 1), np.zeros(signs.place.shape[1] + 1))
    for _ in range(ROUNDS):
        text, place = predict(fitted.text, signs.text), predict(fitted.place, signs.place)
        wrong = np.maximum(1e-9, 1 - text * place)
        fitted = Matrices(
            *(
                fit(each, np.where(right > 0, 1, mine * (1 - other) / wrong), weights, start)
                for each, mine, other, start in zip(
                    signs, (text, place), (place, text), fitted, strict=True
                )
            )
        )
    return fitted


def fit(signs: Floats, right: Floats, weights: Floats, start: Floats) -> Floats:
    """The bias and weights of a logistic regression, some steps of Newton's method from `start`.

    `right` may be chances (0..1).
    """
    inputs = np.column_stack([np.ones(len(signs)), signs])
    ridge = np.diag([1e-6, *[RIDGE] * signs.shape[1]])
    fitted = start
    for _ in range(STEPS):
        chance = predict(fitted, signs)
        slope = inputs.T @ (weights * (right - chance)) - ridge @ fitted
        bend = (inputs * (weights * chance * (1 - chance))[:, None]).T @ inputs + ridge
        fitted = fitted + np.linalg.solve(bend, slope)
    return fitted


def predict(fitted: Floats, signs: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(fitted[0] + signs @ fitted[1:], -30, 30)))


def predict_both(fitted: Matrices, signs: Matrices) -> Floats:
    return predict(fitted.text, signs.text) * predict(fitted.place, signs.place)


def cross_validated(
    signs: Matrices, right: Floats, weights: Floats, sources: Sequence[str]
) -> Floats:
    """The chance of each cell by weights that were fitted without its source."""
    names = sorted(set(sources))
    order = np.random.default_rng(0).permutation(len(names))
    fold_of = {name: int(place) % FOLDS for name, place in zip(names, order, strict=True)}
    folds = np.array([fold_of[source] for source in sources])
    chances = np.zeros(len(right))
    for fold in range(FOLDS):
        out = folds == fold
        fitted = fit_both(signs.at(~out), right[~out], weights[~out])
        chances[out] = predict_both(fitted, signs.at(out))
    return chances


def silent_errors(chances: Floats, right: Floats) -> str:
    """Wrong cells that are not flagged, as a share of all: as it is, and at equal flags."""
    flagged = chances < DOUBT_BELOW
    silent = np.mean(~flagged & (right == 0))
    order = np.argsort(chances, kind="stable")
    equal = []
    for share in SHARES:
        kept = order[round(share * len(order)) :]
        equal.append(f"{np.sum(right[kept] == 0) / len(order):.4f} at {share:.0%}")
    return (
        f"{len(right)} cells, {np.mean(right == 0):.4f} wrong, {np.mean(flagged):.3f} flagged, "
        f"{silent:.4f} silent; {', '.join(equal)}"
    )


def print_curve(chances: Floats, right: Floats) -> None:
    print("confidence    cells   mean  right")
    for low, high in pairwise(BINS):
        part = (low <= chances) & (chances < high)
        if part.any():
            mean, share = chances[part].mean(), right[part].mean()
            print(f"{low:.2f}-{min(high, 1):.2f} {part.sum():9} {mean:6.3f} {share:6.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
