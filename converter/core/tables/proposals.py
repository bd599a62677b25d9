"""Proposals: what a doubtful cell may say instead, from the other reading and from its column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from converter.core.tables.doubt import is_open
from converter.core.tables.misreadings import LOOK_ALIKES
from converter.core.tables.model import Cell, Place, Table
from converter.core.tables.numerals import parse_numeral

MOST: Final = 3  # for one cell
_MOST_WAYS: Final = 64  # to read one text
_MOST_WORDS: Final = 500  # of a column that a text is compared with

# Characters that are read for others.
_LETTERS: Final = {
    "0": "Oo", "1": "lI", "l": "I1", "I": "l1", "|": "lI", "5": "Ss", "8": "B", "6": "bG", "2": "Z",
}  # fmt: skip


def proposals(table: Table) -> Mapping[Place, tuple[str, ...]]:
    """By the place of each cell to look at, other texts for it, the likeliest first."""
    found: dict[Place, tuple[str, ...]] = {}
    columns: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if not cell.header:
            columns.setdefault(cell.col, []).append(cell)
    for cell in table.cells:
        if is_open(cell):
            texts = _texts(cell, columns.get(cell.col, ()))
            distinct = dict.fromkeys(text for text in texts if text and text != cell.text)
            found[cell.place] = tuple(distinct)[:MOST]
    return found


def _texts(cell: Cell, column: Sequence[Cell]) -> Iterator[str]:
    if cell.other:
        yield cell.other
    others = [one.text for one in column if one is not cell and one.text]
    numbers = sum(parse_numeral(text) is not None for text in others)
    if 2 * numbers > len(others) and parse_numeral(cell.text) is None:
        if as_number := _as_number(cell.text):
            yield as_number
    else:
        yield from _as_word(cell.text, others)


def _as_number(text: str) -> str:
    """The number that look-alikes in a text hide; "" if there is none."""
    digits = "".join(LOOK_ALIKES.get(letter, letter) for letter in text)
    for candidate in (digits, digits.replace(" ", "")):
        if candidate != text and parse_numeral(candidate) is not None:
            return candidate
    return ""


def _as_word(text: str, others: Sequence[str]) -> Iterator[str]:
    """Words of the same column that look the same."""
    known = Counter(others[:_MOST_WORDS])
    ways = [letter + _LETTERS.get(letter, "") for letter in text]
    count = 1
    for way in ways:
        count *= len(way)
    if count > _MOST_WAYS:
        return
    same = {"".join(letters) for letters in product(*ways)} & known.keys()
    yield from sorted(same, key=lambda word: -known[word])
