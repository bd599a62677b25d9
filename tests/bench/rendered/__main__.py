"""`-m tests.bench.rendered OUT`: renders a set of images with exact truth per family of looks.

OUT/FAMILY/images/*.png and gt/*.html are as `make bench SET=OUT/FAMILY` reads them; truth/*.json
has the boxes of all text, cells, ruling lines and backgrounds (see `page`). Content is invented, or
real with --corpus, a file as `source.read_corpus` reads it. The same seed gives the same pages.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from random import Random

from tests.bench.rendered.families import all_families
from tests.bench.rendered.family import Family
from tests.bench.rendered.page import RenderedPage, Renderer, TableTruth, running, titles_in_stub
from tests.bench.rendered.tables import SourceTable, Supply, read_corpus
from tests.bench.rendered.wear import WEARS, worn

SCALES = (1.0, 1.0, 1.25, 1.5, 2.0)
MIXED = "mixed"


def main(arguments: Sequence[str]) -> None:
    options = _options(arguments)
    corpus = read_corpus(options.corpus) if options.corpus else []
    families = all_families()
    chosen = [families[name] for name in options.family or families]
    wanted = Wanted(options.seed, options.count, options.wear or "")
    begun = time.monotonic()
    with running() as renderer:
        for number, family in enumerate(chosen, 1):
            write_set(renderer, family, options.out / family.name, corpus, wanted)
            spent = time.monotonic() - begun
            print(f"{number}/{len(chosen)} {family.name}: {spent:.0f} s", file=sys.stderr)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench.rendered")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--corpus", type=Path, help="real tables as JSON lines")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=8, help="images per family")
    parser.add_argument("--family", nargs="+", choices=list(all_families()), metavar="NAME")
    parser.add_argument("--wear", choices=(*WEARS, MIXED), metavar="NAME")
    return parser.parse_args(arguments)


@dataclass(frozen=True)
class Wanted:
    """How many pages of a family, from which seed, and how worn: "" for not at all."""

    seed: int = 1
    count: int = 8
    wear: str = ""


def write_set(
    renderer: Renderer,
    family: Family,
    folder: Path,
    corpus: Sequence[SourceTable],
    wanted: Wanted,
) -> None:
    for number in range(wanted.count):
        rnd = page_random(family, wanted.seed, number)
        html = family.make(rnd, Supply(rnd, corpus))
        page = renderer.render(html, rnd.choice(SCALES))
        page = titles_in_stub(page) if family.stub_titles else page
        if wanted.wear:
            name = rnd.choice(WEARS) if wanted.wear == MIXED else wanted.wear
            page = worn(page, name, f"{wanted.seed} {number}")
        write_page(page, folder, f"{number:04}")


def write_page(page: RenderedPage, folder: Path, name: str) -> None:
    for part in ("images", "gt", "truth"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    page.picture.save(folder / "images" / f"{name}.png")
    (folder / "gt" / f"{name}.html").write_text(as_html(page), encoding="utf-8")
    (folder / "truth" / f"{name}.json").write_text(as_json(page), encoding="utf-8")


def page_random(family: Family, seed: int, number: int) -> Random:
    """What decides everything about one page."""
    return Random(f"{seed} {family.name} {number}")


def as_html(page: RenderedPage) -> str:
    """The tables as `cases.read_cases` reads them."""
    return "".join("\n".join(_table_lines(table)) + "\n" for table in page.tables)


def as_json(page: RenderedPage) -> str:
    """All truth of a page, with the names of the fields in `page`."""
    parts = ("tables", "roles", "rules", "bands", "ornaments")
    truth = {
        part: [each if isinstance(each, tuple) else asdict(each) for each in getattr(page, part)]
        for part in parts
    }
    return json.dumps(
        {"width": page.picture.width, "height": page.picture.height} | truth, ensure_ascii=False
    )


def _table_lines(table: TableTruth) -> Iterator[str]:
    yield "<table>"
    for row in range(max(cell.row + cell.rowspan for cell in table.cells)):
        cells = sorted((c for c in table.cells if c.row == row), key=lambda cell: cell.col)
        yield "<tr>"
        for cell in cells:
            spans = (("rowspan", cell.rowspan), ("colspan", cell.colspan))
            marks = "".join(f' {name}="{count}"' for name, count in spans if count > 1)
            tag = "th" if cell.header else "td"
            yield f"<{tag}{marks}>{escape(cell.text)}</{tag}>"
        yield "</tr>"
    yield "</table>"


if __name__ == "__main__":
    main(sys.argv[1:])
