"""The truth of rendered pages against their pictures, a page of each family."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from lxml import html as lxml_html

from tests.bench.cases import read_cases
from tests.bench.rendered.__main__ import page_random, write_page
from tests.bench.rendered.families import all_families
from tests.bench.rendered.family import FAMILIES, beside, family
from tests.bench.rendered.page import (
    RenderedPage,
    Renderer,
    Rule,
    merge_rules,
    running,
    titles_in_stub,
)
from tests.bench.rendered.tables import Supply
from tests.browser.conftest import find_chromium

browser = pytest.mark.browser
HIDDEN = (
    "<style>[data-cell], [data-cell] *, [data-role], [data-role] * "
    "{-webkit-text-fill-color: transparent !important}</style></head>"
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with running(find_chromium()) as renderer:
        yield renderer


@pytest.fixture(scope="module", params=all_families())
def name(request: pytest.FixtureRequest) -> str:
    """Each family; all tests of one follow each other, so that its page is rendered once."""
    return str(request.param)


@pytest.fixture(scope="module")
def page(name: str, renderer: Renderer) -> RenderedPage:
    return renderer.render(made(name))


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


def has_ink(picture: np.ndarray, box: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = box
    part = picture[top:bottom, left:right]
    return part.size > 0 and np.ptp(part, axis=(0, 1)).max() >= 30


def test_the_same_seed_makes_the_same_page(name):
    assert made(name) == made(name)


@browser
def test_every_cell_is_in_the_truth_once(name, page):
    tables = lxml_html.fromstring(made(name)).xpath("//*[@data-table]")
    marked = [[cell.get("data-cell") for cell in each.xpath(".//*[@data-cell]")] for each in tables]
    read = [
        [f"{c.row} {c.col} {c.rowspan} {c.colspan}" for c in table.cells] for table in page.tables
    ]
    assert read == marked


@browser
def test_titles_of_sections_may_belong_to_the_first_column(renderer):
    rows = ("<td data-header data-cell='0 0 1 2'>Head</td>", "<td data-cell='1 0 1 2'>Sales</td>")
    body = "<td data-cell='2 0 1 1'>Here</td><td data-cell='2 1 1 1'>5</td>"
    html = "".join(f"<tr>{row}</tr>" for row in (*rows, body))
    page = renderer.render(f"<body><table data-table>{html}</table></body>")
    cells = [
        (cell.row, cell.col, cell.colspan, cell.text)
        for cell in titles_in_stub(page).tables[0].cells
    ]
    assert cells == [
        (0, 0, 2, "Head"),
        (1, 0, 1, "Sales"),
        (1, 1, 1, ""),
        (2, 0, 1, "Here"),
        (2, 1, 1, "5"),
    ]


@browser
def test_boxes_of_text_have_ink(page):
    picture = pixels(page)
    boxes = text_boxes(page)
    assert boxes
    assert [box for box in boxes if not has_ink(picture, box)] == []


@browser
def test_no_text_is_printed_outside_of_the_boxes(name, page, renderer):
    bare = renderer.render(made(name).replace("</head>", HIDDEN))
    changed = (pixels(page) != pixels(bare)).any(axis=2)
    ornaments = [tuple(map(int, box)) for box in page.ornaments]
    for left, top, right, bottom in text_boxes(page) + ornaments:
        # Slanted letters reach over the sides of their box, and so do signs of other fonts.
        changed[max(0, top - 1) : bottom + 2, max(0, left - 3) : right + 4] = False
    assert np.argwhere(changed).tolist() == []


@browser
def test_the_bench_reads_the_truth(page, tmp_path: Path):
    write_page(page, tmp_path, "0000")
    [case] = read_cases(tmp_path)
    texts = [[leaf.text for row in grid for leaf in row] for grid in case.truth]
    assert texts == [[cell.text for cell in table.cells] for table in page.tables]


OVERFLOWING = """<html><head><style>body{margin:0;padding:PADDINGpx;width:90px}
table{font:40px/0.3 sans-serif;border-spacing:0}td{padding:0;white-space:nowrap;text-indent:-9px}
</style></head><body><table data-table><tr>
<td data-cell="0 0 1 1">Height \u00c5j</td><td data-cell="0 1 1 1">and width</td>
</tr></table></body></html>"""


@browser
@pytest.mark.parametrize("scale", [1, 2])
def test_text_that_overflows_the_page_is_in_the_picture(scale, renderer):
    page, roomy = (
        renderer.render(OVERFLOWING.replace("PADDING", str(padding)), scale) for padding in (0, 80)
    )
    bounds = [bound for box in text_boxes(page) for bound in box]
    assert min(bounds) >= 0
    assert max(bounds[2::4]) <= page.picture.width
    assert max(bounds[3::4]) <= page.picture.height
    assert all(has_ink(pixels(page), box) for box in text_boxes(page))
    assert (pixels(page) < 128).sum() == (pixels(roomy) < 128).sum()


MARKED = """<html><head><style>body{margin:0;width:400px;font:16px sans-serif}</style></head><body>
<table data-table style='border-collapse:collapse'><tr>
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
    [
        (('data-cell="0 2 1 1"', ""), "mark"),
        (("0 2 1 1", "0 1 1 1"), "overlap"),
        (("table style='", "table style='display:block;width:60px;overflow:hidden;"), "cut off"),
        (("table style='", "table style='display:block;height:6px;overflow:hidden;"), "cut off"),
    ],
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
