"""The types of a list of pictures: columns, rows, addresses, and what is wrong with each."""

from __future__ import annotations

from dataclasses import dataclass

from converter.core.errors import TablexlError


class ManifestError(TablexlError):
    """The file is not a list of pictures; none of it can be used."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most of each that one file may hold."""

    rows: int
    addresses: int
    columns: int = 500


@dataclass(frozen=True, slots=True)
class Dialect:
    """The character between two cells, and the one around a cell."""

    delimiter: str
    quote: str = '"'


@dataclass(frozen=True, slots=True)
class Record:
    """A row as written in the file. With an error `code` it cannot be used."""

    line: int
    cells: tuple[str, ...]
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address, once, however many rows name it; `line` is that of the first.

    With an error `code` it must not be requested.
    """

    url: str
    line: int
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with as many cells as the header has, and the numbers of its addresses, from 0."""

    line: int
    cells: tuple[str, ...]
    addresses: tuple[int, ...] = ()
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns, counted from 0, hold what."""

    addresses: tuple[int, ...]
    serial: int | None = None
    product: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A list of pictures. If the file has no header, the columns are `Column 1`, `Column 2` …"""

    encoding: str
    dialect: Dialect
    header: tuple[str, ...]
    has_header: bool
    columns: Columns
    rows: tuple[Row, ...]
    addresses: tuple[Address, ...]

    def called(self, row: Row) -> str:
        """A row's name for people: its serial number and product, as far as it has them."""
        places = (self.columns.serial, self.columns.product)
        texts = (row.cells[place].strip() for place in places if place is not None)
        return " ".join(filter(None, texts))
