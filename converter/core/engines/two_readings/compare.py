"""Two readings of one picture: what one engine read, checked against the words of another.

A model that writes tables as text says neither where a cell is nor how sure it is. Words with
boxes say both. No text is changed: where the two differ, a cell keeps both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from converter.core.engines.protocol import PageWords, Reading, TextLine
from converter.core.engines.two_readings.agreement import key_of
from converter.core.engines.two_readings.card_values import compare_values
from converter.core.engines.two_readings.columns import find_columns
from converter.core.engines.two_readings.evidence import (
    AGREED,
    CLOSE,
    DIFFERING,
    UNSEEN,
    CellEvidence,
    Page,
    find_evidence,
)
from converter.core.engines.two_readings.missing import find_missing
from converter.core.engines.two_readings.print_lines import Token, around, tokens_of
from converter.core.engines.two_readings.rows import find_lines, likenesses, parts_of
from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Box, Table, Word

PASSED: Final = 0.5
UNHELD: Final = 0.5
STRANGE_PAGE: Final = 0.3  # subtracted where nothing else of a table was found on the page

Boxed = TypeVar("Boxed", TextLine, FieldValue)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The tables, each cell with its box, its confidence and, where it differs, the other reading;
    and the words of the tables' part of the page that no cell holds, line by line, all doubtful."""

    tables: tuple[Table, ...]
    missing: tuple[TextLine, ...] = ()

    def moved(self, move: Callable[[Box], Box]) -> Comparison:
        """The same with all boxes moved, as to a page that was made flat before it was read."""
        tables = tuple(table.moved(move) for table in self.tables)
        return Comparison(tables, tuple(_moved(line, move) for line in self.missing))


def compare(
    tables: Sequence[Table], words: Sequence[Word], loose: Iterable[str] = ()
) -> Comparison:
    """Check the `tables` that one engine read against the `words` that another did.

    `words` are single words with boxes in pixels of a level page (`print_lines.words_of`). `loose`
    is text that the first engine read outside tables. A cell is doubtful (`core.tables.doubt`) if
    no word in its place confirms it; each word confirms one cell. Rows keep their order from top
    to bottom, columns from left to right. Texts stay as they are. Never raises.
    """
    left = list(words)
    done: dict[int, Table] = {}
    unheld: list[list[Token]] = []
    keys = {token.key for token in tokens_of(left)}

    def share_on_page(place: int) -> float:
        parts = parts_of(tables[place])
        return sum(part.key in keys for part in parts) / max(1, len(parts))

    # Those tables come first that have most of their words on the page.
    for place in sorted(range(len(tables)), key=share_on_page, reverse=True):
        done[place], used, lacking = _compare_one(tables[place], tokens_of(left))
        left = [word for word in left if id(word) not in used]
        unheld += lacking
    in_order = tuple(done[place] for place in range(len(tables)))
    return Comparison(in_order, _unclaimed(unheld, left, _spaced(" ".join(loose).split())))


def _unclaimed(
    lines: Sequence[Sequence[Token]], left: Sequence[Word], held: str
) -> tuple[TextLine, ...]:
    """The words of `lines` that are left, each once, without lines of several words in `held`."""
    free = {id(word) for word in left}
    found = []
    for line in lines:
        tokens = [token for token in line if id(token.word) in free]
        free -= {id(token.word) for token in tokens}
        is_held = len(tokens) > 1 and _spaced(token.word.text for token in tokens) in held
        if tokens and not is_held:
            text = " ".join(token.word.text for token in tokens)
            confidence = min(UNHELD, *(token.word.confidence for token in tokens))
            found.append(TextLine(text, around(tokens), confidence))
    return tuple(found)


def hold_against(reading: Reading, page: PageWords, fields: Sequence[FieldSpec] = ()) -> Reading:
    """`reading`, its cells or the values of its `fields` checked against the words that a second
    engine read on the same picture, and with the print that no cell holds.

    Boxes are those of the words, on the picture as it lay for them. Never raises.
    """

    def back(box: Box) -> Box:
        return page.back([box])[0]

    loose = [line.text for line in reading.loose_text]
    found = compare(reading.tables, page.words, loose).moved(back)
    values = compare_values(reading.fields, fields, page)
    boxes = page.back([line.box for line in page.lines]) if fields else []
    return replace(
        reading,
        tables=found.tables,
        missing=found.missing,
        fields=tuple(_moved(value, back) for value in values),
        second=page.model,
        lines=tuple(
            TextLine(line.text, box, line.confidence)
            for line, box in zip(page.lines, boxes, strict=False)
        ),
        turned=page.turned if page.words else reading.turned,
    )


def _spaced(words: Iterable[str]) -> str:
    """The keys of words between blanks, so that 3 is not found in 2013."""
    keys = (key for word in words if (key := key_of(word)))
    return f" {' '.join(keys)} "


def _compare_one(
    table: Table, tokens: Sequence[Token]
) -> tuple[Table, set[int], list[list[Token]]]:
    """The checked table, the ids of the words in its cells, and the lines of words it lacks."""
    parts = parts_of(table)
    if not parts or not tokens:
        return _judged(table, [CellEvidence()] * len(table.cells)), set(), []
    alike = likenesses(parts, tokens)
    lines = find_lines(parts, tokens, alike, table.n_rows)
    columns = find_columns(parts, tokens, alike, lines, table.n_cols)
    page = Page(tokens)
    findings = find_evidence(table, page, lines, columns)
    pairs = zip(table.cells, findings, strict=True)
    used = {id(token.word) for cell, found in pairs if cell.text for token in found.tokens}
    return _judged(table, findings), used, find_missing(table, findings, page, columns)


def _moved(item: Boxed, move: Callable[[Box], Box]) -> Boxed:
    return replace(item, box=move(item.box)) if item.box else item


def _judged(table: Table, findings: Sequence[CellEvidence]) -> Table:
    full = [f for f, c in zip(findings, table.cells, strict=True) if c.text]
    agreed = sum(finding.likeness >= CLOSE for finding in full) / max(1, len(full))
    best = AGREED - STRANGE_PAGE * (1 - agreed)
    cells = []
    for cell, finding in zip(table.cells, findings, strict=True):
        if not finding.tokens:
            cells.append(replace(cell, confidence=UNSEEN) if cell.text else cell)
            continue
        if finding.likeness < CLOSE:
            confidence = DIFFERING
        else:
            confidence = PASSED if finding.passed else best - (1 - finding.likeness) / 2
        box, other = around(finding.tokens), finding.text if finding.likeness < 1 else ""
        cells.append(replace(cell, box=box, confidence=confidence, other=other))
    tokens = [token for finding in findings for token in finding.tokens]
    return Table(tuple(cells), around(tokens) if tokens else table.box)
