"""HTML tables, up to where they were cut, and the text around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import (
    AnswerPart,
    Cut,
    Found,
    Note,
    Repair,
    TablePart,
    TextPart,
    join,
)
from converter.core.engines.openai_compatible.answers.cell_text import CellText
from converter.core.engines.openai_compatible.answers.spans import RawCell, RawRow, lay_out
from converter.core.engines.openai_compatible.answers.tags import (
    Tag,
    cut_tag,
    find_tags,
    number_of,
    value_of,
)
from converter.core.tables.model import Box

_ROWS: Final = frozenset(["tr", "td", "th", "thead", "tbody", "tfoot"])
_SECTIONS: Final = frozenset(["thead", "tbody", "tfoot"])
_STRUCTURE: Final = _ROWS | {"table", "caption", "colgroup", "col"}
_DEEPEST: Final = 4
_LEFT_OUT: Final = re.compile(
    r"\b(?:more|remaining|rest|additional|other|similar|further)\b[\w ]{0,30}"
    r"\b(?:rows?|entries|records|lines|items|data|table)\b"
    r"|\b(?:omitted|truncated|continues?|and so on|etc)\b|\.\.\.|\u2026",
    re.IGNORECASE,
)
_NUMBERS: Final = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Gap:
    """Source outside HTML tables; `box` is that of the block around it."""

    source: str
    box: Box | None = None


def split_html(text: str, box: Box | None = None) -> Iterator[Gap | Found]:
    """The HTML tables in `text` and the source between them, in order. `box` is that of all.

    A table that is still open at the end keeps the rows that were closed, and is noted as cut.
    """
    return _Splitter(text, box).pieces()


def read_box(numbers: str) -> Box | None:
    """The box given by four numbers with any separators; None if there are fewer."""
    edges = [float(number) for number in _NUMBERS.findall(numbers[:200])]
    return Box(*edges[:4]) if len(edges) >= 4 else None


@dataclass(slots=True)
class _OpenCell:
    name: str
    rowspan: int = 1
    colspan: int = 1
    text: CellText = field(default_factory=CellText)
    nested: list[_OpenTable] = field(default_factory=list)
    has_own_text: bool = False


@dataclass(slots=True)
class _Row:
    section: str
    group: int
    cells: list[RawCell] = field(default_factory=list)


@dataclass(slots=True)
class _OpenTable:
    """A table up to where it has been read, with its open row, cell and caption."""

    box: Box | None = None
    rows: list[_Row] = field(default_factory=list)
    section: str = ""
    group: int = 0
    row: _Row | None = None
    cell: _OpenCell | None = None
    caption: CellText | None = None
    stray: CellText | None = None
    has_stray: bool = False
    captions: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    nested: list[_OpenTable] = field(default_factory=list)
    has_own_text: bool = False
    notes: set[Note] = field(default_factory=set)

    def text(self, chunk: str) -> None:
        if self.cell:
            self.cell.has_own_text = self.cell.has_own_text or bool(chunk.strip())
            self.cell.text.text(chunk)
        elif self.caption:
            self.caption.text(chunk)
        elif self.stray or chunk.strip():
            self.stray = self.stray or CellText()
            self.has_stray = self.has_stray or bool(chunk.strip())
            self.stray.text(chunk)

    def inline(self, tag: Tag) -> None:
        """A tag that is not part of a table's structure."""
        sink = self.cell.text if self.cell else self.caption
        if sink is None:
            self.stray = sink = self.stray or CellText()
        sink.tag(tag)

    def comment(self, source: str) -> None:
        if _LEFT_OUT.search(source):
            self.notes.add(Cut.ROWS_LEFT_OUT)

    def begin(self, tag: Tag) -> None:
        """Begin a row, a cell, a section or a caption; end what may not contain it."""
        if tag.name in {"td", "th"}:
            self._end_cell()
            self._end_stray()
            self.row = self.row or self._new_row()
            rowspan, colspan = number_of(tag, "rowspan"), number_of(tag, "colspan")
            self.cell = _OpenCell(tag.name, rowspan, colspan)
            return
        self.end_row()
        if tag.name == "tr":
            self.row = self._new_row()
        elif tag.name == "caption":
            self.caption = CellText()
        elif tag.name in _SECTIONS:
            self._enter(tag.name)

    def end(self, tag: Tag) -> None:
        """An end tag other than that of the table."""
        if tag.name in {"td", "th"}:
            if self.cell is None and self.row is not None and self.has_stray and self.stray:
                # Its beginning is missing, so what it spanned is too.
                self.row.cells.append(RawCell(self.stray.finish(), tag.name == "th"))
                self.stray, self.has_stray, self.has_own_text = None, False, True
            if self.cell is None:
                self.notes.add(Repair.TAGS)
            self._end_cell()
        elif tag.name == "tr":
            if self.row is None:
                self.notes.add(Repair.TAGS)
            self.end_row()
        elif tag.name == "caption":
            self._end_caption(is_closed=True)
        elif tag.name in _SECTIONS:
            self.end_row()
            if self.section != tag.name:
                self.notes.add(Repair.TAGS)
            self._enter("")

    def end_row(self) -> None:
        self._end_cell()
        self._end_caption(is_closed=False)
        self._end_stray()
        self.row = None

    def drop_row(self) -> None:
        """Forget the row that was not closed."""
        if self.row is not None:
            self.rows.pop()
        self.row = self.cell = self.stray = None

    def _enter(self, section: str) -> None:
        self.section = section
        self.group += 1

    def _new_row(self) -> _Row:
        row = _Row(self.section, self.group)
        self.rows.append(row)
        return row

    def _end_cell(self) -> None:
        cell, self.cell = self.cell, None
        if cell is None or self.row is None:
            return
        text = cell.text.finish()
        if cell.text.unclosed:
            self.notes.add(Repair.TAGS)
        self.loose.extend(cell.text.asides)
        self.nested.extend(cell.nested)
        self.has_own_text = self.has_own_text or cell.has_own_text
        self.row.cells.append(RawCell(text, cell.name == "th", cell.rowspan, cell.colspan))

    def _end_caption(self, *, is_closed: bool) -> None:
        if self.caption:
            self.captions.append(self.caption.finish())
        elif is_closed:
            self.notes.add(Repair.TAGS)
        self.caption = None

    def _end_stray(self) -> None:
        if self.stray and self.has_stray:
            self.loose.append(self.stray.finish())
            self.notes.add(Repair.TAGS)
        self.stray, self.has_stray = None, False


