"""`make bench [SET="FOLDER …"] [ALONE=1] …`: measures how accurate and how fast the engine is.

A FOLDER holds images/ID.png or .jpg and gt/ID.html (one or more <table>), or several such folders.
HELD_OUT names sets that nobody tunes to. RENDERED=n renders n pages of each family of looks,
TABLELESS=n so many pages that hold no table. Without any of these, tables with known content are
drawn. Prints for each image the TEDS of the finished workbook, the share of cells that are right,
and seconds; at the end, Markdown tables of all results, beside img2table unless ALONE.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import ours
from tests.bench.cases import Case, draw_cases
from tests.bench.child import ROOT, Child
from tests.bench.measure import Scaling, in_turns, scaling
from tests.bench.rendered.__main__ import MIXED
from tests.bench.rendered.tables import read_corpus
from tests.bench.rendered.wear import WEARS
from tests.bench.report import IMAGE_HEAD, OURS, THEIRS, SetReport, image_line, markdown
from tests.bench.sets import BenchSet, Rendering, find_sets, render_sets, sampled

RIVAL = ROOT / ".venv-bench"
LEFT_OUT = (
    "The comparison with img2table is left out: it needs a virtual environment of its own in "
    ".venv-bench/, which could not be made (see above; it takes a package index)."
)
SCALED = 12  # images to measure how two workers scale; more only take longer


def main() -> None:
    options = _options(sys.argv[1:])
    commands = {OURS: ours.COMMAND}
    if not options.alone and (RIVAL / ".ready").exists():
        commands[THEIRS] = (str(RIVAL / "bin/python"), "-m", "tests.bench.theirs")
    with TemporaryDirectory() as folder:
        work = Path(folder)
        rendered = _rendered(options, work)
        given = [sampled(each, options.sample) for each in options.found] or (
            [] if rendered else [BenchSet("drawn tables", list(draw_cases(work)))]
        )
        scaled = not options.no_scaling
        reports = [report for each in given for report in _measure([each], commands, work, scaled)]
        reports += _measure(rendered, commands, work, scaled=False) if rendered else []
    print("\n" + markdown(reports))
    if not options.alone and THEIRS not in commands:
        print(LEFT_OUT)


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("sets", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--held-out", nargs="+", default=[], metavar="NAME", help="sets by name")
    parser.add_argument("--sample", type=int, default=sys.maxsize, help="pictures of each set")
    parser.add_argument("--rendered", type=int, default=0, help="pages of each family with tables")
    parser.add_argument("--tableless", type=int, default=0, help="pages without a table, in all")
    parser.add_argument("--seed", type=int, default=1, help="of what is rendered")
    parser.add_argument("--corpus", type=Path, help="real tables to render, as JSON lines")
    parser.add_argument("--wear", choices=(*WEARS, MIXED), default="", help="of what is rendered")
    parser.add_argument("--alone", action="store_true", help="leave img2table out")
    parser.add_argument("--no-scaling", action="store_true", help="leave two processes out")
    options = parser.parse_args(words)
    try:
        options.found = find_sets(options.sets, options.held_out)
    except ValueError as error:
        parser.error(str(error))
    return options


def _rendered(options: argparse.Namespace, work: Path) -> list[BenchSet]:
    if not options.rendered and not options.tableless:
        return []
    corpus = read_corpus(options.corpus) if options.corpus else ()
    wanted = Rendering(options.rendered, options.tableless, options.seed, corpus, options.wear)
    return render_sets(wanted, work / "rendered")


def _measure(
    sets: Sequence[BenchSet], commands: dict[str, Sequence[str]], work: Path, scaled: bool
) -> list[SetReport]:
    """The sets one after the other by the same processes."""
    reports = []
    with ExitStack() as stack:
        children = {key: stack.enter_context(Child(value)) for key, value in commands.items()}
        for each in sets:
            print(f"\n{each.name}\n\n{IMAGE_HEAD}")
            results = []
            for result in in_turns(children, each.cases, work):
                print(image_line(result), flush=True)
                results.append(result)
            reports.append(SetReport(each.name, results, kind=each.kind))
    if scaled:
        return [
            replace(report, scaling=_scaling(each.cases, work))
            for report, each in zip(reports, sets, strict=True)
        ]
    return reports


def _scaling(cases: Sequence[Case], work: Path) -> Scaling:
    images = [case.image for case in cases[:: -(-len(cases) // SCALED)]]
    with Child(ours.COMMAND) as first, Child(ours.COMMAND) as second:
        return scaling((first, second), images, work)


if __name__ == "__main__":
    main()
