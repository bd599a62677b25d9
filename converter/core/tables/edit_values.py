"""The arguments of edits, as a page, a program or the trail has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from converter.core.tables.model import Box, Said, Word

MOST_PLACES: Final = 1_000  # on the picture that one edit points at


def whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(value)
    return int(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    # What no database takes.
    return value.replace("\0", "").encode(errors="replace").decode()


def _said(value: object) -> Said:
    said = Said(str(value))
    if said is Said.NOTHING:
        raise ValueError(value)
    return said


def _edges(value: object) -> tuple[float, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(value)
    edges = tuple(round(float(edge), 1) for edge in value)
    if not all(abs(edge) < 1e7 for edge in edges):
        raise ValueError(value)
    return edges


def boxes_of(value: object) -> tuple[Box, ...]:
    """Boxes of four edges each. Raises TypeError or ValueError for all else."""
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_PLACES:
        raise TypeError(value)
    boxes = []
    for one in value:
        left, top, right, bottom = _edges(one)
        boxes.append(Box(left, top, right, bottom))
    return tuple(boxes)


def _words(value: object) -> tuple[Word, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(value)
    return tuple(
        Word(_text(one["text"]), boxes_of([one["box"]])[0], float(one["confidence"]))
        for one in value
    )


PARSE: Final[dict[str, Callable[[object], Any]]] = {
    "text": _text,
    "said": _said,
    "row_edges": _edges,
    "col_edges": _edges,
    "boxes": boxes_of,
    "words": _words,
}
