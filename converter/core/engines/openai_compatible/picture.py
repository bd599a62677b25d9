"""Prepares a picture for a model: checks that it is not blank, resizes and encodes it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from converter.core.images import PageImage

_MOST_PNG_BYTES: Final = 1 << 20
_LOOKED_AT: Final = 1600  # pixels of the longest side when looking for ink
_INK: Final = 10  # levels of gray by which the faintest pencil differs from the paper around it
_LEAST_INK: Final = 6  # pixels: less than a full stop


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """An upright picture as it is sent. `turned` is by how many degrees clockwise it was turned."""

    data: bytes
    mime: str
    turned: int = 0

    @property
    def url(self) -> str:
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode()}"

    def turn(self, degrees: int) -> EncodedPicture:
        """Turned clockwise by a multiple of 90 degrees."""
        with Image.open(BytesIO(self.data)) as image:
            turned = image.convert("RGB").rotate(-degrees, expand=True)
        return _encoded(turned, (self.turned + degrees) % 360)


def encode(image: PageImage, longest_side: int, *, enlarge: bool) -> EncodedPicture:
    """The picture, its longest side at most, or exactly if `enlarge`, `longest_side` pixels."""
    pixels: NDArray[np.uint8] = image.pixels
    scale = longest_side / max(image.width, image.height)
    if scale < 1 or (enlarge and scale > 1):
        size = [max(1, round(side * scale)) for side in (image.width, image.height)]
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        pixels = cv2.resize(pixels, size, interpolation=way).astype(np.uint8, copy=False)
    return _encoded(Image.fromarray(pixels), 0)


def is_blank(pixels: NDArray[np.uint8]) -> bool:
    """Whether nothing stands out from its surroundings on a picture (h, w, 3 RGB).

    A shadow or the grain of paper does not count; a pencil's stroke does. In doubt, the picture is
    not blank, and a model reads it.
    """
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = _LOOKED_AT / max(gray.shape)
    if scale < 1:
        gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray = cv2.GaussianBlur(gray, (3, 3), 0)  # grain is single pixels
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (15, 15))
    dark = cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, around)
    light = cv2.morphologyEx(gray, cv2.MORPH_TOPHAT, around)
    return int(np.count_nonzero(np.maximum(dark, light) > _INK)) < _LEAST_INK


def _encoded(picture: Image.Image, turned: int) -> EncodedPicture:
    """The picture as lossless PNG, or as JPEG of high quality where that would be too large."""
    buffer = BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    if buffer.tell() <= _MOST_PNG_BYTES:
        return EncodedPicture(buffer.getvalue(), "image/png", turned)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=95, subsampling=0)
    return EncodedPicture(buffer.getvalue(), "image/jpeg", turned)
