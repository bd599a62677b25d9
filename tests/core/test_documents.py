"""PDF pages: size, colour, order, form fields, and PDFium from several threads."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image
from pypdfium2 import PdfDocument, PdfPage

from converter.core import documents
from converter.core.documents import DocumentBounds, render_pages
from converter.core.errors import ImageError
from tests.support.hostile_files import pdf, pdf_of_objects

BOUNDS = DocumentBounds(max_pages=9, max_pixels=10**6, max_document_pixels=10**9)
RED, WHITE = (255, 0, 0), (255, 255, 255)


def render(data: bytes, max_pixels: int = 1_000_000) -> list[Image.Image]:
    return [page.picture for page in render_pages(data, BOUNDS._replace(max_pixels=max_pixels))]


def test_a_page_has_200_pixels_per_inch() -> None:
    [picture] = render(pdf(box=(144, 72)))
    assert (picture.size, picture.mode) == ((400, 200), "RGB")


def test_red_stays_red_on_white_paper() -> None:
    [picture] = render(pdf())
    assert picture.getpixel((10, 190)) == RED
    assert picture.getpixel((390, 10)) == WHITE


def test_a_rotated_page_is_upright() -> None:
    [picture] = render(pdf(page=b"/Rotate 90"))
    assert picture.size == (200, 400)
    assert picture.getpixel((10, 10)) == RED


@pytest.mark.parametrize("box", [(14_400, 14_400), (14_400, 300), (1_000_000, 1), (720, 7.2)])
@pytest.mark.parametrize("max_pixels", [10_000, 999_999])
def test_a_giant_page_is_clamped(box: tuple[float, float], max_pixels: int) -> None:
    [picture] = render(pdf(box=box), max_pixels)
    assert picture.width * picture.height <= max_pixels


def test_a_clamped_page_uses_what_it_may() -> None:
    [picture] = render(pdf(box=(14_400, 14_400)), 1_000_000)
    assert picture.width * picture.height > 990_000
    assert picture.getpixel((1, 998)) == RED


def test_every_page_comes_with_the_count() -> None:
    told: list[int] = []
    pages = render_pages(pdf(pages=3), BOUNDS, tell=told.append)
    assert [(page.number, page.count) for page in pages] == [(1, 3), (2, 3), (3, 3)]
    assert told == [3]


def test_pages_are_drawn_from_a_later_one_on() -> None:
    assert [page.number for page in render_pages(pdf(pages=3), BOUNDS, first=3)] == [3]


def test_too_many_pages_are_told_before_any_is_drawn() -> None:
    with pytest.raises(ImageError, match="3 pages; at most 2") as caught:
        next(render_pages(pdf(pages=3), BOUNDS._replace(max_pages=2)))
    assert caught.value.code == "too_many_pages"


def test_what_was_filled_into_a_form_is_drawn() -> None:
    look = b"0 0 1 rg 0 0 72 36 re f"
    fields = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 72]/Annots[4 0 R]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(x)/F 4/Rect[0 0 72 36]/AP<</N 5 0 R>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 72 36]/Length %d>>stream\n%s\nendstream"
        % (len(look), look),
    ]
    [picture] = render(pdf_of_objects(fields))
    red, _, blue = picture.getpixel((100, 150))
    assert blue > red


def test_several_threads_may_render() -> None:
    def colours(_: int) -> list[object]:
        pages = render_pages(pdf(pages=5), BOUNDS)
        return [page.picture.getpixel((10, 190)) for page in pages]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(colours, range(12))) == [[RED] * 5] * 12


def test_pdfium_is_entered_by_one_thread_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
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
    assert len(render(pdf())) == 1
    assert len(held) >= 8
    assert all(held)


def test_an_abandoned_document_is_closed() -> None:
    pages = render_pages(pdf(pages=2), BOUNDS)
    next(pages)
    with documents._PDFIUM:  # as when garbage is collected in the middle of another page
        assert documents._PDFIUM.acquire(blocking=False)
        documents._PDFIUM.release()
        del pages
        gc.collect()
    assert len(render(pdf(pages=2))) == 2


def test_too_many_pixels_in_all_are_told_before_any_is_drawn() -> None:
    with pytest.raises(ImageError, match="million pixels in all") as caught:
        next(render_pages(pdf(pages=3), BOUNDS._replace(max_document_pixels=200_000)))
    assert caught.value.code == "too_complex"
