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
        first = tags[0].start()
        last = _last(source, tags)
        end = _end(source, tags, last)
        before, captions = _captioned(source[at:first])
        yield before
        is_last = at_end and not _AROUND.sub("", source[end:]).strip()
        yield Found(captions) + _read(source[first:end], box, is_last=is_last)
        at, tags = end, tags[last + 1 :]
    yield _AROUND.sub("", source[at:])
    if at_end and source.lower().rfind("<otsl>") > source.lower().rfind("</otsl>"):
        yield Found(notes=frozenset({Cut.OPEN_TABLE}))


def _captioned(before: str) -> tuple[str, tuple[TextPart, ...]]:
    captions = tuple(
        TextPart(text, is_caption=True)
        for match in _CAPTION.finditer(before)
        if (text := plain_markdown(match[1]))
    )
    return _AROUND.sub("", _CAPTION.sub("", before)), captions


def _last(source: str, tags: Sequence[re.Match[str]]) -> int:
    """The index of the tag that ends the first table: a line's end with other text behind."""
    for index, (tag, following) in enumerate(pairwise(tags)):
        if tag[1].lower() == "nl" and source[tag.end() : following.start()].strip():
            return index
    return len(tags) - 1


def _end(source: str, tags: Sequence[re.Match[str]], last: int) -> int:
    """Where the table's text ends: at the line's end, or where a cell without one does."""
    if tags[last][1].lower() == "nl":
        return tags[last].end()
    end = _END.search(source, tags[last].end())
    return end.start() if end else len(source)


def _read(source: str, box: Box | None, *, is_last: bool) -> Found:
    rows = _rows(source)
    grid = settle(_cells(rows))
    if grid.table is None:
        return Found(unparsed=(source,))
    notes = set(_notes(rows, is_ended=source.rstrip().lower().endswith("<nl>"), is_last=is_last))
    if grid.mended or _has_orphans(rows):
        notes.add(Repair.SPANS)
    parts = (TablePart(grid.table, box),) if grid.table.cells else ()
    return Found(parts, frozenset(notes))


def _rows(source: str) -> list[list[_Token]]:
    rows: list[list[_Token]] = [[]]
    pieces = _TAG.split(source)
    for kind, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if kind.lower() == "nl":
            rows.append([])
        else:
            shown = plain_markdown(text.strip().replace("\n", "<br>"))
            rows[-1].append(_Token("fcel" if shown and kind == "ecel" else kind.lower(), shown))
    return [row for row in rows if row]


def _cells(rows: Sequence[Sequence[_Token]]) -> Iterator[Cell]:
    for row, tokens in enumerate(rows):
        for col, token in enumerate(tokens):
            if token.kind in _ORIGINS or token.text or not _is_covered(rows, row, col):
                width = _run(tokens, col + 1)
                yield Cell(
                    row,
                    col,
                    token.text,
                    rowspan=_depth(rows, row, col),
                    colspan=width,
                    header=token.kind in _HEADERS,
                )


def _run(tokens: Sequence[_Token], begin: int) -> int:
    end = begin
    while end < len(tokens) and tokens[end].kind == "lcel" and not tokens[end].text:
        end += 1
    return end - begin + 1


def _depth(rows: Sequence[Sequence[_Token]], row: int, col: int) -> int:
    end = row + 1
    while end < len(rows) and _kind(rows, end, col) == "ucel" and not rows[end][col].text:
        end += 1
    return end - row


def _kind(rows: Sequence[Sequence[_Token]], row: int, col: int) -> str:
    inside = 0 <= row < len(rows) and 0 <= col < len(rows[row])
    return rows[row][col].kind if inside else ""


def _is_covered(rows: Sequence[Sequence[_Token]], row: int, col: int) -> bool:
    """Whether there is something that the tag can carry on: to its left, above, or both."""
    kind = _kind(rows, row, col)
    left, above = bool(_kind(rows, row, col - 1)), bool(_kind(rows, row - 1, col))
    return {"lcel": left, "ucel": above, "xcel": left and above}.get(kind, False)


def _has_orphans(rows: Sequence[Sequence[_Token]]) -> bool:
    return any(
        token.kind not in _ORIGINS and not _is_covered(rows, row, col)
        for row, tokens in enumerate(rows)
        for col, token in enumerate(tokens)
    )


def _notes(rows: Sequence[Sequence[_Token]], *, is_ended: bool, is_last: bool) -> Iterator[Note]:
    lengths = [len(row) for row in rows]
    if len(set(lengths)) > 1:
        yield Repair.RAGGED
    if is_last:
        yield Cut.NO_END
        if not is_ended or (lengths and lengths[-1] < Counter(lengths).most_common(1)[0][0]):
            yield Cut.SHORT_ROW
