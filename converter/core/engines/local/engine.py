"""The engine that works offline: packaged text models, then the stages of `pipeline`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from PIL import Image

from converter.core.engines.local.explain import draw_page
from converter.core.engines.local.pipeline import run
from converter.core.engines.local.structure.reading import the_network
from converter.core.engines.local.text.page_text import PageText
from converter.core.engines.local.text.text import TextReader
from converter.core.engines.protocol import Mode, PageWords, Reading, ReadRequest, TextLine
from converter.core.engines.two_readings.print_lines import words_of
from converter.core.engines.version import code_version
from converter.core.fields.search import find_fields
from converter.core.fields.values import FieldValue
from converter.core.fields.zones import with_zones
from converter.core.images import PageImage
from converter.core.tables.model import Box


class LocalEngine:
    """Reads on this machine only. Holds its models: make it once, in the main thread."""

    name = "local"

    def __init__(self) -> None:
        self._reader = TextReader()
        the_network()  # its session has to be made in the main thread
        self.version = f"{self._reader.model}, {code_version()}"

    def read(self, image: PageImage, request: ReadRequest) -> Reading:
        """The tables and loose text of an image, or its field values in fields mode."""
        begun = time.perf_counter()
        text = self._reader.read(image.pixels)
        if request.mode is Mode.FIELDS:
            words = [line.as_word() for line in text.lines]
            fields = find_fields(words, request.fields)
            back = _way_back(text, [field.box for field in fields] + [word.box for word in words])
            lines = [replace(word, box=back(word.box)) for word in words]
            high, wide = image.pixels.shape[:2]
            size = (high, wide) if text.turned % 180 else (wide, high)
            found = (_moved(field, back) for field in fields)
            return Reading(
                self._reader.model,
                fields=with_zones(found, request.fields, lines, size),
                lines=tuple(TextLine(line.text, line.box, line.confidence) for line in lines),
                seconds=time.perf_counter() - begun,
                turned=text.turned,
            )
        page = run(text, self._reader).page
        boxes = [table.box for table in page.tables]
        boxes += [cell.box for table in page.tables for cell in table.cells]
        boxes += [*(line.box for line in page.told), *page.unread]
        back = _way_back(text, boxes)
        loose = (
            TextLine(line.text, line.box, line.confidence, line.role, line.table)
            for line in page.told
        )
        return Reading(
            self._reader.model,
            tables=tuple(table.moved(back) for table in page.tables),
            loose_text=tuple(_moved(line, back) for line in loose),
            seconds=time.perf_counter() - begun,
            turned=text.turned,
            unread=tuple(map(back, page.unread)),
        )

    def read_words(self, image: PageImage) -> PageWords:
        """All words of a page, in tables and outside."""
        text = self._reader.read(image.pixels)
        words = tuple(words_of(run(text, self._reader).page.fragments))
        back = text.flattening.back if text.flattening else list[Box]
        lines = tuple(line.as_word() for line in text.lines)
        return PageWords(self._reader.model, words, lines, text.turned, back)

    def explain(self, image: PageImage) -> Image.Image:
        """The image, turned and flattened as it was read, with all that was found drawn on it."""
        text = self._reader.read(image.pixels)
        return draw_page(run(text, self._reader).page)


Boxed = TypeVar("Boxed", FieldValue, TextLine)


def _way_back(text: PageText, boxes: Iterable[Box | None]) -> Callable[[Box], Box]:
    """Maps each of these boxes to the page before flattening; all are computed at once."""
    known = [box for box in boxes if box]
    return dict(zip(known, text.back(known), strict=True)).__getitem__


def _moved(item: Boxed, move: Callable[[Box], Box]) -> Boxed:
    return replace(item, box=move(item.box)) if item.box else item
