"""Image files: their type by their bytes, and their pages, upright and within limits."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import TiffImageFile
from pillow_heif import register_heif_opener

from converter.core.documents import render_pages
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

# A single picture of these types stays as it came: every browser shows it.
_KEPT: Final = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif", "BMP": "bmp"}

# The colour profile of an original may not fit the RGB picture made from it.
_ENCODINGS: Final[dict[str, dict[str, Any]]] = {
    "png": {"format": "PNG", "compress_level": 1, "icc_profile": None},
    "jpg": {"format": "JPEG", "quality": 92, "subsampling": 0, "icc_profile": None},
}


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


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page on disk. `file` is its name in the folder, `sha256` and `size` are of its bytes.

    `page` counts from 1 and is None if the file has only one. `width` and `height` are of the
    upright picture.
    """

    file: str
    page: int | None
    width: int
    height: int
    sha256: str
    size: int


class _Page(NamedTuple):
    """A decoded page, upright and RGB; `number` is None for the only one of its file."""

    picture: Image.Image
    number: int | None
    suffix: str = "png"
    keep_bytes: bool = False


def open_pages(path: Path, limits: Limits, name: str | None = None) -> Iterator[PageImage]:
    """Yield each page of the file at `path`, with one page in memory at a time.

    Reads PNG, JPEG, WebP, BMP, GIF and HEIC (the first picture), TIFF and PDF (every page), and
    detects the type by the bytes, not by the file's name. Pages are upright, on white, 8-bit RGB.
    Their name is `name`, by default the file's, or "`name`, page 3" if there are several.

    Raises ImageError: file_missing, empty_file, file_too_large, unsupported_type,
    damaged_image, damaged_pdf, encrypted_pdf, too_many_pages, too_many_pixels, too_small.
    """
    name = name or path.name
    for page in _read_pages(path, limits):
        page_name = f"{name}, page {page.number}" if page.number else name
        yield PageImage(page_name, np.asarray(page.picture))


def store_pages(source: Path, folder: Path, limits: Limits) -> list[StoredPage]:
    """Check the file at `source` by decoding it and write each of its pages into `folder`.

    A single PNG, JPEG, WebP, GIF or BMP keeps its bytes; a HEIC photo becomes JPEG, all else
    PNG. Names are random and do not depend on the source, which is left in place.

    Raises ImageError as `open_pages` does, and OSError if `folder` cannot be written. In both
    cases none of the pages is left in `folder`.
    """
    stored: list[StoredPage] = []
    written: list[Path] = []
    try:
        for page in _read_pages(source, limits):
            written.append(folder / f"{uuid.uuid4().hex}.{page.suffix}")
            stored.append(_store(page, source, written[-1]))
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return stored


def thumbnail(path: Path, edge: int, limits: Limits) -> bytes:
    """The picture at `path`, upright, as a JPEG that fits a square of `edge` pixels.

    Raises ImageError as `open_pages` does.
    """
    kind = _identify(path, limits)
    with path.open("rb") as stream, _pillow():
        image = Image.open(stream, formats=(kind,))
        _check_size(image, limits)
        image.draft(None, (edge, edge))  # a large JPEG is decoded small
        picture = _decode(image, limits)
        picture.thumbnail((edge, edge))
        small = io.BytesIO()
        picture.save(small, "JPEG", quality=82, optimize=True)
    return small.getvalue()


def file_too_large(size: int, limits: Limits) -> ImageError:
    """The error for a file of `size` bytes that is too large."""
    return ImageError(
        "file_too_large",
        f"This file has {size / 2**20:.1f} MiB; "
        f"at most {limits.max_bytes / 2**20:g} MiB are taken.",
    )


def _store(page: _Page, source: Path, path: Path) -> StoredPage:
    with path.open("xb+") as stream:
        if page.keep_bytes:
            with source.open("rb") as original:
                shutil.copyfileobj(original, stream)
        else:
            page.picture.save(stream, **_ENCODINGS[page.suffix])
        size = stream.tell()
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return StoredPage(path.name, page.number, *page.picture.size, sha256=digest, size=size)


def _read_pages(path: Path, limits: Limits) -> Iterator[_Page]:
    kind = _identify(path, limits)
    if kind == "PDF":
        pages = render_pages(path, max_pages=limits.max_pages, max_pixels=limits.max_pixels)
        for number, (picture, count) in enumerate(pages, 1):
            _check_size(picture, limits)
            yield _Page(picture, number if count > 1 else None)
    else:
        yield from _image_pages(path, kind, limits)


def _identify(path: Path, limits: Limits) -> str:
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_SIGNATURE_BYTES)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        message = f"This file cannot be opened: {error.strerror}."
        raise ImageError("file_missing", message) from error
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


def _image_pages(path: Path, kind: str, limits: Limits) -> Iterator[_Page]:
    with path.open("rb") as stream:
        with _pillow():
            image = Image.open(stream, formats=(kind,))
            count = _count_pages(image, limits)
        for index in range(count):
            with _pillow():
                if index:
                    image.seek(index)
                picture = _decode(image, limits)
                # Phones append further pictures to a JPEG (MPO); viewers show only the first.
                is_jpeg = image.format in ("JPEG", "MPO")
                is_animated = not is_jpeg and getattr(image, "is_animated", False)
                keep_bytes = kind in _KEPT and not is_animated
            suffix = _KEPT[kind] if keep_bytes else "jpg" if kind == "HEIF" else "png"
            yield _Page(picture, index + 1 if count > 1 else None, suffix, keep_bytes)


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
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError) as error:
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
    for count in range(limits.max_pages + 1):
        try:
            image.seek(count)
        except EOFError:
            break
    else:
        raise ImageError(
            "too_many_pages",
            f"This TIFF has more than {limits.max_pages} pages, the limit. Split it first.",
        )
    if image.tag_v2.next != 0:
        raise ValueError("the chain of pages is cut off, or runs in a circle")
    image.seek(0)
    return count


def _decode(image: Image.Image, limits: Limits) -> Image.Image:
    _check_size(image, limits)
    image.load()
    # Broken metadata may raise anything; the picture is usable without it.
    with suppress(Exception):
        ImageOps.exif_transpose(image, in_place=True)
    if image.mode[0] in "IF":
        image = _to_gray(image)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    picture = image if image.mode == "RGB" else image.convert("RGB")
    _check_size(picture, limits)
    return picture


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
