"""Renders a marked HTML document with Chromium, and reads its exact truth.

All lengths are pixels of the picture, from its upper left corner. The boxes of text are those of
the font (ascent to descent), so the ink lies within them.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, sync_playwright

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--force-color-profile=srgb")
SCRIPT: Final = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
# No picture shows what lies above or left of its page.
MOVE: Final = "([x, y]) => {document.documentElement.style.padding = `${y}px 0 0 ${x}px`}"
VIEW: Final = ViewportSize(width=1600, height=100)  # CSS pixels; a body sets its own width
PATIENCE: Final = 180_000  # milliseconds for one step of the browser, on a busy machine
GLUED: Final = 0.12  # of the font's size; less is no space between two pieces of text
GAP: Final = 1.2  # of the font's size; more parts a line into two


@dataclass(frozen=True)
class TextLine:
    """A run of words in a line; a wide gap parts it, as between `$` and its figure."""

    text: str
    box: Box
    vertical: bool = False


@dataclass(frozen=True)
class CellTruth:
    row: int
    col: int
    rowspan: int
    colspan: int
    header: bool
    text: str
    box: Box
    lines: tuple[TextLine, ...]


@dataclass(frozen=True)
class TableTruth:
    box: Box
    cells: tuple[CellTruth, ...]


@dataclass(frozen=True)
class RoleText:
    """Text outside of cells, with one of `family.ROLES`."""

    role: str
    text: str
    lines: tuple[TextLine, ...]


@dataclass(frozen=True)
class Rule:
    """A ruling line: the ends of its middle (x, y, x, y), its thickness, and how it looks."""

    ends: Box
    thickness: float
    colour: str
    style: str


@dataclass(frozen=True)
class Band:
    """A background with a colour of its own."""

    box: Box
    colour: str


@dataclass(frozen=True)
class RenderedPage:
    picture: Image.Image
    tables: tuple[TableTruth, ...]
    roles: tuple[RoleText, ...]
    rules: tuple[Rule, ...]
    bands: tuple[Band, ...]
    ornaments: tuple[Box, ...] = ()


def titles_in_stub(page: RenderedPage) -> RenderedPage:
    """The page with section titles over the whole width as cells of the first column."""
    tables = (replace(table, cells=tuple(_in_stub(table))) for table in page.tables)
    return replace(page, tables=tuple(tables))


def _in_stub(table: TableTruth) -> Iterator[CellTruth]:
    width = max(cell.col + cell.colspan for cell in table.cells)
    for cell in table.cells:
        if cell.header or cell.rowspan > 1 or not 1 < width == cell.colspan:
            yield cell
            continue
        yield replace(cell, colspan=1)
        for col in range(1, width):
            yield replace(cell, col=col, colspan=1, text="", lines=())


class Renderer:
    """Renders documents in one browser; `running` starts and closes it."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._tabs: dict[float, Page] = {}

    def render(self, html: str, scale: float = 1.0) -> RenderedPage:
        """The page as wide as its body, at `scale` picture pixels per CSS pixel.

        The picture is larger where text overflows the body. Raises ValueError for text without a
        mark, text that is cut off, and cells that leave gaps or overlap.
        """
        if scale not in self._tabs:
            self._tabs[scale] = self._browser.new_page(viewport=VIEW, device_scale_factor=scale)
            self._tabs[scale].set_default_timeout(PATIENCE)
        tab = self._tabs[scale]
        tab.set_content(html)
        found = tab.evaluate(SCRIPT)
        if any(found["before"]):
            tab.evaluate(MOVE, found["before"])
            found = tab.evaluate(SCRIPT)
        clip = FloatRect(x=0, y=0, width=found["width"], height=found["height"])
        shot = tab.screenshot(full_page=True, clip=clip)
        return _page(Image.open(BytesIO(shot)).convert("RGB"), found, scale)


