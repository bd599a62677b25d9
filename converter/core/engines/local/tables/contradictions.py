"""Cells that their column, or their own text, speaks against, however clear their print seemed.

Signs that look alike are read with as much confidence as any: a comma as a point, a dagger as a
`1` or a `t`, an `O` among digits as a `0`. Where the text itself shows that this may have happened,
a person has to look: nothing else in the picture decides it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from converter.core.engines.local.tables.layout import body_columns
from converter.core.tables.causes import Cause
from converter.core.tables.model import Cell

CONFIDENCE: Final = 0.7
"""The most to believe such a cell: of those on drawn tables more than four of ten were wrong."""
FEWEST: Final = 4
"""So many cells show how a column is written,"""
SHARE: Final = 0.4
"""if they are so large a share of it."""

GROUPED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
POINTED: Final = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.])")
CURRENCIES: Final = "$€£¥"
LIKE_CURRENCIES: Final = "3568"
"""Digits that look like one."""
PRICED: Final = 0.6
"""Of a column have a sign of currency, if all may: in accounts the first and the totals have."""
BARE: Final = rf"[-+\u2212\u2013{CURRENCIES}]?\d[\d,]*"
DECIMAL: Final = re.compile(rf"{BARE}[.\u00b7](\d+)")
MARKED: Final = re.compile(rf"{BARE}(?:[.\u00b7](\d+))? ?(?:[a-d]|[*†‡§#¶]+)")
DAGGERED: Final = re.compile(r"[^.]*\d[.\u00b7]\d+t")
EQUATION: Final = re.compile(r"(?<![\d.,])0 ?= ?\d")
"""`n = 619` whose letter became a digit."""
OXIDE: Final = re.compile(r"\b(?:[HN]20|[CNS]02)\b")
"""`H2O` or `CO2` whose `O` became a digit."""
POWER: Final = re.compile(r"\d ?[xX\u00d7] ?10[-\u2212\u2013]?\d{1,2}(?!\d)")
"""`7.1 x 104` whose power came down into the line."""
UNSPEAKABLE: Final = re.compile(r"\bl[bcdfgjkmnpqrstvwxz][a-z]{2}")
"""`lron`: no word begins so, and `Iron` looks the same."""

IMPOSSIBLE: Final = re.compile(
    rf"[-+(\u2212\u2013{CURRENCIES} ]*\d{{1,3}}(?:(?:\.\d{{3}})+\.|(?:,\d{{3}})+,)\d{{1,2}}[)% ]*"
)
"""A decimal point or comma like the one that groups the thousands before it."""

INDISTINCT: Final = frozenset("0Oo1lI|")
PART: Final = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+")
"""A word of Latin letters and digits; `1年2月` is no code."""
ORDINARY: Final = re.compile(
    r"(?:19|20)\d\d[A-Za-z]\d{1,2}|[1-4][HQTS](?:19|20)?\d\d"  # 2019Q1, 2Q19
    r"|\d+[xX\u00d7]\d+(?:[xX\u00d7]\d+)?|\d+[hm]\d+(?:min|[ms])?|\d+[eE]\d+"  # sizes, times, 2E5
    r"|(?:(?:[HCNOFPSK]|Na|Mg|Al|Si|Cl|Ca|Fe|Cu|Zn)(?:[2-9]|1\d)?)+"  # formulas
)
"""What mixes letters and digits in a way that everybody knows."""
SWITCHES: Final = 2
"""A word in which letters and digits take turns at least so often is a code: nothing tells what a
sign of it is but its shape."""

Column = Sequence[Cell]


def doubt_contradicted(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a table, with less confidence in those that something speaks against."""
    unlike = {
        cell.place
        for column in body_columns(cells).values()
        for doubt in _DOUBTS
        for cell in doubt(column)
    }
    return [_doubted(cell, is_unlike=cell.place in unlike) for cell in cells]


