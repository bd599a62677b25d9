"""The stock API reads what the sessions of our own read, and takes over where those cannot open."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.recognition.cropping import HEIGHT, MAX_WIDTH
from converter.core.engines.local.text.rapidocr_fallback import (
    Places,
    RapidOcrModels,
    glyphs_of,
    packaged_files,
    places_of,
)
from converter.core.engines.local.text.text import TextReader
from tests.core.engines.local.printed import Page


@pytest.fixture(scope="module")
def models() -> RapidOcrModels:
    return RapidOcrModels()


@pytest.fixture(scope="module")
def stock(models: RapidOcrModels) -> TextReader:
    return TextReader(models)


def test_both_read_the_same_words_in_the_same_places(stock: TextReader, reader: TextReader) -> None:
    page = Page(600, 300).text(40, 30, "Carbon dioxide 412.5").text(300, 120, "Total 00123")
    page.text(40, 200, "Größe: 7 µm")
    ours, theirs = reader.read(page.pixels).lines, stock.read(page.pixels).lines
    assert [line.text for line in ours] == [line.text for line in theirs]
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.box == pytest.approx(other.box, abs=6)
        assert [glyph.x for glyph in mine.glyphs] == pytest.approx(
            [glyph.x for glyph in other.glyphs], abs=8
        )
        assert mine.legibility == pytest.approx(other.legibility, abs=0.15)


@pytest.mark.parametrize("shape", [(1, 1), (300, 400), (50, 20000), (20000, 50)])
def test_blank_pages_have_no_text(stock: TextReader, shape: tuple[int, int]) -> None:
    assert stock.read(np.full((*shape, 3), 255, np.uint8)).lines == ()


@pytest.mark.parametrize("width", [1, 60, MAX_WIDTH])
def test_crops_without_text_have_no_characters(models: RapidOcrModels, width: int) -> None:
    assert models.read([np.full((HEIGHT, width), 255, np.uint8)]) == [()]


def test_small_print_is_enlarged(stock: TextReader, reader: TextReader) -> None:
    page = Page(300, 80).text(10, 10, "Carbon 41.5", 10).text(160, 40, "Total 123", 10)
    ours, theirs = reader.read(page.pixels).lines, stock.read(page.pixels).lines
    assert [line.text for line in ours] == [line.text for line in theirs]


def test_it_says_that_it_was_the_stock_api(stock: TextReader) -> None:
    assert stock.model.startswith("RapidOCR 3.")


def test_columns_become_places() -> None:
    words = SimpleNamespace(word_cols=[[1, 3], [7]], line_txt_len=10.0, confs=[0.9, 0.8, 1, 0.7])
    assert places_of(words) == Places((0.15, 0.35, 0.75), (0.9, 0.8, 1, 0.7))
    assert places_of(("a", 1.0, None)) == Places()


def test_a_blank_stands_between_its_neighbours() -> None:
    glyphs = glyphs_of("ab c", 0.5, Places((0.1, 0.3, 0.7), (0.9, 0.8, 1, 0.7)))
    assert [glyph.x for glyph in glyphs] == pytest.approx([0.1, 0.3, 0.5, 0.7])
    assert [glyph.confidence for glyph in glyphs] == [0.9, 0.8, 1, 0.7]


def test_characters_without_places_are_spread_evenly() -> None:
    assert glyphs_of("ab", 0.5, Places()) == (Glyph("a", 0.25, 0.5), Glyph("b", 0.75, 0.5))


def test_a_package_without_models_is_not_mended_from_the_network(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="install it again"):
        packaged_files(tmp_path)
