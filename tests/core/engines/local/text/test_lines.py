from __future__ import annotations

from collections.abc import Sequence
from unittest.mock import Mock

import numpy as np
import pytest

from converter.core.engines.local.page.boxes import Quad
from converter.core.engines.local.page.glyphs import Glyph, text_of
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.recognition.cropping import COMPACT, WORN
from converter.core.engines.local.text.lines import FEW, SAMPLE, LineReader, sample_of
from converter.core.engines.local.text.text_models import PackagedModels
from tests.core.engines.local.printed import Page

WORDS = ["Northern Ireland", "Households", "Gross margin", "Total income", "of which: rail"]


class Counted(PackagedModels):
    """The packaged models, which count the columns that they are asked to read."""

    def __init__(self) -> None:
        super().__init__()
        self.columns = 0

    def read(self, crops: Sequence[Gray]) -> list[tuple[Glyph, ...]]:
        self.columns += sum(crop.shape[1] for crop in crops)
        return super().read(crops)


@pytest.fixture(scope="module")
def models() -> Counted:
    return Counted()


@pytest.fixture(scope="module")
def lines(models: Counted) -> LineReader:
    return LineReader(models)


def table(rows: int) -> tuple[Page, list[str]]:
    """A page of names and numbers, and its text, row by row."""
    page, texts = Page(600, 40 + 36 * rows), []
    for n in range(rows):
        cells = f"{WORDS[n % 5]} {2000 + n}", f"{17 * n % 91}.{n % 10}"
        page.text(30, 20 + 36 * n, cells[0], 26).text(420, 20 + 36 * n, cells[1], 26)
        texts += cells
    return page, texts


