"""What a result can be had as: a format, its file's name, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from converter.exports import archives, workbooks
from converter.models import Batch, BatchImage, OutputFormat

PIECE: Final = 256 * 1024
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    ZIP = "zip"
    CSV_ZIP = "csv_zip"
    PICTURES = "pictures"


class Offer(NamedTuple):
    """A file to be had of a batch, or of one of its images: made while it is read."""

    name: str
    content_type: str
    pieces: Iterator[bytes]


class _Kind(NamedTuple):
    make: Callable[[Batch], Iterator[bytes]]
    content_type: str
    ending: str
    about: str


def _workbook(batch: Batch) -> Iterator[bytes]:
    with workbooks.workbook_file(batch) as file:
        while piece := file.read(PIECE):
            yield piece


_OF_BATCH: Final = {
    Format.XLSX: _Kind(_workbook, XLSX, ".xlsx", "one workbook"),
    Format.CSV: _Kind(archives.one_csv, "text/csv; charset=utf-8", ".csv", "all tables as text"),
    Format.JSON: _Kind(archives.readings, "application/json", ".json", "every cell, with doubts"),
    Format.ZIP: _Kind(
        archives.workbooks, "application/zip", ", workbooks.zip", "a workbook for each image"
    ),
    Format.CSV_ZIP: _Kind(
        archives.tables, "application/zip", ", CSV.zip", "a CSV file for each table"
    ),
    Format.PICTURES: _Kind(archives.pictures, "application/zip", ", pictures.zip", "what was sent"),
}
CONTENT_TYPES: Final = sorted({kind.content_type for kind in _OF_BATCH.values()})
OF_IMAGE: Final = (Format.XLSX, Format.CSV, Format.JSON)


def usual(batch: Batch) -> Format:
    """The format of who asks for none."""
    return Format.ZIP if batch.output_format == OutputFormat.INDIVIDUAL else Format.XLSX


def about(kind: Format) -> str:
    return _OF_BATCH[kind].about


def of_batch(batch: Batch, kind: Format) -> Offer:
    made = _OF_BATCH[kind]
    return Offer(workbooks.file_name(batch, made.ending), made.content_type, made.make(batch))


def of_image(image: BatchImage, kind: Format) -> Offer:
    """Of an image that was read, in a format of `OF_IMAGE`."""
    stem = workbooks.image_workbook_name(image).removesuffix(".xlsx")
    made = _OF_BATCH[kind]
    return Offer(stem + made.ending, made.content_type, _pieces_of_image(image, kind))


def _pieces_of_image(image: BatchImage, kind: Format) -> Iterator[bytes]:
    alone = image.batch.images.filter(pk=image.pk)
    match kind:
        case Format.CSV:
            yield from archives.one_csv(image.batch, alone)
        case Format.JSON:
            yield from archives.readings(image.batch, alone)
        case _:
            with workbooks.image_workbook_file(image) as file:
                while piece := file.read(PIECE):
                    yield piece
