"""Files that mean harm or went wrong, and good ones that look like them, all made on the fly."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from pillow_heif import register_heif_opener

register_heif_opener()

MEBIBYTE = 1 << 20

NASTY_NAMES = (
    "../../etc/passwd.png",
    "..\\..\\windows\\win.ini",
    "C:\\fakepath\\scan.jpg",
    "/dev/null",
    "nul\0byte.png",
    "🧾 Beleg №7.png",
    "n" * 300 + ".png",
    "." * 40,
    ".htaccess",
    "CON.png",
    "invoice\u202egnp.exe",
    "two\r\nlines.png",
    "",
    " \t ",
    "\u200b\ufeff",
    "=HYPERLINK(1).png",
    "<script>alert(1)</script>.png",
    "%2e%2e%2f%00.png",
    "e\u0301te\u0301.png",
    "-rf ~.png",
    "{{ name }}.png",
    "'; DROP TABLE images; --.png",
    "\ud83d.png",  # half of a surrogate pair
)


@dataclass(frozen=True, slots=True)
class HostileFile:
    """A file to be refused with `code`; `what` tells why."""

    what: str
    name: str
    data: bytes
    code: str


@dataclass(frozen=True, slots=True)
class GoodFile:
    """A file to be taken, whatever its name and its looks, with so many `pages`."""

    what: str
    name: str
    data: bytes
    pages: int = 1


@cache
def hostile_files() -> list[HostileFile]:
    """More than sixty files, each with a nasty name and the code that it is refused with."""
    contents = [
        ("no byte", b"", "empty_file"),
        ("more bytes than allowed", png_head(9, 9) + bytes(50 * MEBIBYTE), "file_too_large"),
        *((what, data, "unsupported_type") for what, data in _not_pictures().items()),
        *((what, data, "damaged_image") for what, data in _damaged_images().items()),
        *((what, data, "damaged_pdf") for what, data in _damaged_pdfs().items()),
        *((what, data, "too_many_pixels") for what, data in _bombs().items()),
        *((what, data, "too_small") for what, data in _specks().items()),
        ("TIFF of 101 pages", encode(draw(9, 9), "TIFF", pages=101), "too_many_pages"),
        ("PDF of 500 pages", pdf(pages=500), "too_many_pages"),
        ("PDF behind a password", pdf(trailer=_ENCRYPT), "encrypted_pdf"),
        ("PDF of an unknown cipher", pdf(trailer=b"/Encrypt<</Filter/Odd/V 9>>"), "encrypted_pdf"),
    ]
    names = cycle(NASTY_NAMES)
    return [HostileFile(what, next(names), data, code) for what, data, code in contents]


@cache
def good_files() -> list[GoodFile]:
    """One or more files of every type that is read, each with a nasty name."""
    picture = draw()
    contents: list[tuple[str, bytes, int]] = [
        *((kind, encode(picture, kind), 1) for kind in ("PNG", "JPEG", "WEBP", "TIFF", "BMP")),
        ("GIF", encode(picture.quantize(8), "GIF"), 1),
        ("HEIF", encode(picture, "HEIF"), 1),
        ("HEIF of a general brand", encode(picture, "HEIF").replace(b"ftypheic", b"ftypmif1"), 1),
        ("TIFF of three pages", encode(picture, "TIFF", pages=3), 3),
        ("PDF", pdf(), 1),
        ("PDF of two pages", pdf(pages=2), 2),
        ("PDF whose page is five metres wide", pdf(box=(14_400, 14_400)), 1),
        ("PDF with a preface", b"\xef\xbb\xbf\r\n" + pdf(), 1),
        ("GIF that moves", _moving("GIF"), 1),
        ("WebP that moves", _moving("WEBP"), 1),
        ("PNG that moves", _moving("PNG"), 1),
        (
            "JPEG with broken EXIF",
            encode(picture, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"),
            1,
        ),
        ("PNG with broken EXIF", png(24, 16, chunks=[(b"eXIf", b"no EXIF")]), 1),
        ("PNG that is HTML too", encode(picture, "PNG") + b"<script>alert(1)</script>", 1),
        ("PNG of 16 bits", png(depth=16), 1),
    ]
    names = cycle(("scan.pdf", "cards.zip", *NASTY_NAMES))
    return [GoodFile(what, next(names), data, pages) for what, data, pages in contents]


def draw(width: int = 96, height: int = 64) -> Image.Image:
    """A small picture with enough in it that no format shrinks it to nothing."""
    noise = np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)
    picture = Image.fromarray(noise)
    ImageDraw.Draw(picture).rectangle((1, 1, width // 2, height // 2), "white", "red")
    return picture


def encode(picture: Image.Image, kind: str, pages: int = 1, **options: Any) -> bytes:
    """The bytes of a file of Pillow's format `kind`, with the same picture on every page."""
    stream = io.BytesIO()
    if pages > 1:
        options |= {"save_all": True, "append_images": [picture] * (pages - 1)}
    picture.save(stream, kind, **options)
    return stream.getvalue()


