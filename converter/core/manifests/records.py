"""Text → records: the delimiter and quotes are found out, and one bad row spoils no other."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Final

from converter.core.manifests.model import Dialect, Record

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAID: Final = re.compile(r"\ufeff?\"?sep=([,;\t|:^~!#])\"?\s*", re.IGNORECASE)
_SAMPLE: Final = 200  # lines that tell the dialect
_SAMPLE_SIZE: Final = 128 * 1024  # and their letters
_LONGEST: Final = 50  # lines of one record: a cell of addresses, one to a line
_REPLACED: Final = "\ufffd"


def lines_of(text: str) -> list[str]:
    """With their ends: \\n, \\r\\n or \\r, and nothing else that may be meant as one."""
    return list(StringIO(text, newline=""))


def find_dialect(lines: Sequence[str]) -> tuple[Dialect, int]:
    """How the lines are to be read, and how many of them say just that (`sep=;`, as Excel does)."""
    sample = _beginning(lines)
    quote = _quote(sample)
    if lines and (said := _SAID.fullmatch(lines[0].rstrip("\r\n"))):
        return Dialect(said[1], quote), 1
    dialects = [Dialect(delimiter, quote) for delimiter in _DELIMITERS]
    return max(dialects, key=lambda dialect: _fitness(sample, dialect)), 0


def records(lines: Sequence[str], dialect: Dialect, first: int = 0) -> Iterator[Record]:
    """One after the other, without the empty ones; lines count from 1.

    A quote that is never closed would swallow all that follows. Its line is a bad record, and the
    next line a new beginning.
    """
    at = first
    while at < len(lines):
        record, used = _record(lines, at, dialect)
        if record.code or any(cell.strip() for cell in record.cells):
            yield record
        at += used


def _record(lines: Sequence[str], at: int, dialect: Dialect) -> tuple[Record, int]:
    """The record that begins with a line, and how many lines it takes."""
    feed = _Feed(lines, at)
    reader = csv.reader(feed, delimiter=dialect.delimiter, quotechar=dialect.quote)
    try:
        cells = tuple(next(reader))
    except csv.Error:  # a cell of more than 128 KiB
        cut = Record(at + 1, (lines[at].strip()[:100],))
        return _unreadable(cut, "it has a cell that is too long"), 1
    if feed.ran_out:
        plain = tuple(lines[at].rstrip("\r\n").split(dialect.delimiter))
        message = (
            f"A quote ({dialect.quote}) is opened here and not closed; close it, or double it."
        )
        return _clean(Record(at + 1, plain, "row_quote_open", message)), 1
    return _clean(Record(at + 1, cells)), reader.line_num


class _Feed:
    """Gives a reader the lines of one record, and notes if it would need more than there are."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self._lines = islice(lines[at : at + _LONGEST], None)
        self.ran_out = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            return next(self._lines)
        except StopIteration:
            self.ran_out = True
            raise


def _clean(record: Record) -> Record:
    """A NUL is what no database takes, and a sign that something else got between the text."""
    if any("\0" in cell for cell in record.cells):
        return _unreadable(record, "it holds a zero byte")
    return record


def _unreadable(record: Record, why: str) -> Record:
    cells = tuple(cell.replace("\0", _REPLACED) for cell in record.cells)
    return Record(record.line, cells, "row_unreadable", f"This row cannot be read: {why}.")


def _beginning(lines: Sequence[str]) -> list[str]:
    found, left = [], _SAMPLE_SIZE
    for line in lines[:_SAMPLE]:
        found.append(line[:left])
        left -= len(line)
        if left <= 0:
            break
    return found


def _quote(lines: Sequence[str]) -> str:
    """A single quote only where cells stand between two of them, and none between double ones."""
    text = "".join(lines)
    single = re.search(r"(?m)(?:^|[,;\t|])'[^'\n]*'\s*(?:[,;\t|]|$)", text)
    double = re.search(r'(?m)(?:^|[,;\t|])"', text)
    return "'" if single and not double else '"'


def _fitness(lines: Sequence[str], dialect: Dialect) -> tuple[float, int]:
    """How many of the records have as many cells as most, if more than one; and how many cells."""
    widths = Counter(len(record.cells) for record in records(lines, dialect) if not record.code)
    if not widths:
        return 0, 0
    width, found = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (round(found / widths.total(), 1), width) if width > 1 else (0, 1)
