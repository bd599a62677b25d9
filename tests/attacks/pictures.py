"""Pictures that cost more than they weigh, made by code for each format's own weak places."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from math import isqrt
from typing import Final

from PIL import Image

from tests.support import bombs
from tests.support.hostile_files import draw, encode, png, png_head

MANY: Final = 50_000
ZEROS: Final = 1 << 26  # bytes that a small stream inflates to

Made = Callable[[int], bytes]
"""A file for a limit of so many pixels of a page."""


def black(pixels: int, mode: str = "RGB") -> Image.Image:
    """As large a picture as is taken."""
    edge = isqrt(pixels)
    return Image.new(mode, (edge, edge))


def largest(kind: str, mode: str = "RGB", **options: object) -> Made:
    return lambda pixels: encode(black(pixels, mode), kind, **options)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def inflating(size: int = ZEROS) -> bytes:
    return zlib.compress(bytes(size), 9)


# --- PNG ---


def png_of_chunks(*chunks: bytes) -> bytes:
    return png_head(64, 64) + b"".join(chunks) + chunk(b"IEND", b"")


def png_in_bytes(_pixels: int) -> bytes:
    """Each byte of the pixels in a chunk of its own, among a hundred thousand empty ones."""
    pixels = zlib.compress(bytes(65 * 64))
    parts = [chunk(b"IDAT", bytes([byte])) for byte in pixels]
    return png_of_chunks(*[chunk(b"IDAT", b"")] * MANY, *parts, *[chunk(b"IDAT", b"")] * MANY)


def png_that_moves(_pixels: int) -> bytes:
    control = struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 1, 0, 0)
    frames = chunk(b"fcTL", control) + chunk(b"fdAT", bytes(4) + zlib.compress(bytes(65 * 64)))
    start = chunk(b"acTL", struct.pack(">II", MANY, 0))
    return png_of_chunks(start, chunk(b"IDAT", zlib.compress(bytes(65 * 64))), frames * MANY)


def png_interlaced(pixels: int) -> bytes:
    edge = isqrt(pixels)
    head = struct.pack(">IIBBBBB", edge, edge, 16, 6, 0, 0, 1)
    rows = zlib.compress(bytes(9 * edge * edge), 1)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def png_with(kind: bytes, data: bytes) -> Made:
    return lambda _: png(64, 64, chunks=[(kind, data)])


# --- JPEG ---


def jpeg_scans(scans: int, *, progressive: bool = True) -> Made:
    """Nearly as many scans as are taken, each over the largest picture, in eight megabytes."""

    def made(pixels: int) -> bytes:
        data = encode(black(pixels), "JPEG", progressive=progressive)
        start = data.rindex(b"\xff\xda")
        scan = data[start:-2]
        return data[:start] + scan * min(scans, (8 << 20) // len(scan)) + b"\xff\xd9"

    return made


def jpeg_with(segment: bytes, times: int = MANY) -> Made:
    return lambda _: b"\xff\xd8" + segment * times + encode(draw(), "JPEG")[2:]


def jpeg_declaring(width: int, height: int, marker: int = 0xC0) -> bytes:
    """A size in the header that its few bytes do not bear out."""
    data = encode(draw(), "JPEG")
    frame = data.index(b"\xff\xc0")
    size = struct.pack(">HH", height, width)
    return (
        data[:frame] + bytes([255, marker]) + data[frame + 2 : frame + 5] + size + data[frame + 9 :]
    )


def exif_in_a_circle(_pixels: int) -> bytes:
    """Directories of tags that lead to each other."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + struct.pack("<I", 8)
    return encode(draw(), "JPEG", exif=b"Exif\0\0" + tiff)


# --- WebP ---


def webp_frames(_pixels: int) -> bytes:
    frames = [draw(16, 16).rotate(90 * turn) for turn in range(4)] * 250
    return encode(draw(16, 16), "WEBP", save_all=True, append_images=frames, quality=1, method=0)


# --- TIFF ---


def tiff(
    tags: Mapping[int, tuple[int, int, int]], data: bytes = bytes(64), following: int = 0
) -> bytes:
    """One directory at byte 8; a tag is its type, count and value."""
    entries = b"".join(struct.pack("<HHII", tag, *tags[tag]) for tag in sorted(tags))
    head = b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags))
    return head + entries + struct.pack("<I", following) + data


