"""A workbook that goes to disk sheet by sheet, and to its target whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook

from converter.core.workbook.sheet_text import clean_text

Target = str | Path | BinaryIO


def new_book(title: str) -> Workbook:
    """An empty write-only workbook."""
    book = Workbook(write_only=True)
    book.properties.creator = "Tablexl"
    book.properties.title = clean_text(title)
    return book


def save_book(book: Workbook, target: Target) -> None:
    """Write the workbook. A file at a path appears complete, or stays as it was."""
    if not isinstance(target, str | Path):
        book.save(target)
        return
    path = Path(target)
    part = path.with_name(path.name + ".part")
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
