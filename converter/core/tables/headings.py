"""The headings of a table's columns, as they are compared with those of another table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from converter.core.tables.doubt import needs_a_look
from converter.core.tables.model import Cell, Table

# Characters that people and engines write or leave out at will; not quotes: 5' differs from 5".
_LOOSE: Final = re.compile(r"[\s_.,:;()\[\]{}\-]+")
_DASHES: Final = re.compile("[\N{SOFT HYPHEN}\u2010-\u2015\N{MINUS SIGN}]")
_APOSTROPHE: Final = re.compile("(?<=[^\\W\\d_])['\u2019\u2018`\u00b4](?=[^\\W\\d_])")
_POWER: Final = re.compile("(?<=[0-9])(?=[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089])")
_WORD: Final = re.compile(r"[^\W_]{4,}")
_DIGIT_IN_WORD: Final = re.compile(r"(?<=[^\W\d_])[0158](?=[^\W\d_])")
_AS_LETTER: Final = {"0": "o", "1": "l", "5": "s", "8": "b"}
_LOOKALIKES: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("i", "l"))
_TELLING: Final = re.compile(r"[^\W\d_]{2}")

Name = tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """The header cells above one column, from the top down, without blank ones."""

    cells: tuple[Cell, ...]

    @cached_property
    def name(self) -> Name:
        """The texts, level by level, that must be the same in another table."""
        return tuple(plain(cell.text) for cell in self.cells)

    @cached_property
    def shape(self) -> Name:
        """The same for all names that an engine may confuse with this one."""
        shapes = []
        for cell in self.cells:
            text = unicodedata.normalize("NFKD", cell.text).casefold()
            text = "".join(letter for letter in text if not unicodedata.combining(letter))
            shapes.append(plain(_WORD.sub(_folded, text)))
        return tuple(shapes)

    @cached_property
    def is_sure(self) -> bool:
        return not any(map(needs_a_look, self.cells))


def headings(table: Table) -> tuple[Heading, ...]:
    """The heading of each column; none at all if columns could be mistaken for each other.

    That is so without header rows or a body, with fewer than two columns, with a column without a
    name, with two columns of one name, if all names are numbers, and if a header cell reaches into
    the body.
    """
    top = table.header_rows
    if not 0 < top < table.n_rows or table.n_cols < 2:
        return ()
    columns: list[list[Cell]] = [[] for _ in range(table.n_cols)]
    for cell in sorted(table.cells, key=lambda cell: cell.row):
        if cell.row >= top:
            break
        # It reaches into the body, or may have a text that was not read.
        if cell.row + cell.rowspan > top or (needs_a_look(cell) and not cell.text):
            return ()
        if cell.text.strip():
            for col in range(cell.col, cell.col + cell.colspan):
                columns[col].append(cell)
    found = tuple(Heading(tuple(column)) for column in columns)
    names = {heading.name for heading in found}
    named = all(name and all(level.strip("-") for level in name) for name in names)
    if len(names) < len(found) or not named:
        return ()
    telling = any(_TELLING.search(level) for name in names for level in name)
    return found if telling else ()


def plain(text: str) -> str:
    """A heading without case, spaces and loose punctuation, as far as they carry no meaning.

    All is kept between digits, and a dash is dropped only between letters: "A" differs from "A-",
    and "1.5" from "15" and "1-5". Signs such as % and € are always kept.
    """
    text = _POWER.sub("^", text)  # or 10² would be 102
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text).casefold())
    text = _APOSTROPHE.sub("", text).strip()
    return _LOOSE.sub(_kept, text)


def _kept(match: re.Match[str]) -> str:
    text, run = match.string, match[0]
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    if before.isdigit() and after.isdigit():
        return " ".join(run.split()) or " "
    dash = "-" if "-" in run and not (before.isalpha() and after.isalpha()) else ""
    begins_number = after.isdigit() and run[-1] in ".," and (len(run) > 1 or not before)
    return dash + (run[-1] if begins_number else "")


def _folded(match: re.Match[str]) -> str:
    """A word with one letter for all that look like it."""
    word = _DIGIT_IN_WORD.sub(lambda digit: _AS_LETTER[digit[0]], match[0])
    for seen, meant in _LOOKALIKES:
        word = word.replace(seen, meant)
    return word


def names_of(found: Sequence[Heading]) -> tuple[Name, ...]:
    return tuple(heading.name for heading in found)


def shapes_of(found: Sequence[Heading]) -> tuple[Name, ...]:
    return tuple(heading.shape for heading in found)
