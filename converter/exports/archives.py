"""Results as CSV, JSON and ZIP archives: made piece by piece while they are sent.

Images are fetched in chunks, each with a query of its own: a slow client must not keep one open.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from io import BytesIO
from itertools import chain, count, islice
from typing import Any, BinaryIO, Final, NamedTuple

from converter.core.engines.protocol import CardKind, Mode, TextLine
from converter.core.errors import ImageError
from converter.core.fields.values import FieldValue
from converter.core.tables.csv_text import MARK, csv_text, rows_of
from converter.core.tables.doubt import needs_a_look, reasons
from converter.core.tables.joining import Joiner, Source
from converter.core.tables.model import Table
from converter.core.workbook.arrangement import Arrangement
from converter.exports.workbooks import CHUNK, arrangement_of, error_of, workbook_file, write_image
from converter.exports.zip_stream import Entry, zipped
from converter.fields import cards
from converter.fields.cards import CardRow, Specs
from converter.models import Batch, BatchImage, BatchImageQuerySet, Correction, ImageState
from converter.storage import layout

PIECE: Final = 256 * 1024  # bytes of a picture in memory at a time
_ROWS: Final = 1000  # of a CSV, that are sent at a time


def workbook(batch: Batch) -> Iterator[bytes]:
    """The workbook of a batch."""
    yield from _pieces(workbook_file(batch))


def image_workbook(batch: Batch, image: BatchImage) -> Iterator[bytes]:
    """The workbook of one image that was read, with the options of the given batch."""
    target = BytesIO()
    write_image(target, batch, image)
    yield target.getvalue()


def workbooks(batch: Batch) -> Iterator[bytes]:
    """A ZIP with a workbook for every image that was read."""
    images = _images(batch, "result", "review")
    read = (image for image in images if image.state == ImageState.DONE)
    entries = ((f"{_stem(image)}.xlsx", image_workbook(batch, image)) for image in read)
    return zipped(entries, batch.created, compress=False)


def pictures(batch: Batch) -> Iterator[bytes]:
    """A ZIP with the picture of every image; a text file in place of one that is gone."""
    return zipped(map(_picture, _images(batch)), batch.created, compress=False)


def tables(batch: Batch) -> Iterator[bytes]:
    """A ZIP with a CSV file for every table, or for tables that are joined; for fields, one with a
    row for every image."""
    if batch.mode == Mode.FIELDS:
        entries: Iterator[Entry] = iter([("fields.csv", _field_rows(batch))])
    else:
        entries = (
            (f"{one.file}.csv", chain([MARK.encode()], _lines(one.rows))) for one in _listed(batch)
        )
    return zipped(entries, batch.created, compress=True)


def one_csv(batch: Batch, chosen: BatchImageQuerySet | None = None) -> Iterator[bytes]:
    """All tables in one CSV, an empty line between two; for fields, a row for every image.

    Where the workbook has all on one sheet, a line before each table says where it is from.
    """
    if batch.mode == Mode.FIELDS:
        yield from _field_rows(batch, chosen)
        return
    yield MARK.encode()
    titled = arrangement_of(batch) is Arrangement.SINGLE_SHEET
    between: list[list[str]] = []
    for listed in _listed(batch, chosen):
        title = [[listed.title]] if titled else []
        yield from _lines(chain(between, title, listed.rows))
        between = [[]]


def readings(batch: Batch, chosen: BatchImageQuerySet | None = None) -> Iterator[bytes]:
    """A JSON document: the batch, and under `images` what was read on each, with every cell."""
    head = {"name": batch.name, "state": batch.state, "mode": batch.mode, "engine": batch.engine}
    yield (json.dumps(head)[:-1] + ', "images": [').encode()
    separator = "\n"
    if batch.mode == Mode.FIELDS:
        specs = cards.specs_of(batch)
        rows = _cards(batch, chosen)
        images = (image for row in rows for image in _described_card(row, specs))
    else:
        images = (_described(image) for image in _images(batch, "result", "review", chosen=chosen))
    for image in images:
        yield (separator + json.dumps(image)).encode()
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


def _stem(image: BatchImage) -> str:
    """Begins with the number, so that names are unique and sort as the batch does."""
    stem = image.name.rpartition(".")[0] or image.name
    page = f", page {image.page}" if image.page else ""
    plain = re.sub(r'[/\\:*?"<>|\x00-\x1f]+', "-", stem).encode()[:150].decode(errors="ignore")
    return f"{image.position + 1:05} {plain}{page}"


def _picture(image: BatchImage) -> Entry:
    try:
        stream = layout.open_image(image)
    except ImageError as error:
        return f"{_stem(image)} (missing).txt", [f"{error.message}\n".encode()]
    return f"{_stem(image)}.{image.file.rpartition('.')[2]}", _pieces(stream)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(PIECE):
            yield piece


class _Listed(NamedTuple):
    """The rows of a table, or of several that are joined."""

    file: str
    title: str
    rows: Iterator[list[str]]


def _lines(rows: Iterator[list[str]]) -> Iterator[bytes]:
    while some := list(islice(rows, _ROWS)):
        yield csv_text(some).removeprefix(MARK).encode()


def _listed(batch: Batch, chosen: BatchImageQuerySet | None = None) -> Iterator[_Listed]:
    if arrangement_of(batch) is Arrangement.MERGE_SAME_COLUMNS:
        yield from _joined(batch, chosen)
        return
    for image, source, table in _tables(batch, chosen):
        yield _Listed(f"{_stem(image)}, table {source.number}", str(source), rows_of(table))


def _joined(batch: Batch, chosen: BatchImageQuerySet | None) -> Iterator[_Listed]:
    """Tables with the same columns are joined, which needs all tables to be read first."""
    joiner, files, numbers = Joiner(), [], count(1)
    try:
        for image, source, table in _tables(batch, chosen):
            files.append(f"{_stem(image)}, table {source.number}")
            joiner.add(source, table)
        for group in joiner.groups:
            file = f"Joined {next(numbers)}" if group.is_joined else files[group.parts[0].number]
            yield _Listed(file, file, joiner.rows(group))
    finally:
        joiner.close()


def _tables(
    batch: Batch, chosen: BatchImageQuerySet | None
) -> Iterator[tuple[BatchImage, Source, Table]]:
    """All tables with their sources; images of the same name are numbered as in the workbook."""
    named: Counter[str] = Counter()
    for image in _images(batch, "result", "review", chosen=chosen):
        name = image.display_name
        named[name] += 1
        label = name if named[name] == 1 else f"{name} ({named[name]})"
        if image.state == ImageState.DONE:
            for number, table in enumerate(image.result.current().tables, 1):
                yield image, Source(label, number), table


def _field_rows(batch: Batch, chosen: BatchImageQuerySet | None = None) -> Iterator[bytes]:
    """A row for each card that was read or failed; why it failed, where any of the batch did."""
    specs = cards.specs_of(batch)
    why = ["Error"] if batch.failed else []
    yield csv_text([[*(spec.name for spec in specs), *why, "Image"]]).encode()
    for row in _cards(batch, chosen):
        if row.has_values or row.failed:
            values = [value.text or "" for value in row.values(specs)]
            errors = [" ".join(map(error_of, row.failed))] if why else []
            line = csv_text([[*values, *errors, row.name]])
            yield line.removeprefix(MARK).encode()


def _cards(batch: Batch, chosen: BatchImageQuerySet | None = None) -> Iterator[CardRow]:
    if chosen is not None:
        yield from cards.rows_of(chosen.by_card())
        return
    for first in range(0, batch.cards or 0, cards.CHUNK):
        yield from cards.chunk_of(batch, first)


def _described(image: BatchImage) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": image.name, "page": image.page, "state": image.state}
    if image.state == ImageState.DONE:
        reading = image.result.reading
        review = getattr(image, "review", None)
        stored = review.tables if review else reading["tables"]
        if review and review.shape:  # print beside the tables may have gone into cells
            reading = image.result.current().to_json()
        tables = [_described_table(table) for table in stored]
        shown |= {"model": reading["model"], "tables": tables, "fields": []}
        shown |= {"text": [_described_line(line) for line in reading["loose_text"]]}
        shown |= {"unread": reading.get("unread", [])}
    elif image.error_code:
        shown |= {"error_code": image.error_code, "error": image.error}
    return shown


def _described_line(stored: list[Any]) -> dict[str, Any]:
    """What is printed outside of tables, as it is stored."""
    return asdict(TextLine.from_json(stored))


def _described_table(stored: dict[str, Any]) -> dict[str, Any]:
    """As it is stored, and for each doubtful cell the reasons."""
    pairs = zip(stored["cells"], Table.from_json(stored).cells, strict=True)
    return stored | {
        "cells": [
            shown
            | ({"doubtful": True, "reasons": list(reasons(cell))} if needs_a_look(cell) else {})
            for shown, cell in pairs
        ]
    }


def _described_card(row: CardRow, specs: Specs) -> Iterator[dict[str, Any]]:
    """The images of a card. The front has its values, those of both sides, corrections included."""
    corrections = cards.current_corrections(row.front)
    for side in row.sides:
        shown = _described(side) | {"card": row.number}
        if side in row.read:
            shown["shows"] = side.result.reading.get("card", CardKind.CARD)
        if side is row.front and row.has_values:
            shown["fields"] = [
                _described_value(value, corrections.get(value.name)) for value in row.values(specs)
            ]
        yield shown


def _described_value(value: FieldValue, correction: Correction | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": value.name, "text": value.text, "state": value.state}
    shown |= {"confidence": round(value.confidence, 3), "marks": list(value.marks)}
    shown |= {"other": value.other, "doubtful": value.is_doubtful, "reasons": list(value.reasons)}
    return shown | ({"read": FieldValue.from_json(correction.before).text} if correction else {})
