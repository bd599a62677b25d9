"""PDF files that cost more than they weigh, by their structure and by what they draw."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Final

from tests.support import bombs
from tests.support.bombs import CATALOG, GIANT, document, stream
from tests.support.hostile_files import pdf, pdf_of_objects

Made = Callable[[], bytes]

FLATE: Final = b"/Filter/FlateDecode"
FORM: Final = b"/Type/XObject/Subtype/Form/BBox[0 0 %d %d]" % (GIANT, GIANT)


def packed(operators: bytes, times: int = 1, *objects: bytes, resources: bytes = b"") -> bytes:
    """A page of five metres that draws the same again and again."""
    content = zlib.compress(operators * times, 9)
    return document(content, *objects, resources=resources, edge=GIANT, entries=FLATE)


# --- structure ---


def deep_tree(depth: int = 20_000) -> bytes:
    """A tree of pages with one branch per level."""
    level = b"<</Type/Pages/Count 1/Kids[%d 0 R]>>"
    nodes = [level % (number + 3) for number in range(depth)]
    return pdf_of_objects([CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 99 99]>>"])


def shared_tree(levels: int = 9, fan: int = 10) -> bytes:
    """Each level's branches are all the same: a billion pages in ten objects."""
    nodes = []
    for level in range(levels):
        count, kid = fan ** (levels - level), b"%d 0 R " % (level + 3)
        nodes.append(b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kid * fan))
    return pdf_of_objects([CATALOG, *nodes, b"<</Type/Page/MediaBox[0 0 99 99]>>"])


def many_pages(declared: int) -> bytes:
    return pdf_of_objects(
        [
            CATALOG,
            b"<</Type/Pages/Count %d/Kids[3 0 R]>>" % declared,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        ]
    )


def tables_in_a_circle() -> bytes:
    """Cross-reference tables that name each other as the one before."""
    data = pdf()
    start = data.rindex(b"xref\n0")
    return data.replace(b"trailer\n<<", b"trailer\n<</Prev %d" % start)


def many_tables(count: int = 20_000) -> bytes:
    """Each a table of nothing, one after the other."""
    data, previous = pdf(), pdf().rindex(b"xref\n0")
    parts = []
    at = len(data)
    for _ in range(count):
        part = b"xref\n0 0\ntrailer\n<</Size 6/Root 1 0 R/Prev %d>>\n" % previous
        parts.append(part)
        previous, at = at, at + len(part)
    return data + b"".join(parts) + b"startxref\n%d\n%%%%EOF\n" % previous


def nested_objects(opened: bytes, closed: bytes, depth: int = 200_000) -> Made:
    """An object in an object, outside of any content."""
    return lambda: pdf_of_objects(
        [
            CATALOG,
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Rotate %s 0 %s>>"
            % (opened * depth, closed * depth),
        ]
    )


def filters(name: bytes, times: int) -> Made:
    return lambda: document(b"0 0 9 9 re f", entries=b"/Filter[%s]" % (name * times))


def inherited_in_a_circle() -> bytes:
    """Pages that are each other's parents."""
    return pdf_of_objects(
        [
            CATALOG,
            b"<</Type/Pages/Count 1/Kids[3 0 R]/Parent 3 0 R>>",
            b"<</Type/Page/Parent 2 0 R/Kids[2 0 R]>>",
        ]
    )


def many_notes(count: int = 30_000) -> bytes:
    """A page under a pile of annotations, each with a picture of its own."""
    look = stream(b"0 0 99 99 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]")
    note = b"<</Type/Annot/Subtype/Stamp/Rect[0 0 %d %d]/AP<</N 3 0 R>>>>" % (GIANT, GIANT)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Annots[%s]>>"
    notes = b"5 0 R " * count
    tree = b"<</Type/Pages/Count 1/Kids[4 0 R]>>"
    return pdf_of_objects([CATALOG, tree, look, page % (GIANT, GIANT, notes), note])


def form_in_a_circle() -> bytes:
    """Fields of a form that are each other's children."""
    field = b"<</FT/Tx/T(a)/Kids[%d 0 R %d 0 R]/Parent %d 0 R>>"
    return pdf_of_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R 5 0 R]>>>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[4 0 R 5 0 R]>>",
            field % (5, 4, 5),
            field % (4, 5, 4),
        ]
    )


def colours_in_colours(depth: int = 5_000) -> bytes:
    space = b"[/Indexed " * depth + b"/DeviceRGB" + b" 1 <000000ffffff>]" * depth
    return packed(b"/C cs 0 sc 0 0 9 9 re f", 1, resources=b"/ColorSpace<</C %s>>" % space)


# --- drawing ---


