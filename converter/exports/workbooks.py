"""Workbooks of a batch, of one of its images, or of files named on the command line.

Written to a file, with a few images in memory at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from converter.core.engines.protocol import Mode, Reading, TextLine
from converter.core.fields.specification import FieldSpec
from converter.core.tables.roles import Role
from converter.core.workbook.arrangement import Arrangement
from converter.core.workbook.fields_book import FieldRow, write_fields
from converter.core.workbook.streaming import Target
from converter.core.workbook.summary import ImageReport
from converter.core.workbook.tables_book import TableBook
from converter.fields import cards
from converter.fields.cards import CardRow
from converter.models import Batch, BatchImage, BatchImageQuerySet, ImageState, check_result

CHUNK = 100  # images in memory at a time
_BY_HAND = "a person"  # the engine of a card that no engine could read, and a person filled in


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one image or card; `reading` is None if it was never read.

    A card may have both a reading and an error: of its other side, or where a person filled it in.
    """

    name: str
    state: str
    engine: str = ""
    reading: Reading | None = None
    taken_over: bool = False
    error: str = ""
    reviewed: bool = False


def workbook_file(batch: Batch) -> BinaryIO:
    """The workbook of what has been read so far, open at its start; the caller closes it.

    Images that are not read yet, or failed, are rows of its summary.
    """
    target, images = _temporary(), batch.images.all()
    if batch.mode == Mode.FIELDS:
        specs = cards.specs_of(batch)
        write_field_rows(target, specs, _CardOutcomes(images, specs))
    else:
        arrangement, remark = arrangement_of(batch), _checked(batch)
        write_tables(
            target,
            _Outcomes(images),
            named=batch.total > 1,
            arrangement=arrangement,
            remark=remark,
        )
    target.seek(0)
    return target


def image_workbook_file(image: BatchImage) -> BinaryIO:
    """The workbook of one image alone, as `workbook_file`."""
    target = _temporary()
    write_image(target, image.batch, image)
    target.seek(0)
    return target


def write_image(target: Target, batch: Batch, image: BatchImage) -> None:
    """The workbook of one image of a batch."""
    if batch.mode == Mode.FIELDS:
        specs = cards.specs_of(batch)
        write_field_rows(target, specs, [_card_outcome(cards.row_of(image), specs)])
    else:
        write_tables(target, [_outcome(image)], named=False, arrangement=arrangement_of(batch))


def workbook_name(batch: Batch) -> str:
    """The file name to offer for download."""
    return file_name(batch, ".xlsx")


def file_name(batch: Batch, ending: str) -> str:
    return plain_name(batch.name.strip() or "tables", ending)


def image_workbook_name(image: BatchImage) -> str:
    stem = image.name.rpartition(".")[0] or image.name
    return plain_name(f"{stem}, page {image.page}" if image.page else stem)


def plain_name(stem: str, ending: str = ".xlsx") -> str:
    """A name that can be offered for a file."""
    # A slash would be taken for a folder, and the text before it would be lost.
    return re.sub(r"[/\\\x00-\x1f]+", "-", stem) + ending


def arrangement_of(batch: Batch) -> Arrangement:
    """How its tables come onto sheets."""
    return Arrangement(batch.consolidation)


def write_tables(
    target: Target,
    outcomes: Iterable[Outcome],
    *,
    named: bool,
    arrangement: Arrangement = Arrangement.SEPARATE_SHEETS,
    remark: str = "",
) -> None:
    """The tables, called after their images if `named`, and a summary with a `remark`."""
    with TableBook(target, arrangement=arrangement, remark=remark) as book:
        for outcome in outcomes:
            if outcome.reading:
                book.add_tables(outcome.name if named else None, outcome.reading.tables)
            book.add_report(_report(outcome))


