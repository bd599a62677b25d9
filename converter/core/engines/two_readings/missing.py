"""The words in a table's part of a page that no cell holds: rows and values that were left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from converter.core.engines.two_readings.columns import Columns
from converter.core.engines.two_readings.evidence import CLOSE, CellEvidence, Page, share
from converter.core.engines.two_readings.print_lines import Token
from converter.core.tables.model import Table

GAP: Final = 0.7  # of a word's height: blanks between the words of a sentence are narrower
NEXT: Final = (
    1.8  # times the usual step between lines: a line farther away is not a row of the table
)
INSIDE: Final = 0.6  # of a word's width
FEW: Final = 2  # words on a line: prose has more

Lines = list[list[Token]]


def find_missing(
    table: Table, findings: Sequence[CellEvidence], page: Page, columns: Columns
) -> Lines:
    """What no cell of `table` holds, by line of print from the top.

    That is what is left between its rows, with a column beside them, and the lines above and below
    that have the same columns.
    """
    held = [token for finding in findings if finding.likeness >= CLOSE for token in finding.tokens]
    spare = [t for c, f in zip(table.cells, findings, strict=True) if not c.text for t in f.tokens]
    if not held:
        return []
    first, last = min(token.line for token in held), max(token.line for token in held)
    left, right = min(token.left for token in held), max(token.right for token in held)
    free = page.free(range(first, last + 1))
    inside = [token for token in free if left < token.centre < right]
    for side in (
        [token for token in free if token.centre <= left],
        [token for token in free if token.centre >= right],
    ):
        inside += side if is_column(side, len({token.line for token in held})) else []
    beyond = [
        token
        for start, step in ((first, -1), (last, 1))
        for line in _rows_beyond(start, step, page, columns, held)
        for token in line
    ]
    return _by_line([*inside, *spare, *beyond])


def is_column(tokens: Sequence[Token], lines: int) -> bool:
    """Whether words are next to most of the `lines` of a table, and are not prose."""
    by_line = _by_line(tokens)
    alone = sum(len(line) <= FEW or any(map(str.isdigit, line[0].key)) for line in by_line)
    return len(by_line) > max(1, lines // 2) and alone > len(by_line) / 2


def _rows_beyond(
    line: int, step: int, page: Page, columns: Columns, held: Sequence[Token]
) -> Iterator[list[Token]]:
    """Lines next to a table, one after another, as long as they are rows of it."""
    at = median(_middle(token) for token in held if token.line == line)
    middles = sorted({token.line: _middle(token) for token in held}.values())
    height = median(token.word.box.height for token in held)
    usual = max(height, median([below - above for above, below in pairwise(middles)] or [0]))
    while (near := page.free([line := line + step])) and is_row(near, columns):
        if abs(_middle(near[0]) - at) > NEXT * usual:
            return
        at = _middle(near[0])
        yield near


def is_row(tokens: Sequence[Token], columns: Columns) -> bool:
    """Whether a line of print, from left to right, has words in two columns or more, wide blanks
    between those of different columns, and none across."""
    stretches = list(enumerate(zip(columns.lefts, columns.rights, strict=True)))
    homes = [
        next((col for col, stretch in stretches if share(token, stretch) > INSIDE), None)
        for token in tokens
    ]
    if None in homes or len(set(homes)) < 2:
        return False
    height = median(token.word.box.height for token in tokens)
    return all(
        right.left - left.right > GAP * height
        for (left, home), (right, other) in pairwise(zip(tokens, homes, strict=True))
        if home != other
    )


def _by_line(tokens: Sequence[Token]) -> Lines:
    lines: dict[int, list[Token]] = {}
    for token in sorted(tokens, key=lambda token: (token.line, token.left)):
        lines.setdefault(token.line, []).append(token)
    return list(lines.values())


def _middle(token: Token) -> float:
    return (token.word.box.top + token.word.box.bottom) / 2
