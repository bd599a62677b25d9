"""The engine that needs no network: packaged text models, then geometry."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
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
from converter.core.engines.local.regions import Region, find_regions
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
    """Reads on this machine alone. Holds its models: make it once, in the main thread."""

    name = "local"

    def __init__(self) -> None:
        self._reader = TextReader()
        self.version = f"{self._reader.model}, {code_version()}"

    def read(self, image: PageImage, request: ReadRequest) -> Reading:
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
        back = _way_back(page, _boxes(stages))
        return Reading(
            self._reader.model,
            tables=tuple(_moved_table(table, back) for table in stages.tables),
            loose_text=tuple(_moved(line, back) for line in _loose(stages)),
            seconds=time.perf_counter() - begun,
            turned=page.turned,
        )

    def read_words(self, image: PageImage) -> PageWords:
        """The words of a page, whether they are in a table or not."""
        page = self._reader.read(image.pixels)
        words = tuple(words_of(stages_of(page, self._reader).fragments))
        back = page.flattening.back if page.flattening else list[Box]
        lines = tuple(line.as_word() for line in page.lines)
        return PageWords(self._reader.model, words, lines, page.turned, back)

    def explain(self, image: PageImage) -> Image.Image:
        """The picture, level as it was read, with all that was found drawn on and beside it."""
        page = self._reader.read(image.pixels)
        return draw_stages(stages_of(page, self._reader))


def stages_of(page: PageText, reader: TextReader) -> Stages:
    """The way from the text of a page to tables; `reader` reads again what seems to be missed."""
    rules = rules_of(page)
    return find_stages(with_missed(page, reader, rules), page.picture, rules)


def rules_of(page: PageText) -> RulingLines:
    """The ruling lines of a page."""
    return find_rules(page.picture.gray, [line.box for line in page.lines])


def find_stages(lines: Sequence[Line], picture: Picture, rules: RulingLines) -> Stages:
    """The way from `lines` of text and `rules` on a picture to tables, by stages."""
    if not lines:
        return Stages(picture.pixels)
    gray = picture.gray
    fragments = without_strokes(cut_lines(lines, gray, rules.vertical), gray)
    fragments = without_leaders(mend_dittos(mend_dashes(fragments, gray, rules)))
    bend = find_bend(fragments, rules)
    regions, loose = find_regions(straighten(fragments, bend), bend.rules(rules))
    tables = (_table(region, gray, bend) for region in regions)
    return Stages(
        picture.pixels,
        tuple(lines),
        rules,
        tuple(fragments),
        tuple(_moved_table(table, bend.back) for table in tables),
        tuple(_moved(fragment, bend.back) for fragment in loose),
    )


def _table(region: Region, gray: NDArray[np.uint8], bend: Bend) -> Table:
    rules = region.rules
    if bend == Bend():
        text = [fragment.box for fragment in region.fragments]
        rules = replace(rules, bands=find_bands(gray, box_around(region.fragments), text))
    return build_table(region.fragments, rules)


Boxed = TypeVar("Boxed", Cell, FieldValue, Fragment, TextLine)


def _loose(stages: Stages) -> tuple[TextLine, ...]:
    return tuple(TextLine(item.text, item.box, item.confidence) for item in stages.loose)


def _boxes(stages: Stages) -> Iterator[Box | None]:
    for table in stages.tables:
        yield table.box
        yield from (cell.box for cell in table.cells)
    yield from (item.box for item in stages.loose)


def _way_back(page: PageText, boxes: Iterable[Box | None]) -> Callable[[Box], Box]:
    """Leads these boxes to the page as it was; worked out for all at once."""
    known = [box for box in boxes if box]
    return dict(zip(known, page.back(known), strict=True)).__getitem__


def _moved(item: Boxed, move: Callable[[Box], Box]) -> Boxed:
    return replace(item, box=move(item.box)) if item.box else item


def _moved_table(table: Table, move: Callable[[Box], Box]) -> Table:
    box = move(table.box) if table.box else None
    return Table(tuple(_moved(cell, move) for cell in table.cells), box)
