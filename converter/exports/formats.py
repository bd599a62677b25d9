"""The formats in which results can be downloaded: one table for pages and API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from converter.exports import archives, workbooks
from converter.models import Batch, BatchImage, OutputFormat

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP: Final = "application/zip"
JSON: Final = "application/json"


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    ZIP = "zip"
    CSV_ZIP = "csv_zip"
    PICTURES = "pictures"


class Download(NamedTuple):
    """A file of a batch, or of one of its images; nothing is made before `pieces` is read."""

    name: str
    content_type: str
    pieces: Iterator[bytes]


class _Row(NamedTuple):
    """How a format is made of a batch; `about` is for people."""

    make: Callable[[Batch], Iterator[bytes]]
    content_type: str
    ending: str
    about: str


_FORMATS: Final = {
    Format.XLSX: _Row(archives.workbook, XLSX, ".xlsx", "one workbook"),
    Format.CSV: _Row(archives.one_csv, "text/csv; charset=utf-8", ".csv", "all tables as text"),
    Format.JSON: _Row(archives.readings, JSON, ".json", "every cell, with doubts"),
    Format.ZIP: _Row(archives.workbooks, ZIP, ", workbooks.zip", "a workbook for each image"),
    Format.CSV_ZIP: _Row(archives.tables, ZIP, ", CSV.zip", "a CSV file for each table"),
    Format.PICTURES: _Row(archives.pictures, ZIP, ", pictures.zip", "what was sent"),
}
CONTENT_TYPES: Final = sorted({row.content_type for row in _FORMATS.values()})
OF_IMAGE: Final = (Format.XLSX, Format.CSV, Format.JSON)
# The archives that pages link to, by the last part of their addresses.
OF_PAGES: Final = {
    "workbooks.zip": Format.ZIP,
    "pictures.zip": Format.PICTURES,
    "tables.zip": Format.CSV_ZIP,
    "tables.json": Format.JSON,
}


def default_of(batch: Batch) -> Format:
    """The format of a request that names none."""
    return Format.ZIP if batch.output_format == OutputFormat.INDIVIDUAL else Format.XLSX


def about(kind: Format) -> str:
    return _FORMATS[kind].about


def is_ready(batch: Batch, kind: Format) -> bool:
    """Whether there is anything to put into a download: pictures, or else an image read."""
    return bool(batch.total if kind == Format.PICTURES else batch.done)


def of_batch(batch: Batch, kind: Format) -> Download:
    row = _FORMATS[kind]
    return Download(workbooks.file_name(batch, row.ending), row.content_type, row.make(batch))


def of_image(image: BatchImage, kind: Format) -> Download:
    """Of an image that was read, in a format of `OF_IMAGE`."""
    row, batch = _FORMATS[kind], image.batch
    alone = batch.images.filter(pk=image.pk)
    match kind:
        case Format.CSV:
            pieces = archives.one_csv(batch, alone)
        case Format.JSON:
            pieces = archives.readings(batch, alone)
        case _:
            pieces = archives.image_workbook(batch, image)
    stem = workbooks.image_workbook_name(image).removesuffix(".xlsx")
    return Download(stem + row.ending, row.content_type, pieces)
