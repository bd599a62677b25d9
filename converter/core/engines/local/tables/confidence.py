"""How sure a cell is: the chance that both its text and its place are right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import log
from statistics import fmean
from typing import Final, NamedTuple

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.page.logistic import Logistic
from converter.core.engines.local.page.text_forms import is_several_numbers
from converter.core.engines.local.tables.layout import Layout, body_columns
from converter.core.engines.local.tables.places import SURE, PlaceSigns
from converter.core.tables.causes import Cause
from converter.core.tables.doubt import DOUBT_BELOW
from converter.core.tables.model import Cell

Content = Sequence[Fragment]
"""The text of one cell."""

DOUBTFUL_PLACE: Final = 0.7
"""Of a body cell that runs over columns which no rule parts: too rare to be fitted."""
LEAST: Final = 1e-3  # the recogniser is often surer than it has reason to be


class TextSigns(NamedTuple):
    """What speaks against the text of a cell. Each is 0 or low where nothing does, else higher.

    `weakest` and `missed` are log-odds from 0 to 14: that its least certain character is wrong,
    and that one was left out. `page` is the mean of `weakest` over the table. `disputed`: two
    readings differ. `odd`: how much commoner another form is in the column (0..1). `wide`, `tall`:
    spans in the body. `heaped`: several numbers. `joined`: pieces with blanks between them.
    `unruled`: no rule parts the columns.
    """

    weakest: float
    missed: float
    disputed: float
    page: float
    odd: float
    header: float
    wide: float
    tall: float
    heaped: float
    joined: float
    unruled: float


class Signs(NamedTuple):
    """What speaks against a cell."""

    text: TextSigns
    place: PlaceSigns


# Fitted by tests/bench/calibrate.py; docs/confidence.md has the curve.
OF_TEXT: Final = Logistic(
    bias=9.49,
    weights=TextSigns(
        weakest=-1.03,
        missed=-0.29,
        disputed=-1.15,
        page=-0.52,
        odd=-0.72,
        header=-0.69,
        wide=-0.27,
        tall=-0.79,
        heaped=-0.78,
        joined=-1.24,
        unruled=-0.95,
    ),
)
OF_PLACE: Final = Logistic(
    bias=-1.39,
    weights=PlaceSigns(
        row=0.34,
        column=0.20,
        disputed=-1.58,
        implausible=-0.35,
        table=0.17,
    ),
)


def judge(
    cells: Sequence[Cell],
    contents: Sequence[Content],
    layout: Layout,
    places: Sequence[PlaceSigns] = (),
) -> list[Cell]:
    """The cells of a table, each with the chance (0..1) that it is right.

    `contents` has the fragments of each cell, and `places` what speaks against where it is: by
    default, nothing. An empty cell keeps the confidence that it has.
    """
    signs = signs_of(cells, contents, layout, places)
    return [_judged(cell, seen) if seen else cell for cell, seen in zip(cells, signs, strict=True)]


def _judged(cell: Cell, signs: Signs) -> Cell:
    confidence = chance(signs)
    is_misplaced = confidence < DOUBT_BELOW <= chance_of_text(signs.text)
    causes = (*cell.causes, Cause.PLACE) if is_misplaced else cell.causes
    return replace(cell, confidence=confidence, causes=causes)


def chance(signs: Signs) -> float:
    """That its text and its place are right: a clear place makes no unclear text any clearer."""
    return chance_of_text(signs.text) * OF_PLACE.chance(signs.place)


def chance_of_text(signs: TextSigns) -> float:
    least = DOUBTFUL_PLACE if signs.wide and signs.unruled else 1.0
    return least * OF_TEXT.chance(signs)


def signs_of(
    cells: Sequence[Cell],
    contents: Sequence[Content],
    layout: Layout,
    places: Sequence[PlaceSigns] = (),
) -> list[Signs | None]:
    """The signs of doubt about each cell; None for an empty one."""
    page = fmean([_weakest(glyphs_of(content)) for content in contents if content] or [0.0])
    forms = {
        col: Counter(form_of(cell.text) for cell in column)
        for col, column in body_columns(cells).items()
    }
    filled = Counter(cell.row for cell in cells if cell.text)
    unruled = not layout.has_upright_rules
    found: list[Signs | None] = []
    places = places or [SURE] * len(cells)
    for cell, content, place in zip(cells, contents, places, strict=True):
        if not content:
            found.append(None)
            continue
        glyphs, lines = glyphs_of(content), count_lines(content)
        can_be_odd = cell.col in forms and not cell.header
        signs = TextSigns(
            weakest=_weakest(glyphs),
            missed=_log_odds(max(glyph.missed for glyph in glyphs)),
            disputed=any(glyph.seconded is False for glyph in glyphs),
            page=page,
            odd=oddness(form_of(cell.text), forms[cell.col]) if can_be_odd else 0.0,
            header=cell.header,
            wide=cell.colspan > 1 and not cell.header and filled[cell.row] > 1,
            tall=cell.rowspan > 1,
            heaped=is_several_numbers(cell.text),
            joined=len(content) > lines,
            unruled=unruled,
        )
        found.append(Signs(signs, place))
    return found


def glyphs_of(content: Content) -> list[Glyph]:
    """The characters of a cell; a fragment known by its shape alone counts as one."""
    found: list[Glyph] = []
    for item in content:
        read = [glyph for glyph in item.glyphs if glyph.text.strip()]
        found += read or [Glyph(item.text, item.centre, item.confidence)]
    return found


def form_of(text: str) -> str:
    """What kind of value a text is: words and whole numbers as a letter each, decimals by length.

    "-1,250.75" and "3.10" are both "9.88"; "Oslo" and "New York" are both "a".
    """
    text = text.replace("\u00b7", ".")
    bare = re.sub(r"(?<=\d),(?=\d{3})", "", text.strip().lstrip("-\u2212+<>≤≥~$€£"))
    if not any(letter.isdigit() for letter in bare):
        return "a"
    decimals = re.sub(r"(?<=\.)\d+", lambda found: "8" * len(found[0]), bare)
    return re.sub(r"\d*[0-79]\d*", "9", re.sub(r"[^\W\d_]+", "a", decimals))


def oddness(form: str, forms: Counter[str]) -> float:
    """By what share (0..1) of its column another form is commoner; 0 in a short column."""
    others = forms.total() - 1
    if others < 3:
        return 0.0
    commonest = max((count for other, count in forms.items() if other != form), default=0)
    return max(0.0, (commonest - max(0, forms[form] - 1)) / others)


def count_lines(content: Content) -> int:
    """How many lines of print these fragments make up."""
    count, bottom = 0, float("-inf")
    for fragment in sorted(content, key=lambda item: item.middle):
        if fragment.middle > bottom:
            count, bottom = count + 1, fragment.box.bottom
    return count


def _weakest(glyphs: Sequence[Glyph]) -> float:
    return _log_odds(1 - min(glyph.confidence for glyph in glyphs))


def _log_odds(share: float) -> float:
    kept = min(max(share, LEAST), 1 - LEAST)
    return log(kept / (1 - kept)) - log(LEAST / (1 - LEAST))
