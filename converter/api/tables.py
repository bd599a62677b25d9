"""The tables of an image over the API: seen, corrected, restructured; and the doubts of a job."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from converter.accounts import access
from converter.api.openapi_bodies import takes
from converter.api.sent import parsed
from converter.batches.lifecycle import BatchError
from converter.core.tables.doubt import reasons
from converter.core.tables.edits import LONGEST, STRUCTURE, Edit, SetText, Tables, parse
from converter.core.tables.model import Box, Cell, Said, Table
from converter.core.tables.proposals import proposals
from converter.models import BatchImage, ImageState
from converter.review import queue, trail
from converter.review.trail import By, Change

MOST_CELLS: Final = 1_000  # in one call
MOST_DOUBTS: Final = 500  # in one answer, unless one image has more
_IMAGES: Final = 20  # that are looked through at a time
_PLACE: Final = Field(ge=0, lt=100_000)
_EDGES: Final = Field(
    None, max_length=2_001, description="lines, draw: edges in pixels of the upright image, rising"
)

router: Final = Router()


class TableCell(Schema):
    """A cell as it stands now; places count from 0, boxes are pixels of the upright image."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    header: bool
    confidence: float
    reasons: list[str] = Field(description="why it is marked, in words; none: it is not")
    box: list[float] | None = Field(description="left, top, right, bottom; null: not known")
    corrected: bool = Field(description="somebody has said what it says, or that it is right")
    said: str = Field(description="confirmed, corrected, unreadable; empty: nobody said anything")
    read: str | None = Field(description="what was read, where somebody has said something")


class TableNow(Schema):
    """A table as it stands now."""

    index: int
    rows: int
    cols: int
    header_rows: int
    cells: list[TableCell]


class TablesNow(Schema):
    """All tables of an image, with the corrections in force."""

    image_id: int
    tables: list[TableNow]
    doubtful: int = Field(description="cells that are still to be looked at")


class CellText(Schema):
    """What a cell says. The text that it has already confirms it."""

    row: int = _PLACE
    col: int = _PLACE
    text: str = Field(max_length=LONGEST)


class CellTexts(Schema):
    """Texts for cells of one table, set together and undone together."""

    cells: list[CellText] = Field(min_length=1, max_length=MOST_CELLS)


Edges = Annotated[list[float], Field(min_length=4, max_length=4)]
"""Left, top, right, bottom."""


class Structure(Schema):
    """An edit of rows, columns, spans or whole tables, with the arguments that its verb takes."""

    do: Literal[STRUCTURE]  # type: ignore[valid-type]
    row: int | None = Field(None, ge=0, lt=100_000, description="merge, split, take")
    col: int | None = Field(None, ge=0, lt=100_000, description="merge, split, take")
    last_row: int | None = Field(None, ge=0, lt=100_000, description="merge")
    last_col: int | None = Field(None, ge=0, lt=100_000, description="merge")
    at: int | None = Field(None, ge=0, lt=100_000, description="insert, delete, move, cut")
    count: int | None = Field(None, ge=1, le=500, description="insert, delete, move; default 1")
    to: int | None = Field(None, ge=0, lt=100_000, description="move: above or left of this one")
    rows: int | None = Field(None, ge=0, lt=100_000, description="header: how many")
    row_edges: list[float] | None = _EDGES
    col_edges: list[float] | None = _EDGES
    boxes: list[Edges] | None = Field(
        None, min_length=1, max_length=1_000, description="take: where on the upright image"
    )


class DoubtOut(Schema):
    """A cell to look at."""

    image_id: int
    position: int
    table: int
    row: int
    col: int
    text: str
    confidence: float
    weight: float = Field(description="how likely and how costly an error is")
    reasons: list[str]
    proposals: list[str] = Field(description="other texts for it, the likeliest first")
    box: list[float] | None


class Doubts(Schema):
    """Cells to look at: image by image, on each the weightiest first."""

    doubts: list[DoubtOut]
    after: int | None = Field(description="the cursor to ask with for more; null: no more")


@router.get(
    "/{uuid:job_id}/images/{int:image_id}/tables",
    response=TablesNow,
    summary="See the tables of an image",
)
def get_tables(request: HttpRequest, job_id: UUID, image_id: int) -> TablesNow:
    """With all corrections in force."""
    image = _image(request, job_id, image_id)
    if image.state != ImageState.DONE:
        raise BatchError("image_not_read", "This image has not been read; wait for that.")
    return _now(image, image.result.current().tables)


@router.patch(
    "/{uuid:job_id}/images/{int:image_id}/tables/{int:index}/cells",
    response=TablesNow,
    summary="Correct cells of a table",
)
def patch_cells(
    request: HttpRequest, job_id: UUID, image_id: int, index: int, sent: CellTexts
) -> TablesNow:
    """What was read is kept beneath. All of them are set, or none is."""
    image = _image(request, job_id, image_id)

    def plan(tables: Tables) -> list[Edit]:
        now = _texts(tables, index)
        return [_told(index, cell, now.get((cell.row, cell.col))) for cell in sent.cells]

    return _after(image, trail.make(image, plan, _by(request)))


