"""What callers want of a file: its pages stored, as pixels, or as a small picture."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from converter.core.decoding.decoder import NOTHING, RAW
from converter.core.decoding.decoders import Decoders, OurPage, RefusedPages
from converter.core.images import Limits, PageImage, page_name


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page on disk. `file` is its name in the folder, `sha256` and `size` are of its bytes.

    `page` counts from 1 and is None if the file has only one. `width` and `height` are of the
    upright picture. `thumbnail` is a small JPEG of it.
    """

    file: str
    page: int | None
    width: int
    height: int
    sha256: str
    size: int
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file came to: its pages on disk, and those that were refused."""

    pages: list[StoredPage]
    refused: list[RefusedPages]


def store_pages(pages: Generator[OurPage | RefusedPages], folder: Path) -> Stored:
    """Write each page that `Decoders.decode` yields into `folder`, under a random name.

    Raises as it does, and OSError if `folder` cannot be written. In all cases none of the pages is
    left in `folder`.
    """
    stored, written = Stored([], []), list[Path]()
    try:
        with closing(pages):
            for page in pages:
                if isinstance(page, RefusedPages):
                    stored.refused.append(page)
                    continue
                written.append(folder / f"{uuid.uuid4().hex}.{page.suffix}")
                with written[-1].open("xb") as file:
                    file.write(page.data)
                stored.pages.append(_stored(page, written[-1].name))
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return stored


def page_images(
    decoders: Decoders, path: Path, limits: Limits, name: str | None = None
) -> Iterator[PageImage]:
    """The pages of a file as `images.open_pages` yields them, with the same pixels, decoded in a
    process of their own. Raises as it does, and ImageError for a page that was refused alone."""
    name = name or path.name
    with closing(decoders.decode(path, limits, form=RAW)) as pages:
        for page in pages:
            if isinstance(page, RefusedPages):
                raise page.error
            pixels = np.frombuffer(page.data, np.uint8).reshape(page.height, page.width, 3)
            pixels.flags.writeable = False
            yield PageImage(page_name(name, page.number, page.count), pixels)


def small_picture(
    decoders: Decoders, path: Path, edge: int, limits: Limits, within: float
) -> bytes:
    """The first page of a file as a JPEG that fits a square of `edge` pixels. Raises as
    `Decoders.decode` does."""
    pages = decoders.decode(path, limits, form=NOTHING, thumbnail_edge=edge, within=within)
    with closing(pages):
        page = next(pages)
    if isinstance(page, RefusedPages):
        raise page.error
    return page.thumbnail


def _stored(page: OurPage, file: str) -> StoredPage:
    return StoredPage(
        file=file,
        page=page.number if page.count > 1 else None,
        width=page.width,
        height=page.height,
        sha256=hashlib.sha256(page.data).hexdigest(),
        size=len(page.data),
        thumbnail=page.thumbnail,
    )