class _Splitter:
    def __init__(self, text: str, box: Box | None) -> None:
        end = cut_tag(text)
        self._text = text[:end]
        self._cut: frozenset[Note] = frozenset({Cut.OPEN_TAG} if end < len(text) else ())
        self._stack: list[_OpenTable] = []
        self._too_deep = 0
        self._begin = 0  # of the source that no table has taken
        self._box = box

    def pieces(self) -> Iterator[Gap | Found]:
        at = 0
        for tag in find_tags(self._text):
            if self._stack:
                self._stack[-1].text(self._text[at : tag.start])
                yield from self._within(tag)
            else:
                yield from self._outside(tag)
            at = tag.end
        if not self._stack:
            yield Gap(self._text[self._begin :], self._box)
            yield Found(notes=self._cut)
            return
        self._stack[-1].text(self._text[at:])
        outer = self._stack[0]
        if outer.row is None:
            outer.end_row()
        outer.drop_row()
        outer.notes |= {Cut.OPEN_TABLE} | self._cut
        yield _found(outer)

    def _outside(self, tag: Tag) -> Iterator[Gap | Found]:
        """A tag outside tables: one begins, or a block with a box does."""
        if tag.name in _ROWS or (tag.name == "table" and not tag.closing):
            yield Gap(self._text[self._begin : tag.start], self._box)
            table = _OpenTable(self._box)
            self._stack.append(table)
            if tag.name != "table":  # its beginning is missing
                table.notes.add(Repair.TAGS)
                (table.end if tag.closing else table.begin)(tag)
        elif tag.name == "table":
            yield Gap(self._text[self._begin : tag.start], self._box)
            yield Found(notes=frozenset({Repair.TAGS}))
            self._begin = tag.end
        elif tag.name == "div" and (tag.closing or "bbox" in tag.attributes):
            yield Gap(self._text[self._begin : tag.start], self._box)
            self._begin = tag.end
            self._box = None if tag.closing else read_box(value_of(tag, "data-bbox"))

    def _within(self, tag: Tag) -> Iterator[Found]:
        """A tag within a table. Tables below the deepest are text of its cells."""
        table, is_table = self._stack[-1], tag.name == "table"
        if tag.name == "!":
            table.comment(tag.source)
        elif is_table and tag.closing and self._too_deep:
            self._too_deep -= 1
        elif is_table and tag.closing:
            yield from self._close(tag.end)
        elif is_table and table.cell is None:  # its end tag is missing, and another table begins
            table.notes.add(Repair.TAGS)
            yield from self._close(tag.end)
            self._stack.append(_OpenTable(self._box))
        elif is_table and len(self._stack) >= _DEEPEST:
            self._too_deep += 1
        elif is_table:
            self._stack.append(_OpenTable())
        elif self._too_deep or tag.name not in _STRUCTURE:
            table.inline(tag)
        elif tag.name not in {"colgroup", "col"}:
            (table.end if tag.closing else table.begin)(tag)

    def _close(self, end: int) -> Iterator[Found]:
        table = self._stack.pop()
        table.end_row()
        if self._stack and (cell := self._stack[-1].cell):
            cell.nested.append(table)
            cell.text.line(_as_text(table))
            return
        self._begin = end
        yield _found(table)


