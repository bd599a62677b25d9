"""Files by chance: PDF documents of a small grammar, and good files whose bytes were changed.

A document of the grammar has the parts that a reader expects, filled with what it does not: each
value may be of another kind, refer to any object, or be out of all bounds.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

from tests.support.bombs import stream
from tests.support.hostile_files import good_files, pdf_of_objects

OBJECTS: Final = 12  # of a document
DEEPEST: Final = 4

NAMES: Final = (
    b"Type Page Pages Kids Count Parent MediaBox CropBox Resources Contents Font XObject"
    b" Pattern Shading ExtGState ColorSpace Subtype Form Image Width Height BitsPerComponent"
    b" Filter DecodeParms Length BBox Matrix Function FunctionType Domain Range Size Coords"
    b" ShadingType PaintType TilingType XStep YStep SMask Mask Decode DeviceRGB DeviceGray"
    b" DeviceCMYK Indexed ICCBased Separation DeviceN Lab CalRGB Type0 Type1 Type3 TrueType"
    b" CIDFontType2 Encoding Differences CharProcs FirstChar LastChar Widths FontDescriptor"
    b" FontFile2 ToUnicode FlateDecode LZWDecode ASCII85Decode RunLengthDecode CCITTFaxDecode"
    b" DCTDecode JPXDecode JBIG2Decode Annots AP N Rect AcroForm Fields FT Tx Btn Group S"
    b" Transparency K I Rotate UserUnit A B F G"
).split()
OPERATORS: Final = (
    b"q Q cm w J j M d ri i gs m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf"
    b" Tr Ts Td TD Tm T* Tj TJ ' \" d0 d1 CS cs SC SCN sc scn G g RG rg K k sh BI ID EI Do MP"
    b" DP BMC BDC EMC BX EX"
).split()
NUMBERS: Final = (
    b"0", b"1", b"-1", b"2", b"9", b"99", b"255", b"14400", b"65536", b"2147483647", b"-2147483648",
    b"4294967296", b"99999999999999999999", b".5", b"-.001", b"1e9", b"--5", b"3.4e38",
)  # fmt: skip
FILTERS: Final = (b"FlateDecode", b"ASCIIHexDecode", b"LZWDecode", b"RunLengthDecode", b"Odd")


def name(chance: Random) -> bytes:
    return b"/" + chance.choice(NAMES)


def reference(chance: Random) -> bytes:
    return b"%d 0 R" % chance.randrange(OBJECTS + 3)


def text(chance: Random) -> bytes:
    inside = chance.randbytes(chance.randrange(9))
    return b"<%s>" % inside.hex().encode() if chance.random() < 0.5 else b"(%s)" % inside


def array(chance: Random, depth: int) -> bytes:
    return b"[%s]" % b" ".join(value(chance, depth + 1) for _ in range(chance.randrange(7)))


def dictionary(chance: Random, depth: int) -> bytes:
    pairs = (name(chance) + b" " + value(chance, depth + 1) for _ in range(chance.randrange(7)))
    return b"<<%s>>" % b" ".join(pairs)


def value(chance: Random, depth: int = 0) -> bytes:
    """Any value at all."""
    plain: Sequence[Callable[[Random], bytes]] = (
        name, text, reference, lambda chance: chance.choice(NUMBERS),
        lambda chance: chance.choice((b"true", b"false", b"null")),
    )  # fmt: skip
    nested = (array, dictionary) if depth < DEEPEST else ()
    kind = chance.randrange(len(plain) + len(nested))
    return plain[kind](chance) if kind < len(plain) else nested[kind - len(plain)](chance, depth)


def content(chance: Random) -> bytes:
    """Operators with operands, as many and of such kinds as chance has it."""
    lines = []
    for _ in range(chance.randrange(60)):
        operands = [value(chance, DEEPEST - 1) for _ in range(chance.randrange(7))]
        lines.append(b" ".join([*operands, chance.choice(OPERATORS)]))
    return b"\n".join(lines)


def part(chance: Random, kind: bytes) -> bytes:
    """The object of a kind with most of its entries right, and some by chance."""
    entries = chance.sample(_ENTRIES[kind], k=chance.randrange(1, len(_ENTRIES[kind]) + 1))
    odd = [name(chance) + b" " + value(chance, 2) for _ in range(chance.randrange(3))]
    return b"%s%s" % (kind, b" ".join(entries + odd))


_ENTRIES: Final = {
    b"/Type/XObject/Subtype/Form": [
        b"/BBox[0 0 99 99]", b"/Resources<</XObject<</A 6 0 R/B 7 0 R>>>>", b"/Matrix[1 0 0 1 0 0]",
        b"/Group<</S/Transparency/CS/DeviceRGB>>",
    ],
    b"/Type/XObject/Subtype/Image": [
        b"/Width 8", b"/Height 8", b"/BitsPerComponent 8", b"/ColorSpace/DeviceGray",
        b"/SMask 6 0 R", b"/Decode[0 1]", b"/ImageMask true",
        b"/ColorSpace[/Indexed 7 0 R 9 8 0 R]",
    ],
    b"/Type/Pattern/PatternType 1": [
        b"/PaintType 1", b"/TilingType 1", b"/BBox[0 0 9 9]", b"/XStep 9", b"/YStep 9",
        b"/Resources<</Pattern<</A 6 0 R>>>>",
    ],
    b"/FunctionType 4": [b"/Domain[0 1]", b"/Range[0 1]"],
    b"/FunctionType 0": [
        b"/Domain[0 1]", b"/Range[0 1]", b"/Size[2]", b"/BitsPerSample 8", b"/Order 3",
    ],
    b"/Type/Font/Subtype/Type3": [
        b"/FontBBox[0 0 9 9]", b"/FontMatrix[1 0 0 1 0 0]", b"/CharProcs<</a 6 0 R>>",
        b"/Encoding<</Differences[97/a]>>", b"/FirstChar 97", b"/LastChar 97", b"/Widths[9]",
    ],
    b"/ShadingType 4": [
        b"/ColorSpace/DeviceRGB", b"/BitsPerCoordinate 8", b"/BitsPerComponent 8",
        b"/BitsPerFlag 8", b"/Decode[0 9 0 9 0 1 0 1 0 1]", b"/Function 6 0 R",
    ],
}  # fmt: skip


def some_object(chance: Random) -> bytes:
    if chance.random() < 0.2:
        return value(chance)
    entries = part(chance, chance.choice(list(_ENTRIES)))
    data = content(chance) if chance.random() < 0.6 else chance.randbytes(chance.randrange(300))
    if chance.random() < 0.5:
        return stream(zlib.compress(data), entries + b"/Filter/FlateDecode")
    odd = b"/Filter/%s" % chance.choice(FILTERS) if chance.random() < 0.2 else b""
    return stream(data, entries + odd)


def pdf_by_chance(seed: object) -> bytes:
    """A document of the grammar; the same seed gives the same one."""
    chance = Random(str(seed))
    kinds = (b"XObject", b"Pattern", b"Font", b"ExtGState", b"Shading", b"ColorSpace")
    refers = b"/A 5 0 R/B 6 0 R/F 7 0 R/G 8 0 R"
    resources = b"".join(b"/%s<<%s>>" % (kind, refers) for kind in kinds)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 144]/Contents 4 0 R/Resources<<%s>>%s>>"
    extra = b"".join(name(chance) + b" " + value(chance, 2) for _ in range(chance.randrange(3)))
    drawn = b"/A Do /B Do /Pattern cs /F scn 0 0 99 99 re f /G sh BT /F 9 Tf (aa) Tj ET\n"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % extra,
        b"<</Type/Pages/Count %d/Kids[3 0 R]>>" % chance.choice((1, 1, 1, 2, 7)),
        page % (resources, extra),
        stream((drawn if chance.random() < 0.7 else b"") + content(chance)),
        *[some_object(chance) for _ in range(OBJECTS - 4)],
    ]
    return pdf_of_objects(objects, b"/Info %s" % value(chance) if chance.random() < 0.2 else b"")


def changed(data: bytes, seed: object) -> bytes:
    """A file with bytes changed, cut out and doubled."""
    chance, mutant = Random(str(seed)), bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 32))):
        place = chance.randrange(min(len(mutant), chance.choice((64, 512, len(mutant)))))
        length = chance.randrange(9)
        mutant[place : place + length] = chance.choice(
            (b"", chance.randbytes(length), b"\xff" * length, mutant[place : place + 3 * length])
        )
        mutant = mutant or bytearray(b"%PDF-")
    return bytes(mutant)


def mutants(count: int, seed: object) -> Iterator[tuple[str, bytes]]:
    """So many files with names of their own, half of them documents of the grammar."""
    good = good_files()
    for number in range(count):
        what = f"{seed}-{number}"
        if number % 2:
            yield f"changed {what}", changed(good[number // 2 % len(good)].data, what)
        else:
            yield f"document {what}", pdf_by_chance(what)
