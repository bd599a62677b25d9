"""`make ablation SET="FOLDER[:N] …"`: what each stage of the local engine earns.

A FOLDER holds images/ID.png or .jpg and gt/ID.html; with :N only every Nth picture counts. The text
of each is read once, then the stages run with each one left out that can be. Prints a Markdown
table: what is lost without a stage. Marks of headers and of names of rows are not measured.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from converter.core.engines.local.picture.pictures import Picture
from converter.core.engines.local.pipeline import STAGES, run
from converter.core.engines.local.text.page_text import Line, PageText
from converter.core.engines.local.text.text import TextReader
from converter.core.images import Limits, open_pages
from converter.core.tables.doubt import DOUBT_BELOW
from converter.core.tables.model import Box, Table
from tests.bench.alignment import cells_by_row, leaf_of, right_cells
from tests.bench.cases import Case, read_cases
from tests.bench.report import ALL, table
from tests.bench.scores import score
from tests.bench.teds import Grid

WHOLE = ""
"""The name of the run with all stages."""
HEAD = ("stage", "what it does", "cells right", "unmarked", "better : worse", "ms")


@dataclass(frozen=True)
class Outcome:
    """A picture read without one stage: `unmarked` is the share of cells that are wrong and not
    marked as doubtful, `seconds` are those of each stage."""

    teds: float
    cells: float
    unmarked: float
    seconds: Mapping[str, float]


Outcomes = Sequence[Mapping[str, Outcome]]
"""For each picture of a set, by the stage that is left out."""


class RememberingReader(TextReader):
    """Reads the same boxes of a page once, however often the stages ask."""

    def __init__(self) -> None:
        super().__init__()
        self._page: Picture | None = None
        self._read: dict[tuple[Box, ...], list[Line]] = {}

    def read_boxes(self, picture: Picture, boxes: Sequence[Box]) -> list[Line]:
        if self._page is not picture:
            self._page, self._read = picture, {}
        if tuple(boxes) not in self._read:
            self._read[tuple(boxes)] = super().read_boxes(picture, boxes)
        return self._read[tuple(boxes)]


def main(words: Sequence[str]) -> None:
    reader = RememberingReader()
    sets: dict[str, Outcomes] = {}
    for word in words:
        folder, _, step = word.partition(":")
        cases = read_cases(Path(folder))[:: int(step or 1)]
        sets[Path(folder).name] = list(outcomes(cases, reader))
    print(markdown(sets))


def outcomes(cases: Sequence[Case], reader: TextReader) -> Iterator[Mapping[str, Outcome]]:
    for case in cases:
        print(case.name, file=sys.stderr, flush=True)
        page = next(iter(open_pages(case.image, Limits())))
        yield by_stage(reader.read(page.pixels), reader, Judge(case.truth))


def by_stage(text: PageText, reader: TextReader, judge: Judge) -> dict[str, Outcome]:
    """What comes of a page with all stages, and without each that can be left out."""
    whole = run(text, reader)
    found = {WHOLE: judge.outcome(whole.page.tables, whole.seconds)}
    idle = {name for (_, page), (name, same) in pairwise(whole.after.items()) if page == same}
    for name in (stage.name for stage in STAGES if not stage.needed):
        ran = whole if name in idle else run(text, reader, {name})
        found[name] = judge.outcome(ran.page.tables, ran.seconds)
    return found


class Judge:
    """Compares tables with the truth of one picture; equal tables only once."""

    def __init__(self, truth: Sequence[Grid]) -> None:
        self._truth = truth
        self._known: dict[object, tuple[float, float, list[bool]]] = {}

    def outcome(self, tables: Sequence[Table], seconds: Mapping[str, float]) -> Outcome:
        rows = [cells_by_row(table) for table in tables]
        key = str([[[astuple(leaf_of(c)) for c in row] for row in grid] for grid in rows])
        if key not in self._known:
            scores = score(self._truth, [[[leaf_of(c) for c in row] for row in g] for g in rows])
            rights = [right for _, right in right_cells(self._truth, tables)]
            self._known[key] = scores.teds, scores.cells, rights
        teds, cells, rights = self._known[key]
        sure = [
            cell.confidence >= DOUBT_BELOW
            for grid in rows
            for row in grid
            for cell in row
            if cell.text
        ]
        wrong = sum(each and not right for each, right in zip(sure, rights, strict=True))
        return Outcome(teds, cells, wrong / max(1, len(sure)), seconds)


def markdown(sets: Mapping[str, Outcomes]) -> str:
    """TEDS, cells right and cells unmarked with all stages, then what each stage adds to them."""
    pictures = [picture for outcomes in sets.values() for picture in outcomes]
    parts = {**sets, ALL: pictures} if len(sets) > 1 else sets
    whole = [picture[WHOLE] for picture in pictures]
    first = [f"{fmean(picture[WHOLE].teds for picture in part):.4f}" for part in parts.values()]
    rows = [
        [
            "all stages",
            "",
            *first,
            f"{fmean(each.cells for each in whole):.4f}",
            f"{fmean(each.unmarked for each in whole):.4f}",
            "",
            f"{1000 * fmean(sum(each.seconds.values()) for each in whole):.1f}",
        ]
    ]
    for stage in STAGES:
        took = f"{1000 * fmean(each.seconds[stage.name] for each in whole):.1f}"
        if stage.needed:
            earned = ["needed", *[""] * (len(parts) + 2)]
        else:
            earned = [
                *(_earned(part, stage.name, "teds") for part in parts.values()),
                _earned(pictures, stage.name, "cells"),
                _earned(pictures, stage.name, "unmarked"),
                _changed(pictures, stage.name),
            ]
        rows.append([stage.name, stage.purpose, *earned, took])
    name, purpose, *others = HEAD
    return table([name, purpose, *(f"TEDS, {part}" for part in parts), *others], rows)


def _earned(pictures: Outcomes, name: str, figure: str) -> str:
    """How much larger a figure is on average than without a stage; empty if it is the same."""
    gains = [getattr(each[WHOLE], figure) - getattr(each[name], figure) for each in pictures]
    return f"{fmean(gains):+.4f}" if any(gains) else ""


def _changed(pictures: Outcomes, name: str) -> str:
    """On how many pictures the TEDS is better than without a stage, and on how many worse."""
    gains = [each[WHOLE].teds - each[name].teds for each in pictures]
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    return f"{better} : {worse}" if better or worse else ""


if __name__ == "__main__":
    main(sys.argv[1:])
