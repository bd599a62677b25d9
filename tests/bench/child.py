"""A converter in a process of its own: pictures go in and figures come out, a line of JSON each.

Both ends of the talk. Only the standard library, since the other end may live in another venv.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

Convert = Callable[[Path, Path], Mapping[str, float]]
"""Turns a picture into a workbook; what it returns is added to the figures."""

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Figures:
    """What one picture took: seconds, and the most memory (MiB) that the process ever held."""

    cpu: float
    wall: float
    peak: float
    stages: Mapping[str, float] = field(default_factory=dict)
    error: str = ""


class ChildGone(Exception):
    """The process ended before it answered."""


class Child:
    """The near end: starts the process, and ends it on leaving."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )

    def convert(self, image: Path, out: Path) -> Figures:
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps([str(image), str(out)]) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self._gone() from error
        answer = self._process.stdout.readline()
        if not answer:
            raise self._gone()
        return Figures(**json.loads(answer))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def _gone(self) -> ChildGone:
        return ChildGone(f"{' '.join(self._command)} ended with {self._process.wait()}")


def serve(convert: Convert) -> None:
    """The far end: converts one picture after the other until there are no more."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # whatever a library prints stays out of the answers
        for line in sys.stdin:
            print(json.dumps(_figures(convert, *map(Path, json.loads(line)))), file=answers)
            answers.flush()


def _figures(convert: Convert, image: Path, out: Path) -> dict[str, object]:
    error, stages = "", {}
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        stages = dict(convert(image, out))
    except Exception as failure:  # noqa: BLE001  a converter that fails is a figure too
        error = f"{type(failure).__name__}: {failure}"
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "stages": stages,
        "error": error,
    }
