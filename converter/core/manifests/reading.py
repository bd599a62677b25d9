"""A CSV file → a list of pictures: each row with its addresses, each address once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from converter.core.manifests import columns, encodings, records
from converter.core.manifests.columns import is_address
from converter.core.manifests.model import (
    Address,
    Columns,
    Dialect,
    Limits,
    Manifest,
    ManifestError,
    Record,
    Row,
)
from converter.core.outbound import urls
from converter.core.outbound.errors import OutboundError

_AROUND: Final = " \t\r\n\ufeff"
_LONGEST: Final = 2000  # characters kept of an address that is refused


def read(data: bytes, limits: Limits, ports: Collection[int] | None = urls.PORTS) -> Manifest:
    """The list in the bytes of a CSV file. A row that cannot be used is kept, with an error code.

    `ports` are those to which requests may go; None allows all, for tests.

    Raises ManifestError: empty_file, csv_not_text, csv_no_rows, csv_no_addresses, csv_too_large.
    """
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ManifestError("empty_file", "This file is empty.")
    text, encoding = encodings.decode(data)
    lines = records.lines_of(text)
    dialect, first = records.find_dialect(lines)
    found = list(islice(records.records(lines, dialect, first), limits.rows + 2))
    header: tuple[str, ...] = ()
    rows: Sequence[Record] = found
    if found and not any(map(is_address, found[0].cells)):  # else it is a row like the others
        cells = list(found[0].cells)
        while len(cells) > 1 and not cells[-1].strip():  # a delimiter at the end of every line
            cells.pop()
        header, rows = tuple(cell.strip(_AROUND) for cell in cells), found[1:]
    if not rows:
        raise ManifestError("csv_no_rows", "This file has no row below its header.")
    width = max((len(row.cells) for row in rows if not row.code), default=1)
    names = header or tuple(f"Column {number}" for number in range(1, width + 1))
    if len(names) > limits.columns:
        raise _too_large("columns", limits.columns)
    if len(rows) > limits.rows:
        raise _too_large("rows", limits.rows)
    where = columns.find(names, [row.cells for row in rows])
    if where is None:
        seen = ", ".join(f"“{name}”" for name in header[:10] if name)
        message = "No column holds addresses of pictures (http:// or https://)."
        raise ManifestError("csv_no_addresses", f"{message} Found: {seen}." if seen else message)
    reader = _Reader(len(names), where, dialect, ports, limits.addresses)
    read_rows = tuple(reader.row(record) for record in rows)
    return Manifest(
        encoding, dialect, names, bool(header), where, read_rows, tuple(reader.found.values())
    )


def _too_large(what: str, most: int) -> ManifestError:
    return ManifestError("csv_too_large", f"This file has over {most:,} {what}; split it.")


@dataclass
class _Reader:
    """Turns records into rows.

    `found` holds the addresses so far by their normal form, `_numbers` their numbers by the form
    in which they are written: one address may be written in two ways.
    """

    width: int
    columns: Columns
    dialect: Dialect
    ports: Collection[int] | None
    most: int
    found: dict[str, Address] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def row(self, record: Record) -> Row:
        cells = tuple(record.cells)
        if len(cells) <= self.width:
            cells += ("",) * (self.width - len(cells))
        else:  # the last column takes the text of the cells beyond it
            last = [cell for cell in cells[self.width - 1 :] if cell.strip()]
            cells = (*cells[: self.width - 1], self.dialect.delimiter.join(last))
        if record.code:
            return Row(record.line, cells, (), record.code, record.message)
        rest = [cell for cell in record.cells[self.width :] if cell.strip()]
        ends_in_addresses = self.width - 1 in self.columns.addresses
        if rest and not (ends_in_addresses and all(map(is_address, rest))):
            message = f"This row has {len(record.cells)} cells, the header {self.width}."
            return Row(record.line, cells, (), "row_ragged", f"{message} A text may lack quotes.")
        urls_of_row = [url for n in self.columns.addresses for url in columns.split(cells[n])]
        if not urls_of_row:
            message = "This row has no address of a picture."
            return Row(record.line, cells, (), "row_no_address", message)
        numbers = dict.fromkeys(self._number(url, record.line) for url in urls_of_row)
        return Row(record.line, cells, tuple(numbers))

    def _number(self, url: str, line: int) -> int:
        """The number of an address. Raises ManifestError if there are too many of them."""
        if url not in self._numbers:
            try:
                address = Address(str(urls.parse(url, self.ports)), line)
            except OutboundError as error:
                address = Address(url[:_LONGEST], line, error.code, error.message)
            self.found.setdefault(address.url, address)
            if len(self.found) > self.most:
                raise _too_large("addresses", self.most)
            self._numbers[url] = self._places.setdefault(address.url, len(self._places))
        return self._numbers[url]
