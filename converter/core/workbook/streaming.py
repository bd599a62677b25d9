"""A workbook that is streamed to disk sheet by sheet, and saved completely or not at all."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from openpyxl import Workbook

from converter.core.workbook.sheet_text import clean_text

Target = str | Path | BinaryIO


class _Book(Workbook):
    """Does not compare the name of a new sheet with all others, which for ten thousand sheets takes
    longer than writing them; `sheet_names` keeps them unique."""

    @property
    def sheetnames(self) -> list[str]:
        return []


def new_book(title: str) -> Workbook:
    """An empty write-only workbook."""
    book = _Book(write_only=True)
    book.properties.creator = "Tablexl"
    book.properties.title = clean_text(title)
    return book


def save_book(book: Workbook, target: Target) -> None:
    """Write the workbook. A file at a path appears complete, or stays as it was.

    A symbolic link is followed. A pipe or a device cannot be replaced, so it is written into.
    """
    if not isinstance(target, str | Path):
        book.save(target)
        return
    path = Path(target)
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            book.save(stream)
        return
    path = path.resolve()
    # The name is random: the file's own may be as long as names can be.
    part = path.with_name(f".{token_hex(8)}.part")
    try:
        book.save(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def discard_book(book: Workbook) -> None:
    """Remove the temporary files of a workbook that will not be saved."""
    for sheet in book.worksheets:
        if not sheet.closed:
            sheet.close()
        # The library offers no other way to drop a sheet that has been streamed.
        sheet._writer.cleanup()  # type: ignore[attr-defined]
