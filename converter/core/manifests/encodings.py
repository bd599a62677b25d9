"""Bytes → text: by the byte order mark, as UTF-8 where it is valid, else by the words it gives."""

from __future__ import annotations

import codecs
import re
from string import ascii_letters
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
# The encodings that spreadsheets write. With more to choose from, rare ones would be guessed.
_LIKELY: Final = ["cp1252", "cp1251", "cp1253", "cp1254", "cp932", "cp949", "gb18030"]
_WESTERN: Final = "cp1252"
_CENTRAL: Final = "cp1250"
# CP1250's words as CP1252 shows them, where its own words hardly ever have these: łąż in Polish,
# šž in Czech, Slovak and South Slavic, ě before the end, ő where Portuguese õ has no e behind it, ś
# where French œ has no u. CP1252 lacks three of the letters.
_CENTRAL_WORDS: Final = re.compile(
    "[a-zA-ZÀ-ÿ][£¥ª¯³¹º¼¾¿]+[a-zA-ZÀ-ÿ]"
    "|[ŠšŽžŸ\ufffd][a-zA-ZÀ-ÿ]|[a-zA-ZÀ-ÿ][šžŸ\ufffd]"
    "|ì[a-zà-ÿ]|õ[a-df-z]|[Œœ][a-tv-z]"
)
_BETWEEN_WORDS: Final = re.compile(rb"[\x00-\x26,;|]+")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
_ASCII_LETTERS: Final = frozenset(ascii_letters)
# Letters of CP1250 or CP1252, and signs such as ² and ® that follow letters.
_LETTERS: Final = frozenset(
    bytes((*range(0x8A, 0x90), *range(0x9A, 0xA0), *range(0xA3, 0x100))).decode(_CENTRAL)
)
_PUNCTUATION: Final = "\u2018\u2019“”„…«»\u2013—™\u00a0"
_UNDEFINED: Final = "\ufffd"
_LONE_LETTERS: Final = frozenset("ŠŚŤŽŹšśťžź")  # in CP932 a kanji begins with one of these bytes
_ENOUGH: Final = 16 * 1024  # bytes of words, to guess the encoding by
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
    encoding = _utf_16_without_mark(data) or ""
    if not encoding:
        try:
            data.decode()
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = _by_words(data)
    return _decoded(data, encoding), encoding


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        why = f"The file is truncated or not valid {encoding.upper()}."
        raise _not_text(why) from error
    if len(_CONTROLS.findall(text[:_SAMPLE])) > _MOST_CONTROLS * min(len(text), _SAMPLE):
        raise _not_text("It holds bytes that no text has.")
    return text


def _utf_16_without_mark(data: bytes) -> str | None:
    """UTF-16 in its byte order: in text that is mostly ASCII every other byte is zero."""
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
    # Only the words with letters beyond ASCII: URLs and numbers would outweigh them.
    words = b" ".join(
        word for word in _BETWEEN_WORDS.split(data[: 64 * _ENOUGH]) if not word.isascii()
    )[:_ENOUGH]
    if _is_latin(words):
        found = _WESTERN
    else:
        guesses = from_bytes(words, cp_isolation=_LIKELY, threshold=0.5, enable_fallback=False)
        best = guesses.best()
        found = best.encoding if best else _WESTERN
    # CP1250 and CP1252 differ in a few letters, and a list has too few words for statistics.
    if found == _WESTERN and _CENTRAL_WORDS.search(words.decode(_WESTERN, "replace")):
        found = _CENTRAL
    for encoding in (found, _WESTERN):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"  # which takes every byte


def _is_latin(words: bytes) -> bool:
    """Whether letters beyond ASCII stand alone, or in twos beside an ASCII letter.

    Only Latin scripts are written so. CP1250 and CP1252 have their letters at the same bytes.
    Quotes and dashes may touch the letters, as in «État».
    """
    text = words.decode(_CENTRAL, "replace")
    for match in _BEYOND_ASCII.finditer(text):
        run, start, end = match.group(), *match.span()
        follows = text[start - 1 : start] in _ASCII_LETTERS
        leads = text[end : end + 1] in _ASCII_LETTERS
        letters = run.strip(_PUNCTUATION)
        if len(run) > 1:
            touches = follows or (leads and run.endswith(letters) and letters != run)
            fits = touches and len(letters) <= 2 and _LETTERS.issuperset(letters)
        elif run in _LONE_LETTERS:
            fits = follows or leads
        else:
            fits = run != _UNDEFINED
        if not fits:
            return False
    return True


def _not_text(why: str) -> ManifestError:
    return ManifestError(
        "csv_not_text", f"This is no CSV file. {why} Save the file as CSV (UTF-8)."
    )
