from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.bench.rendered.page import (
    Band,
    CellTruth,
    RenderedPage,
    RoleText,
    Rule,
    TableTruth,
    TextLine,
)
from tests.bench.rendered.wear import WEARS, worn

INK = [(60, 60, 100, 76), (480, 60, 540, 76), (60, 300, 100, 316), (480, 300, 540, 316)]


def drawn() -> RenderedPage:
    """A page with a black box in each corner of its table, in place of text."""
    picture = Image.new("RGB", (600, 400), "white")
    for box in INK:
        ImageDraw.Draw(picture).rectangle((*box[:2], box[2] - 1, box[3] - 1), fill="black")
    cells = tuple(
        CellTruth(n // 2, n % 2, 1, 1, False, "x", box, (TextLine("x", box),))
        for n, box in enumerate(INK)
    )
    return RenderedPage(
        picture,
        (TableTruth((50, 50, 550, 330), cells),),
        (RoleText("note", "x", (TextLine("x", INK[0]),)),),
        (Rule((60, 68, 100, 68), 2, "black", "solid"),),
        (Band(INK[1], "black"),),
        (INK[2],),
    )


@pytest.mark.parametrize("name", WEARS)
def test_boxes_follow_the_ink(name):
    page = worn(drawn(), name, "1")
    gray = np.asarray(page.picture.convert("L")).astype(int)
    if name == "dark":
        gray = 255 - gray
    for cell in page.tables[0].cells:
        left, top, right, bottom = (round(value) for value in cell.lines[0].box)
        inner = gray[top:bottom, left:right]
        rim = np.concatenate([gray[top - 6, left:right], gray[bottom + 6, left:right]])
        assert np.median(inner) + 40 < np.median(rim)


@pytest.mark.parametrize("name", WEARS)
def test_all_truth_moves_alike(name):
    page = worn(drawn(), name, "1")
    boxes = [cell.lines[0].box for cell in page.tables[0].cells]
    assert page.roles[0].lines[0].box == boxes[0]
    assert page.bands[0].box == boxes[1]
    assert page.ornaments[0] == boxes[2]
    middle = np.array(page.rules[0].ends).reshape(2, 2).mean(axis=0)
    assert np.allclose(
        middle, [(boxes[0][0] + boxes[0][2]) / 2, (boxes[0][1] + boxes[0][3]) / 2], atol=1.5
    )


def test_lines_of_a_turned_page_are_vertical():
    assert worn(drawn(), "turned_90", "1").tables[0].cells[0].lines[0].vertical
    assert not worn(drawn(), "turned_180", "1").tables[0].cells[0].lines[0].vertical
