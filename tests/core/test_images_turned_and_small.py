"""Images as a person turned them, and as small pictures."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from converter.core.decoding.pages import small_picture
from converter.core.errors import ImageError
from converter.core.images import PageImage
from tests.core.test_images import LIMITS, ORIENTATION, flag, write
from tests.support.decoding import DECODERS
from tests.support.hostile_files import draw, png


def thumbnail(path: Path) -> bytes:
    return small_picture(DECODERS, path, 320, LIMITS, within=60)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "upload"


@pytest.mark.parametrize(
    ("degrees", "expected"), [(0, [[1, 2]]), (90, [[1], [2]]), (180, [[2, 1]]), (270, [[2], [1]])]
)
def test_a_picture_is_turned_clockwise(degrees, expected):
    pixels = np.repeat(np.array([[1, 2]], np.uint8)[:, :, None], 3, axis=2)
    turned = PageImage("a", pixels).turned(degrees)
    assert turned.pixels[:, :, 0].tolist() == expected
    assert turned.pixels.flags.c_contiguous


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_thumbnail_fits_its_square_and_is_upright(source: Path, kind: str):
    write(source, draw().resize((800, 600)), kind)
    small = Image.open(io.BytesIO(thumbnail(source)))
    assert (small.format, small.size, small.mode) == ("JPEG", (320, 240), "RGB")


def test_a_thumbnail_follows_the_camera(source: Path):
    picture = Image.new("RGB", (800, 600))
    exif = picture.getexif()
    exif[ORIENTATION] = 6
    picture.save(source, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(thumbnail(source))).size == (240, 320)


def test_a_narrow_picture_has_a_thumbnail(source: Path):
    write(source, Image.new("RGB", (4000, 8)), "JPEG")
    assert Image.open(io.BytesIO(thumbnail(source))).width == 320


def test_a_picture_is_not_enlarged(source: Path):
    write(source, flag("RGBA"))
    assert Image.open(io.BytesIO(thumbnail(source))).size == (24, 16)


def test_a_damaged_picture_has_no_thumbnail(source: Path):
    source.write_bytes(png(64, 48)[:60])
    with pytest.raises(ImageError, match="damaged_image"):
        thumbnail(source)
