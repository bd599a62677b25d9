"""The words of a text, as they are searched: by how they begin, wherever in a piece that may be.

Case, accents and what stands between letters and digits make no difference. A piece of text
between blanks begins again at each run of letters or of digits, and at each sign of a script
without blanks: of `INV-2031` the words are `inv2031` and `2031`, of 東京 they are 東京 and 京. So
`12345`, `12,345` and `345` all find 12,345; what is searched for only has to begin like a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import Final

LONGEST: Final = 32  # characters of a word, as it is kept and searched
MOST_TERMS: Final = 10  # that are looked for at once
MOST_BYTES: Final = 400_000  # of the words of one text: PostgreSQL takes a megabyte of two together

_PIECE: Final = re.compile(r"\S+")
# Scripts that put no blanks between words: Thai to Khmer, kana, Chinese characters.
_WITHOUT_BLANKS: Final = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class _Kind(Enum):
    LETTER = "letter"
    DIGIT = "digit"
    ALONE = "a word by itself"


def words_of(texts: Iterable[str]) -> str:
    """The words of texts, each once, with blanks between them."""
    found: dict[str, None] = {}
    room = MOST_BYTES
    for text in texts:
        for _, word in _starts(text):
            if word not in found:
                room -= len(word.encode()) + 1
                if room < 0:
                    return " ".join(found)
                found[word] = None
    return " ".join(found)


def terms_of(query: str) -> list[str]:
    """What a query searches for: how words must begin. Nothing for signs alone."""
    pieces = ("".join(map(_folded, piece))[:LONGEST] for piece in query.split())
    return list(dict.fromkeys(filter(None, pieces)))[:MOST_TERMS]


def places_of(terms: Collection[str], text: str) -> dict[str, tuple[int, int]]:
    """By term, where the first word of a text begins that it finds, and where what was found
    ends."""
    found: dict[str, tuple[int, int]] = {}
    for start, word in _starts(text):
        for term in terms:
            if term not in found and word.startswith(term):
                found[term] = start, _end(text, start, len(term))
    return found


def _starts(text: str) -> Iterator[tuple[int, str]]:
    """Where a word begins, and the word."""
    for piece in _PIECE.finditer(text):
        signs = piece.group()
        folded = [_folded(sign) for sign in signs]
        before = None
        for number, sign in enumerate(signs):
            kind = _kind(sign)
            if folded[number] and (kind is not before or kind is _Kind.ALONE):
                word = "".join(folded[number : number + 2 * LONGEST])[:LONGEST]
                yield piece.start() + number, word
            if folded[number] or not unicodedata.combining(sign):
                before = kind


def _end(text: str, start: int, length: int) -> int:
    for place in range(start, len(text)):
        length -= len(_folded(text[place]))
        if length <= 0:
            return place + 1
    return len(text)


@lru_cache(maxsize=4_096)
def _folded(sign: str) -> str:
    """A character without case and accents; "" for what stands between words."""
    if _kind(sign) is None:
        return ""
    plain = unicodedata.normalize("NFKD", sign).casefold()
    return "".join(part for part in plain if _kind(part) is not None) or sign


@lru_cache(maxsize=4_096)
def _kind(sign: str) -> _Kind | None:
    code, category = ord(sign), unicodedata.category(sign)
    if category in ("So", "Sc") and code > 127:  # a tick, an emoji, a currency
        return _Kind.ALONE
    if category[0] == "L":
        without_blanks = any(first <= code <= last for first, last in _WITHOUT_BLANKS)
        return _Kind.ALONE if without_blanks else _Kind.LETTER
    return _Kind.DIGIT if category[0] == "N" else None
