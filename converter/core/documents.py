"""PDF documents as pictures of their pages, drawn by PDFium."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final, NamedTuple

from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError, PdfPage
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY, FPDFPage_CountObjects

from converter.core.errors import ImageError

TOO_COMPLEX: Final = "too_complex"
_RESOLUTION: Final = 200 / 72  # pixels per point: 200 dpi, at which 6-point print is still legible

# Paths, pictures and pieces of text of a page. PDFium reads a million in a second, and may draw
# them for ten; the densest maps have some hundred thousand.
MOST_OBJECTS: Final = 1_000_000

# PDFium is not thread-safe. The lock is reentrant because the garbage collector may close an
# abandoned generator, and with it a document, on a thread that holds the lock already.
_PDFIUM: Final = threading.RLock()


class DocumentBounds(NamedTuple):
    """The most pages of a document, pixels of a page, and pixels of all its pages."""

    max_pages: int
    max_pixels: int
    max_document_pixels: int


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page drawn: its number, from 1, of how many, and its picture."""

    number: int
    count: int
    picture: Image.Image


def render_pages(
    data: bytes, bounds: DocumentBounds, first: int = 1, tell: Callable[[int], object] = bool
) -> Iterator[RenderedPage]:
    """Draw each page of a PDF in order, from the one with the number `first` on.

    Pictures are RGB on white, at 200 dpi, or less where that would exceed `max_pixels`. Only one
    is in memory at a time. The contents of form fields are drawn. `tell` is called with the number
    of pages before the first is drawn.

    Raises ImageError: encrypted_pdf if a password is needed; damaged_pdf if PDFium cannot read the
    file or it has no pages; too_many_pages and too_complex, before the first page is drawn, or
    before one that has too many objects.
    """
    with _opened(data) as document:
        with _PDFIUM:
            count = len(document)
        if count > bounds.max_pages:
            raise ImageError(
                "too_many_pages",
                f"This PDF has {count} pages; at most {bounds.max_pages} are taken."
                " Split it first.",
            )
        with _PDFIUM:
            sizes = [document.get_page_size(index) for index in range(count)]
        pixels = sum(width * height * _scale(width, height, bounds) ** 2 for width, height in sizes)
        check_document_pixels(pixels, bounds.max_document_pixels)
        tell(count)
        for index in range(first - 1, count):
            with _PDFIUM, closing(document[index]) as page:
                _check_objects(page)
                width, height = page.get_size()
                scale = _scale(width, height, bounds)
                with closing(page.render(scale=scale)) as bitmap:
                    picture: Image.Image = bitmap.to_pil()
            yield RenderedPage(index + 1, count, picture)


def _check_objects(page: PdfPage) -> None:
    objects = FPDFPage_CountObjects(page.raw)
    if objects > MOST_OBJECTS:
        raise too_complex(f"A page of it is drawn in {objects:,} steps.")


def check_document_pixels(pixels: float, most: int) -> None:
    """Raises ImageError `too_complex` if the pages of a document have more pixels than that."""
    if pixels > most:
        raise too_complex(
            f"Its pages have {pixels / 1e6:,.0f} million pixels in all; "
            f"at most {most / 1e6:,.0f} million are taken."
        )


def too_complex(reason: str) -> ImageError:
    """The error for what would take more time or memory than a file may."""
    return ImageError(
        TOO_COMPLEX, f"{reason} Save it in a simpler form, such as a screenshot of each page."
    )


def _scale(width: float, height: float, bounds: DocumentBounds) -> float:
    """Pixels per point: 200 dpi, or less where a page of that size would have too many pixels."""
    area, edges = width * height, width + height
    if area <= 0:
        return _RESOLUTION
    # PDFium rounds each side up, so the largest scale s within the limit solves
    # (s·width + 1)(s·height + 1) = max_pixels.
    root = hypot(edges, 2 * sqrt(area * (bounds.max_pixels - 1)))
    return min(_RESOLUTION, (root - edges) / (2 * area))


@contextmanager
def _opened(data: bytes) -> Iterator[PdfDocument]:
    with _PDFIUM:
        try:
            document = PdfDocument(data)
        except PdfiumError as error:
            raise _refusal(error) from error
    try:
        with _PDFIUM:
            document.init_forms()
        yield document
    except PdfiumError as error:
        raise _refusal(error) from error
    finally:
        with _PDFIUM:
            document.close()


def _refusal(error: PdfiumError) -> ImageError:
    if error.err_code in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY):
        return ImageError(
            "encrypted_pdf", "This PDF is locked with a password. Save it without one first."
        )
    return ImageError("damaged_pdf", "This PDF is damaged or has no pages.")
