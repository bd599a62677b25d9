"""Small pictures of images: made when first looked at, and kept."""

from __future__ import annotations

from typing import Final

from converter import storage
from converter.core.images import thumbnail
from converter.limits import limits
from converter.models import BatchImage

EDGE: Final = 320  # pixels: a card of the page on a sharp screen


def of(image: BatchImage) -> bytes:
    """A JPEG of the image as it is stored, not as it is turned. Raises ImageError."""
    kept = storage.thumbnail(image)
    if kept is not None:
        return kept
    with storage.local_file(image) as path:
        made = thumbnail(path, EDGE, limits())
    storage.keep_thumbnail(image, made)
    return made
