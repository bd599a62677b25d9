"""Zones: where on a card a field stands, as a person has shown it on one of the cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from converter.core.fields.specification import FieldSpec, FieldType, Zone
from converter.core.fields.values import FieldValue, ValueState
from converter.core.tables.drawing import parts_in, together
from converter.core.tables.model import Box, Word
from converter.core.tables.pieces import around

_ROOM: Final = 0.5  # of the height of the print: cards lie askew, and values differ in length
_SURE: Final = 0.7  # of a value that only its place speaks for: below `values.DOUBT_BELOW`

Size = tuple[int, int]
"""Width and height of an upright picture, in pixels."""


def zone_of(boxes: Sequence[Box], size: Size) -> Zone:
    """The zone around some boxes, with room to the sides, as shares of the picture's sides."""
    box = around(boxes)
    if box is None or not all(size):
        return ()
    room = _ROOM * box.height
    edges = box.left - room, box.top - room, box.right + 4 * room, box.bottom + room
    return tuple(
        round(min(max(edge / side, 0.0), 1.0), 4)
        for edge, side in zip(edges, size * 2, strict=True)
    )


def place_of(zone: Zone, size: Size) -> Box:
    """Where a zone lies on a picture of this size."""
    return Box(*(share * side for share, side in zip(zone, size * 2, strict=True)))


def value_in(spec: FieldSpec, zone: Zone, lines: Iterable[Word], size: Size) -> FieldValue | None:
    """What stands in a zone, to be looked at; None if there is nothing."""
    found = parts_in(lines, [place_of(zone, size)])
    text = together(found)
    if not text:
        return None
    if spec.type is not FieldType.MULTILINE:
        text = " ".join(text.split())
    sure = min(_SURE, *(word.confidence for word in found))
    return FieldValue(spec.name, text, around(word.box for word in found), sure)


def with_zones(
    values: Iterable[FieldValue], specs: Sequence[FieldSpec], lines: Sequence[Word], size: Size
) -> tuple[FieldValue, ...]:
    """The values of a card; those that were not found are taken from the zones of their fields."""
    by_name = {spec.name: spec for spec in specs}
    return tuple(
        (spec.zone and value_in(spec, spec.zone, lines, size)) or value
        if value.state is ValueState.NOT_FOUND and (spec := by_name.get(value.name))
        else value
        for value in values
    )
