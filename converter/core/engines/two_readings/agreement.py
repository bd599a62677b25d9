"""Whether two readings of one text say the same, apart from how they write it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Levenshtein

_SAME: Final = {
    ord(mark): plain
    for marks, plain in (
        ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\u30fc\u4e00\u223c~", "-"),
        ("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'"),
        ("\u201c\u201d\u201e\u2033\u00ab\u00bb\"", "'"),
        ("\u00b7\u2219\u22c5\u2027\u3002\u30fb", "."),
        ("\u00d7\u2715\u2a09", "x"),
        ("\u2044\u2215", "/"),
        ("[", "("),
        ("]", ")"),
        ("\uff0c\u3001", ","),
        ("^_{}$\u20ac\u00a3\\\u2022\u25cf\u25a0\u25aa\u00ae\u2122\u00a9", None),
    )
    for mark in marks
}  # fmt: skip
_LEADERS: Final = re.compile(r"\.{2,}|\.(?=\s)|\s+")
_LOOK_ALIKES: Final = str.maketrans("oilsbzq|!", "011582911")
_MATHS: Final = re.compile(r"\\[()\[\]]")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_BINDING: Final = re.compile(
    r"\d|(?<=\d)[.,:/](?=\d)|(?<!\d)[.,](?=\d)|[-+\u00b1<>=\u2264\u2265](?=[.(]?\d)|(?<=\d)[-+]"
)
_LOOSE: Final = re.compile(r"['*\u2020\u2021\u00a7#;|\u00b0]")


@lru_cache(maxsize=16384)
def key_of(text: str) -> str:
    """`text` without what engines write as they like: blanks, case, accents, kinds of dashes,
    quotes and brackets, raised and lowered digits, currency signs, leaders."""
    # Marks go first: decomposition would take some of them apart.
    plain = _MATHS.sub("", text).translate(_SAME)
    plain = unicodedata.normalize("NFKD", plain).translate(_SAME)
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark))
    key = _LEADERS.sub("", bare + " ").casefold()
    return key or "".join(text.split())  # nothing but such marks


@lru_cache(maxsize=16384)
def likeness(ours: str, theirs: str) -> float:
    """How far two keys say the same (0..1); 0 where digits, signs, decimal marks or the brackets
    around a number differ. Digits that were read as letters of their shape count as digits."""
    if ours == theirs:
        return 1.0
    if not _LETTERS.search(ours):
        return float(_digits(ours) == _digits(theirs.translate(_LOOK_ALIKES)) != "")
    folded = ours.translate(_LOOK_ALIKES), theirs.translate(_LOOK_ALIKES)
    if _binding(ours) != _binding(theirs) and _binding(folded[0]) != _binding(folded[1]):
        return 0.0
    return Levenshtein.normalized_similarity(*folded)


def _digits(key: str) -> str:
    return _LOOSE.sub("", key)


def _binding(key: str) -> str:
    return "".join(_BINDING.findall(key))
