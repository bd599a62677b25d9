"""The stages of the local engine, from the text of a page to its tables, in their order."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from converter.core.engines.local import stages
from converter.core.engines.local.stages import Page, Step, each
from converter.core.engines.local.tables import grid
from converter.core.engines.local.text.page_text import PageText
from converter.core.engines.local.text.text import TextReader


@dataclass(frozen=True, slots=True)
class Stage:
    """Without a stage that is `needed` there would be no tables; others can be left out."""

    name: str
    purpose: str
    step: Step
    needed: bool = False


STAGES: Final = (
    Stage("rules", "finds ruling lines", stages.rules),
    Stage("missed", "reads short numbers that were not detected", stages.missed),
    # lines become fragments
    Stage("cutting", "cuts lines at wide blanks and upright rules", stages.cutting, needed=True),
    Stage("strokes", "drops pieces of rules that were read as signs", stages.strokes),
    Stage("dashes", "finds lone dashes and points", stages.dashes),
    Stage("dittos", "knows ditto marks", stages.dittos),
    Stage("leaders", "drops rows of dots that lead to a number", stages.leaders),
    Stage("bend", "measures how lines and rules bend", stages.bend),
    Stage("straight", "puts fragments on a straight page", stages.straight, needed=True),
    # fragments become tables
    Stage("regions", "finds which fragments are tables", stages.regions, needed=True),
    Stage("bands", "finds edges of coloured bands", stages.bands),
    Stage("columns", "divides columns by blanks and rules", each(grid.columns), needed=True),
    Stage("frames", "drops sides of frames that text runs past", each(grid.frames)),
    Stage("date_columns", "joins day, month and year", each(grid.date_columns)),
    Stage("joined_numbers", "parts numbers that were read as one", each(grid.joined_numbers)),
    Stage("rows", "joins lines of print to rows", each(grid.rows), needed=True),
    Stage("wide_spans", "spans columns by what reaches into them", each(grid.wide_spans)),
    Stage("heading_spans", "spans columns below headings", each(grid.heading_spans)),
    Stage("ruled_spans", "spans where rules are left out", each(grid.ruled_spans)),
    Stage("section_spans", "spans the table by titles of sections", each(grid.section_spans)),
    Stage("cells", "fills the grid with cells", each(grid.cells), needed=True),
    Stage("header", "marks the header", each(grid.header)),
    Stage("structure", "keeps what a network finds likelier", stages.structure),
    Stage("confidence", "judges how sure each cell is", each(grid.confidence)),
    Stage("tables", "puts cells together", stages.tables, needed=True),
    # tables are looked over
    Stage("decimal_points", "restores points that a whole column shows", stages.decimal_points),
    Stage("contradictions", "doubts what its column contradicts", stages.contradictions),
    Stage("stubs", "marks names of rows and their indents", stages.stubs),
    # what is in no cell
    Stage("unread", "finds print that was not read, in cells and outside", stages.unread),
    Stage("beside", "tells what stands outside of tables, and what they may miss", stages.beside),
    Stage("bend_back", "leads tables back to the page as it is", stages.bend_back, needed=True),
)


@dataclass(frozen=True, slots=True)
class Run:
    """The page at the end, as each stage left it, and the seconds of a core that each took."""

    page: Page
    after: Mapping[str, Page]
    seconds: Mapping[str, float]


def run(text: PageText, reader: TextReader, without: Collection[str] = ()) -> Run:
    """All stages but those `without`. Raises ValueError for one that is needed or not there."""
    if unknown := set(without) - {stage.name for stage in STAGES if not stage.needed}:
        raise ValueError(f"cannot leave out {', '.join(sorted(unknown))}")
    page = Page(text, text.lines)
    after: dict[str, Page] = {}
    seconds: dict[str, float] = {}
    for stage in STAGES:
        if stage.name not in without:
            begun = time.thread_time()
            page = stage.step(page, reader)
            seconds[stage.name] = time.thread_time() - begun
        after[stage.name] = page
    return Run(page, after, seconds)
