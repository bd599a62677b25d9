"""A whole reading held against the words that another engine read on the same picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from converter.core.engines.protocol import PageWords, Reading
from converter.core.engines.two_readings.card_values import compare_values
from converter.core.engines.two_readings.compare import compare
from converter.core.fields.specification import FieldSpec


def hold_against(reading: Reading, page: PageWords, fields: Sequence[FieldSpec] = ()) -> Reading:
    """`reading` with what the words say to each cell, and with the print that no cell holds; or to
    each value of `fields`.

    Boxes are those of the words, on the picture as it lay for them. Never raises.
    """
    loose = [line.text for line in reading.loose_text]
    found = compare(reading.tables, page.words, loose).moved(lambda box: page.back([box])[0])
    values = compare_values(reading.fields, fields, page)
    return replace(
        reading,
        tables=found.tables,
        missing=found.missing,
        fields=tuple(
            replace(value, box=page.back([value.box])[0]) if value.box else value
            for value in values
        ),
        second=page.model,
        turned=page.turned if page.words else reading.turned,
    )
