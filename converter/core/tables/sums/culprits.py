"""Who is to blame where a relation fails: the number of which one misread sign explains it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from converter.core.tables.misreadings import mended_between
from converter.core.tables.model import Place
from converter.core.tables.sums.amounts import BROKEN, Amounts, bare
from converter.core.tables.sums.relation import Kind, Relation

TELLING: Final = 1.0
"""Digits that a relation which fails must fix, or anything would explain it,"""
HABIT: Final = 8
"""If it holds so many times as often as it fails, small numbers are enough."""
CLAIMED: Final = 3.0
"""and if nothing but its label says that it should hold,"""
CLAIMS: Final = 2
"""which it may do in so many columns at most."""
PROVEN: Final = 3.0
"""Digits by which a relation that holds proves its numbers,"""
EXACT: Final = 4.0
"""if it fixes them to so many units of their last digit."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A relation that fails, the place that is likeliest misread, and the text that would mend it;
    "" if no single misreading does."""

    relation: Relation
    culprit: Place
    mend: str


def proven(relations: Sequence[Relation], amounts: Amounts) -> set[Place]:
    """The places that a relation bears out which nothing but the truth is likely to meet."""
    return {
        place
        for one in relations
        if one.holds and one.bits >= PROVEN and one.failed <= one.held
        for place, (low, high) in one.wanted().items()
        if high - low <= EXACT * amounts.units[place]
    }


def alarms(relations: Sequence[Relation], amounts: Amounts) -> list[Alarm]:
    """The failures that one misread number explains, each with it."""
    explained = {
        id(one): found
        for one in relations
        if _may_alarm(one) and (found := _explained(one, amounts))
    }
    # Where the same fails often, and holds hardly oftener, it is something else.
    often = Counter(one.claim for one in relations if id(one) in explained)
    failed = [
        one
        for one in relations
        if id(one) in explained
        and often[one.claim] <= max(1 + (one.kind is Kind.BALANCE), one.held / 2)
    ]
    shared = Counter(place for one in failed for place in explained[id(one)])
    sure = proven(relations, amounts)

    def rank(one: Relation, place: Place) -> tuple[bool, int, bool, float, bool]:
        broken = amounts.holds[place] == BROKEN
        confidence = amounts.cells[place].confidence
        return broken, shared[place], place not in sure, -round(confidence, 1), place == one.total

    told: list[Alarm] = []
    for one in failed:
        culprit = max(explained[id(one)], key=lambda place: rank(one, place))
        told.append(Alarm(one, culprit, explained[id(one)][culprit]))
    return told


def _may_alarm(one: Relation) -> bool:
    if one.holds:
        return False
    if one.held >= HABIT * max(1, one.failed):
        return True
    if one.held or one.is_broken:
        return one.bits >= TELLING
    return one.bits >= CLAIMED and one.failed <= CLAIMS


def _explained(one: Relation, amounts: Amounts) -> Mapping[Place, str]:
    """The places of which one misreading explains a failure, with the text that would mend it."""
    found = {}
    for place, (low, high) in one.wanted().items():
        if text := mended_between(amounts.cells[place].text, low, high, bare):
            found[place] = _in_brackets(text) if amounts.uses_brackets else text
    return found


def _in_brackets(text: str) -> str:
    """A number with a minus sign as accounts print it."""
    return f"({text[1:]})" if text.startswith("-") else text
