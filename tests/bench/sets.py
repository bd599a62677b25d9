"""The sets to measure: folders of pictures, held out or not, and freshly rendered families."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.cases import Case, read_cases
from tests.bench.rendered.__main__ import Wanted, write_set
from tests.bench.rendered.families import all_families
from tests.bench.rendered.family import Family
from tests.bench.rendered.page import running
from tests.bench.rendered.tables import SourceTable

DEVELOPMENT: Final = "development"
HELD_OUT: Final = "held out"
RENDERED: Final = "rendered"
TABLELESS: Final = "without a table"


@dataclass(frozen=True)
class BenchSet:
    """Pictures that are reported as one; `kind` is one of the above."""

    name: str
    cases: Sequence[Case]
    kind: str = DEVELOPMENT


def find_sets(folders: Iterable[Path], held_out: Iterable[str] = ()) -> list[BenchSet]:
    """The sets in these folders, each a set or a folder of sets; ValueError says what is wrong."""
    hidden, found = set(held_out), []
    for folder in folders:
        inside = [path for path in _candidates(folder) if (path / "images").is_dir()]
        sets = [(path.name, read_cases(path)) for path in inside]
        if not any(cases for _, cases in sets):
            raise ValueError(f"{folder} holds no images/ID.png or .jpg with gt/ID.html")
        found += [(name, cases) for name, cases in sets if cases]
    if missing := sorted(hidden - {name for name, _ in found}):
        raise ValueError(f"No set has the name {', '.join(missing)}")
    return [
        BenchSet(name, cases, HELD_OUT if name in hidden else DEVELOPMENT) for name, cases in found
    ]


def _candidates(folder: Path) -> list[Path]:
    if (folder / "images").is_dir() or not folder.is_dir():
        return [folder]
    return sorted(path for path in folder.iterdir() if path.is_dir())


def sampled(bench_set: BenchSet, most: int) -> BenchSet:
    """The set with no more than so many pictures, evenly spread over it."""
    step = -(-len(bench_set.cases) // most)
    return BenchSet(bench_set.name, bench_set.cases[::step], bench_set.kind)


@dataclass(frozen=True)
class Rendering:
    """What to render: pages for each family with tables, and pages without one in all."""

    each: int = 0
    tableless: int = 0
    seed: int = 1
    corpus: Sequence[SourceTable] = ()
    wear: str = ""

    def counts(self) -> Iterator[tuple[Family, int]]:
        """How many pages of each family, those without a table evenly spread."""
        families = all_families().values()
        bare = [family for family in families if family.tableless]
        for family in families:
            count = self.each
            if family.tableless:
                count = (self.tableless + len(bare) - 1 - bare.index(family)) // len(bare)
            if count:
                yield family, count


def render_sets(rendering: Rendering, work: Path) -> list[BenchSet]:
    """Sets of new pictures below `work`, one for each family."""
    sets = []
    with running() as renderer:
        for family, count in rendering.counts():
            wanted = Wanted(rendering.seed, count, rendering.wear)
            write_set(renderer, family, work / family.name, rendering.corpus, wanted)
            kind = TABLELESS if family.tableless else RENDERED
            sets.append(BenchSet(family.name, read_cases(work / family.name), kind))
    return sets
