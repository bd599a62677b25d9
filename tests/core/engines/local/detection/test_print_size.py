from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from converter.core.engines.local.detection.print_size import (
    LOWERED,
    SMALLEST,
    TALLEST,
    WANTED,
    wanted_growth,
)
from converter.core.engines.local.detection.small_detector import Look, SmallDetector
from converter.core.engines.local.detection.tiles import UNCUT
from converter.core.engines.local.text.text_models import PackagedModels
from tests.core.engines.local.printed import Page

ROWS = 150


@pytest.fixture(scope="module")
def models() -> PackagedModels:
    return PackagedModels()


def boxes(models: PackagedModels, page: Page) -> list[tuple[float, float, float, float]]:
    found = (np.concatenate([quad.min(0), quad.max(0)]) for quad in models.find(page.pixels))
    return sorted((tuple(box.tolist()) for box in found), key=lambda box: box[1])


def heights(lines: list[tuple[float, float]]) -> float | None:
    """The height of print of level lines of these widths and heights."""
    quads = [
        np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32) for wide, high in lines
    ]
    return Look(np.zeros((32, 32), np.float32), quads).print_height


@pytest.mark.parametrize("height", [SMALLEST, WANTED, LOWERED, TALLEST, None])
def test_well_seen_print_keeps_its_size(height: float | None) -> None:
    assert wanted_growth(height) == 1


def test_small_print_grows_and_huge_print_shrinks() -> None:
    assert 6 * wanted_growth(6) == pytest.approx(WANTED)
    assert 90 * wanted_growth(90) == pytest.approx(LOWERED)
    assert wanted_growth(0.1) < 10


def test_specks_and_headings_do_not_decide_the_height_of_print() -> None:
    usual = [(200.0, 20.0)] * 8
    assert heights(usual) == pytest.approx(16.5)
    assert heights([*usual, *[(4.0, 4.0)] * 8, (300.0, 60.0), (8.0, 90.0)]) == pytest.approx(16.5)
    assert heights([(20.0, 200.0)] * 8) == pytest.approx(16.5)  # lines that run down
    assert heights([]) is None


def test_all_rows_of_a_tall_page_are_found(models: PackagedModels) -> None:
    page = Page(900, 20 * ROWS + 40)
    for row in range(ROWS):
        for left, text in ((20, f"Row {row + 1:03}"), (400, "12.50"), (700, "1,204")):
            page.text(left, 20 + 20 * row, text, 13)
    found = boxes(models, page)
    assert len(found) == 3 * ROWS
    for row in range(ROWS):
        part = sorted(found[3 * row : 3 * row + 3])
        assert [left for left, *_ in part] == pytest.approx([20, 400, 700], abs=8)
        assert all(abs((top + bottom) / 2 - 28.5 - 20 * row) < 4 for _, top, _, bottom in part)


def test_lines_across_the_borders_of_tiles_are_whole(models: PackagedModels) -> None:
    page = Page(2400, 2400)
    for row in range(100):
        page.text(15, 10 + 24 * row, "Rainfall of the months, in the valleys and beyond " * 6, 15)
    assert page.pixels[..., 0].size > UNCUT
    found = boxes(models, page)
    right = max(right for *_, right, _ in found)
    assert len(found) == 100
    assert all(left < 20 and end > right - 30 for left, _, end, _ in found)


def test_print_that_cannot_be_seen_at_the_usual_size_is_found(models: PackagedModels) -> None:
    page = Page(3600, 2600)
    for row in range(60):
        for column in range(12):
            page.text(30 + 290 * column, 30 + 40 * row, f"Item {row}: {column + 0.5}", 12)
    assert len(boxes(models, page)) == 720


def test_huge_letters_are_seen_smaller(models: PackagedModels) -> None:
    page = Page(900, 560).text(40, 40, "Carbon", 120).text(40, 220, "dioxide", 120)
    page.text(40, 400, "412.5", 120)
    _, look = models._look(page.pixels)
    assert look.print_height == pytest.approx(LOWERED, rel=0.4)
    assert len(boxes(models, page)) == 3


def test_doubtful_tiles_are_left_to_the_large_network(
    models: PackagedModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(1200, 3600)
    for row in range(100):
        page.text(30 + 5 * (row % 4), 20 + 35 * row, "Rainfall of the months, in valleys " * 3, 17)
    wanted = len(boxes(models, page))
    sure = iter([False, True, False])
    monkeypatch.setattr(
        "converter.core.engines.local.detection.small_detector.is_sure", lambda _: next(sure, True)
    )
    assert len(boxes(models, page)) == wanted == 100
    assert next(sure, None) is None


def test_pictures_of_a_few_pixels_are_looked_at(models: PackagedModels) -> None:
    assert models.find(np.asarray(Image.new("RGB", (8, 8), "white"))) == []
    assert isinstance(models._small_detector, SmallDetector)