def form_that_draws_itself() -> bytes:
    form = stream(b"/F Do /F Do", FORM + b"/Resources<</XObject<</F 5 0 R>>>>")
    return document(b"/F Do", form, resources=b"/XObject<</F 5 0 R>>")


def tile_of_tiles() -> bytes:
    """A pattern that is filled with a pattern, that with another one, …"""
    size = b"/BBox[0 0 9 9]/XStep 9/YStep 9"
    kind = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1"
    tiles = [
        stream(
            b"/Pattern cs /P scn 0 0 9 9 re f",
            b"%s%s/Resources<</Pattern<</P %d 0 R>>>>" % (kind, size, 6 + level),
        )
        for level in range(8)
    ]
    last = stream(b"0 0 1 1 re f", kind + size + b"/Resources<<>>")
    fill = b"/Pattern cs /P scn 0 0 %d %d re f" % (GIANT, GIANT)
    return packed(fill, 1, *tiles, last, resources=b"/Pattern<</P 5 0 R>>")


def letters_of_letters(depth: int = 9) -> bytes:
    """Fonts whose letters are written in the next font."""
    fonts = []
    for level in range(depth):
        code = (
            b"9 0 d0 BT /F 1 Tf (aaaaaaaaaa) Tj ET" if level < depth - 1 else b"9 0 d0 0 0 1 1 re f"
        )
        inner = b"/Resources<</Font<</F %d 0 R>>>>" % (7 + 2 * level) if level < depth - 1 else b""
        fonts.append(
            b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 97"
            b"/LastChar 97/Widths[1]/Encoding<</Differences[97/a]>>/CharProcs<</a %d 0 R>>%s>>"
            % (6 + 2 * level, inner)
        )
        fonts.append(stream(code))
    text = b"BT /F 99 Tf (aaaaaaaaaa) Tj ET"
    return packed(text, 1, *fonts, resources=b"/Font<</F 5 0 R>>")


