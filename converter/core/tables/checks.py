"""Sums that a table prints: which hold, which fail, and the reading that would mend them.

A relation is believed only where chance hardly explains that it holds as often as it does in its
table (`core.tables.sums`). So tables without sums get no alarms. A failure is told if one misread
sign of one of its numbers explains it. No text is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from converter.core.tables.model import Place, Table
from converter.core.tables.sums.amounts import Amounts, amounts_of
from converter.core.tables.sums.culprits import alarms
from converter.core.tables.sums.relation import Relation
from converter.core.tables.sums.relations import find_relations


@dataclass(frozen=True, slots=True)
class Check:
    """A relation between numbers: `total` should be what `parts` make.

    `parts` and `total` are places; `made` is what the parts make. If it fails, `culprit` is the
    place that is most likely misread, and `mend` the text that would make it hold.
    """

    kind: str
    parts: tuple[Place, ...]
    total: Place
    made: Decimal
    printed: Decimal
    holds: bool
    culprit: Place | None = None
    mend: str = ""

    @property
    def places(self) -> tuple[Place, ...]:
        return (*self.parts, self.total)

    @property
    def reason(self) -> str:
        """What does not fit, in words."""
        return f"{self.kind}: {self.made:,f} by the parts, {self.printed:,f} printed"


def checks(table: Table) -> list[Check]:
    """All relations that the table shows, held or failed, each failed one with its culprit."""
    amounts = amounts_of(table)
    relations = find_relations(table, amounts)
    held = [_check(relation, amounts) for relation in relations if relation.holds]
    failed = [
        replace(_check(alarm.relation, amounts), culprit=alarm.culprit, mend=alarm.mend)
        for alarm in alarms(relations, amounts)
    ]
    return [*held, *failed]


def _check(one: Relation, amounts: Amounts) -> Check:
    unit = min(float(amounts.units[place]) for place in one.places)
    digits = max(0, -Decimal(str(unit)).adjusted())
    return Check(
        one.kind,
        one.parts,
        one.total,
        round(Decimal(str(one.made)), digits),
        round(Decimal(str(one.printed)), digits),
        one.holds,
    )
