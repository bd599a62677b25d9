"""PDF documents as pictures of their pages, drawn by PDFium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from math import hypot, sqrt
from pathlib import Path
from typing import Final

from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

from converter.core.errors import ImageError

_RESOLUTION: Final = 200 / 72  # pixels per point: 200 dpi, at which 6-point print is still legible

# PDFium is not thread-safe. The lock is reentrant because the garbage collector may close an
# abandoned generator, and with it a document, on a thread that holds the lock already.
_PDFIUM: Final = threading.RLock()


def render_pages(
    path: Path, *, max_pages: int, max_pixels: int
) -> Iterator[tuple[Image.Image, int]]:
    """Yield (picture, number of pages in all) for each page of the PDF at `path`, in order.

    Pictures are RGB on white, at 200 dpi, or less where that would exceed `max_pixels`. Only one
    is in memory at a time. The contents of form fields are drawn.

    Raises ImageError: encrypted_pdf if a password is needed; damaged_pdf if PDFium cannot read the
    file or it has no pages; too_many_pages, before the first page is drawn.
    """
    with _opened(path) as document:
        with _PDFIUM:
            count = len(document)
        if count > max_pages:
            raise ImageError(
                "too_many_pages",
                f"This PDF has {count} pages; at most {max_pages} are taken. Split it first.",
            )
        for index in range(count):
            with _PDFIUM, closing(document[index]) as page:
                width, height = page.get_size()
                area, edges = width * height, width + height
                # PDFium rounds each side up, so the largest scale s (pixels per point) within the
                # limit solves (s·width + 1)(s·height + 1) = max_pixels.
                largest = (hypot(edges, 2 * sqrt(area * (max_pixels - 1))) - edges) / (2 * area)
                scale = min(_RESOLUTION, largest)
                with closing(page.render(scale=scale)) as bitmap:
                    picture: Image.Image = bitmap.to_pil()
            yield picture, count


@contextmanager
def _opened(path: Path) -> Iterator[PdfDocument]:
    with _PDFIUM:
        try:
            document = PdfDocument(path)
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
