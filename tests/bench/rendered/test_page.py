"""The truth of rendered pages against their pictures, a page of each family."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import html as lxml_html

from tests.bench.cases import read_cases
from tests.bench.rendered.__main__ import page_random, write_page
from tests.bench.rendered.families import all_families
from tests.bench.rendered.family import FAMILIES, beside, family
from tests.bench.rendered.page import RenderedPage, Renderer, Rule, merge_rules, running
from tests.bench.rendered.tables import Supply
from tests.browser.conftest import find_chromium

browser = pytest.mark.browser
each_family = pytest.mark.parametrize("name", all_families())
HIDDEN = (
    "<style>[data-cell], [data-cell] *, [data-role], [data-role] * "
    "{-webkit-text-fill-color: transparent !important}</style></head>"
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with running(find_chromium()) as renderer:
        yield renderer


@pytest.fixture(scope="module")
def page_of(renderer: Renderer) -> Any:
    """Renders a page of a family, once."""
    return cache(lambda name: renderer.render(made(name)))


def made(name: str) -> str:
    rnd = page_random(FAMILIES[name], 1, 0)
    return FAMILIES[name].make(rnd, Supply(rnd))


def pixels(page: RenderedPage) -> np.ndarray:
    return np.asarray(page.picture).astype(int)


def text_boxes(page: RenderedPage) -> list[tuple[int, int, int, int]]:
    cells = [line for table in page.tables for cell in table.cells for line in cell.lines]
    lines = cells + [line for role in page.roles for line in role.lines]
    lefts = [(*np.floor(line.box[:2]), *np.ceil(line.box[2:])) for line in lines]
    return [tuple(map(int, box)) for box in lefts]


@each_family
def test_the_same_seed_makes_the_same_page(name):
    assert made(name) == made(name)


@browser
@each_family
def test_every_cell_is_in_the_truth_once(name, page_of):
    tables = lxml_html.fromstring(made(name)).xpath("//*[@data-table]")
    marked = [[cell.get("data-cell") for cell in each.xpath(".//*[@data-cell]")] for each in tables]
    read = [
        [f"{c.row} {c.col} {c.rowspan} {c.colspan}" for c in table.cells]
        for table in page_of(name).tables
    ]
    assert read == marked


@browser
@each_family
def test_boxes_of_text_have_ink(name, page_of):
    picture = pixels(page_of(name))
    boxes = text_boxes(page_of(name))
    blank = [
        box
        for box in boxes
        if np.ptp(picture[box[1] : box[3], box[0] : box[2]].mean(axis=2), axis=None) < 30
    ]
    assert boxes
    assert blank == []


@browser
@each_family
def test_no_text_is_printed_outside_of_the_boxes(name, page_of, renderer):
    page = page_of(name)
    bare = renderer.render(made(name).replace("</head>", HIDDEN))
    changed = (pixels(page) != pixels(bare)).any(axis=2)
    for left, top, right, bottom in text_boxes(page):
        changed[max(0, top - 1) : bottom + 1, max(0, left - 2) : right + 2] = False
    for left, top, right, bottom in page.ornaments:
        changed[int(top) : int(bottom) + 1, int(left) : int(right) + 1] = False
    assert np.argwhere(changed).tolist() == []


@browser
@each_family
def test_the_bench_reads_the_truth(name, page_of, tmp_path: Path):
    page = page_of(name)
    write_page(page, tmp_path, "0000")
    [case] = read_cases(tmp_path)
    texts = [[leaf.text for row in grid for leaf in row] for grid in case.truth]
    assert texts == [[cell.text for cell in table.cells] for table in page.tables]


MARKED = """<html><head><style>body{margin:0;width:400px;font:16px sans-serif}</style></head><body>
<table data-table style="border-collapse:collapse"><tr>
<td data-cell="0 0 1 1" style="border:1px solid #f00;width:75px">one two three</td>
<td data-cell="0 1 1 1" style="background:#ff0"><span style="float:left">$</span>
<b style="padding-left:50px">12</b><sup>a</sup></td>
<td data-cell="0 2 1 1">Oak<span data-ornament>....</span></td>
<td data-cell="0 3 1 1"><span style="writing-mode:vertical-rl">North West</span></td>
</tr></table></body></html>"""


@browser
def test_what_is_read_of_a_page(renderer):
    page = renderer.render(MARKED, scale=2)
    [table] = page.tables
    assert [cell.text for cell in table.cells] == ["one two three", "$ 12a", "Oak", "North West"]
    assert [[line.text for line in cell.lines] for cell in table.cells] == [
        ["one two", "three"], ["$", "12a"], ["Oak"], ["North West"],
    ]  # fmt: skip
    assert table.cells[3].lines[0].vertical
    assert {(rule.thickness, rule.colour) for rule in page.rules} == {(2.0, "rgb(255, 0, 0)")}
    assert len(page.rules) == 4
    assert [band.colour for band in page.bands] == ["rgb(255, 255, 0)"]
    assert len(page.ornaments) == 1
    assert page.picture.width == 800


@browser
@pytest.mark.parametrize(
    ("change", "complaint"),
    [(('data-cell="0 2 1 1"', ""), "mark"), (("0 2 1 1", "0 1 1 1"), "overlap")],
)
def test_a_page_with_wrong_marks_is_refused(change, complaint, renderer):
    with pytest.raises(ValueError, match=complaint):
        renderer.render(MARKED.replace(*change))


def test_rules_of_neighbours_are_joined():
    pieces = [(0, 5, 10, 5), (10, 5, 20, 5), (30, 5, 40, 5), (0, 0, 0, 9), (0, 0, 0, 9)]
    rules = [Rule(ends, 1, "black", "solid") for ends in pieces]
    assert [rule.ends for rule in merge_rules(rules)] == [
        (0, 5, 20, 5), (30, 5, 40, 5), (0, 0, 0, 9),
    ]  # fmt: skip


def test_a_family_has_a_name_of_its_own(monkeypatch):
    monkeypatch.setitem(FAMILIES, "new", FAMILIES["full-grid"])
    with pytest.raises(ValueError, match="two families"):
        family("new")(FAMILIES["full-grid"].make)


def test_roles_are_known():
    with pytest.raises(ValueError, match="no role"):
        beside("banner", "text")
    assert beside("note", "") == ""
