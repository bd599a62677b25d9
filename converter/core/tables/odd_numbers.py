"""Numbers that their column, or their own form, speaks against."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np

from converter.core.tables.causes import Cause
from converter.core.tables.model import Cell, Place
from converter.core.tables.numerals import parse_numeral
from converter.core.tables.sums.amounts import BROKEN, NUMBER, TEXT, Amounts, bare

FEWEST: Final = 7
"""Numbers of a column that show how it is written."""
FEW: Final = 4
"""Numbers beside which digits that make none are an error."""
LONGEST: Final = 8
"""Characters of a word that may be a misread number."""
FAR: Final = 100
"""Times less than the next is a number whose point may have been a comma."""
ROUND: Final = (0.0, 1.0, 100.0)
"""Numbers that are printed without decimals among others that have some."""
MOST: Final = 3
"""Points and commas: what has more is a list."""
_DIGITS: Final = re.compile(r"[-(\u2212\u2013$€£¥ ]*\d[\d.,]*[)% ]*")
_GROUPED: Final = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")
_UNGROUPED: Final = re.compile(r"[-(\u2212\u2013$€£¥ ]*\d{4,}(?:\.\d+)?[)% ]*")
_IN_ONE_BRACKET: Final = re.compile(r"\([\d.,$ ]{3,}%?|-?[\d.,$ ]{3,}\)")
# What is printed where there is no number: not available, did not start, and so on.
_LACKING: Final = re.compile(
    r"n\.?/?[adkmrs]\.?|nil|no|none|null|yes|dn[fqs]|dsq|ret|tb[ad]|trace|unknown|see .*",
    re.IGNORECASE,
)
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_IN_FIGURES: Final = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})")
# fmt: off
_MONTHS: Final = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]
# fmt: on
_NAMED: Final = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})", re.IGNORECASE)


def odd_numbers(amounts: Amounts) -> Iterator[tuple[Place, Cause]]:
    """The places of numbers that may be misread, with the cause."""
    columns: dict[int, list[Cell]] = {}
    unlike: set[Place] = set()
    for place, cell in amounts.cells.items():
        if cell.colspan == 1:
            columns.setdefault(place[1], []).append(cell)
        if is_no_day(cell.text.strip()):
            yield place, Cause.DATE
    for column in columns.values():
        numbers = [cell for cell in column if amounts.holds[cell.place] == NUMBER]
        if len(numbers) >= FEW:
            unlike |= {*_words(column, amounts)}
            for cell in column:
                if _is_no_number(cell, amounts):
                    is_one_elsewhere = parse_numeral(bare(cell.text)) is not None
                    yield cell.place, Cause.UNLIKE if is_one_elsewhere else Cause.IMPOSSIBLE
        if len(numbers) >= FEWEST:
            unlike |= {*_decimals(numbers, amounts), *_ungrouped(numbers), *_far(numbers, amounts)}
    # What is unlike in several columns of a row is another kind of row.
    often = Counter(row for row, _ in unlike)
    yield from ((place, Cause.UNLIKE) for place in sorted(unlike) if often[place[0]] == 1)


def is_no_day(text: str) -> bool:
    """Whether a text is written as a date, of a day that no calendar has."""
    if match := _ISO.fullmatch(text):
        return not _is_day(int(match[1]), int(match[2]), int(match[3]))
    if match := _IN_FIGURES.fullmatch(text):
        one, other, year = int(match[1]), int(match[3]), int(match[4])
        return not (_is_day(year, other, one) or _is_day(year, one, other))
    if match := _NAMED.fullmatch(text):
        return not _is_day(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    return False


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_no_number(cell: Cell, amounts: Amounts) -> bool:
    """Digits and separators as no number has them, or half of a pair of brackets."""
    text, holds = cell.text.strip(), amounts.holds[cell.place]
    if holds == BROKEN:
        is_other = text.isdigit() or text.count(",") + text.count(".") > MOST  # 007, or a list
        return bool(_DIGITS.fullmatch(text)) and not is_other
    return holds == TEXT and bool(_IN_ONE_BRACKET.fullmatch(text))


def _words(column: Sequence[Cell], amounts: Amounts) -> list[Place]:
    """The one word in a column of numbers, and in a row that has some: a stamp on it was read."""
    words = [cell for cell in column if amounts.holds[cell.place] == TEXT]
    if len(words) != 1 or words[0].col == 0:
        return []
    row, text = words[0].row, words[0].text.strip()
    is_short = len(text) <= LONGEST and any(map(str.isalpha, text))
    has_numbers = bool((amounts.holds[row] == NUMBER).any())
    return [words[0].place] if is_short and has_numbers and not _LACKING.fullmatch(text) else []


def _decimals(numbers: Sequence[Cell], amounts: Amounts) -> list[Place]:
    """The one number that has more or fewer decimals than all others, which have the same."""
    counts = Counter(float(amounts.units[cell.place]) for cell in numbers)
    if len(counts) != 2:
        return []
    (_, _), (rare, times) = counts.most_common()
    found = [cell.place for cell in numbers if amounts.units[cell.place] == rare]
    return found if times == 1 and amounts.values[found[0]] not in ROUND else []


def _ungrouped(numbers: Sequence[Cell]) -> list[Place]:
    """The one large number without separators where all others have them."""
    grouped = sum(bool(_GROUPED.search(cell.text)) for cell in numbers)
    found = [cell.place for cell in numbers if _UNGROUPED.fullmatch(cell.text.strip())]
    return found if len(found) == 1 and grouped >= FEWEST else []


def _far(numbers: Sequence[Cell], amounts: Amounts) -> list[Place]:
    """The one number with a point that is far less than all others: a comma may be a point."""
    sizes = np.abs([amounts.values[cell.place] for cell in numbers])
    sizes[sizes == 0] = np.inf
    least, following = np.argsort(sizes)[:2].tolist()
    is_pointed = amounts.units[numbers[least].row, numbers[least].col] < 1
    is_far = np.isfinite(sizes[following]) and sizes[least] * FAR <= sizes[following]
    return [numbers[least].place] if is_pointed and is_far else []