def drawn_again(times: int = 2_000) -> bytes:
    """A large picture of one colour, drawn over the page over and over."""
    edge = 8_000
    pixels = zlib.compress(bytes(edge * edge // 8), 9)
    picture = stream(
        pixels,
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1"
        b"/ColorSpace/DeviceGray%s" % (edge, edge, FLATE),
    )
    draw = b"q %d 0 0 %d 0 0 cm /I Do Q " % (GIANT, GIANT)
    return packed(draw, times, picture, resources=b"/XObject<</I 5 0 R>>")


def picture_of(width: int, entries: bytes, data: bytes) -> Made:
    """A picture whose header promises more than its few bytes hold."""
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d%s" % (width, width, entries)
    return lambda: packed(
        b"%d 0 0 %d 0 0 cm /I Do" % (GIANT, GIANT),
        1,
        stream(data, head),
        resources=b"/XObject<</I 5 0 R>>",
    )


def blended(times: int = 500) -> bytes:
    """Groups over the whole page, each blended with all below."""
    group = FORM + b"/Group<</S/Transparency/I true/K true>>"
    form = stream(b"0 0 %d %d re f" % (GIANT, GIANT), group)
    state = b"<</BM/Luminosity/ca .5>>"
    resources = b"/XObject<</F 5 0 R>>/ExtGState<</G 6 0 R>>"
    return packed(b"/G gs /F Do ", times, form, state, resources=resources)


def triangles(count: int = 100_000) -> bytes:
    """A mesh of triangles, each over the whole page."""
    corners = b"".join(
        b"\0" + corner + colour
        for corner, colour in ((b"\0\0", b"\0"), (b"\xff\0", b"\xff"), (b"\0\xff", b"\x80"))
    )
    mesh = stream(
        zlib.compress(corners * count, 9),
        b"/ShadingType 4/ColorSpace/DeviceGray/BitsPerCoordinate 8/BitsPerComponent 8"
        b"/BitsPerFlag 8/Decode[0 %d 0 %d 0 1]%s" % (GIANT, GIANT, FLATE),
    )
    return packed(b"/S sh", 1, mesh, resources=b"/Shading<</S 5 0 R>>")


def rings(count: int = 300) -> bytes:
    """Round shadings over the whole page."""
    function = b"<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>"
    shade = (
        b"<</ShadingType 3/ColorSpace/DeviceGray/Coords[0 0 0 9 9 %d]/Function 5 0 R"
        b"/Extend[true true]>>" % GIANT
    )
    return packed(b"/S sh ", count, function, shade, resources=b"/Shading<</S 6 0 R>>")


def stitched(count: int = 50_000) -> bytes:
    """A function of functions."""
    inner = b"<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>"
    bounds = b" ".join(b"%.6f" % ((n + 1) / (count + 1)) for n in range(count - 1))
    function = b"<</FunctionType 3/Domain[0 1]/Functions[%s]/Bounds[%s]/Encode[%s]>>" % (
        b"5 0 R " * count,
        bounds,
        b"0 1 " * count,
    )
    shade = b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 %d 0]/Function 6 0 R>>" % GIANT
    return packed(b"/S sh", 1, inner, function, shade, resources=b"/Shading<</S 7 0 R>>")


def samples() -> bytes:
    """A function by a table of more samples than a machine has bytes."""
    function = stream(
        b"\0",
        b"/FunctionType 0/Domain[0 1 0 1 0 1]/Range[0 1]/Size[9999 9999 9999]/BitsPerSample 32",
    )
    colour = b"[/Separation/X/DeviceGray 5 0 R]"
    return packed(b"/C cs .5 sc 0 0 9 9 re f", 1, function,
                  resources=b"/ColorSpace<</C %s>>" % colour)  # fmt: skip


DOCUMENTS: Final[Mapping[str, Made]] = {
    **{f"PDF, {what}": lambda what=what: bombs.bombs()[what] for what in (
        "tiling pattern", "nested forms", "soft masks", "shading by a program", "giant pages",
        "deflated twice", "many operators")},
    "PDF, nested arrays": bombs.nested_arrays,
    "PDF, a tree 20,000 levels deep": deep_tree,
    "PDF, a tree of a billion pages": shared_tree,
    "PDF, two billion pages": lambda: many_pages(2**31 - 1),
    "PDF, fewer pages than none": lambda: many_pages(-5),
    "PDF, tables in a circle": tables_in_a_circle,
    "PDF, 20,000 tables": many_tables,
    "PDF, arrays in arrays": nested_objects(b"[", b"]"),
    "PDF, dictionaries in dictionaries": nested_objects(b"<</A", b">>"),
    "PDF, brackets in a text": nested_objects(b"(", b")"),
    "PDF, 500 filters": filters(b"/FlateDecode", 500),
    "PDF, 500 filters of texts": filters(b"/ASCIIHexDecode", 500),
    "PDF, parents in a circle": inherited_in_a_circle,
    "PDF, 30,000 notes": many_notes,
    "PDF, fields in a circle": form_in_a_circle,
    "PDF, colours of colours": colours_in_colours,
    "PDF, a form that draws itself": form_that_draws_itself,
    "PDF, tiles of tiles": tile_of_tiles,
    "PDF, letters of letters": letters_of_letters,
    "PDF, a picture 2,000 times": drawn_again,
    "PDF, a picture without its bytes": picture_of(
        60_000, b"/BitsPerComponent 16/ColorSpace/DeviceCMYK", b"\0"),
    "PDF, a fax without end": picture_of(
        60_000, b"/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode"
        b"/DecodeParms<</K -1/Columns 60000/Rows 60000>>", b"\x55" * 10_000),
    "PDF, a JBIG2 picture of nothing": picture_of(
        60_000, b"/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode",
        b"\0\0\0\0\x30\0\x01\0\0\0\x13" + b"\0\0\xea\x60" * 2 + bytes(9) + b"\0\0"),
    "PDF, runs without end": picture_of(
        8_000, b"/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/RunLengthDecode",
        b"\x81\0" * 500_000),
    "PDF, groups that are blended": blended,
    "PDF, a mesh": triangles,
    "PDF, round shadings": rings,
    "PDF, a function of functions": stitched,
    "PDF, a table of samples": samples,
    "PDF, dashes": lambda: packed(b"[.01] 0 d 0 0 m 14400 14400 l S\n", 20),
    "PDF, a long curve in dashes": lambda: packed(
        b"[.01 .01] 0 d .1 w 0 0 m 0 14400 14400 14400 14400 0 c S\n", 20),
    "PDF, clips in clips": lambda: packed(b"0 0 m 14400 9 l 9 14400 l W n ", 20_000),
    "PDF, states in states": lambda: packed(b"q ", 2_000_000),
    "PDF, inline pictures": lambda: packed(b"BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI\n", 200_000),
    "PDF, letters": lambda: packed(
        b"BT /F 1000 Tf (" + b"W" * 1000 + b") Tj ET\n", 500,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", resources=b"/Font<</F 5 0 R>>"),
    "PDF, wide strokes": lambda: packed(b"9999 w 1 j 1 J 0 0 m 9 9 99 9999 9999 0 c S\n", 20_000),
    "PDF, one endless path": lambda: packed(b"0 0 m " + b"9 14400 l 99 0 l " * 200_000 + b"f*"),
    "PDF, long numbers": lambda: packed(b"9" * 4_000_000 + b" 0 m S"),
}  # fmt: skip