def tiff_tags(
    width: int, height: int, compression: int, size: int
) -> dict[int, tuple[int, int, int]]:
    values = {256: width, 257: height, 258: 8, 259: compression, 262: 1, 277: 1, 278: height}
    tags = {tag: (4, 1, value) for tag, value in values.items()}
    return tags | {273: (4, 1, 8 + 2 + 12 * 9 + 4), 279: (4, 1, size)}


def tiff_strip(pixels: int, compression: int, data: bytes) -> bytes:
    edge = isqrt(pixels)
    return tiff(tiff_tags(edge, edge, compression, len(data)), data)


def tiff_pages(pixels: int, pages: int) -> bytes:
    """Pages as large as they may be, all of which share the same few bytes."""
    edge, size = isqrt(pixels), 2 + 12 * 9 + 4
    shared, body = 8 + pages * size, zlib.compress(bytes(edge * edge), 9)
    parts = []
    for number in range(pages):
        tags = tiff_tags(edge, edge, 8, len(body)) | {273: (4, 1, shared)}
        following = 8 + (number + 1) * size if number < pages - 1 else 0
        parts.append(tiff(tags, b"", following)[8:])
    return b"II*\0\x08\0\0\0" + b"".join(parts) + body


def tiff_of_strips(pixels: int) -> bytes:
    """A strip for each row, all at one place."""
    edge = isqrt(pixels)
    tags = tiff_tags(edge, edge, 1, edge)
    at = 8 + 2 + 12 * 9 + 4
    tags |= {278: (4, 1, 1), 273: (4, edge, at), 279: (4, edge, at + 4 * edge)}
    return tiff(tags, struct.pack("<I", at) * edge + struct.pack("<I", edge) * edge)


def tiff_count(tag: int, count: int = 2**32 - 1) -> Made:
    """A tag that says that it has four billion values."""
    return lambda _: tiff(tiff_tags(64, 64, 1, 4096) | {tag: (4, count, 8)}, bytes(4096))


# --- GIF and BMP ---


def gif_frames(_pixels: int) -> bytes:
    data = encode(draw(64, 64).quantize(4), "GIF")
    frame = data[data.index(b",") : -1]
    return data[:-1] + frame * 2_000 + b";"


def gif_comment(_pixels: int) -> bytes:
    data = encode(draw(64, 64).quantize(4), "GIF")
    return data[:-1] + b"!\xfe" + (b"\xff" + bytes(255)) * 20_000 + b"\0;"


def gif_of_clear_codes(pixels: int) -> bytes:
    """Nothing but the code that starts the dictionary anew."""
    edge = isqrt(pixels)
    size = struct.pack("<HH", edge, edge)
    head = b"GIF89a" + size + b"\x80\0\0" + bytes(6) + b",\0\0\0\0" + size + b"\0\x02"
    return head + (b"\xff" + b"\x24\x49\x92" * 85) * 30_000 + b"\0;"


def bmp(width: int, height: int, compression: int, body: bytes, bits: int = 8) -> bytes:
    fields = (40, width, height, 1, bits, compression, len(body), 0, 0, 256, 0)
    header = struct.pack("<IiiHHIIiiII", *fields)
    start = 14 + 40 + 1024
    return (
        b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + bytes(1024) + body
    )


def bmp_of_jumps(pixels: int) -> bytes:
    """Run lengths that jump over the picture and set a pixel here and there."""
    edge = isqrt(pixels)
    return bmp(edge, edge, 1, (b"\0\x02\x01\x00" + b"\x01\x07") * 200_000)


# --- HEIC ---


def heic(replaced: bytes = b"", by: bytes = b"") -> bytes:
    data = encode(draw(256, 256), "HEIF")
    assert replaced in data
    return data.replace(replaced, by)


def heic_declaring(width: int, height: int) -> bytes:
    size = struct.pack(">II", 256, 256)
    return heic(size, struct.pack(">II", width, height))


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def heic_nested(depth: int) -> bytes:
    """Boxes in boxes."""
    size = 8 * depth
    inner = b"".join(struct.pack(">I", size - 8 * n) + b"moov" for n in range(depth))
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(4) + inner)


def heic_of_boxes(kind: bytes, content: bytes, times: int = MANY) -> Made:
    start = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    return lambda _: start + box(b"meta", bytes(4) + box(kind, content) * times)


