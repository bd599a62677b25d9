"""PDF pages: size, colour, order, form fields, and PDFium from several threads."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdfium2 import PdfDocument, PdfPage

from converter.core import documents
from converter.core.documents import render_pages
from converter.core.errors import ImageError
from tests.support.hostile_files import pdf, pdf_of_objects

RED, WHITE = (255, 0, 0), (255, 255, 255)


def render(path: Path, data: bytes, max_pixels: int = 1_000_000) -> list[Image.Image]:
    path.write_bytes(data)
    return [picture for picture, _ in render_pages(path, max_pages=9, max_pixels=max_pixels)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cards.pdf"


def test_a_page_has_200_pixels_per_inch(path: Path) -> None:
    [picture] = render(path, pdf(box=(144, 72)))
    assert (picture.size, picture.mode) == ((400, 200), "RGB")


def test_red_stays_red_on_white_paper(path: Path) -> None:
    [picture] = render(path, pdf())
    assert picture.getpixel((10, 190)) == RED
    assert picture.getpixel((390, 10)) == WHITE


def test_a_rotated_page_is_upright(path: Path) -> None:
    [picture] = render(path, pdf(page=b"/Rotate 90"))
    assert picture.size == (200, 400)
    assert picture.getpixel((10, 10)) == RED


@pytest.mark.parametrize("box", [(14_400, 14_400), (14_400, 300), (1_000_000, 1), (720, 7.2)])
@pytest.mark.parametrize("max_pixels", [10_000, 999_999])
def test_a_giant_page_is_clamped(path: Path, box: tuple[float, float], max_pixels: int) -> None:
    [picture] = render(path, pdf(box=box), max_pixels)
    assert picture.width * picture.height <= max_pixels


def test_a_clamped_page_uses_what_it_may(path: Path) -> None:
    [picture] = render(path, pdf(box=(14_400, 14_400)), 1_000_000)
    assert picture.width * picture.height > 990_000
    assert picture.getpixel((1, 998)) == RED


def test_every_page_comes_with_the_count(path: Path) -> None:
    path.write_bytes(pdf(pages=3))
    assert [count for _, count in render_pages(path, max_pages=3, max_pixels=10**6)] == [3, 3, 3]


def test_too_many_pages_are_told_before_any_is_drawn(path: Path) -> None:
    path.write_bytes(pdf(pages=3))
    with pytest.raises(ImageError, match="3 pages; at most 2") as caught:
        next(render_pages(path, max_pages=2, max_pixels=10**6))
    assert caught.value.code == "too_many_pages"


def test_what_was_filled_into_a_form_is_drawn(path: Path) -> None:
    look = b"0 0 1 rg 0 0 72 36 re f"
    fields = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 72]/Annots[4 0 R]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(x)/F 4/Rect[0 0 72 36]/AP<</N 5 0 R>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 72 36]/Length %d>>stream\n%s\nendstream"
        % (len(look), look),
    ]
    [picture] = render(path, pdf_of_objects(fields))
    red, _, blue = picture.getpixel((100, 150))
    assert blue > red


def test_several_threads_may_render(path: Path) -> None:
    path.write_bytes(pdf(pages=5))

    def colours(_: int) -> list[object]:
        pages = render_pages(path, max_pages=9, max_pixels=10**6)
        return [picture.getpixel((10, 190)) for picture, _ in pages]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(colours, range(12))) == [[RED] * 5] * 12


def test_pdfium_is_entered_by_one_thread_at_a_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def guard(owner: type, name: str) -> None:
        def call(*args: Any, **options: Any) -> Any:
            held.append(documents._PDFIUM._is_owned())
            return method(*args, **options)

        method = getattr(owner, name)
        monkeypatch.setattr(owner, name, call)

    held: list[bool] = []
    for name in ("__init__", "__len__", "init_forms", "get_page", "close"):
        guard(PdfDocument, name)
    for name in ("get_size", "render", "close"):
        guard(PdfPage, name)
    assert len(render(path, pdf())) == 1
    assert len(held) >= 8
    assert all(held)


def test_an_abandoned_document_is_closed(path: Path) -> None:
    path.write_bytes(pdf(pages=2))
    pages = render_pages(path, max_pages=9, max_pixels=10**6)
    next(pages)
    with documents._PDFIUM:  # as when garbage is collected in the middle of another page
        assert documents._PDFIUM.acquire(blocking=False)
        documents._PDFIUM.release()
        del pages
        gc.collect()
    assert len(render(path, pdf(pages=2))) == 2
