"""OTSL, the tags for cells that MinerU, PaddleOCR-VL and Docling's models write.

Lysak et al., "Optimized Table Tokenization for Table Structure Recognition" (ICDAR 2023).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from converter.core.engines.openai_compatible.answers.answer import (
    Cut,
    Found,
    Note,
    Repair,
    TablePart,
    TextPart,
)
from converter.core.engines.openai_compatible.answers.markdown import plain_markdown
from converter.core.engines.openai_compatible.answers.spans import settle
from converter.core.tables.model import Box, Cell

_TAG: Final = re.compile(r"<(fcel|ecel|lcel|ucel|xcel|nl|ched|rhed|srow)>", re.IGNORECASE)
_AROUND: Final = re.compile(r"</?otsl>|<loc_\d{1,4}>", re.IGNORECASE)
_CAPTION: Final = re.compile(r"<caption>(.*?)(?:</caption>|(?=<))", re.DOTALL)
_HEADERS: Final = frozenset(["ched", "rhed", "srow"])
_ORIGINS: Final = _HEADERS | {"fcel", "ecel"}
_END: Final = re.compile(r"\n[ \t]*\n|</otsl>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str = ""


def split_otsl(source: str, box: Box | None, *, at_end: bool) -> Iterator[str | Found]:
    """The OTSL tables in `source`, and between them the text, in order."""
    tags = list(_TAG.finditer(source))
    at = 0
    while tags:
        # A table ends with a line that has other text behind it.
        gaps = (
            index
            for index, (tag, following) in enumerate(pairwise(tags))
            if tag[1].lower() == "nl" and source[tag.end() : following.start()].strip()
        )
        last = next(gaps, len(tags) - 1)
        first, end = tags[0].start(), tags[last].end()
        if tags[last][1].lower() != "nl":  # it ends where its last cell does
            cell_end = _END.search(source, end)
            end = cell_end.start() if cell_end else len(source)
        before = source[at:first]
        captions = (plain_markdown(match[1]) for match in _CAPTION.finditer(before))
        yield _AROUND.sub("", _CAPTION.sub("", before))
        is_last = at_end and not _AROUND.sub("", source[end:]).strip()
        found = Found(tuple(TextPart(text, is_caption=True) for text in captions if text))
        yield found + _read(source[first:end], box, is_last=is_last)
        at, tags = end, tags[last + 1 :]
    yield _AROUND.sub("", source[at:])
    if at_end and source.lower().rfind("<otsl>") > source.lower().rfind("</otsl>"):
        yield Found(notes=frozenset({Cut.OPEN_TABLE}))


def _read(source: str, box: Box | None, *, is_last: bool) -> Found:
    lines: list[list[_Token]] = [[]]
    pieces = _TAG.split(source)
    for kind, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if kind.lower() == "nl":
            lines.append([])
        else:
            shown = plain_markdown(text.strip().replace("\n", "<br>"))
            lines[-1].append(_Token("fcel" if shown and kind == "ecel" else kind.lower(), shown))
    rows = [line for line in lines if line]
    cells, has_orphans = _cells(rows)
    grid = settle(cells)
    if grid.table is None:
        return Found(unparsed=(source,))
    notes: set[Note] = {Repair.SPANS} if grid.mended or has_orphans else set()
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        notes.add(Repair.RAGGED)
    if is_last:
        is_short = bool(lengths) and lengths[-1] < Counter(lengths).most_common(1)[0][0]
        is_ended = source.rstrip().lower().endswith("<nl>") and not is_short
        notes |= {Cut.NO_END} if is_ended else {Cut.NO_END, Cut.SHORT_ROW}
    parts = (TablePart(grid.table, box),) if grid.table.cells else ()
    return Found(parts, frozenset(notes))


def _cells(rows: Sequence[Sequence[_Token]]) -> tuple[list[Cell], bool]:
    """The cells, and whether there is a tag that carries nothing on."""
    cells: list[Cell] = []
    has_orphans = False
    for row, tokens in enumerate(rows):
        for col, token in enumerate(tokens):
            left, above = bool(_kind(rows, row, col - 1)), bool(_kind(rows, row - 1, col))
            carries_on = {"lcel": left, "ucel": above, "xcel": left and above}
            is_origin, is_covered = token.kind in _ORIGINS, carries_on.get(token.kind, False)
            has_orphans = has_orphans or not (is_origin or is_covered)
            if is_covered and not is_origin and not token.text:
                continue
            right, bottom = col + 1, row + 1
            while _kind(rows, row, right) == "lcel" and not tokens[right].text:
                right += 1
            while _kind(rows, bottom, col) == "ucel" and not rows[bottom][col].text:
                bottom += 1
            is_header = token.kind in _HEADERS
            cells.append(Cell(row, col, token.text, bottom - row, right - col, header=is_header))
    return cells, has_orphans


def _kind(rows: Sequence[Sequence[_Token]], row: int, col: int) -> str:
    inside = 0 <= row < len(rows) and 0 <= col < len(rows[row])
    return rows[row][col].kind if inside else ""