@router.post(
    "/{uuid:job_id}/images/{int:image_id}/tables/{int:index}/structure",
    response=TablesNow,
    summary="Change rows, columns or spans of a table",
    openapi_extra=takes(Structure),
)
def change_structure(request: HttpRequest, job_id: UUID, image_id: int, index: int) -> TablesNow:
    """The same verbs as on the page. Places of cells may be others afterwards."""
    image = _image(request, job_id, image_id)
    edit = parse(parsed(request, Structure).dict(exclude_none=True) | {"table": index})
    return _after(image, trail.make(image, [edit], _by(request)))


@router.post(
    "/{uuid:job_id}/images/{int:image_id}/undo",
    response=TablesNow,
    summary="Undo the last edit of an image's tables",
)
def undo_edit(request: HttpRequest, job_id: UUID, image_id: int) -> TablesNow:
    image = _image(request, job_id, image_id)
    return _after(image, trail.undo(image))


@router.get("/{uuid:job_id}/doubts", response=Doubts, summary="List the cells to look at")
def list_doubts(
    request: HttpRequest,
    job_id: UUID,
    after: Annotated[int, Query(ge=-1, lt=2**31)] = -1,
    limit: Annotated[int, Query(ge=1, le=MOST_DOUBTS)] = MOST_DOUBTS,
) -> Doubts:
    """Of whole images, until there are as many as asked for; `after` is the position of the last
    image that you have."""
    batch = access.job_for(request, job_id)
    read = batch.images.filter(state=ImageState.DONE, result__doubtful__gt=0)
    read = read.select_related("result", "review").order_by("position")
    found: list[DoubtOut] = []
    while some := list(read.filter(position__gt=after)[:_IMAGES]):
        for image in some:
            found += _doubts(image)
            after = image.position
            if len(found) >= limit:
                more = read.filter(position__gt=after).exists()
                return Doubts(doubts=found, after=after if more else None)
    return Doubts(doubts=found, after=None)


def _image(request: HttpRequest, job_id: UUID, image_id: int) -> BatchImage:
    images = access.job_for(request, job_id).images.kept().select_related("result", "review")
    return get_object_or_404(images, pk=image_id)


def _by(request: HttpRequest) -> By:
    return By(access.owner_of(request), program=True)


def _texts(tables: Tables, index: int) -> dict[tuple[int, int], str]:
    cells = tables[index].cells if index < len(tables) else ()
    return {cell.place: cell.text for cell in cells}


def _told(index: int, cell: CellText, now: str | None) -> SetText:
    edit = parse({"do": "set", "table": index, **cell.dict()})
    if not isinstance(edit, SetText):
        raise TypeError(edit)
    if edit.text != now:
        return edit
    return SetText(table=index, row=edit.row, col=edit.col, text=now, said=Said.CONFIRMED)


def _after(image: BatchImage, change: Change) -> TablesNow:
    return _now(image, change.tables)


def _now(image: BatchImage, tables: Tables) -> TablesNow:
    return TablesNow(
        image_id=image.pk,
        tables=[_table(index, table) for index, table in enumerate(tables)],
        doubtful=len(queue.doubts_of(tables)),
    )


def _table(index: int, table: Table) -> TableNow:
    return TableNow(
        index=index,
        rows=table.n_rows,
        cols=table.n_cols,
        header_rows=table.header_rows,
        cells=[_cell(cell) for cell in table.cells],
    )


def _cell(cell: Cell) -> TableCell:
    return TableCell(
        row=cell.row,
        col=cell.col,
        rowspan=cell.rowspan,
        colspan=cell.colspan,
        text=cell.text,
        header=cell.header,
        confidence=round(cell.confidence, 3),
        reasons=list(reasons(cell)),
        box=_box(cell.box),
        corrected=bool(cell.said),
        said=cell.said.value,
        read=cell.read if cell.said else None,
    )


def _doubts(image: BatchImage) -> Iterator[DoubtOut]:
    tables = image.result.current().tables
    offers = [proposals(table) for table in tables]
    for doubt in queue.doubts_of(tables):
        cell = doubt.cell
        yield DoubtOut(
            image_id=image.pk,
            position=image.position,
            table=doubt.table,
            row=cell.row,
            col=cell.col,
            text=cell.text,
            confidence=round(cell.confidence, 3),
            weight=doubt.weight,
            reasons=list(reasons(cell)),
            proposals=list(offers[doubt.table].get(cell.place, ())),
            box=_box(cell.box),
        )


def _box(box: Box | None) -> list[float] | None:
    return [round(float(edge), 1) for edge in box] if box else None