def _doubted(cell: Cell, *, is_unlike: bool) -> Cell:
    causes = [Cause.UNLIKE] if is_unlike else []
    causes += [Cause.LOOK_ALIKE] if contradicts_itself(cell.text) else []
    causes += [Cause.IMPOSSIBLE] if is_impossible(cell.text) else []
    if not causes:
        return cell
    return replace(
        cell, confidence=min(CONFIDENCE, cell.confidence), causes=(*cell.causes, *causes)
    )


def is_impossible(text: str) -> bool:
    """Whether a text is a number whose groups do not end as groups do: `1.204.5`, `37,499,96`."""
    return IMPOSSIBLE.fullmatch(text.strip()) is not None


def contradicts_itself(text: str) -> bool:
    """Whether a text holds a code with look-alikes, `0 = 619`, `N20`, `7 x 104` or `lron`."""
    holds_code = any(is_code(word) and not INDISTINCT.isdisjoint(word) for word in text.split())
    return holds_code or any(form.search(text) for form in (EQUATION, OXIDE, POWER, UNSPEAKABLE))


def is_code(word: str) -> bool:
    """Whether letters and digits take turns in a word, as in `98O4Q`; not in `2019Q1` or `H2O`."""
    for part in PART.findall(word):
        switches = sum(one.isdigit() != other.isdigit() for one, other in pairwise(part))
        if switches >= SWITCHES and ORDINARY.fullmatch(part) is None:
            return True
    return False


def points_among_commas(column: Column) -> list[Cell]:
    """`56.377 (48.9%)` in a column with `1,234 (5.6%)`; all, unless most have commas."""
    pointed = [cell for cell in column if POINTED.search(cell.text)]
    grouped = [cell for cell in column if GROUPED.search(cell.text)]
    if not pointed or not grouped:
        return []
    return pointed if len(pointed) < len(grouped) else [*pointed, *grouped]


def decimals_where_others_have_marks(column: Column) -> list[Cell]:
    """`89.31` in a column with `12.3†` and `4.5a`: its last digit may be such a mark."""
    marked = [match for cell in column if (match := MARKED.fullmatch(cell.text.strip()))]
    if len(marked) < 2:
        return []
    most = max(len(match[1] or "") for match in marked)
    return [
        cell
        for cell in column
        if (match := DECIMAL.fullmatch(cell.text.strip())) and len(match[1]) == most + 1
    ]


def daggers_that_became_letters(column: Column) -> list[Cell]:
    """`84.9t` among bare numbers: where most have a `t` they are tonnes."""
    found = [cell for cell in column if DAGGERED.fullmatch(cell.text.strip())]
    return found if 2 * len(found) < len(column) else []


def digits_where_others_have_currencies(column: Column) -> list[Cell]:
    """`528.40` in a column of `$17.20`: its first digit may be a sign of currency."""
    return _unlike_most(
        [cell for cell in column if any(map(str.isdigit, cell.text))],
        lambda text: text[0] in CURRENCIES,
        lambda text: text[0] in LIKE_CURRENCIES,
        PRICED,
    )


def look_alikes_among_codes(column: Column) -> list[Cell]:
    """`7181` in a column of codes such as `X140IA`: it may be `718I`."""
    return _unlike_most(
        column,
        lambda text: " " not in text and is_code(text),
        lambda text: " " not in text and not INDISTINCT.isdisjoint(text),
    )


def _unlike_most(
    column: Column,
    is_usual: Callable[[str], bool],
    is_doubtful: Callable[[str], bool],
    share: float = SHARE,
) -> list[Cell]:
    """Those that are doubtful in a column of which enough cells are as usual."""
    usual = sum(is_usual(cell.text.strip()) for cell in column)
    if usual < max(FEWEST, share * len(column)):
        return []
    return [cell for cell in column if is_doubtful(cell.text.strip())]


_DOUBTS: Final[Sequence[Callable[[Column], list[Cell]]]] = (
    points_among_commas,
    decimals_where_others_have_marks,
    daggers_that_became_letters,
    digits_where_others_have_currencies,
    look_alikes_among_codes,
)
