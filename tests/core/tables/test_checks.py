"""Sums: planted errors are found and their culprits named; true tables raise no alarm."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from converter.core.tables.checks import Check, checks
from converter.core.tables.model import Cell, Place, Table

TABLES = 300
Row = list[str]


@dataclass
class Ledger:
    """A table with sums that hold, in one way of printing numbers."""

    chance: random.Random
    digits: int
    brackets: bool

    def printed(self, value: float) -> str:
        text = f"{abs(value):,.{self.digits}f}"
        if value >= 0:
            return text
        return f"({text})" if self.brackets else f"-{text}"

    def amount(self, *, signed: bool = True) -> float:
        sign = self.chance.choice([1, 1, 1, 1, -1]) if signed else 1
        return round(sign * self.chance.uniform(1, 10 ** self.chance.randint(2, 5)), self.digits)

    def amounts(self, cols: int, rows: int, *, signed: bool = True) -> list[list[float]]:
        return [[self.amount(signed=signed) for _ in range(cols)] for _ in range(rows)]

    def named(self, name: str, values: list[float]) -> Row:
        return [name, *map(self.printed, values)]

    def summed(self, rows: list[list[float]]) -> list[float]:
        return [round(sum(col), self.digits) for col in zip(*rows, strict=True)]


def totals(ledger: Ledger) -> Iterator[Row]:
    rows = ledger.amounts(ledger.chance.randint(2, 5), ledger.chance.randint(4, 14))
    yield from (ledger.named(f"Item {n}", row) for n, row in enumerate(rows))
    yield ledger.named("Total", ledger.summed(rows))


def subtotals(ledger: Ledger) -> Iterator[Row]:
    cols, grand = ledger.chance.randint(2, 5), []
    for section in range(ledger.chance.randint(2, 3)):
        rows = ledger.amounts(cols, ledger.chance.randint(2, 5))
        yield [f"Section {section}", *[""] * cols]
        yield from (ledger.named(f"Item {section}.{n}", row) for n, row in enumerate(rows))
        grand.append(ledger.summed(rows))
        yield ledger.named(f"Total section {section}", grand[-1])
    yield ledger.named("Grand total", ledger.summed(grand))


def both_ways(ledger: Ledger) -> Iterator[Row]:
    cols, count = ledger.chance.randint(2, 5), ledger.chance.randint(4, 14)
    rows = ledger.amounts(cols, count, signed=False)
    full = [[*row, round(sum(row), ledger.digits)] for row in rows]
    yield from (ledger.named(f"Item {n}", row) for n, row in enumerate(full))
    yield ledger.named("Total", ledger.summed(full))


def invoice(ledger: Ledger) -> Iterator[Row]:
    ledger.digits, amounts = 2, []
    for n in range(ledger.chance.randint(4, 14)):
        count, price = ledger.chance.randint(2, 40), round(ledger.chance.uniform(1, 500), 2)
        amounts.append(round(count * price, 2))
        yield [f"Item {n}", str(count), ledger.printed(price), ledger.printed(amounts[-1])]
    yield ["Total", "", "", ledger.printed(round(sum(amounts), 2))]


def account(ledger: Ledger) -> Iterator[Row]:
    ledger.digits, balance = 2, round(ledger.chance.uniform(1000, 9000), 2)
    yield ["Opening balance", "", ledger.printed(balance)]
    for n in range(ledger.chance.randint(4, 14)):
        moved = round(ledger.chance.uniform(-900, 900), 2)
        balance = round(balance + moved, 2)
        yield [f"Payment {n}", ledger.printed(moved), ledger.printed(balance)]


KINDS: tuple[Callable[[Ledger], Iterator[Row]], ...] = (
    totals, subtotals, both_ways, invoice, account,
)  # fmt: skip


def table_of(rows: list[Row]) -> Table:
    head = [Cell(0, col, f"Year {2020 + col}", header=True) for col in range(1, len(rows[0]))]
    body = [Cell(r, c, text) for r, row in enumerate(rows, 1) for c, text in enumerate(row)]
    return Table((Cell(0, 0, "Name", header=True), *head, *body))


def drawn(number: int, seed: int) -> Table:
    chance = random.Random(f"{seed} {number}")
    ledger = Ledger(chance, chance.choice([0, 0, 1, 2]), chance.random() < 0.5)
    return table_of(list(KINDS[number % len(KINDS)](ledger)))


def misread(text: str, chance: random.Random) -> str:
    """With a digit changed, a sign lost, a point moved, or two digits swapped."""
    digits = [at for at, letter in enumerate(text) if letter.isdigit()]
    ways = [_changed, _unsigned, _moved, _swapped]
    chance.shuffle(ways)
    found = (way(text, digits, chance) for way in (*ways, _changed))
    return next(other for other in found if other and other != text)


def _changed(text: str, digits: list[int], chance: random.Random) -> str:
    at = chance.choice(digits)
    return text[:at] + chance.choice("0123456789".replace(text[at], "")) + text[at + 1 :]


def _unsigned(text: str, _digits: list[int], _chance: random.Random) -> str:
    return text.strip("-()")


def _moved(text: str, digits: list[int], chance: random.Random) -> str:
    at = text.find(".")
    to = at + chance.choice([-1, 1])
    plain = text.replace(".", "")
    inside = 0 < to < len(plain) and plain[to - 1].isdigit() and plain[to].isdigit()
    return f"{plain[:to]}.{plain[to:]}" if at > 0 and inside else ""


def _swapped(text: str, digits: list[int], chance: random.Random) -> str:
    pairs = list(pairwise(digits))
    if not pairs:
        return ""
    one, other = chance.choice(pairs)
    letters = list(text)
    letters[one], letters[other] = text[other], text[one]
    return "".join(letters)


def planted(number: int, seed: int) -> tuple[Table, Cell]:
    """A table with one number misread, and the cell as it was."""
    table, chance = drawn(number, seed), random.Random(f"{seed} {number} planted")
    numbers = [
        cell
        for cell in table.cells
        if not cell.header and cell.col and any(map(str.isdigit, cell.text))
    ]
    cell = chance.choice(numbers)
    wrong = replace(cell, text=misread(cell.text, chance))
    return Table(tuple(wrong if one is cell else one for one in table.cells)), cell


def failed(table: Table) -> list[Check]:
    return [check for check in checks(table) if not check.holds]


def place_of(cell: Cell) -> Place:
    return cell.row, cell.col


def test_planted_errors_are_marked_and_their_culprits_named():
    counts: Counter[str] = Counter()
    for number in range(TABLES):
        table, cell = planted(number, seed=11)
        found = failed(table)
        counts["marked"] += any(place_of(cell) in check.places for check in found)
        blamed = [check for check in found if check.culprit == place_of(cell)]
        counts["named"] += bool(blamed)
        counts["mended"] += any(check.mend == cell.text for check in blamed)
    assert counts["marked"] >= 0.95 * TABLES, counts
    assert counts["named"] >= 0.8 * TABLES, counts
    assert counts["mended"] >= 0.75 * TABLES, counts


def test_true_tables_raise_no_alarm():
    alarms = [number for number in range(TABLES) if failed(drawn(number, seed=11))]
    assert len(alarms) <= 0.02 * TABLES


def test_numbers_without_sums_are_no_sums():
    chance = random.Random(5)
    rows = [[f"City {n}", *(str(chance.randint(1, 9999)) for _ in range(4))] for n in range(30)]
    assert checks(table_of(rows)) == []


def test_what_is_read_as_no_number_is_named_with_the_text_that_mends_it():
    rows = [["Oak", "1,20O"], ["Elm", "300"], ["Ash", "75"], ["Yew", "9"], ["Total", "1,584"]]
    [check] = failed(table_of(rows))
    assert check.culprit == (1, 1)


def test_rounded_percentages_may_miss_by_a_little():
    rows = [["A", "33.3"], ["B", "33.3"], ["C", "33.3"], ["Total", "100.0"]]
    assert [check.holds for check in checks(table_of(rows))] == [True]
