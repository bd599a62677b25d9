"""Trains the network of structure from nothing: `-m tests.bench.structure CORPUS WORK OUT.onnx`.

CORPUS is a file of real tables as `rendered.source` reads it. Pages are drawn and recorded by as
many processes as there are cores into WORK/pages, then the network learns from them. WORK may hold
pages of an earlier run; they are kept and used. It takes PyTorch and onnx (requirements.txt beside
`small_networks`).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.structure")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--record", type=float, default=90, metavar="MINUTES")
    parser.add_argument("--train", type=float, default=120, metavar="MINUTES")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    pages, weights = options.work / "pages", options.work / "weights.pt"
    if options.record:
        drawn = ("record", pages, "--corpus", options.corpus, "--minutes", options.record)
        cores = range(os.cpu_count() or 1)
        recorders = [_start(*drawn, "--seed", options.seed + core) for core in cores]
        failed = [recorder for recorder in recorders if recorder.wait()]
        if failed:
            raise SystemExit(f"{len(failed)} of {len(recorders)} recordings failed.")
    steps = (
        ("train", pages, weights, "--minutes", options.train, "--seed", options.seed),
        ("export", pages, weights, options.out),
    )
    for step in steps:
        if _start(*step).wait():
            raise SystemExit(f"The step {step[0]} failed.")


def _start(module: str, *arguments: object) -> subprocess.Popen[bytes]:
    """A step as a process of its own, on one thread."""
    command = [sys.executable, "-m", f"tests.bench.structure.{module}", *map(str, arguments)]
    return subprocess.Popen(command, env=os.environ | {"OMP_NUM_THREADS": "1"})


if __name__ == "__main__":
    main(sys.argv[1:])
