"""`make attack`: every attack at once from 16 connections, and what it did to everybody else.

    python -m tests.attacks [--pixels 20000000] [--page-seconds 20] [--mutants 10000 --seed 1]

With --mutants, so many files by chance follow, half of them documents of a small grammar.
Printed is what became of each, and p99 of pages beside that of an idle app. The exit status is 1 if
anything did not hold.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.attacks.documents import DOCUMENTS
from tests.attacks.lists import LISTS
from tests.attacks.mutants import mutants
from tests.attacks.pictures import PICTURES
from tests.attacks.siege import Outcome, besieged, faults_of

IDLE_VISITS = 200
PORTION = 512  # mutants that are in memory at once


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--pixels", type=int, default=20_000_000, help="of a page at most")
    parser.add_argument("--page-seconds", type=float, default=20.0, help="for a page at most")
    parser.add_argument("--mutants", type=int, default=0, help="files by chance to send as well")
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    files = {name: made(options.pixels) for name, made in PICTURES.items()}
    files |= {name: made() for name, made in DOCUMENTS.items()}
    with (
        TemporaryDirectory() as folder,
        besieged(Path(folder) / "app", options.pixels, options.page_seconds) as siege,
    ):
        idle = siege.visit(IDLE_VISITS)
        begun = time.monotonic()
        outcome = siege.lay(files, LISTS)
        seconds = time.monotonic() - begun
        for first in range(0, options.mutants, PORTION):
            count = min(PORTION, options.mutants - first)
            siege.lay(dict(mutants(count, f"{options.seed}.{first}")), {})
            print(f"{first + count} mutants sent", file=sys.stderr)
        faults = faults_of(siege, outcome)
    _tell(outcome, files, idle, seconds)
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


def _tell(outcome: Outcome, files: Sequence[str], idle: list[float], seconds: float) -> None:
    for name in files:
        print(f"{outcome.refused.get(name, 'read'):16} {name}")
    for name in LISTS:
        status, code = outcome.answers[name]
        print(f"{status} {code:12} {name}")
    kinds = Counter(outcome.refused.get(name, "read") for name in files)
    print(f"\n{len(files)} files and {len(LISTS)} bodies in {seconds:.0f} s: {dict(kinds)}")
    by_chance = Counter(code for name, code in outcome.refused.items() if name not in files)
    if by_chance:
        print(f"mutants that were refused: {dict(by_chance)}")
    for kind, most in sorted(outcome.memory.items()):
        print(f"most memory of one process ({kind}): {most / 2**20:.0f} MiB")
    under = [seconds for _, seconds in outcome.visits]
    for what, times in (("idle", idle), ("under attack", under)):
        print(f"pages, {what}: p50 {_at(times, 0.5):.0f} ms, p99 {_at(times, 0.99):.0f} ms")
    print(f"p99 under attack is {_at(under, 0.99) / _at(idle, 0.99):.1f} times that of idle")


def _at(times: list[float], share: float) -> float:
    """That quantile, in milliseconds."""
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    sys.exit(main())
