"""All that a table shows about its numbers, whether it holds or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log10, tau
from typing import Final

import numpy as np

from converter.core.tables.model import Place, Table
from converter.core.tables.sums.amounts import BROKEN, NUMBER, TEXT, Amounts
from converter.core.tables.sums.derived import derived
from converter.core.tables.sums.linear import Lines, Pattern, along, find_patterns
from converter.core.tables.sums.relation import EPSILON, Kind, Relation, Span

TOTAL: Final = re.compile(
    r"\b(?:sub-?)?totals?\b|\btotal[ei]\b|\btotaux\b|\bsumm?[ea]?\b|gesamt|insgesamt|zusammen"
    r"|\bnet\b|\bgross (?:profit|margin)\b|итого|всего|Σ"
    r"|合\s*[计計]|总\s*[计額额]|小\s*[计計]|総\s*計"
    r"|\b(?:ending|closing)\b|\bend of\b|\bat (?:the )?end\b",
    re.IGNORECASE,
)
LESS: Final = re.compile(
    r"^\W*(?:(?:less|deduct(?:ion)?s?|minus|abz[üu]gl)\b|[减減])", re.IGNORECASE
)
LINEAR: Final = (Kind.COLUMN, Kind.ROW)
TELLING: Final = 1.0
"""Digits that a sum fixes, if it is to tell whether numbers are rounded."""
EXACT: Final = 1.5
"""Digits that must tell against rounding."""
CURRENCIES: Final = "$€£¥₹"


def find_relations(table: Table, amounts: Amounts) -> list[Relation]:
    rows, columns = _labels(table, amounts)
    named = _called(rows, TOTAL) | _nameless(rows, amounts) | _signed_again(amounts)
    down = along(amounts, 0, named, _called(rows, LESS))
    across = along(amounts, 1, _called(columns, TOTAL), _called(columns, LESS))
    patterns = find_patterns(down)
    found = [
        *_relations(Kind.COLUMN, patterns, down),
        *_relations(Kind.ROW, find_patterns(across), across),
        *derived(amounts, {pattern.total for pattern in patterns}),
    ]
    return _exacted(found, amounts)


def _exacted(found: list[Relation], amounts: Amounts) -> list[Relation]:
    """With those that miss by a rounding held to fail, if they share a number and all others are so
    exact that the table does not round."""
    linear = [one for one in found if _may_round(one, amounts)]
    off = [one for one in linear if one.is_off]
    exact = sum(_exactness(len(one.places)) for one in linear if not one.is_off)
    if not off or exact < EXACT or not set.intersection(*(set(one.places) for one in off)):
        return found
    return [_without_slack(one) if one in off else one for one in found]


def _may_round(one: Relation, amounts: Amounts) -> bool:
    is_sum = one.kind in LINEAR and one.holds and one.bits > TELLING
    return is_sum and not amounts.percent[one.total]


def _exactness(count: int) -> float:
    """How many digits tell against rounding if so many numbers add up exactly: what they miss by
    would be about normal, with a variance of a twelfth of a unit for each."""
    return max(0.0, log10(tau * count / 12) / 2)


def _without_slack(one: Relation) -> Relation:
    exact = {
        place: ((low + high) / 2 - EPSILON, (low + high) / 2 + EPSILON)
        for place, (low, high) in one.wanted().items()
    }
    return replace(one, slack=EPSILON, wanted=lambda: exact)


def _called(labels: Mapping[int, str], word: re.Pattern[str]) -> frozenset[int]:
    return frozenset(line for line, label in labels.items() if word.search(label))


def _nameless(labels: Mapping[int, str], amounts: Amounts) -> set[int]:
    """Rows of numbers without a label among rows that have one: totals are printed so."""
    filled = np.flatnonzero((amounts.holds == NUMBER).any(axis=1)).tolist()
    bare = {row for row in filled if row not in labels}
    return bare if 3 * len(bare) <= len(filled) else set()


def _signed_again(amounts: Amounts) -> set[int]:
    """Rows with a sign of currency below rows without one: it stands on the first and on totals."""
    signed: dict[int, list[bool]] = {}
    for (row, col), cell in amounts.cells.items():
        if amounts.holds[row, col] == NUMBER:
            signed.setdefault(row, []).append(any(sign in cell.text for sign in CURRENCIES))
    rows = sorted(signed)
    return {
        row
        for above, row in pairwise(rows)
        if all(signed[row]) and not any(signed[above]) and row != rows[0]
    }


def _labels(table: Table, amounts: Amounts) -> tuple[dict[int, str], dict[int, str]]:
    """The first text of each row, and the headings of each column."""
    rows: dict[int, str] = {}
    columns: dict[int, str] = {}
    for cell in sorted(table.cells, key=lambda cell: cell.place):
        if cell.header:
            for col in range(cell.col, cell.col + cell.colspan):
                columns[col] = f"{columns.get(col, '')} {cell.text}".strip()
        elif cell.text and amounts.holds[cell.place] == TEXT:
            for row in range(cell.row, cell.row + cell.rowspan):
                rows.setdefault(row, cell.text)
    return rows, columns


def _relations(kind: Kind, patterns: Sequence[Pattern], lines: Lines) -> Iterator[Relation]:
    def place_of(line: int, cross: int) -> Place:
        return (line, cross) if kind is Kind.COLUMN else (cross, line)

    for pattern in patterns:
        for cross in np.flatnonzero(pattern.valid).tolist():
            parts = {
                place_of(line, cross): (sign, float(lines.values[line, cross]))
                for line, sign in zip(pattern.parts, pattern.signs, strict=True)
                if lines.holds[line, cross] in (NUMBER, BROKEN)
            }
            every = pattern.total, *pattern.parts
            sum_of = _Sum(
                parts,
                place_of(pattern.total, cross),
                float(pattern.made[cross]),
                float(lines.values[pattern.total, cross]),
                float(pattern.slack[cross]),
            )
            yield Relation(
                kind,
                tuple(parts),
                sum_of.total,
                made=sum_of.made,
                printed=sum_of.printed,
                slack=sum_of.slack,
                is_broken=any(lines.holds[line, cross] == BROKEN for line in every),
                bits=float(pattern.bits[cross]),
                support=pattern.support,
                claim=(kind, *every),
                held=int(pattern.holds.sum()),
                failed=int((pattern.valid & ~pattern.holds).sum()),
                wanted=sum_of.wanted,
            )


@dataclass(frozen=True)
class _Sum:
    """`parts` has the sign and the value of each number that is summed."""

    parts: Mapping[Place, tuple[int, float]]
    total: Place
    made: float
    printed: float
    slack: float

    def wanted(self) -> Mapping[Place, Span]:
        missing, slack = self.printed - self.made, self.slack
        spans = {self.total: (self.made - slack, self.made + slack)}
        for place, (sign, value) in self.parts.items():
            right = value + sign * missing
            spans[place] = right - slack, right + slack
        return spans
