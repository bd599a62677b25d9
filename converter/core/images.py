"""Image files: their type by their bytes, and their pages, upright and within limits."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np
from numpy.typing import NDArray
from pi_heif import register_heif_opener
from PIL import ExifTags, Image, ImageOps
from PIL.TiffImagePlugin import TiffImageFile

from converter.core.documents import (
    DocumentBounds,
    check_document_pixels,
    render_pages,
    too_complex,
)
from converter.core.errors import ImageError

register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)

MIN_EDGE: Final = 8  # pixels: one letter; anything smaller is a spacer or a tracking pixel

# The beginning of each type of file, by the name of the only Pillow plugin that may open it.
_SIGNATURES: Final = {
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "JPEG": rb"\xff\xd8\xff",
    "WEBP": rb"RIFF....WEBP",
    "GIF": rb"GIF8[79]a",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
    "BMP": rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0",  # and the size of a known header
    "HEIF": rb"....ftyp(?:....){0,16}?(?:hei[cmsx]|hev[cmsx])",  # among the brands: HEVC
    "PDF": rb".{0,1019}%PDF-",  # readers allow a preface (ISO 32000-1, implementation note 13)
}
_SIGNATURE_BYTES: Final = 1024

# Encoders write ten scans or so; each scan of a progressive JPEG costs as much as a whole picture.
MOST_SCANS: Final = 100
_START_OF_SCAN: Final = b"\xff\xda"
UPRIGHT: Final = 1  # of EXIF's eight orientations
_PAGE_PIXELS: Final = 10_000_000  # of a page in a document: A4 at 300 dpi has 8.7 million


@dataclass(frozen=True, slots=True)
class PageImage:
    """One upright picture. `pixels` has shape (height, width, 3), uint8, RGB; read-only."""

    name: str
    pixels: NDArray[np.uint8]

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    def turned(self, degrees: int) -> PageImage:
        """A copy turned clockwise by a multiple of 90 degrees."""
        if not degrees % 360:
            return self
        pixels = np.ascontiguousarray(np.rot90(self.pixels, -degrees // 90))
        pixels.flags.writeable = False
        return PageImage(self.name, pixels)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one file. `max_pixels` is per page."""

    max_bytes: int = 50 * 1024 * 1024
    max_pixels: int = 50_000_000
    max_pages: int = 100

    @property
    def max_document_pixels(self) -> int:
        """The pixels of all pages of a document: as many ordinary pages as it may have."""
        return max(self.max_pixels, self.max_pages * _PAGE_PIXELS)


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """A page as its file holds it: decoded, within the limits, and not turned yet.

    `kind` is the type of its file, `number` counts from 1, and `count` is the number of pages that
    the file has.
    """

    image: Image.Image
    kind: str
    number: int
    count: int

    def upright(self) -> Image.Image:
        """The picture as people see it: turned as its file says, on white, 8-bit RGB."""
        with _pillow():
            return _upright(self.image)


def open_pages(path: Path, limits: Limits, name: str | None = None) -> Iterator[PageImage]:
    """Yield each page of the file at `path`, with one page in memory at a time.

    Reads PNG, JPEG, WebP, BMP, GIF and HEIC (the first picture), TIFF and PDF (every page), and
    detects the type by the bytes, not by the file's name. Pages are upright, on white, 8-bit RGB.
    Their name is `name`, by default the file's, or "`name`, page 3" if there are several.

    It decodes in this process, without bounds on time and memory: files of strangers belong to
    `core.decoding`. Raises ImageError: file_missing, empty_file, file_too_large, unsupported_type,
    damaged_image, damaged_pdf, encrypted_pdf, too_many_pages, too_many_pixels, too_small,
    too_complex.
    """
    name = name or path.name
    with opened(path) as stream:
        for page in decoded_pages(stream, limits):
            yield PageImage(page_name(name, page.number, page.count), np.asarray(page.upright()))


