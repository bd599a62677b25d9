"""Answers in JSON: lists of blocks with boxes, pages with their text in a field, plain rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final

from converter.core.engines.openai_compatible.answers.answer import (
    Cut,
    Found,
    FrontMatter,
    Note,
    Repair,
    TablePart,
    TextPart,
    join,
)
from converter.core.engines.openai_compatible.answers.front_matter import KEYS, read_values
from converter.core.engines.openai_compatible.answers.html_tables import read_box
from converter.core.tables.model import Cell, Table

_BEGIN: Final = re.compile(r"^[ \t]*(?=\[\s*(?:[{\[]|\])|\{\s*\")", re.MULTILINE)
_ITEM: Final = re.compile(r"\{\s*\"")
_NEXT: Final = re.compile(r"\}\s*,\s*(?=\{)")
_TEXT_KEYS: Final = (
    "natural_text", "text", "content", "block_content", "html", "table_html", "table_body",
    "markdown", "latex", "otsl", "transcription", "answer",
)  # fmt: skip
_BOX_KEYS: Final = ("bbox", "bbox_2d", "box", "box_2d", "block_bbox", "position")
_LABEL_KEYS: Final = ("category", "label", "type", "block_label", "block_type", "category_type")
_LIST_KEYS: Final = (
    "layout", "blocks", "elements", "items", "regions", "parsing_res_list", "tables", "pages",
    "results", "result", "data", "children",
)  # fmt: skip
_HEADER_KEYS: Final = ("header", "headers", "columns", "column_names")
_ROWS_KEYS: Final = ("rows", "data", "body", "cells")
_PICTURES: Final = frozenset(["picture", "image", "figure", "chart", "seal", "logo"])
_QUOTED_KEYS: Final = tuple(f'"{key}"' for key in _TEXT_KEYS)
_ESCAPE: Final = re.compile(r"\\.", re.DOTALL)
_SEPARATOR: Final = re.compile(r"[\s,]*")
_MOST_FAILURES: Final = 50
_DEEPEST: Final = 6

_DECODER: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, strict=False)

ReadBody = Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class _Items:
    """The values of a JSON text, and of what follows the last that is whole."""

    values: tuple[Any, ...]
    before: str
    behind: str = ""
    open_text: str | None = None
    is_cut: bool = False
    broken: tuple[str, ...] = ()


def read_json(text: str, read_body: ReadBody) -> tuple[Found, FrontMatter] | None:
    """What an answer in JSON holds, or None if it is in another form.

    `read_body` reads the texts within it. Numbers stay as they are written. Of a text that was cut
    or broken, what is whole is kept.
    """
    begin = _BEGIN.search(text)
    if not begin:
        return None
    source, before = text[begin.end() :], text[: begin.start()]
    try:
        value, end = _DECODER.raw_decode(source)
        items = _Items((value,), before, source[end:])
    except (json.JSONDecodeError, RecursionError):
        items = _salvage(source, before)
    # JSON on purpose, or brackets in a text?
    keys = (*_TEXT_KEYS, *_BOX_KEYS, *_LABEL_KEYS, *_HEADER_KEYS, *_ROWS_KEYS, *KEYS)
    is_answer = any(f'"{key}"' in text for key in keys)
    if items.values and not items.broken and not items.is_cut:
        is_answer = not all(value == [] for value in items.values)
    if before.strip() and not is_answer:
        return None
    reader = _Reader(read_body)
    pieces = [read_body(items.before) if items.before.strip() else Found()]
    pieces += [reader.read(value, depth=0) for value in items.values]
    if items.open_text is not None:
        pieces.append(read_body(items.open_text))
    pieces.append(read_body(items.behind) if items.behind.strip() else Found())
    found = join(pieces)
    notes: set[Note] = {Cut.OPEN_JSON} if items.is_cut else set()
    notes |= {Repair.JSON} if items.broken else set()
    notes |= found.notes - ({Cut.NO_END} if not items.is_cut else set())
    return Found(found.parts, frozenset(notes), found.unparsed + items.broken), reader.front_matter


def _salvage(source: str, before: str) -> _Items:
    """The items of a list that are whole, when the list is not."""
    values: list[Any] = []
    broken: list[str] = []
    first = _ITEM.search(source)
    at = first.start() if first else len(source)
    while at < len(source):
        try:
            value, end = _DECODER.raw_decode(source, at)
            values.append(value)
        except (json.JSONDecodeError, RecursionError):
            following = _NEXT.search(source, at) if len(broken) < _MOST_FAILURES - 1 else None
            if following is None:  # the last item is broken, or cut
                rest = source[at:]
                if rest.rstrip().endswith(("}", "]")) and len(rest) > 2:
                    return _Items(tuple(values), before, broken=(*broken, rest))
                text = _open_text(rest)
                return _Items(tuple(values), before, "", text, is_cut=True, broken=tuple(broken))
            broken.append(source[at : following.start() + 1])
            end = following.start() + 1
        separator = _SEPARATOR.match(source, end)
        at = separator.end() if separator else end
        if source[at : at + 1] != "{":
            closed = source[at : at + 1] == "]"
            behind = source[at + 1 :] if closed else source[at:]
            return _Items(tuple(values), before, behind, None, not closed, tuple(broken))
    return _Items(tuple(values), before, is_cut=True, broken=tuple(broken))


def _open_text(source: str) -> str | None:
    """The text of a block that `source` ends within, without an escape that was cut."""
    # No quote follows the one that begins it, apart from escaped ones.
    unescaped = _ESCAPE.sub("  ", source)
    begin = unescaped.rfind('"') + 1
    key, colon, blank = source[: max(begin - 1, 0)].rpartition(":")
    if not colon or blank.strip() or not key.rstrip().endswith(_QUOTED_KEYS):
        return None
    source = source[begin : len(source) - unescaped.endswith("\\")]
    source = re.sub(r"\\(?:u[0-9a-fA-F]{0,3})?$", "", source)
    try:
        return str(json.loads(f'"{source}"', strict=False))
    except json.JSONDecodeError:
        return source


class _Reader:
    def __init__(self, read_body: ReadBody) -> None:
        self._read_body = read_body
        self.front_matter = FrontMatter()

    def read(self, value: Any, depth: int) -> Found:
        """The parts that a value holds."""
        if depth > _DEEPEST:
            return Found(unparsed=(_dumped(value),))
        if isinstance(value, str):
            return self._read_body(value)
        if isinstance(value, dict):
            return self._object(value, depth)
        if not isinstance(value, list):
            return Found() if value is None else Found((TextPart(_scalar(value)),))
        rows, header = _plain_rows(value), 0
        # Records of plain values become rows below their keys.
        if len(value) > 1 and all(
            isinstance(one, dict) and one and _is_flat(list(one.values())) for one in value
        ):
            keys = list(dict.fromkeys(key for one in value for key in one))
            known = {*_TEXT_KEYS, *_BOX_KEYS, *_LABEL_KEYS, *_LIST_KEYS, *_ROWS_KEYS, *KEYS}
            if known.isdisjoint(keys):
                rows, header = [keys, *([one.get(key) for key in keys] for one in value)], 1
        if rows:
            return _table(rows, header)
        return join(self.read(one, depth + 1) for one in value)

    def _object(self, value: dict[str, Any], depth: int) -> Found:
        if KEYS & value.keys():
            self.front_matter = read_values(value)
        title = _first(value, ("caption", "title", "name"))
        is_title = isinstance(title, str)
        titled = Found((TextPart(title, is_caption=True),)) if is_title else Found()
        rows = next((value[key] for key in _ROWS_KEYS if _plain_rows(value.get(key))), None)
        if rows:
            header = _first(value, _HEADER_KEYS)
            heads = [header] if _is_flat(header) and header else []
            return titled + _table([*heads, *rows], header=len(heads))
        if any(key in value for key in _TEXT_KEYS):
            return self._block(value)
        inner = [value[key] for key in _LIST_KEYS if isinstance(value.get(key), list | dict)]
        if inner:
            return titled + join(self.read(one, depth + 1) for one in inner)
        known = KEYS & value.keys() or any(key in value for key in (*_BOX_KEYS, *_LABEL_KEYS))
        return Found() if known or not value else Found(unparsed=(_dumped(value),))

    def _block(self, value: Mapping[str, Any]) -> Found:
        label = str(_first(value, _LABEL_KEYS) or "").strip().lower()
        content = _first(value, _TEXT_KEYS)
        if label in _PICTURES or content is None:
            return Found()
        if not isinstance(content, str):
            return self.read(content, depth=1)
        found = self._read_body(content)
        edges = _first(value, _BOX_KEYS)
        box = read_box(json.dumps(edges)) if isinstance(edges, list | str) else None
        if box and not all(isfinite(edge) for edge in box):
            box = None
        parts = tuple(
            replace(part, box=part.box or box, is_caption=part.is_caption or "caption" in label)
            if isinstance(part, TextPart)
            else replace(part, box=part.box or box)
            for part in found.parts
        )
        # Within a block that is whole, a table that has no end mark is too.
        return Found(parts, found.notes - {Cut.NO_END}, found.unparsed)


def _first(value: Mapping[str, Any], keys: Sequence[str]) -> Any:
    return next((value[key] for key in keys if value.get(key) is not None), None)


def _is_flat(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(one, list | dict) for one in value)


def _plain_rows(value: Any) -> list[list[Any]] | None:
    """The value, if it is rows of plain values, and more than a box."""
    is_rows = isinstance(value, list) and value and all(_is_flat(row) and row for row in value)
    return value if is_rows else None


def _table(rows: Sequence[Sequence[Any]], header: int) -> Found:
    cells = tuple(
        Cell(row, col, _scalar(value), header=row < header)
        for row, values in enumerate(rows)
        for col, value in enumerate(values)
    )
    ragged = len({len(row) for row in rows}) > 1
    return Found((TablePart(Table(cells)),), frozenset({Repair.RAGGED} if ragged else ()))


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
