"""What was read, in many files or in other formats: made piece by piece while it is sent.

Images are fetched a hundred at a time, each time anew: a slow reader must not keep a query open.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO, Final

from converter import exports, storage
from converter.core.engines.protocol import Mode
from converter.core.errors import ImageError
from converter.core.fields.specification import active, parse_fields
from converter.core.fields.values import FieldValue
from converter.core.tables.csv_text import MARK, csv_text, rows_of
from converter.models import Batch, BatchImage, BatchImageQuerySet, ImageState
from converter.zipping import Entry, zipped

CHUNK: Final = 100  # images in memory at a time
PIECE: Final = 256 * 1024  # bytes of a picture in memory at a time


def workbooks(batch: Batch) -> Iterator[bytes]:
    """A ZIP with a workbook for every image that was read."""
    entries = ((f"{_stem(image)}.xlsx", _workbook(batch, image)) for image in _read(batch))
    return zipped(entries, batch.created, compress=False)


def pictures(batch: Batch) -> Iterator[bytes]:
    """A ZIP with the picture of every image; a note stands for one that is gone."""
    return zipped(map(_picture, _images(batch)), batch.created, compress=False)


def tables(batch: Batch) -> Iterator[bytes]:
    """A ZIP with a CSV file for every table; for fields, one with a row for every image."""
    entries = _fields(batch) if batch.mode == Mode.FIELDS else _tables(batch)
    return zipped(entries, batch.created, compress=True)


def one_csv(batch: Batch, chosen: BatchImageQuerySet | None = None) -> Iterator[bytes]:
    """All tables in one CSV, an empty line between two; for fields, a row for every image."""
    if batch.mode == Mode.FIELDS:
        yield from _field_rows(batch, chosen)
        return
    yield MARK.encode()
    between: list[list[str]] = []
    for image in _read(batch, chosen):
        for table in image.result.to_reading().tables:
            yield csv_text([*between, *rows_of(table)]).removeprefix(MARK).encode()
            between = [[]]


def readings(batch: Batch, chosen: BatchImageQuerySet | None = None) -> Iterator[bytes]:
    """A JSON document: the batch, and under `images` what was read on each, with every cell."""
    head = {"name": batch.name, "state": batch.state, "mode": batch.mode, "engine": batch.engine}
    yield (json.dumps(head)[:-1] + ', "images": [').encode()
    separator = "\n"
    for image in _images(batch, "result", chosen=chosen):
        yield (separator + json.dumps(_described(image))).encode()
        separator = ",\n"
    yield b"\n]}\n"


def _images(
    batch: Batch, *related: str, chosen: BatchImageQuerySet | None = None
) -> Iterator[BatchImage]:
    """The images of a batch, or some of them, in order."""
    all_of_it = batch.images.all() if chosen is None else chosen
    images = all_of_it.select_related("batch", *related).order_by("position")
    last = -1
    while some := list(images.filter(position__gt=last)[:CHUNK]):
        yield from some
        last = some[-1].position


def _read(batch: Batch, chosen: BatchImageQuerySet | None = None) -> Iterator[BatchImage]:
    images = _images(batch, "result", chosen=chosen)
    return (image for image in images if image.state == ImageState.DONE)


def _stem(image: BatchImage) -> str:
    """Begins with the number, so that no two are the same, and they sort as the batch does."""
    stem = image.name.rpartition(".")[0] or image.name
    page = f", page {image.page}" if image.page else ""
    plain = re.sub(r'[/\\:*?"<>|\x00-\x1f]+', "-", stem).encode()[:150].decode(errors="ignore")
    return f"{image.position + 1:05} {plain}{page}"


def _workbook(batch: Batch, image: BatchImage) -> Iterator[bytes]:
    target = BytesIO()
    exports.write_image(target, batch, image)
    yield target.getvalue()


def _picture(image: BatchImage) -> Entry:
    try:
        stream = storage.open_image(image)
    except ImageError as error:
        return f"{_stem(image)} (missing).txt", [f"{error.message}\n".encode()]
    return f"{_stem(image)}.{image.file.rpartition('.')[2]}", _pieces(stream)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(PIECE):
            yield piece


def _tables(batch: Batch) -> Iterator[Entry]:
    for image in _read(batch):
        for number, table in enumerate(image.result.to_reading().tables, 1):
            yield f"{_stem(image)}, table {number}.csv", [csv_text(rows_of(table)).encode()]


def _fields(batch: Batch) -> Iterator[Entry]:
    yield "fields.csv", _field_rows(batch)


def _field_rows(batch: Batch, chosen: BatchImageQuerySet | None = None) -> Iterator[bytes]:
    names = [field.name for field in active(parse_fields(batch.fields))]
    yield csv_text([[*names, "Image"]]).encode()
    for image in _read(batch, chosen):
        found = {field.name: field.text or "" for field in image.result.to_reading().fields}
        row = [*(found.get(name, "") for name in names), image.display_name]
        yield csv_text([row]).removeprefix(MARK).encode()


def _described(image: BatchImage) -> dict[str, Any]:
    told: dict[str, Any] = {"name": image.name, "page": image.page, "state": image.state}
    if image.state == ImageState.DONE:
        reading = image.result.reading
        fields = [_described_value(FieldValue.from_json(stored)) for stored in reading["fields"]]
        told |= {"model": reading["model"], "tables": reading["tables"], "fields": fields}
    elif image.error_code:
        told |= {"error_code": image.error_code, "error": image.error}
    return told


def _described_value(value: FieldValue) -> dict[str, Any]:
    told = {"name": value.name, "text": value.text, "confidence": round(value.confidence, 3)}
    return told | {"state": value.state, "other": value.other, "marks": list(value.marks)}