def page_name(name: str, number: int, count: int) -> str:
    return f"{name}, page {number}" if count > 1 else name


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file at `path`. Raises ImageError `file_missing`."""
    try:
        stream = path.open("rb")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        message = f"This file cannot be opened: {error.strerror}."
        raise ImageError("file_missing", message) from error
    with stream:
        yield stream


def decoded_pages(
    stream: BinaryIO, limits: Limits, first: int = 1, tell: Callable[[int], object] = bool
) -> Iterator[DecodedPage]:
    """Yield the pages of a file from the one with the number `first` on. Raises as `open_pages`.

    `tell` is called with the number of pages in all, once that is known.
    """
    kind = _identify(stream, limits)
    if kind != "PDF":
        yield from _image_pages(stream, kind, limits, first, tell)
        return
    bounds = DocumentBounds(limits.max_pages, limits.max_pixels, limits.max_document_pixels)
    for page in render_pages(stream.read(), bounds, first, tell):
        _check_size(page.picture, limits)
        yield DecodedPage(page.picture, kind, page.number, page.count)


def file_too_large(size: int, limits: Limits) -> ImageError:
    """The error for a file of `size` bytes that is too large."""
    return ImageError(
        "file_too_large",
        f"This file has {size / 2**20:.1f} MiB; "
        f"at most {limits.max_bytes / 2**20:g} MiB are taken.",
    )


def _identify(stream: BinaryIO, limits: Limits) -> str:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    head = stream.read(_SIGNATURE_BYTES)
    stream.seek(0)
    if not head:
        raise ImageError("empty_file", "This file is empty. Check that it was saved completely.")
    if size > limits.max_bytes:
        raise file_too_large(size, limits)
    for kind, signature in _SIGNATURES.items():
        if re.match(signature, head, re.DOTALL):
            return kind
    raise ImageError(
        "unsupported_type",
        "This is not a picture of a type that can be read. "
        "Send PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC or PDF.",
    )


def _image_pages(
    stream: BinaryIO, kind: str, limits: Limits, first: int, tell: Callable[[int], object]
) -> Iterator[DecodedPage]:
    if kind == "JPEG":
        _check_scans(stream)
    with _pillow():
        image = Image.open(stream, formats=(kind,))
        count = _count_pages(image, limits)
    tell(count)
    for index in range(first - 1, count):
        with _pillow():
            if index:
                image.seek(index)
            _check_size(image, limits)
            image.load()
            _check_size(image, limits)  # of the picture, which a HEIC file may belie
        yield DecodedPage(image, kind, index + 1, count)


def _check_scans(stream: BinaryIO) -> None:
    """Within compressed data the two bytes of this marker never follow each other."""
    scans = stream.read().count(_START_OF_SCAN)
    stream.seek(0)
    if scans > MOST_SCANS:
        raise too_complex(f"It is drawn in {scans} scans.")


@contextmanager
def _pillow() -> Iterator[None]:
    """Turns whatever Pillow raises into ImageError: hostile bytes make it raise nearly anything.

    Warning filters are shared by the whole process, so another thread may lose a UserWarning
    meanwhile. This is accepted: these warnings are about broken metadata, which is not used.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except ImageError:
        raise
    except MemoryError:  # within the limits of pixels, so what is wrong is not its size
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageError(
            "too_many_pixels", "This picture has more pixels than fit. Scale it down first."
        ) from error
    except Exception as error:
        raise ImageError(
            "damaged_image",
            "This picture is damaged or incomplete. Open it in a viewer, save it anew, try again.",
        ) from error


def _count_pages(image: Image.Image, limits: Limits) -> int:
    """The number of pages to read: all of a TIFF, one of any other image."""
    if not isinstance(image, TiffImageFile):
        return 1
    pixels = 0
    for count in range(limits.max_pages + 1):
        try:
            image.seek(count)
        except EOFError:
            break
        pixels += image.width * image.height
    else:
        raise ImageError(
            "too_many_pages",
            f"This TIFF has more than {limits.max_pages} pages, the limit. Split it first.",
        )
    if image.tag_v2.next != 0:
        raise ValueError("the chain of pages is cut off, or runs in a circle")
    check_document_pixels(pixels, limits.max_document_pixels)
    image.seek(0)
    return count


def orientation(image: Image.Image) -> int:
    """How a picture has to be turned or mirrored, as EXIF says it; 1 for not at all."""
    with suppress(Exception):  # broken metadata may raise anything
        found = image.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
        if found in range(2, 9):
            return int(found)
    return UPRIGHT


def _upright(image: Image.Image) -> Image.Image:
    if orientation(image) != UPRIGHT:
        with suppress(Exception):  # broken metadata; the picture is usable without it
            image = ImageOps.exif_transpose(image)
    if image.mode[0] in "IF":
        image = _to_gray(image)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    return image if image.mode == "RGB" else image.convert("RGB")


def _check_size(image: Image.Image, limits: Limits) -> None:
    width, height = image.size
    if min(width, height) < MIN_EDGE:
        raise ImageError(
            "too_small",
            f"This picture has {width} by {height} pixels; each side needs at least {MIN_EDGE}.",
        )
    if width * height > limits.max_pixels:
        raise ImageError(
            "too_many_pixels",
            f"This picture has {width} by {height} pixels; "
            f"at most {limits.max_pixels / 1e6:g} million are taken. Scale it down first.",
        )


def _to_gray(image: Image.Image) -> Image.Image:
    """Scale deep grayscale to 8 bits; Pillow's own conversion clips it."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    # 32-bit integers and floats have no standard white: stretch the range that is used.
    low, high = cast("tuple[float, float]", image.getextrema())
    scale = 255 / ((high - low) or 1)
    return image.point(lambda value: value * scale - low * scale).convert("L")
