"""Plants errors in true tables: `python -m tests.bench.silent CORPUS`.

CORPUS has a table a line, as `tests.bench.rendered` takes it. All cells are sure, so that nothing
but the text of the table can give an error away: figures of the picture come on top. For each kind
of error it prints in how many tables a cell was marked that is not on the true table, in how many
the very cell, and in how many the text that was there is proposed; apart for numbers that take part
in a sum (for rows and columns: tables that have one), and for others. "True tables" are the same
tables without any error: each mark there is a false one. A fifth of the documents is held out:
nobody looks at it, no threshold is chosen by it, and its figures stand beside the others.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from converter.core.engines.local.tables.contradictions import doubt_contradicted
from converter.core.tables.checks import checks
from converter.core.tables.judging import judged
from converter.core.tables.model import Place, Table
from tests.bench.silent.planting import names
from tests.bench.silent.tally import WITH_SUMS, WITHOUT, Result, measure
from tests.bench.silent.truth import read_truths


def marking(table: Table) -> Table:
    """What the engine does after it has read a table."""
    doubted = replace(table, cells=tuple(doubt_contradicted(table.cells)))
    return judged(doubted)


def mending(table: Table) -> Mapping[Place, str]:
    return {check.culprit: check.mend for check in checks(table) if check.culprit and check.mend}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.silent")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--step", type=int, default=1, help="each STEPth table")
    parser.add_argument("--kinds", nargs="*", help="of errors; all without it")
    parser.add_argument("-v", "--verbose", action="store_true", help="lists misses and alarms")
    given = parser.parse_args(arguments)
    truths = list(read_truths(given.corpus, given.step))
    for name, is_held_out in (("developed on", False), ("held out", True)):
        chosen = [truth for truth in truths if truth.is_held_out == is_held_out]
        result = measure(chosen, names(given.kinds), marking, mending)
        print_result(name, result, verbose=given.verbose and not is_held_out)


def print_result(name: str, result: Result, *, verbose: bool) -> None:
    alarms = result.alarms
    print(
        f"{name}: true tables {alarms.tables}, with a mark {_share(alarms.alarmed, alarms.tables)},"
        f" cells marked {_share(alarms.marked, alarms.cells)}"
    )
    for (kind, where), tally in sorted(result.tallies.items(), key=lambda each: each[0][::-1]):
        print(
            f"  {kind:16} {where:8} {tally.planted:5}  told {_share(tally.told, tally.planted)}"
            f"  named {_share(tally.named, tally.planted)}"
            f"  mended {_share(tally.mended, tally.planted)}"
        )
        if verbose:
            print(*(f"    {line}" for line in tally.missed), sep="\n")
    for where in (WITH_SUMS, WITHOUT):
        found = [tally for (_, at), tally in result.tallies.items() if at == where]
        planted = sum(tally.planted for tally in found)
        told = sum(tally.told for tally in found)
        print(f"  {'all':16} {where:8} {planted:5}  told {_share(told, planted)}")
    if verbose:
        print(*alarms.seen, sep="\n")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):6.2f} %"


if __name__ == "__main__":
    main()