# --- all of them ---

APP1: Final = b"\xff\xe1\x00\x08Exif\0\0"
TABLE: Final = b"\xff\xc4\x00\x15\x00\x01" + bytes(17)
PROFILE: Final = b"\xff\xe2\xff\xffICC_PROFILE\0\x01\xff" + bytes(65519)

PICTURES: Final[Mapping[str, Made]] = {
    "PNG, the largest": largest("PNG", compress_level=9),
    "PNG, the largest with a palette": largest("PNG", "P"),
    "PNG, interlaced, 64 bits a pixel": png_interlaced,
    "PNG, more rows than it has": lambda _: png_of_chunks(chunk(b"IDAT", inflating())),
    "PNG, a chunk for each byte": png_in_bytes,
    "PNG, many frames": png_that_moves,
    "PNG, many texts": lambda _: png(64, 64, chunks=[(b"tEXt", b"a\0b")] * MANY),
    "PNG, a text that inflates": png_with(b"iTXt", b"a\0\x01\0\0\0" + inflating()),
    "PNG, a profile that inflates": png_with(b"iCCP", b"a\0\0" + inflating()),
    "JPEG, 2,000 scans": lambda _: bombs.progressive_scans(),
    "JPEG, 90 scans of the largest": jpeg_scans(90),
    "JPEG, 99 scans that follow each other": jpeg_scans(99, progressive=False),
    "JPEG, many segments": jpeg_with(APP1),
    "JPEG, many tables": jpeg_with(TABLE),
    "JPEG, a profile of 6 MB": jpeg_with(PROFILE, 96),
    "JPEG, declares all it can": lambda _: jpeg_declaring(65_500, 65_500),
    "JPEG, declares the largest, without pixels": lambda p: jpeg_declaring(isqrt(p), isqrt(p)),
    "JPEG, arithmetic": lambda p: jpeg_declaring(isqrt(p), isqrt(p), 0xC9),
    "JPEG, tags in a circle": exif_in_a_circle,
    "JPEG, the largest in four inks": largest("JPEG", "CMYK"),
    "WebP, the largest without loss": largest("WEBP", lossless=True, quality=0),
    "WebP, the largest with loss": largest("WEBP", quality=1, method=0),
    "WebP, many frames": webp_frames,
    "TIFF, deflated": lambda p: tiff_strip(p, 8, inflating()),
    "TIFF, packed bits": lambda p: tiff_strip(p, 32_773, b"\x81\0" * 300_000),
    "TIFF, LZW": lambda p: tiff_strip(p, 5, b"\x80\x00\x60\x50\x38\x24\x16" * 100_000),
    "TIFF, fax": lambda p: tiff_strip(p, 4, b"\x55" * 1_000_000),
    "TIFF, JPEG within": lambda p: tiff_strip(p, 7, encode(draw(), "JPEG")),
    "TIFF, 100 of the largest pages": lambda p: tiff_pages(p, 100),
    "TIFF, 5,000 pages": lambda _: tiff_pages(4096, 5_000),
    "TIFF, pages in a circle": lambda _: tiff(tiff_tags(64, 64, 1, 4096), bytes(4096), 8),
    "TIFF, a strip for each row": tiff_of_strips,
    "TIFF, four billion offsets": tiff_count(273),
    "TIFF, four billion samples": tiff_count(258),
    "GIF, the largest": lambda p: encode(black(p, "P"), "GIF"),
    "GIF, many frames": gif_frames,
    "GIF, a comment of 5 MB": gif_comment,
    "GIF, codes that clear": gif_of_clear_codes,
    "BMP, runs without end": lambda p: bmp(isqrt(p), isqrt(p), 1, b"\xff\0" * 500_000),
    "BMP, jumps": bmp_of_jumps,
    "BMP, declares all it can": lambda _: bmp(2**31 - 1, -(2**31 - 1), 0, b""),
    "HEIC, declares all it can": lambda _: heic_declaring(65_535, 65_535),
    "HEIC, 20,000 boxes deep": lambda _: heic_nested(20_000),
    "HEIC, many items": heic_of_boxes(b"iinf", bytes(4) + b"\xff\xff"),
    "HEIC, many places": heic_of_boxes(b"iloc", b"\x01\0\0\0\x44\x40\xff\xff"),
    "HEIC, without its pixels": lambda _: heic()[:-2_000],
}
