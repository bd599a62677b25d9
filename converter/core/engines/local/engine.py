"""The engine that works offline: packaged text models, then geometry."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from PIL import Image

from converter.core.engines.local.bands import find_bands
from converter.core.engines.local.cutting import cut_lines
from converter.core.engines.local.dashes import mend_dashes
from converter.core.engines.local.dittos import mend_dittos
from converter.core.engines.local.explain import Stages, draw_stages
from converter.core.engines.local.fragments import Fragment, box_around
from converter.core.engines.local.grid import build_table
from converter.core.engines.local.leaders import without_leaders
from converter.core.engines.local.missed import with_missed
from converter.core.engines.local.page_text import Line, PageText
from converter.core.engines.local.pictures import Picture
from converter.core.engines.local.regions import find_regions
from converter.core.engines.local.ruling_line_detection import find_rules
from converter.core.engines.local.ruling_lines import RulingLines
from converter.core.engines.local.straighten import Bend, find_bend, straighten
from converter.core.engines.local.strokes import without_strokes
from converter.core.engines.local.text import TextReader
from converter.core.engines.protocol import Mode, PageWords, Reading, ReadRequest, TextLine
from converter.core.engines.two_readings.print_lines import words_of
from converter.core.engines.version import code_version
from converter.core.fields.search import find_fields
from converter.core.fields.values import FieldValue
from converter.core.images import PageImage
from converter.core.tables.model import Box, Cell, Table


class LocalEngine:
    """Reads on this machine only. Holds its models: make it once, in the main thread."""

    name = "local"

    def __init__(self) -> None:
        self._reader = TextReader()
        self.version = f"{self._reader.model}, {code_version()}"

    def read(self, image: PageImage, request: ReadRequest) -> Reading:
        """The tables and loose text of an image, or its field values in fields mode."""
        begun = time.perf_counter()
        page = self._reader.read(image.pixels)
        if request.mode is Mode.FIELDS:
            fields = find_fields([line.as_word() for line in page.lines], request.fields)
            back = _way_back(page, [field.box for field in fields])
            return Reading(
                self._reader.model,
                fields=tuple(_moved(field, back) for field in fields),
                seconds=time.perf_counter() - begun,
                turned=page.turned,
            )
        stages = stages_of(page, self._reader)
        boxes = [table.box for table in stages.tables]
        boxes += [cell.box for table in stages.tables for cell in table.cells]
        boxes += [item.box for item in stages.loose]
        back = _way_back(page, boxes)
        loose = (TextLine(item.text, item.box, item.confidence) for item in stages.loose)
        return Reading(
            self._reader.model,
            tables=tuple(_moved_table(table, back) for table in stages.tables),
            loose_text=tuple(_moved(line, back) for line in loose),
            seconds=time.perf_counter() - begun,
            turned=page.turned,
        )

    def read_words(self, image: PageImage) -> PageWords:
        """All words of a page, in tables and outside."""
        page = self._reader.read(image.pixels)
        words = tuple(words_of(stages_of(page, self._reader).fragments))
        back = page.flattening.back if page.flattening else list[Box]
        lines = tuple(line.as_word() for line in page.lines)
        return PageWords(self._reader.model, words, lines, page.turned, back)

    def explain(self, image: PageImage) -> Image.Image:
        """The image, turned and flattened as it was read, with all that was found drawn on it."""
        page = self._reader.read(image.pixels)
        return draw_stages(stages_of(page, self._reader))


def stages_of(page: PageText, reader: TextReader) -> Stages:
    """All stages from the text of a page to tables; `reader` reads what the detector missed."""
    rules = rules_of(page)
    return find_stages(with_missed(page, reader, rules), page.picture, rules)


def rules_of(page: PageText) -> RulingLines:
    """The ruling lines of a page."""
    return find_rules(page.picture.gray, [line.box for line in page.lines])


def find_stages(lines: Sequence[Line], picture: Picture, rules: RulingLines) -> Stages:
    """The stages from `lines` of text and ruling lines on a page to tables."""
    if not lines:
        return Stages(picture.pixels)
    gray = picture.gray
    fragments = without_strokes(cut_lines(lines, gray, rules.vertical), gray)
    fragments = without_leaders(mend_dittos(mend_dashes(fragments, gray, rules)))
    bend = find_bend(fragments, rules)
    regions, loose = find_regions(straighten(fragments, bend), bend.rules(rules))
    tables = []
    for region in regions:
        ruled = region.rules
        if bend == Bend():  # else the places of fragments are not those in `gray`
            text = [fragment.box for fragment in region.fragments]
            ruled = replace(ruled, bands=find_bands(gray, box_around(region.fragments), text))
        tables.append(build_table(region.fragments, ruled))
    return Stages(
        picture.pixels,
        tuple(lines),
        rules,
        tuple(fragments),
        tuple(_moved_table(table, bend.back) for table in tables),
        tuple(_moved(fragment, bend.back) for fragment in loose),
    )


Boxed = TypeVar("Boxed", Cell, FieldValue, Fragment, TextLine)


def _way_back(page: PageText, boxes: Iterable[Box | None]) -> Callable[[Box], Box]:
    """Maps each of these boxes to the page before flattening; all are computed at once."""
    known = [box for box in boxes if box]
    return dict(zip(known, page.back(known), strict=True)).__getitem__


def _moved(item: Boxed, move: Callable[[Box], Box]) -> Boxed:
    return replace(item, box=move(item.box)) if item.box else item


def _moved_table(table: Table, move: Callable[[Box], Box]) -> Table:
    box = move(table.box) if table.box else None
    return Table(tuple(_moved(cell, move) for cell in table.cells), box)
