"""Which numbers of a true table take part in a sum, found without the code that is measured."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal, InvalidOperation

from converter.core.tables.model import Place, Table
from tests.bench.silent.planting import figures

LEAST = 100
"""The unit digits of a sum that others than the parts give too often."""
LABEL = re.compile(r"total|sum\b|gesamt|合\s*计|总\s*计|小\s*计|\ball\b", re.IGNORECASE)


def summed(table: Table) -> set[Place]:
    """The places of the parts and totals of sums of rows above, or of columns at the left, that are
    called totals or hold twice at the same place."""
    values = _values(table)
    turned = {(col, row): value for (row, col), value in values.items()}
    labels: dict[tuple[int, int], str] = defaultdict(str)
    for cell in table.cells:
        if (cell.row, cell.col) not in values:
            labels[0, cell.row] += " " + cell.text
            labels[1, cell.col] += " " + cell.text if cell.header else ""
    down = _runs(values, {line: text for (axis, line), text in labels.items() if axis == 0})
    across = _runs(turned, {line: text for (axis, line), text in labels.items() if axis == 1})
    return down | {(row, col) for col, row in across}


def _values(table: Table) -> dict[Place, Decimal]:
    found = {}
    for cell in figures(table):
        bare = re.sub(r"[^\d.\-]", "", re.sub(r"^\s*[(\u2212\u2013]", "-", cell.text))
        try:
            found[cell.row, cell.col] = Decimal(bare)
        except InvalidOperation:
            continue
    return found


def _runs(values: dict[Place, Decimal], labels: dict[int, str]) -> set[Place]:
    found: dict[tuple[int, int], list[set[Place]]] = defaultdict(list)
    for (line, cross), total in values.items():
        made, places = Decimal(0), set[Place]()
        for above in sorted((one for one, other in values if other == cross and one < line))[::-1]:
            made += values[above, cross]
            places.add((above, cross))
            unit = Decimal(1).scaleb(int(total.as_tuple().exponent))
            if len(places) > 1 and made == total and abs(total) >= LEAST * unit:
                found[line, above].append({*places, (line, cross)})
    return {
        place
        for (line, _), runs in found.items()
        if len(runs) > 1 or LABEL.search(labels.get(line, ""))
        for places in runs
        for place in places
    }
