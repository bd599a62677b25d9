"""Draws pages and keeps their evidence and labels: `-m tests.bench.structure.record OUT`.

OUT gets files of PER_FILE pages each, as many as there is time for. The same seed gives the same
pages; processes that run side by side take different seeds.
"""

from __future__ import annotations

import argparse
import gzip
import pickle
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

from tests.bench.rendered.families import all_families
from tests.bench.rendered.page import RenderedPage, Renderer, running, titles_in_stub
from tests.bench.rendered.tables import SourceTable, Supply, read_corpus
from tests.bench.rendered.wear import WEARS, worn
from tests.bench.structure.recording import Evidence, Labels, Recorder

PER_FILE: Final = 64
SCALES: Final = (0.75, 1.0, 1.0, 1.25, 1.5, 2.0)
WORN: Final = 0.3
"""Of the pages are worn as photos and scans are."""
RECOGNISED: Final = 0.08
"""Of the pages have their characters recognised, too."""
FROM_CORPUS: Final = 0.75


@dataclass(frozen=True, eq=False)
class Recorded:
    family: str
    seed: str
    evidence: Evidence
    labels: Labels


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.structure.record")
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpus", type=Path, required=True, help="real tables as JSON lines")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--family", nargs="+", metavar="NAME")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + 60 * options.minutes
    batch: list[Recorded] = []
    number = 0
    with running() as renderer:
        for page in recorded(renderer, read_corpus(options.corpus), options):
            batch.append(page)
            late = time.monotonic() > end
            if len(batch) == PER_FILE or late:
                path = options.out / f"{options.seed}-{number:04}.pickle.gz"
                path.write_bytes(gzip.compress(pickle.dumps(batch), 4))
                print(path.name, len(batch), file=sys.stderr, flush=True)
                batch, number = [], number + 1
            if late:
                break


def recorded(
    renderer: Renderer, corpus: Sequence[SourceTable], options: argparse.Namespace
) -> Iterator[Recorded]:
    """Pages of all families in turns, or of those that `options` name, without end."""
    recorder = Recorder(options.seed)
    for drawn in drawn_pages(renderer, corpus, options.seed, options.family):
        found = recorder.record(drawn.page, recognised=drawn.chance < RECOGNISED)
        if found:
            yield Recorded(drawn.family, drawn.seed, *found)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A page as it was drawn and worn; `chance` (0..1) is for what is to be done with some."""

    family: str
    seed: str
    page: RenderedPage
    chance: float


def drawn_pages(
    renderer: Renderer, corpus: Sequence[SourceTable], seed: int, names: Sequence[str] | None = None
) -> Iterator[Drawn]:
    """Pages of all families in turns, or of those named, without end."""
    families = all_families()
    names = names or list(families)
    for turn in count():
        for name in Random(f"{seed} {turn}").sample(names, len(names)):
            page_seed = f"{seed} {name} {turn}"
            rnd = Random(page_seed)
            supply = Supply(rnd, corpus if rnd.random() < FROM_CORPUS else ())
            try:
                page = renderer.render(families[name].make(rnd, supply), rnd.choice(SCALES))
            except ValueError as error:  # a table that this family cannot draw
                print(page_seed, error, file=sys.stderr)
                continue
            page = titles_in_stub(page) if families[name].stub_titles else page
            if rnd.random() < WORN:
                wear = rnd.choice([each for each in WEARS if each != "turned"])
                page = worn(page, wear, page_seed)
            yield Drawn(name, page_seed, page, rnd.random())


if __name__ == "__main__":
    main(sys.argv[1:])
