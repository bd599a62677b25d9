"""A converter in a process of its own: takes images and returns measurements, in lines of JSON.

Holds both ends of the pipe. It uses only the standard library, since the child may run in another
virtual environment.
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
"""Converts an image to a workbook and returns seconds by stage."""

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Figures:
    """The cost of one image: seconds, and the peak memory (MiB) of the process so far."""

    cpu: float
    wall: float
    peak: float
    stages: Mapping[str, float] = field(default_factory=dict)
    error: str = ""


class ChildGone(Exception):
    """The process ended before it answered."""


class Child:
    """The parent's end: starts the process, and ends it on exit."""

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
    """The child's end: converts one image after the other until its input ends."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # keeps the output of libraries out of the answers
        for line in sys.stdin:
            print(json.dumps(_figures(convert, *map(Path, json.loads(line)))), file=answers)
            answers.flush()


def _figures(convert: Convert, image: Path, out: Path) -> dict[str, object]:
    error, stages = "", {}
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        stages = dict(convert(image, out))
    except Exception as failure:  # noqa: BLE001  a failure is a result too
        error = f"{type(failure).__name__}: {failure}"
    return {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "stages": stages,
        "error": error,
    }
