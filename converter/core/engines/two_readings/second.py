"""A whole reading held against the words that another engine read on the same picture."""

from __future__ import annotations

from dataclasses import replace

from converter.core.engines.protocol import PageWords, Reading
from converter.core.engines.two_readings.compare import compare


def hold_against(reading: Reading, page: PageWords) -> Reading:
    """`reading` with what the words say to each cell, and with the print that no cell holds.

    Boxes are those of the words, on the picture as it lay for them. Never raises.
    """
    loose = [line.text for line in reading.loose_text]
    found = compare(reading.tables, page.words, loose).moved(lambda box: page.back([box])[0])
    return replace(
        reading,
        tables=found.tables,
        missing=found.missing,
        second=page.model,
        turned=page.turned if page.words else reading.turned,
    )