def write_field_rows(
    target: Target, fields: Sequence[FieldSpec], outcomes: Iterable[Outcome]
) -> None:
    """One sheet with a row per image that was read or failed, and a summary.

    `outcomes` is iterated twice.
    """
    rows = (_field_row(outcome) for outcome in outcomes if outcome.reading or outcome.error)
    write_fields(target, fields, rows, [_report(outcome) for outcome in outcomes])


def _field_row(outcome: Outcome) -> FieldRow:
    reading = outcome.reading
    if reading is None:
        return FieldRow(outcome.name, error=outcome.error)
    return FieldRow(outcome.name, reading.fields, outcome.error, reading.card.phrase)


@dataclass(frozen=True)
class _Outcomes:
    """The outcomes of images in the database, in order; can be iterated repeatedly."""

    images: BatchImageQuerySet

    def __iter__(self) -> Iterator[Outcome]:
        ordered = self.images.select_related("result", "review").order_by("position")
        return map(_outcome, ordered.iterator(chunk_size=CHUNK))


@dataclass(frozen=True)
class _CardOutcomes:
    """The same for the cards of a batch: one for each row."""

    images: BatchImageQuerySet
    specs: Sequence[FieldSpec]

    def __iter__(self) -> Iterator[Outcome]:
        for row in cards.rows_of(self.images.by_card().iterator(chunk_size=CHUNK)):
            yield _card_outcome(row, self.specs)


def _checked(batch: Batch) -> str:
    """What a random check has measured."""
    found = check_result(batch)
    return f"Random check: {found.sentence}." if found and found.sentence else ""


def _temporary() -> BinaryIO:
    return cast(BinaryIO, TemporaryFile())


def _outcome(image: BatchImage) -> Outcome:
    result = image.result if image.state == ImageState.DONE else None
    return Outcome(
        name=image.display_name,
        state=image.get_state_display(),
        engine=result.engine if result else "",
        reading=result.current() if result else None,
        taken_over=bool(result and result.taken_over),
        error=error_of(image),
        reviewed=image.reviewed is not None,
    )


def error_of(image: BatchImage) -> str:
    return f"{image.error} ({image.error_code})" if image.state == ImageState.FAILED else ""


def _card_outcome(row: CardRow, specs: Sequence[FieldSpec]) -> Outcome:
    image = next(iter([*row.read, *row.failed, row.front]))
    errors, is_reviewed = " ".join(map(error_of, row.failed)), row.front.reviewed is not None
    plain = replace(_outcome(image), name=row.name, error=errors, reviewed=is_reviewed)
    if not row.has_values:
        return plain
    reading = plain.reading or Reading(_BY_HAND)
    return replace(plain, reading=replace(reading, fields=row.values(specs)))


def _report(outcome: Outcome) -> ImageReport:
    reading = outcome.reading
    lines = reading.loose_text if reading else ()
    return ImageReport(
        name=outcome.name,
        state=outcome.state,
        tables=len(reading.tables) if reading else 0,
        doubtful=reading.doubtful if reading else 0,
        engine=_engine(outcome),
        seconds=reading.seconds if reading and not outcome.taken_over else None,
        error=outcome.error,
        missing=tuple(line.text for line in reading.missing) if reading else (),
        told=tuple(_named(line) for line in lines if line.table is not None),
        lines=sum(line.table is None for line in lines),
        unread=len(reading.unread) if reading else 0,
        reviewed=outcome.reviewed,
    )


def _named(line: TextLine) -> str:
    """A line that belongs to a table, with that table's number and what it is."""
    table = "" if line.table is None else f"Table {line.table + 1}, "
    role = "may belong to it" if line.role is Role.BESIDE else line.role
    return f"{table}{role}: {line.text}"


def _engine(outcome: Outcome) -> str:
    if not outcome.reading:
        return ""
    if not outcome.engine:
        return outcome.reading.model
    name = f"{outcome.engine} ({outcome.reading.model})"
    if outcome.reading.instead_of:
        name += f", instead of the model ({outcome.reading.instead_of.partition(':')[0]})"
    return f"{name}, taken over" if outcome.taken_over else name
