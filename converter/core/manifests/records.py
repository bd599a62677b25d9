"""Text → records. The delimiter and the quote are detected, and a bad row spoils no other."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Final

from converter.core.manifests.model import Dialect, ManifestError, Record

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAID: Final = re.compile(r"\ufeff?\"?sep=([,;\t|:^~!#])\"?\s*", re.IGNORECASE)
_SAMPLE: Final = 200  # lines from which the dialect is detected
_SAMPLE_SIZE: Final = 128 * 1024  # and their characters
_LONGEST: Final = 50  # lines of one record: a cell of addresses, one to a line
_MOST_EMPTY: Final = 50_000  # records of a file, all of which are read: half a second
_REPLACED: Final = "\ufffd"


def lines_of(text: str) -> list[str]:
    """The lines with their ends: \\n, \\r\\n or \\r; Unicode's other line breaks end none."""
    return list(StringIO(text, newline=""))


def find_dialect(lines: Sequence[str]) -> tuple[Dialect, int]:
    """The dialect, and how many lines at the top only declare it (`sep=;`, as Excel writes)."""
    sample, left = [], _SAMPLE_SIZE
    for line in lines[:_SAMPLE]:
        sample.append(line[:left])
        left -= len(line)
        if left <= 0:
            break
    # A single quote only if it encloses cells, and no cell begins with a double quote.
    text = "".join(sample)
    single = re.search(r"(?m)(?:^|[,;\t|])'[^'\n]*'\s*(?:[,;\t|]|$)", text)
    double = re.search(r'(?m)(?:^|[,;\t|])"', text)
    quote = "'" if single and not double else '"'
    if lines and (said := _SAID.fullmatch(lines[0].rstrip("\r\n"))):
        return Dialect(said[1], quote), 1
    dialects = [Dialect(delimiter, quote) for delimiter in _DELIMITERS]
    return max(dialects, key=lambda dialect: _fitness(sample, dialect)), 0


def records(lines: Sequence[str], dialect: Dialect, first: int = 0) -> Iterator[Record]:
    """The records that are not empty; lines count from 1.

    A quote that is never closed would swallow the rest of the file. Its line becomes a bad record,
    and reading starts again with the next line. Raises ManifestError `csv_too_large` if too many
    records are empty.
    """
    blank = f" \t\r\n{dialect.delimiter}"
    at, empty = first, 0
    while at < len(lines):
        if not lines[at].strip(blank):  # of which a file may have millions
            at += 1
            continue
        record, used = _record_at(at, lines, dialect)
        if record.code or any(cell.strip() for cell in record.cells):
            yield record
        else:
            empty += 1
            if empty > _MOST_EMPTY:
                raise ManifestError("csv_too_large", "This file has too many empty rows.")
        at += used


def _record_at(at: int, lines: Sequence[str], dialect: Dialect) -> tuple[Record, int]:
    """The record that begins at line `at` (from 0), and how many lines it takes."""
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
    """Feeds a reader the lines of one record, and notes whether it asked for more than that."""

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
    """A NUL shows that binary data got into the text, and databases refuse it."""
    if any("\0" in cell for cell in record.cells):
        return _unreadable(record, "it holds a zero byte")
    return record


def _unreadable(record: Record, why: str) -> Record:
    cells = tuple(cell.replace("\0", _REPLACED) for cell in record.cells)
    return Record(record.line, cells, "row_unreadable", f"This row cannot be read: {why}.")


def _fitness(lines: Sequence[str], dialect: Dialect) -> tuple[float, int]:
    """The share of records with the commonest number of cells, if above one; and that number."""
    widths = Counter(len(record.cells) for record in records(lines, dialect) if not record.code)
    if not widths:
        return 0, 0
    width, found = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (round(found / widths.total(), 1), width) if width > 1 else (0, 1)
