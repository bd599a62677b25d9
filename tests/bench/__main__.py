"""`make bench [SET="FOLDER …"] [ALONE=1]`: measures how accurate and how fast the local engine is.

A FOLDER holds images/ID.png or .jpg and gt/ID.html (one or more <table>). Without one, tables with
known content are drawn. Prints for each image the TEDS of the finished workbook, the share of cells
that are right, and seconds; at the end, Markdown tables of all results, beside img2table unless
ALONE.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import ours
from tests.bench.cases import Case, draw_cases, read_cases
from tests.bench.child import ROOT, Child
from tests.bench.measure import in_turns, scaling
from tests.bench.report import IMAGE_HEAD, OURS, THEIRS, SetReport, image_line, markdown

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
        sets = {path.name: read_cases(path) for path in options.sets}
        sets = sets or {"drawn tables": list(draw_cases(work))}
        reports = [
            _measure(name, cases, commands, work, scaled=not options.no_scaling)
            for name, cases in sets.items()
        ]
    print("\n" + markdown(reports))
    if not options.alone and THEIRS not in commands:
        print(LEFT_OUT)


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("sets", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--alone", action="store_true", help="leave img2table out")
    parser.add_argument("--no-scaling", action="store_true", help="leave two processes out")
    options = parser.parse_args(words)
    for folder in options.sets:
        if not (folder / "images").is_dir() or not read_cases(folder):
            parser.error(f"{folder} holds no images/ID.png or .jpg with gt/ID.html")
    return options


def _measure(
    name: str,
    cases: Sequence[Case],
    commands: dict[str, Sequence[str]],
    work: Path,
    scaled: bool,
) -> SetReport:
    with ExitStack() as stack:
        children = {key: stack.enter_context(Child(value)) for key, value in commands.items()}
        print(f"\n{name}\n\n{IMAGE_HEAD}")
        results = []
        for result in in_turns(children, cases, work):
            print(image_line(result), flush=True)
            results.append(result)
    if not scaled:
        return SetReport(name, results)
    images = [case.image for case in cases[:: -(-len(cases) // SCALED)]]
    with Child(ours.COMMAND) as first, Child(ours.COMMAND) as second:
        return SetReport(name, results, scaling((first, second), images, work))


if __name__ == "__main__":
    main()