def _as_text(table: _OpenTable) -> str:
    """A table within a cell, as lines. The bars separate numbers of adjacent cells."""
    return "\n".join(" | ".join(cell.text for cell in row.cells) for row in table.rows)


def _found(table: _OpenTable) -> Found:
    if table.nested and not table.has_own_text:
        return _around(table, ()) + join(_found(nested) for nested in table.nested)
    rows = _ordered(table.rows)
    grid = lay_out(rows)
    if grid.mended:
        table.notes.add(Repair.SPANS)
    if grid.table is None:
        text = _as_text(table)
        return _around(table, ()) + Found(unparsed=(text[:10_000],))
    if not grid.table.cells:
        return _around(table, ())
    return _around(table, (TablePart(grid.table, table.box),))


def _around(table: _OpenTable, parts: tuple[AnswerPart, ...]) -> Found:
    captions = tuple(TextPart(text, is_caption=True) for text in table.captions if text)
    loose = tuple(TextPart(text) for text in table.loose if text)
    nested: set[Note] = set().union(*(inner.notes for inner in table.nested))
    return Found((*captions, *parts, *loose), frozenset(table.notes | nested))


def _ordered(rows: list[_Row]) -> list[RawRow]:
    """The rows as they are shown: the first <thead> on top, the first <tfoot> at the bottom.

    A row without cells is left out, unless a span from above fills it.
    """
    head = next((row.group for row in rows if row.section == "thead"), -1)
    foot = next((row.group for row in rows if row.section == "tfoot"), -1)
    ordered = sorted(rows, key=lambda row: (row.group != head) + (row.group == foot))
    only_heads = all(row.section == "thead" for row in rows)
    shown: list[RawRow] = []
    reach = 0  # the row below the lowest that a span has filled
    for row in ordered:
        if not row.cells and reach <= len(shown):
            continue
        in_head = row.section == "thead" and not only_heads
        cells = tuple(replace(cell, header=cell.header or in_head) for cell in row.cells)
        reach = max(reach, len(shown) + max((cell.rowspan for cell in cells), default=0))
        shown.append(RawRow(cells, row.group))
    return shown