def png_head(width: int, height: int, depth: int = 8) -> bytes:
    """Signature and header of a grayscale PNG."""
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)


def png(
    width: int = 16,
    height: int = 16,
    depth: int = 8,
    chunks: list[tuple[bytes, bytes]] | None = None,
) -> bytes:
    """A black grayscale PNG with additional `chunks`, even one that would fill the memory."""
    packer = zlib.compressobj(1)  # much faster than others, and as good at black
    row = bytes(1 + width * depth // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    extra = b"".join(_chunk(kind, data) for kind, data in chunks or [])
    end = _chunk(b"IEND", b"")
    return png_head(width, height, depth) + extra + _chunk(b"IDAT", pixels) + end


def pdf(
    pages: int = 1,
    box: tuple[float, float] = (144, 72),
    page: bytes = b"",
    trailer: bytes = b"",
    content: bytes = b"1 0 0 rg 0 0 72 36 re f",
) -> bytes:
    """A PDF with a red rectangle in the lower left corner of each page."""
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 4 + pages))
    leaf = b"<</Type/Page/Parent 2 0 R/Contents 3 0 R/MediaBox[0 0 %g %g]%s>>" % (*box, page)
    return pdf_of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            *[leaf] * pages,
        ],
        trailer,
    )


def pdf_of_objects(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF file of numbered objects, the first of which is its catalogue."""
    body, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, trailer, len(body))
    )


# The standard handler with check values that no empty password matches.
_ENCRYPT = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (
    b"4f" * 32,
    b"55" * 32,
)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _moving(kind: str) -> bytes:
    frames = [draw().rotate(angle) for angle in (10, 20)]
    return encode(draw(), kind, save_all=True, append_images=frames)


def _not_pictures() -> dict[str, bytes]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../../scan.png", png())
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    return {
        "HTML": b"<!doctype html><script>alert(1)</script>",
        "SVG": svg,
        "SVG with a prologue": b"<?xml version='1.0'?><!DOCTYPE svg>" + svg,
        "JavaScript": b"fetch('/api/v1/batches')",
        "ZIP": archive.getvalue(),
        "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "text": "Größe, Menge, Preis\n".encode(),
        "text that begins like a BMP": b"BMW, 12 cars, 4 colours, 3 doors each\n",
        "ELF program": b"\x7fELF\x02\x01\x01" + bytes(57),
        "Windows program": b"MZ\x90\0" + bytes(60),
        "shell script": b"#!/bin/sh\nrm -rf ~\n",
        "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
        "MP4": b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2",
        "Photoshop": b"8BPS\0\x01" + bytes(20),
        "icon": b"\0\0\x01\0\x01\0" + bytes(16),
        "zeros": bytes(4096),
        "one byte": b"\x89",
    }


def _damaged_images() -> dict[str, bytes]:
    picture = draw()
    whole = {kind: encode(picture, kind) for kind in ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "HEIF")}
    whole["GIF"] = encode(picture.quantize(64), "GIF")
    cut = {
        f"{kind} cut after {percent} %": data[: max(32, len(data) * percent // 100)]
        for kind, data in whole.items()
        for percent in (0, 50, 95)
    }
    tiff = encode(picture, "TIFF", pages=2)
    return cut | {
        "TIFF cut in its second page": tiff[: len(tiff) * 3 // 4],
        "TIFF whose pages run in a circle": _tiff(next_page=8),
        "TIFF of an unknown compression": _tiff(compression=65_000),
        "PNG without pixels": png_head(16, 16) + _chunk(b"IEND", b""),
        "PNG whose pixels are noise": png_head(16, 16) + _chunk(b"IDAT", b"\xff" * 64),
        "PNG with a false checksum": png().replace(b"IDAT", b"IDAT\0", 1),
        "PNG with a text that inflates": png(chunks=[(b"zTXt", b"a\0\0" + _inflating())]),
        "PNG of no width": png(0, 16),
        "PNG that calls itself JPEG": b"\xff\xd8\xff" + png()[3:],
        "AVIF that calls itself HEIC": encode(picture, "AVIF").replace(b"MA1B", b"heic"),
        "GIF without a frame": b"GIF89a\x10\0\x10\0\0\0\0;",
        "JPEG without a scan": b"\xff\xd8\xff\xd9",
    }


def _inflating() -> bytes:
    return zlib.compress(bytes(64 * MEBIBYTE), 1)


def _damaged_pdfs() -> dict[str, bytes]:
    catalog = b"<</Type/Catalog/Pages 2 0 R>>"
    return {
        "PDF that is its first line": b"%PDF-1.7\n",
        "PDF cut in half": pdf()[: len(pdf()) // 2],
        "PDF of noise": b"%PDF-1.7\n" + bytes(range(256)) * 8,
        "PDF without pages": pdf(pages=0),
        "PDF without a catalogue": pdf_of_objects([b"<<>>"]),
        "PDF whose page is missing": pdf_of_objects(
            [catalog, b"<</Type/Pages/Count 1/Kids[9 0 R]>>"]
        ),
        "PDF whose pages run in a circle": pdf_of_objects(
            [catalog, b"<</Type/Pages/Count 1/Kids[2 0 R]>>"]
        ),
    }


def _bombs() -> dict[str, bytes]:
    jpeg = encode(draw(), "JPEG")
    frame = jpeg.index(b"\xff\xc0") + 5
    return {
        "PNG of 144 million black pixels": png(12_000, 12_000),
        "PNG that declares 900 million": png_head(30_000, 30_000) + _chunk(b"IDAT", b""),
        "PNG that declares all it can": png_head(2**31 - 1, 2**31 - 1) + _chunk(b"IDAT", b""),
        "GIF that declares all it can": b"GIF89a" + b"\xff" * 4 + _moving("GIF")[10:],
        "JPEG that declares all it can": jpeg[:frame] + b"\xff\xdc\xff\xdc" + jpeg[frame + 4 :],
        "BMP that declares 1.6 billion": _bmp(40_000, 40_000),
        "TIFF that declares 10 billion": _tiff(width=100_000, height=100_000),
    }


def _specks() -> dict[str, bytes]:
    return {
        "PNG of one pixel": png(1, 1),
        "PNG of one column": png(1, 60_000),
        "GIF of one pixel": encode(Image.new("P", (1, 1)), "GIF"),
        "PDF of one point": pdf(box=(1, 1)),
        "TIFF of one row": _tiff(height=1),
    }


def _bmp(width: int, height: int) -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header


def _tiff(width: int = 16, height: int = 16, compression: int = 1, next_page: int = 0) -> bytes:
    """A black grayscale TIFF whose one directory stands at byte 8."""
    tags = {
        256: width,
        257: height,
        258: 8,
        259: compression,
        262: 1,
        273: 122,
        277: 1,
        278: height,
    }
    tags[279] = width * height % 2**32
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    head = b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries
    return head + struct.pack("<I", next_page) + bytes(256)
