"""Small files that take endless time or memory to decode, all made on the fly."""

from __future__ import annotations

import zlib
from functools import cache

from PIL import Image

from tests.support.hostile_files import encode, pdf_of_objects

GIANT = 14_400  # points: the longest edge that readers promise
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def document(
    content: bytes,
    *objects: bytes,
    resources: bytes = b"",
    edge: int = 144,
    good_pages: int = 0,
    entries: bytes = b"",
) -> bytes:
    """A PDF whose first page has that content, and that many plain pages behind it.

    `objects` are numbered from 5.
    """
    first_good = 5 + len(objects)
    kids = b" ".join(b"%d 0 R" % n for n in (4, *range(first_good, first_good + good_pages)))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 3 0 R/Resources<<%s>>>>"
    good = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 72]>>"
    return pdf_of_objects(
        [
            CATALOG,
            b"<</Type/Pages/Count %d/Kids[%s]>>" % (1 + good_pages, kids),
            stream(content, entries),
            page % (edge, edge, resources),
            *objects,
            *[good] * good_pages,
        ]
    )


_TILE = stream(
    b"0 0 .01 .01 re f",
    b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 .05 .05]"
    b"/XStep .05/YStep .05/Resources<<>>",
)


# Filled over and over: no machine is so fast that it is done within a second.
_TILED = b"/Pattern cs /P scn" + b" 0 0 %d %d re f" % (GIANT, GIANT) * 100


def tiling(good_pages: int = 0) -> bytes:
    """A page of five metres, filled with tiles of 0.05 pt."""
    return document(
        _TILED, _TILE, resources=b"/Pattern<</P 5 0 R>>", edge=GIANT, good_pages=good_pages
    )


def several_tilings(bad: int, good: int) -> bytes:
    """Good pages, and behind them bad ones that share a content."""
    pages = [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 72]>>"] * good
    pages += [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 3 0 R"
        b"/Resources<</Pattern<</P 4 0 R>>>>>>" % (GIANT, GIANT)
    ] * bad
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + len(pages)))
    tree = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids)
    return pdf_of_objects([CATALOG, tree, stream(_TILED), _TILE, *pages])


def nested_forms(depth: int = 12, fan: int = 10) -> bytes:
    """Forms in forms: fan to the power of depth rectangles."""
    forms = []
    for level in range(depth):
        inner = b"/F Do " * fan if level < depth - 1 else b"0 0 9 9 re f " * fan
        child = b"/XObject<</F %d 0 R>>" % (6 + level) if level < depth - 1 else b""
        forms.append(
            stream(inner, b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<<%s>>" % child)
        )
    return document(b"/F Do", *forms, resources=b"/XObject<</F 5 0 R>>")


def deflated_twice(size: int = 1 << 29) -> bytes:
    """A stream that inflates to another one, and that to gigabytes of operators."""
    packer, operators = zlib.compressobj(9), b"0 0 9 9 re f\n" * (1 << 16)
    once = b"".join(packer.compress(operators) for _ in range(size // len(operators)))
    twice = zlib.compress(once + packer.flush(), 9)
    return document(twice, entries=b"/Filter[/FlateDecode/FlateDecode]")


def giant_pages(count: int = 100) -> bytes:
    """As many pages as are taken, each as large as it may be."""
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]>>" % (GIANT, GIANT)
    pages = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    return pdf_of_objects([CATALOG, pages, *[page] * count])


def soft_masks(depth: int = 30) -> bytes:
    """Masks that have masks, over the whole of a giant page."""
    content = b"/G gs 0 0 %d %d re f" % (GIANT, GIANT)
    group = b"/Type/XObject/Subtype/Form/BBox[0 0 %d %d]/Group<</S/Transparency/CS/DeviceGray>>"
    objects = []
    for level in range(depth):
        inner = b""
        if level < depth - 1:
            inner = b"/Resources<</ExtGState<</G<</SMask<</S/Luminosity/G %d 0 R>>>>>>>>" % (
                6 + level
            )
        objects.append(stream(content, group % (GIANT, GIANT) + inner))
    resources = b"/ExtGState<</G<</SMask<</S/Luminosity/G 5 0 R>>>>>>"
    return document(content, *objects, resources=resources, edge=GIANT)


def shading() -> bytes:
    """A function of millions of samples, computed for every pixel."""
    code = b"{" + b"sin cos " * 4000 + b"}"
    function = stream(code, b"/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]")
    shade = b"<</ShadingType 1/ColorSpace/DeviceRGB/Function 5 0 R>>"
    return document(b"14400 0 0 14400 0 0 cm /S sh", function, shade,
                    resources=b"/Shading<</S 6 0 R>>", edge=GIANT)  # fmt: skip


def many_operators(count: int = 1_000_000, good_pages: int = 0) -> bytes:
    """Curves without end, well compressed."""
    content = zlib.compress(b"0 0 m 9 0 0 9 9 9 c S\n" * count, 9)
    return document(content, entries=b"/Filter/FlateDecode", good_pages=good_pages)


def nested_arrays(depth: int = 500_000) -> bytes:
    return document(zlib.compress(b"[" * depth + b"]" * depth), entries=b"/Filter/FlateDecode")


def progressive_scans(scans: int = 2_000, edge: int = 256) -> bytes:
    """A progressive JPEG whose last scan is there again and again."""
    data = encode(Image.new("RGB", (edge, edge), "white"), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * scans + b"\xff\xd9"


@cache
def bombs() -> dict[str, bytes]:
    """Files that no ordinary page can be told from by its size, by what they are."""
    return {
        "tiling pattern": tiling(),
        "nested forms": nested_forms(),
        "soft masks": soft_masks(),
        "shading by a program": shading(),
        "giant pages": giant_pages(),
        "progressive scans": progressive_scans(),
        "deflated twice": deflated_twice(),
        "many operators": many_operators(),
    }
