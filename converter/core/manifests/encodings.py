"""Bytes → text: by the byte order mark, by being UTF-8, or else by what makes the best words."""

from __future__ import annotations

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

from converter.core.manifests.model import ManifestError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FILES: Final = (
    (b"PK\x03\x04", "an Excel workbook, or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
# What spreadsheets write, and so what is likely; of all that there are, others would be guessed.
_LIKELY: Final = ["cp1252", "cp1251", "cp1253", "cp1254", "cp932", "cp949", "gb18030"]
_WESTERN: Final = "cp1252"
_CENTRAL: Final = "cp1250"
# What CP1250 writes in the middle of words, and CP1252 has as a sign, or hardly ever, there: łąż in
# Polish, šž in Czech, Slovak and South Slavic, ě not at an end, ő that is no Portuguese õ.
_CENTRAL_WORDS: Final = re.compile(
    rb"[a-zA-Z\xc0-\xff][\xa3\xa5\xaa\xaf\xb3\xb9\xba\xbc\xbe\xbf][a-zA-Z\xc0-\xff]"
    rb"|[\x8a\x8d-\x8f\x9a\x9d-\x9f][a-zA-Z\xc0-\xff]|[a-zA-Z\xc0-\xff][\x8d\x9a\x9d-\x9f]"
    rb"|\xec[a-z\xe0-\xff]|\xf5[a-df-z]|[\x8c\x9c][a-tv-z]"
)
_BETWEEN_WORDS: Final = re.compile(rb"[\x00-\x26,;|]+")
# Letters beyond ASCII that stand alone among ASCII ones: no script but the Latin is written so.
_LATIN_WORDS: Final = re.compile(
    rb"(?:[\x00-\x7f]"
    rb"|(?:(?<=[a-zA-Z])[\x8a-\x8f\x9a-\x9f\xa3-\xff]{1,2}|[\x8a-\x8f\x9a-\x9f\xa3-\xff](?=[a-zA-Z])"
    rb"|[\xc0-\xff])(?![\x80-\xff]))*+"
)
# Typographic quotes, dashes and their like, which most of these encodings have at one place.
_SIGNS: Final = re.compile(
    rb"(?<![\x80-\xff])[\x80\x82\x84-\x87\x89\x8b\x91-\x97\x99\x9b\xa0-\xbf](?![\x80-\xff])"
)
_ENOUGH: Final = 16 * 1024  # bytes of words that tell the encoding
_SAMPLE: Final = 64 * 1024
_MOST_CONTROLS: Final = 0.05
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding. Raises ManifestError `csv_not_text`."""
    for mark, kind in _OTHER_FILES:
        if data.startswith(mark):
            raise _not_text(f"It is {kind}.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data.removeprefix(mark), encoding), encoding
    encoding = _by_zeros(data) or _by_words(data)
    return _decoded(data, encoding), encoding


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text(f"It is no whole {encoding.upper()}.") from error
    if len(_CONTROLS.findall(text[:_SAMPLE])) > _MOST_CONTROLS * min(len(text), _SAMPLE):
        raise _not_text("It holds bytes that no text has.")
    return text


def _by_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark: in text that is mostly ASCII every other byte is zero."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if len(data) % 2 or not half:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > half / 2 and even < half / 10:
        return "utf-16-le"
    if even > half / 2 and odd < half / 10:
        return "utf-16-be"
    return None


def _by_words(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    # Only the words with letters beyond ASCII: addresses and numbers would drown what they tell.
    words = b" ".join(
        word for word in _BETWEEN_WORDS.split(data[: 64 * _ENOUGH]) if not word.isascii()
    )[:_ENOUGH]
    found = _WESTERN if _LATIN_WORDS.fullmatch(_SIGNS.sub(b" ", words)) else _likeliest(words)
    # The two differ in words alone, and a list has too few of them for statistics.
    if found == _WESTERN and _CENTRAL_WORDS.search(words):
        found = _CENTRAL
    for encoding in (found, _WESTERN):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"  # which takes every byte


def _likeliest(words: bytes) -> str:
    best = from_bytes(words, cp_isolation=_LIKELY, threshold=0.5, enable_fallback=False).best()
    return best.encoding if best else _WESTERN


def _not_text(why: str) -> ManifestError:
    return ManifestError(
        "csv_not_text", f"This is no CSV file. {why} Save the list as CSV (UTF-8)."
    )
