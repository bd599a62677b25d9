"""Small pictures of images: made when first looked at, and kept."""

from __future__ import annotations

from typing import Final

from converter.config.options import image_limits
from converter.core.images import thumbnail
from converter.models import BatchImage
from converter.storage import layout

EDGE: Final = 320  # pixels: a card of the page on a sharp screen


def of(image: BatchImage) -> bytes:
    """A JPEG of the image as it is stored, not as it is turned. Raises ImageError."""
    kept = layout.thumbnail(image)
    if kept is not None:
        return kept
    with layout.local_file(image) as path:
        made = thumbnail(path, EDGE, image_limits())
    layout.keep_thumbnail(image, made)
    return made
