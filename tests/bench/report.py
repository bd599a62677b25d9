"""The results of a benchmark as Markdown tables, ready to paste into docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from tests.bench.measure import Result, Scaling, in_all
from tests.bench.sets import DEVELOPMENT, HELD_OUT, RENDERED, TABLELESS

OURS, THEIRS = "Tablexl", "img2table"
ALL = "all of them"


@dataclass(frozen=True)
class SetReport:
    name: str
    results: Sequence[Result]
    scaling: Scaling | None = None
    kind: str = DEVELOPMENT

    def by(self, converter: str) -> list[Result]:
        return [result for result in self.results if result.converter == converter]


Row = Sequence[str]


def markdown(reports: Sequence[SetReport]) -> str:
    """All tables that the results suffice for, below their headings in docs/benchmarks.md."""
    bare = [report for report in reports if report.kind == TABLELESS]
    reports = [report for report in reports if report.kind != TABLELESS]
    beside = [report for report in reports if report.by(THEIRS)]
    scaled = [(report.name, report.scaling) for report in reports if report.scaling]
    scaled += [(ALL, in_all([item for _, item in scaled]))] if len(scaled) > 1 else []
    parts = ["## How good\n", _quality(reports)] if reports else []
    parts += ["## Tables where there are none\n", _invented(bare)] if bare else []
    parts += ["## How fast\n"] if reports else []
    parts += [_comparison(beside)] if beside else []
    parts += [_stages(reports)] if reports else []
    parts += ["## How it scales\n", _scaling(scaled)] if scaled else []
    return "\n".join(parts)


IMAGE_HEAD = "|  | image | TEDS | cells right | CPU s | seconds |  |\n" + "| --- " * 7 + "|"


def image_line(result: Result) -> str:
    """A row below IMAGE_HEAD."""
    figures, scores = result.figures, result.scores
    line = f"| {result.converter:9} | {result.image:40} | {scores.teds:.3f} | {scores.cells:.3f}"
    return f"{line} | {figures.cpu:6.2f} | {figures.wall:6.2f} | {figures.error} |"


def table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


QUALITY: Sequence[tuple[str, Callable[[Sequence[Result]], float]]] = (
    ("TEDS", lambda results: mean(r.scores.teds for r in results)),
    ("structure alone", lambda results: mean(r.scores.structure for r in results)),
    ("cells right", lambda results: mean(r.scores.cells for r in results)),
    ("whole tables right", lambda results: mean(r.scores.whole for r in results)),
    ("silent errors", lambda results: mean(r.scores.silent for r in results)),
)


def _quality(reports: Sequence[SetReport]) -> str:
    """A row for each set; then one for all sets of a kind, and how far the held out fall behind."""
    rows = [_quality_row(_named(report), report.by(OURS)) for report in reports]
    kinds = {
        kind: [result for report in reports if report.kind == kind for result in report.by(OURS)]
        for kind in (DEVELOPMENT, HELD_OUT, RENDERED)
    }
    several = len(reports) > 1
    rows += [_quality_row(f"all {kind}", ours) for kind, ours in kinds.items() if ours and several]
    if kinds[DEVELOPMENT] and kinds[HELD_OUT]:
        falls = (
            f"{measure(kinds[HELD_OUT]) - measure(kinds[DEVELOPMENT]):+.3f}"
            for _, measure in QUALITY
        )
        rows.append([f"{HELD_OUT} less {DEVELOPMENT}", "", *falls, "", ""])
    head = ["set", "images", *(label for label, _ in QUALITY), "CPU s per image", "peak MiB"]
    return table(head, rows)


def _named(report: SetReport) -> str:
    return f"{report.name} ({HELD_OUT})" if report.kind == HELD_OUT else report.name


def _quality_row(name: str, ours: Sequence[Result]) -> Row:
    scores = (f"{measure(ours):.3f}" for _, measure in QUALITY)
    cpu = mean(result.figures.cpu for result in ours)
    return [name, str(len(ours)), *scores, f"{cpu:.2f}", f"{_peak(ours):.0f}"]


def _invented(reports: Sequence[SetReport]) -> str:
    """Of pages that hold no table, how many came back with one."""
    counted = [(report.name, report.by(OURS)) for report in reports]
    counted += [(ALL, [result for _, ours in counted for result in ours])]
    rows = []
    for name, ours in counted:
        wrong = sum(result.scores.tables > 0 for result in ours)
        rows.append([name, str(len(ours)), str(wrong), f"{wrong / len(ours):.1%}"])
    return table(["pages without a table", "images", "with a table found", "share"], rows)


def _comparison(reports: Sequence[SetReport]) -> str:
    head = ["set", "", OURS, THEIRS, "ratio"]
    whole = SetReport(ALL, [result for report in reports for result in report.results])
    rows = []
    for report in [*reports, whole] if len(reports) > 1 else reports:
        ours, theirs = report.by(OURS), report.by(THEIRS)
        for label, measure, form in MEASURES:
            mine, other = measure(ours), measure(theirs)
            ratio = "" if label == "TEDS" else f"{other / mine:.2f}"
            rows.append([report.name, label, f"{mine:{form}}", f"{other:{form}}", ratio])
    return table(head, rows)


def _peak(results: Sequence[Result]) -> float:
    return max(result.figures.peak for result in results)


MEASURES: Sequence[tuple[str, Callable[[Sequence[Result]], float], str]] = (
    ("TEDS", lambda results: mean(r.scores.teds for r in results), ".3f"),
    ("CPU s per image, median", lambda results: median(r.figures.cpu for r in results), ".2f"),
    ("CPU s per image, mean", lambda results: mean(r.figures.cpu for r in results), ".2f"),
    ("CPU s, sum", lambda results: sum(r.figures.cpu for r in results), ".1f"),
    ("seconds per image, mean", lambda results: mean(r.figures.wall for r in results), ".2f"),
    ("peak MiB", _peak, ".0f"),
)


def _stages(reports: Sequence[SetReport]) -> str:
    rows = []
    for report in reports:
        figures = [result.figures for result in report.by(OURS)]
        whole = sum(item.cpu for item in figures)
        models, structure = (
            sum(item.stages.get(stage, 0.0) for item in figures)
            for stage in ("models", "structure")
        )
        parts = (models, structure, whole - models - structure)
        rows.append([report.name, *(f"{part / whole:.1%}" for part in parts)])
    return table(["set", "the models", "words to tables", "all else"], rows)


def _scaling(scaled: Sequence[tuple[str, Scaling]]) -> str:
    head = ["set", "images", "one, images/s", "two, images/s", "two : one", "CPU s, two : one"]
    rows = (
        [
            name,
            str(item.images),
            f"{item.images / item.one_wall:.2f}",
            f"{2 * item.images / item.two_wall:.2f}",
            f"{item.throughput:.2f}",
            f"{item.cpu_inflation:.2f}",
        ]
        for name, item in scaled
    )
    return table(head, rows)
