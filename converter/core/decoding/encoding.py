"""Pages as we keep them: encoded anew, so that nothing later decodes a stranger's bytes."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, Final, NamedTuple

from PIL import ExifTags, Image, ImageOps

from converter.core.images import UPRIGHT, DecodedPage, orientation

# Nothing but pixels: the colour profile of an original may not even fit the RGB made from it.
_PNG: Final[dict[str, Any]] = {"format": "PNG", "compress_level": 1, "icc_profile": None}
_JPEG: Final[dict[str, Any]] = {
    "format": "JPEG",
    "icc_profile": None,
    "comment": b"",
    "xmp": b"",
}
_FINE: Final = _JPEG | {"quality": 92, "subsampling": 0}
_AS_IT_CAME: Final = _JPEG | {"quality": "keep", "subsampling": "keep"}
_FREE_OF_LOSS: Final = ("1", "L", "P", "RGB")  # modes that a PNG keeps as they are

_CHUNK_HEAD: Final = 8  # of a WebP: four letters and a size
_WEBP_HEAD: Final = 12


class EncodedPage(NamedTuple):
    """A page as a file: `suffix` says of which type. The size is that of the upright picture."""

    suffix: str
    data: bytes
    width: int
    height: int


def encoded(page: DecodedPage, source: BinaryIO) -> EncodedPage:
    """The page as a PNG without loss, or as a JPEG if its source was compressed with loss.

    A JPEG keeps its tables and its orientation, so it loses next to nothing by being encoded anew.
    """
    turn = orientation(page.image)
    if page.kind == "JPEG" and _can_be_kept(page.image):
        width, height = page.image.size
        if turn >= 5:  # it lies on its side
            width, height = height, width
        page.image.format = "JPEG"  # and not MPO: further pictures are left out
        return EncodedPage(
            "jpg", _saved(page.image, _AS_IT_CAME | {"exif": _only(turn)}), width, height
        )
    if page.kind in {"JPEG", "HEIF"} or (page.kind == "WEBP" and _is_lossy(source)):
        picture = page.upright()
        return EncodedPage("jpg", _saved(picture, _FINE), *picture.size)
    is_plain = page.image.mode in _FREE_OF_LOSS and not page.image.has_transparency_data
    picture = page.image if is_plain and turn == UPRIGHT else page.upright()
    return EncodedPage("png", _saved(picture, _PNG), *picture.size)


def thumbnail(page: DecodedPage, edge: int) -> bytes:
    """The upright picture as a JPEG that fits a square of `edge` pixels."""
    image, turn = page.image, orientation(page.image)
    if image.mode in {"RGB", "L"} and not image.has_transparency_data:
        small = image.reduce(max(1, max(image.size) // (2 * edge)))
        if turn != UPRIGHT:
            small.getexif()[ExifTags.Base.Orientation] = turn
            small = ImageOps.exif_transpose(small)
        small = small.convert("RGB")
    else:
        small = page.upright()
    small.thumbnail((edge, edge))
    return _saved(small, _JPEG | {"quality": 82, "optimize": True})


def _can_be_kept(image: Image.Image) -> bool:
    """Whether the tables of a JPEG fit the colours in which it would be written."""
    return image.mode == "L" or (image.mode == "RGB" and image.info.get("adobe_transform") != 0)


def _only(turn: int) -> bytes:
    if turn == UPRIGHT:
        return b""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    return exif.tobytes()


def _saved(picture: Image.Image, options: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, **options)
    return stream.getvalue()


def _is_lossy(source: BinaryIO) -> bool:
    """Whether the first picture of a WebP is compressed with loss; its chunks say so."""
    source.seek(_WEBP_HEAD)
    while len(head := source.read(_CHUNK_HEAD)) == _CHUNK_HEAD:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        if name in {b"VP8 ", b"VP8L"}:
            return name == b"VP8 "
        inside = 16 if name == b"ANMF" else size + size % 2  # a frame holds chunks of its own
        source.seek(inside, io.SEEK_CUR)
    return False