@contextmanager
def running(chromium: str | None = None) -> Iterator[Renderer]:
    """A renderer with a browser of its own: `chromium`, or that of $CHROMIUM or of the system."""
    names = (chromium, os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        raise FileNotFoundError("There is no Chromium here; install one, or name it in $CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield Renderer(browser)
        finally:
            browser.close()


def _page(picture: Image.Image, found: Mapping[str, Any], scale: float) -> RenderedPage:
    if found["strays"]:
        raise ValueError(f"Text without a mark: {found['strays'][:5]}")
    if found["cut"]:
        raise ValueError(f"Text that is cut off: {found['cut'][:5]}")

    def scaled(box: Sequence[float]) -> Box:
        ends = zip(box, 2 * picture.size, strict=True)
        left, top, right, bottom = (round(min(max(0, at * scale), end), 2) for at, end in ends)
        return left, top, right, bottom

    def lines(words: Sequence[Mapping[str, Any]]) -> tuple[TextLine, ...]:
        return tuple(
            TextLine(_joined(run), scaled(_around(word["box"] for word in run)), run[0]["vertical"])
            for run in _runs(words)
        )

    tables = []
    for table in found["tables"]:
        cells = tuple(
            CellTruth(
                *cell["place"],
                cell["header"],
                _joined(cell["words"]),
                scaled(cell["box"]),
                lines(cell["words"]),
            )
            for cell in table["cells"]
        )
        _check_grid(cells)
        tables.append(TableTruth(scaled(table["box"]), cells))
    rules = (
        Rule(scaled(rule["ends"]), round(rule["thickness"] * scale, 2), *_look(rule))
        for rule in found["rules"]
    )
    return RenderedPage(
        picture,
        tuple(tables),
        tuple(
            RoleText(each["role"], _joined(each["words"]), lines(each["words"]))
            for each in found["roles"]
            if each["words"]
        ),
        tuple(merge_rules(rules)),
        tuple(Band(scaled(band["box"]), band["colour"]) for band in found["bands"]),
        tuple(scaled(box) for box in found["ornaments"]),
    )


def _look(rule: Mapping[str, Any]) -> tuple[str, str]:
    return rule["colour"], rule["style"]


def _check_grid(cells: Sequence[CellTruth]) -> None:
    places = [
        (row, col)
        for cell in cells
        for row in range(cell.row, cell.row + cell.rowspan)
        for col in range(cell.col, cell.col + cell.colspan)
    ]
    area = (max(row for row, _ in places) + 1) * (max(col for _, col in places) + 1)
    if len(places) != len(set(places)) or area != len(places):
        raise ValueError("The cells of a table overlap or leave gaps.")


def _joined(words: Sequence[Mapping[str, Any]]) -> str:
    text = "".join(
        word["text"] if _is_glued(before, word) else " " + word["text"]
        for before, word in pairwise(words)
    )
    return words[0]["text"] + text if words else ""


def _is_glued(before: Mapping[str, Any], word: Mapping[str, Any]) -> bool:
    """Whether no space belongs between two words: in one piece of text, or set close."""
    if word["glued"] or not _is_beside(before, word):
        return bool(word["glued"])
    return abs(_gap(before, word)) < GLUED * word["size"]


def _runs(words: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    runs: list[list[Mapping[str, Any]]] = []
    for word in words:
        if (
            runs
            and _is_beside(runs[-1][-1], word)
            and _gap(runs[-1][-1], word) < GAP * word["size"]
        ):
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


def _gap(before: Mapping[str, Any], word: Mapping[str, Any]) -> float:
    """The distance along the line, whichever way it runs."""
    start, end = (1, 3) if word["vertical"] else (0, 2)
    one, other = before["box"], word["box"]
    return float(max(other[start] - one[end], one[start] - other[end]))


def _is_beside(before: Mapping[str, Any], word: Mapping[str, Any]) -> bool:
    """Whether two words share a line: they overlap by half across it."""
    start, end = (0, 2) if word["vertical"] else (1, 3)
    one, other = before["box"], word["box"]
    shared = min(one[end], other[end]) - max(one[start], other[start])
    return bool(shared > 0.4 * min(one[end] - one[start], other[end] - other[start]))


def _around(boxes: Iterable[Sequence[float]]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def merge_rules(rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules, with those joined that continue or cover each other, as borders of neighbours."""
    groups: dict[tuple[object, ...], list[Rule]] = defaultdict(list)
    for rule in rules:
        lying = rule.ends[1] == rule.ends[3]
        across = rule.ends[1] if lying else rule.ends[0]
        groups[lying, round(across), rule.colour, rule.style, rule.thickness].append(rule)
    for (lying, *_), group in groups.items():
        first = 0 if lying else 1
        joined: list[Rule] = []
        for rule in sorted(group, key=lambda each: each.ends[first]):
            if joined and rule.ends[first] <= joined[-1].ends[first + 2] + 1:
                ends = list(joined[-1].ends)
                ends[first + 2] = max(ends[first + 2], rule.ends[first + 2])
                joined[-1] = Rule((ends[0], ends[1], ends[2], ends[3]), *_rest(rule))
            else:
                joined.append(rule)
        yield from joined


def _rest(rule: Rule) -> tuple[float, str, str]:
    return rule.thickness, rule.colour, rule.style
