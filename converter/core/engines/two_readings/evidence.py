"""The words of the page at the place of each cell; each word confirms one cell only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from converter.core.engines.two_readings.agreement import key_of, likeness
from converter.core.engines.two_readings.columns import Columns, Extent
from converter.core.engines.two_readings.print_lines import Token
from converter.core.tables.model import Cell, Table

INSIDE: Final = 0.3  # of a word's width, to be considered as in a column
HELD: Final = 0.5  # to be taken for its words if nothing else is known
BESIDE: Final = 0.62  # of a word's height: a blank between the digits of one number
MOVED: Final = 0.2  # of a column's cells: if more were passed, the column is elsewhere
EVERYWHERE: Final = (float("-inf"), float("inf"))
# Confidence of a text that the words say, say otherwise, or do not have.
AGREED: Final = 0.98
DIFFERING: Final = 0.3
UNSEEN: Final = 0.2
CLOSE: Final = 0.9  # likeness of words of which one is misread


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """The words at a cell's place, and how far (0..1) they say what the cell says.

    `rest`: digits right beside them that the cell does not have, and that may be another's.
    `passed`: the text of another cell of its row is on the wrong side of these words.
    """

    tokens: tuple[Token, ...] = ()
    likeness: float = 0.0
    passed: bool = False
    rest: tuple[Token, ...] = ()

    @property
    def text(self) -> str:
        """All words at this place, in reading order."""
        tokens = sorted((*self.tokens, *self.rest), key=lambda token: (token.line, token.left))
        return " ".join(token.word.text for token in tokens)

    @property
    def centre(self) -> float:
        return (self.tokens[0].left + max(token.right for token in self.tokens)) / 2


class Page:
    """The words of a page by line; each can be taken once."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._free: dict[int, list[Token]] = {}
        for token in tokens:
            self._free.setdefault(token.line, []).append(token)

    def free(self, lines: Sequence[int]) -> list[Token]:
        """What is left of `lines`, in reading order."""
        return [token for line in lines for token in self._free.get(line, ())]

    def take(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            self._free[token.line].remove(token)


def find_evidence(
    table: Table, page: Page, lines: Mapping[int, Sequence[int]], columns: Columns
) -> list[CellEvidence]:
    """What the page says at the place of each cell; its words are taken from it.

    Cells whose words are all there come first, so that none is given to the wrong neighbour.
    """
    findings: dict[int, CellEvidence] = {}
    for settle, least in ((_spelled, CLOSE), (_in_place, CLOSE), (_in_place, 0.0)):
        for place, cell in enumerate(table.cells):
            if place in findings:
                continue
            settled = settle(cell, page.free(_lines(cell, lines)), _stretch(cell, columns))
            if settled and settled.likeness >= least:
                findings[place] = settled
                page.take(settled.tokens)
    found = [findings.get(place, CellEvidence()) for place in range(len(table.cells))]
    whole = [
        _with_rest(cell, finding, page.free(_lines(cell, lines)), _stretch(cell, columns))
        for cell, finding in zip(table.cells, found, strict=True)
    ]
    passed = _find_passed(table, whole, page, lines)
    # If several cells of a column were passed, none of them is where it belongs.
    own = [n for n, cell in enumerate(table.cells) if whole[n].tokens and cell.colspan == 1]
    filled = Counter(table.cells[n].col for n in own)
    strayed = Counter(table.cells[n].col for n in own if n in passed)
    moved = {col for col, count in strayed.items() if count > max(1, MOVED * filled[col])}
    passed |= {n for n in own if table.cells[n].col in moved}
    return [replace(finding, passed=place in passed) for place, finding in enumerate(whole)]


def _with_rest(
    cell: Cell, finding: CellEvidence, free: Sequence[Token], stretch: Extent
) -> CellEvidence:
    """A finding with the digits right beside it: 12 is not what 12 345 says."""
    rest = [
        token
        for token in free
        if any(map(str.isdigit, token.key)) and share(token, stretch) > HELD
        if any(
            # on one line, with no wide blank between them
            token.line == other.line
            and max(token.left - other.right, other.left - token.right)
            < BESIDE * token.word.box.height
            for other in finding.tokens
        )
    ]
    if not rest or finding.likeness < CLOSE or not any(map(str.isdigit, cell.text)):
        return finding
    return CellEvidence(finding.tokens, rest=tuple(rest))


def _find_passed(
    table: Table, findings: Sequence[CellEvidence], page: Page, lines: Mapping[int, Sequence[int]]
) -> set[int]:
    """The numbers of cells that have the text of another cell of their row on the wrong side.

    Of two columns that changed places, one looks right; but the other has passed it.
    """
    places: dict[int, list[int]] = {}
    for place, cell in enumerate(table.cells):
        places.setdefault(cell.row, []).append(place)
    passed: set[int] = set()
    for cell, finding in zip(table.cells, findings, strict=True):
        if finding.likeness >= CLOSE:
            continue
        strayed = _spelled(cell, page.free(_lines(cell, lines)), EVERYWHERE)
        if strayed:
            # Its words lie on the other side of theirs than its column does of their column.
            passed |= {
                place
                for place in places[cell.row]
                if (other := findings[place]).tokens
                and (strayed.centre > other.centre) is (table.cells[place].col > cell.col)
            }
    return passed


def _lines(cell: Cell, lines: Mapping[int, Sequence[int]]) -> list[int]:
    rows = range(cell.row, cell.row + cell.rowspan)
    found = [line for row in rows for line in lines.get(row, ())]
    return list(range(min(found), max(found) + 1)) if found else []


def _stretch(cell: Cell, columns: Columns) -> Extent:
    return columns.between(cell.col, cell.col + cell.colspan - 1)


def _spelled(cell: Cell, free: Sequence[Token], stretch: Extent) -> CellEvidence | None:
    """Words that make up the text of a cell to the letter.

    There may be words of a neighbour between those of a text, but not within a number.
    """
    wanted = key_of(cell.text)
    near = [token for token in free if share(token, stretch) >= INSIDE]
    may_skip = any(map(str.isalpha, wanted))
    for start, first in enumerate(near):
        if not wanted.startswith(first.key):
            continue
        at, taken = 0, []
        for token in near[start:]:
            if wanted.startswith(token.key, at):
                at += len(token.key)
                taken.append(token)
            elif not may_skip:
                break
            if at == len(wanted):
                return CellEvidence(tuple(taken), 1.0)
    return None


def _in_place(cell: Cell, free: Sequence[Token], stretch: Extent) -> CellEvidence | None:
    """All words at the place of a cell, whatever they say."""
    tokens = tuple(token for token in free if share(token, stretch) > HELD)
    if not tokens:
        return None
    ours, theirs = key_of(cell.text), "".join(token.key for token in tokens)
    return CellEvidence(tokens, likeness(ours, theirs) if ours else 0.0)


def share(token: Token, stretch: Extent) -> float:
    """How much of a word's width (0..1) lies in a stretch of the page."""
    inside = min(token.right, stretch[1]) - max(token.left, stretch[0])
    return inside / max(1e-6, token.right - token.left)
