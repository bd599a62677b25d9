"""Every stage has its place in the list, and most can be left out."""

from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.pipeline import STAGES, run
from converter.core.engines.local.text.page_text import PageText
from converter.core.engines.local.text.text import TextReader
from tests.core.engines.local.printed import Page, grid_of

ROWS = [("Country", "Stores", "Growth"), ("Austria", "17", "2.5%"), ("Finland", "820", "-3.1%")]
NEEDED = [stage.name for stage in STAGES if stage.needed]
OTHERS = [stage.name for stage in STAGES if not stage.needed]


@pytest.fixture(scope="module")
def text(reader: TextReader) -> PageText:
    page = Page(540, 240).text(40, 10, "Stores").table(ROWS, (40, 220, 380), 88)
    for y in range(80, 201, 40):
        page.across(y, 30, 500)
    return reader.read(page.pixels)


def test_stages_are_told_apart_by_their_names() -> None:
    assert len({stage.name for stage in STAGES}) == len(STAGES)


@pytest.mark.parametrize("name", OTHERS)
def test_without_any_other_stage_there_are_tables(
    text: PageText, reader: TextReader, name: str
) -> None:
    (table,) = run(text, reader, {name}).page.tables
    assert grid_of(table)[-2:] == [list(row) for row in ROWS[1:]]


@pytest.mark.parametrize("name", [*NEEDED, "coffee"])
def test_stages_that_are_needed_or_unknown_cannot_be_left_out(
    text: PageText, reader: TextReader, name: str
) -> None:
    with pytest.raises(ValueError, match=name):
        run(text, reader, {"dashes", name})


def test_the_page_is_kept_as_each_stage_left_it(text: PageText, reader: TextReader) -> None:
    ran = run(text, reader)
    assert list(ran.after) == list(ran.seconds) == [stage.name for stage in STAGES]
    assert min(ran.seconds.values()) >= 0
    assert ran.after["bend_back"] == ran.page
    before, after = ran.after["regions"].drafts[0], ran.after["columns"].drafts[0]
    assert (len(before.layout.boundaries), len(after.layout.boundaries)) == (0, 2)


def test_a_stage_that_is_left_out_takes_no_time(text: PageText, reader: TextReader) -> None:
    ran = run(text, reader, {"rules"})
    assert "rules" not in ran.seconds
    assert ran.page.rules == RulingLines()
    assert run(text, reader).page.rules != RulingLines()


def test_a_blank_page_goes_through_all_stages(reader: TextReader) -> None:
    blank = reader.read(np.full((90, 90, 3), 255, np.uint8))
    assert run(blank, reader).page.tables == ()