def found(models: Counted, page: Page) -> list[Quad]:
    rows = sorted(models.find(page.pixels), key=lambda quad: float(quad[0, 1]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return [quad for pair in pairs for quad in sorted(pair, key=lambda quad: float(quad[0, 0]))]


def test_the_large_network_reads_a_sample_and_little_else(
    models: Counted, lines: LineReader
) -> None:
    page, texts = table(30)
    quads = found(models, page)
    models.columns = 0
    whole = lines.recognise(page.gray, quads)
    of_all, models.columns = models.columns, 0
    read, framing = lines.read(page.gray, quads)
    assert [text_of(glyphs) for glyphs in read] == texts == [text_of(one) for one in whole]
    assert framing == COMPACT
    assert models.columns < 0.5 * of_all


def test_a_few_lines_are_read_by_the_large_network(models: Counted, lines: LineReader) -> None:
    page, texts = table(FEW // 2 - 1)
    quads = found(models, page)
    read, _ = lines.read(page.gray, quads)
    assert read == lines.recognise(page.gray, quads)
    assert [text_of(glyphs) for glyphs in read] == texts


def test_a_page_whose_sample_is_misread_is_left_to_the_large_network(
    models: Counted, lines: LineReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, texts = table(20)
    quads = found(models, page)
    models.columns = 0
    lines.read(page.gray, quads)
    of_few, models.columns = models.columns, 0

    def illegible(gray: Gray, quads: Sequence[Quad]) -> list[None]:
        return [None] * len(quads)

    monkeypatch.setattr(lines._words, "read", illegible)
    read, _ = lines.read(page.gray, quads)
    assert [text_of(glyphs) for glyphs in read] == texts
    assert models.columns > 1.3 * of_few


@pytest.mark.parametrize(("size", "is_asked"), [(9, False), (20, True)])
def test_coarse_print_is_left_to_the_large_network(
    models: Counted, lines: LineReader, monkeypatch: pytest.MonkeyPatch, size: int, is_asked: bool
) -> None:
    page = Page(40 * size, 60 * size)
    for n in range(2 * FEW):
        page.text(size, size + 1.7 * size * n, WORDS[n % 5], size)
    asks = Mock(wraps=lines._words.read)
    monkeypatch.setattr(lines._words, "read", asks)
    read, _ = lines.read(page.gray, models.find(page.pixels))
    assert asks.called == is_asked
    assert sorted(map(text_of, read)) == sorted(WORDS[n % 5] for n in range(2 * FEW))


@pytest.mark.parametrize(("is_clear", "reader"), [(True, "_clear_digits"), (False, "_digits")])
def test_numbers_of_clear_print_have_a_network_of_their_own(
    models: Counted,
    lines: LineReader,
    monkeypatch: pytest.MonkeyPatch,
    is_clear: bool,
    reader: str,
) -> None:
    page, texts = table(20)
    monkeypatch.setattr(
        "converter.core.engines.local.text.lines.is_clear", Mock(return_value=is_clear)
    )
    asks = {name: Mock(wraps=getattr(lines, name).read) for name in ("_clear_digits", "_digits")}
    for name, ask in asks.items():
        monkeypatch.setattr(getattr(lines, name), "read", ask)
    read, _ = lines.read(page.gray, found(models, page))
    assert [text_of(glyphs) for glyphs in read] == texts
    assert [name for name, ask in asks.items() if ask.called] == [reader]
    assert asks[reader].call_args.kwargs == {"twice": True}


@pytest.mark.parametrize(("confidence", "stands"), [(0.99, True), (0.97, False)])
def test_a_number_of_clear_print_stands_if_all_of_it_is_certain(
    models: Counted,
    lines: LineReader,
    monkeypatch: pytest.MonkeyPatch,
    confidence: float,
    stands: bool,
) -> None:
    page, _ = table(20)
    other = tuple(Glyph(sign, n / 5, confidence) for n, sign in enumerate("9999"))
    monkeypatch.setattr(
        lines._clear_digits, "read", lambda _gray, quads, *_, **__: [other] * len(quads)
    )
    read, _ = lines.read(page.gray, found(models, page))
    assert ("9999" in map(text_of, read)) == stands


def test_clear_lines_of_a_worn_page_are_read_once(
    models: Counted, lines: LineReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, texts = table(20)
    quads = found(models, page)
    for question, answer in (("is_hard", True), ("is_clear", False)):
        ask = Mock(return_value=answer)
        monkeypatch.setattr(f"converter.core.engines.local.text.lines.{question}", ask)
    monkeypatch.setattr(lines._digits, "read", lambda _gray, quads, *_, **__: [None] * len(quads))
    reads = Mock(wraps=models.read)
    monkeypatch.setattr(models, "read", reads)
    read, framing = lines.read(page.gray, quads)
    assert [text_of(glyphs) for glyphs in read] == texts
    assert framing == WORN
    assert sum(len(call.args[0]) for call in reads.call_args_list) == len(quads)


def box(width: float, top: float) -> Quad:
    return np.array([[0, top], [width, top], [width, top + 10], [0, top + 10]], np.float32)


def test_a_sample_is_spread_over_the_page_and_of_short_lines() -> None:
    quads = [box(600 if n % 3 else 80, 12.0 * n) for n in range(96)]
    first, second = sample_of(quads)
    assert len(first) == len(second) == SAMPLE
    assert {n % 3 for n in [*first, *second]} == {0}
    assert max(first) - min(first) > 70
    assert not set(first) & set(second)


@pytest.mark.parametrize(("weak", "samples"), [(0, 1), (1, 1), (3, 2), (5, 2), (6, 1), (8, 1)])
def test_a_sample_is_as_large_as_it_takes_to_tell(
    lines: LineReader, monkeypatch: pytest.MonkeyPatch, weak: int, samples: int
) -> None:
    def read(_gray: Gray, quads: Sequence[Quad]) -> list[tuple[Glyph, ...]]:
        return [(Glyph("7", 0.5, 0.5 if n < weak else 0.99),) for n in range(len(quads))]

    monkeypatch.setattr(lines, "recognise", read)
    sample = lines._read_sample(np.zeros((9, 9), np.uint8), [box(80, 12.0 * n) for n in range(40)])
    assert len(sample) == samples * SAMPLE


def test_nothing_is_read_on_a_page_without_lines(lines: LineReader) -> None:
    assert lines.read(np.zeros((20, 20), np.uint8), []) == ([], COMPACT)
