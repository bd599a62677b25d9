"""Measures the conversion of a set of images: alone, beside another converter, by two at once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.cases import Case
from tests.bench.child import Child, Figures
from tests.bench.scores import Scores, score_workbook

ROUNDS = 3
SECONDS = ("one_wall", "two_wall", "one_cpu", "two_cpu")


@dataclass(frozen=True)
class Result:
    """One image by one converter."""

    converter: str
    image: str
    scores: Scores
    figures: Figures


@dataclass(frozen=True)
class Scaling:
    """The same images by one process, and by each of two at once; times in seconds."""

    images: int
    one_wall: float
    two_wall: float
    one_cpu: float
    two_cpu: float

    @property
    def throughput(self) -> float:
        """How many times as many images two convert in the same time: 2 at best."""
        return 2 * self.one_wall / self.two_wall

    @property
    def cpu_inflation(self) -> float:
        """How many times as much processor time an image takes beside another: 1 at best."""
        return self.two_cpu / 2 / self.one_cpu


def in_all(sets: Sequence[Scaling]) -> Scaling:
    """The sum of several sets, as if they were one."""
    seconds = ([getattr(each, name) for each in sets] for name in SECONDS)
    return Scaling(sum(each.images for each in sets), *map(sum, seconds))


def in_turns(children: Mapping[str, Child], cases: Sequence[Case], work: Path) -> Iterator[Result]:
    """Each image by each converter before the next image; they take turns in going first.

    All convert the first image once before, which does not count.
    """
    for child in children.values():
        child.convert(cases[0].image, work / "warm.xlsx")
    for number, case in enumerate(cases):
        names = list(children)
        for name in names if number % 2 == 0 else names[::-1]:
            out = work / f"{name}.xlsx"
            out.unlink(missing_ok=True)
            figures = children[name].convert(case.image, out)
            scores = Scores() if figures.error else score_workbook(case.truth, out)
            yield Result(name, case.name, scores, figures)


def scaling(
    children: tuple[Child, Child], images: Sequence[Path], work: Path, rounds: int = ROUNDS
) -> Scaling:
    """One process and both in turns, the median of several rounds, after both have warmed up."""
    _together(children, images[:1], work)
    ones, twos = [], []
    for _ in range(rounds):
        ones.append(_together(children[:1], images, work))
        twos.append(_together(children, images, work))
    one_wall, one_cpu = map(median, zip(*ones, strict=True))
    two_wall, two_cpu = map(median, zip(*twos, strict=True))
    return Scaling(len(images), one_wall, two_wall, one_cpu, two_cpu)


def _together(children: Sequence[Child], images: Sequence[Path], work: Path) -> tuple[float, float]:
    """Seconds until each process has converted all images, and processor seconds of all."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(children)) as pool:
        jobs = [
            pool.submit(_convert_all, child, images, work / f"{number}.xlsx")
            for number, child in enumerate(children)
        ]
        cpu = sum(job.result() for job in jobs)
    return time.perf_counter() - begun, cpu


def _convert_all(child: Child, images: Sequence[Path], out: Path) -> float:
    return sum(child.convert(image, out).cpu for image in images)
