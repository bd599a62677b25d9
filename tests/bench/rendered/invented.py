"""Invented tables of the usual kinds: nobody's names, nobody's figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Final

from tests.bench.rendered import registers, surveys, words
from tests.bench.rendered.source import Rows, SourceCell, SourceTable, fill_grid, heads, plain

Range = tuple[int, int]


def invent(
    rnd: Random, kind: str, rows: Range | None = None, columns: Range | None = None
) -> SourceTable:
    """A table of one of `KINDS`, about as large as wanted, or as is usual for its kind."""
    make, usual_rows, usual_columns = KINDS[kind]
    made = make(rnd, rnd.randint(*(rows or usual_rows)), rnd.randint(*(columns or usual_columns)))
    caption = f"Table {rnd.randint(1, 40)}. {words.phrase(rnd, 3, 9)}"
    note = words.sentence(rnd)
    return SourceTable(fill_grid(made), caption, note)


def financial(rnd: Random, rows: int, columns: int) -> Rows:
    """Years beside each other; sections with a title, accounts and a total."""
    years = columns - 1
    last = words.year(rnd)
    made: Rows = [heads(rnd.choice(("", "", "In thousands")), *_down(last, years))]
    digits = rnd.randint(3, 7)
    while len(made) < rows:
        if rows - len(made) >= 4:
            made.append((SourceCell(words.phrase(rnd, 1, 5) + rnd.choice(("", ":")), 1, columns),))
        for _ in range(min(rnd.randint(2, 6), rows - len(made))):
            label = words.phrase(rnd, 1, rnd.choice((3, 3, 5, 11)))
            made.append(plain(label, *(_balance(rnd, digits) for _ in range(years))))
        if len(made) < rows:
            total = f"{rnd.choice(('Total', 'Net', 'Total'))} {words.name(rnd, 2).lower()}"
            made.append(plain(total, *(words.amount(rnd, digits + 1) for _ in range(years))))
    return made


def statement(rnd: Random, rows: int, columns: int) -> Rows:
    """A bank statement: a description has one to four lines, a date is not given twice."""
    names = ["Date", "Description", "Paid out", "Paid in", "Balance", "Reference", "Value date"]
    day, balance = words.day(rnd), rnd.uniform(100, 9000)
    form = rnd.choice(("%d %b", "%d/%m/%Y", "%d.%m.%Y", "%b %d", "%Y-%m-%d"))
    repeats = rnd.random() < 0.5
    made: Rows = [heads(*names[:columns])]
    shown = ""
    for _ in range(rows - 1):
        day += timedelta(days=rnd.choice((0, 0, 1, 1, 2, 5)))
        paid = 10 ** rnd.uniform(0.5, 3.6)
        out = rnd.random() < 0.7
        balance += -paid if out else paid
        date = day.strftime(form)
        values = [
            date if repeats or date != shown else "",
            _description(rnd),
            f"{paid:,.2f}" if out else "",
            "" if out else f"{paid:,.2f}",
            f"{balance:,.2f}",
            words.code(rnd),
            date,
        ]
        made.append(plain(*values[:columns]))
        shown = date
    return made


def invoice(rnd: Random, rows: int, columns: int) -> Rows:
    """Positions with a quantity, a unit price and an amount; sums at the foot."""
    names = ["Description", "Qty", "Unit price", "Amount", "VAT", "Item"]
    ends = min(3, max(0, rows - 3))
    made: Rows = [heads(*names[:columns])]
    total = 0.0
    for _ in range(rows - 1 - ends):
        count, price = rnd.choice((1, 1, 2, 5, 10, 24)), round(10 ** rnd.uniform(0.3, 3.3), 2)
        total += count * price
        item = words.phrase(rnd, 1, 4)
        if rnd.random() < 0.35:
            item += "\n" + words.phrase(rnd, 3, 9)
        values = [item, str(count), f"{price:,.2f}", f"{count * price:,.2f}"]
        values += [rnd.choice(("7 %", "19 %", "20 %")), words.code(rnd)]
        made.append(plain(*values[:columns]))
    sums = (("Subtotal", total), ("VAT 20 %", total * 0.2), ("Total", total * 1.2))
    for label, value in sums[3 - ends :]:
        rest = [""] * (len(made[0]) - 4)
        made.append((SourceCell(label, 1, 3), SourceCell(f"{value:,.2f}"), *plain(*rest)))
    return made


def timetable(rnd: Random, rows: int, columns: int) -> Rows:
    """Stops down, journeys across; some stops are passed without a halt."""
    sign = rnd.choice("::.")
    stops = rnd.sample(words.PLACES, min(rows - 1, len(words.PLACES)))
    begin = sorted(rnd.randrange(300, 1380, 5) for _ in range(columns - 1))
    made: Rows = [
        heads(rnd.choice(("Stop", "Station", "")), *(str(n + 1) for n in range(len(begin))))
    ]
    late = 0
    passed = rnd.choice(("\N{EN DASH}", "|", "...", ""))
    for stop in stops:
        times = [words.clock(start + late, sign) for start in begin]
        made.append(plain(stop, *(passed if rnd.random() < 0.08 else time for time in times)))
        late += rnd.randint(2, 19)
    return made


def numbers(rnd: Random, rows: int, columns: int) -> Rows:
    """A wall of figures, as in tables of constants and in logs; often without names."""
    decimals, digits = rnd.choice((0, 0, 1, 2, 3, 4)), rnd.randint(1, 4)
    signed = rnd.random() < 0.3
    gap = rnd.choice((0, 0, 0, 0.05, 0.3))
    named = rnd.random() < 0.7
    made: Rows = [heads("", *(str(n + 1) for n in range(columns - 1)))] if named else []
    first = words.year(rnd) - rows
    for row in range(rows - len(made)):
        values = [
            "" if rnd.random() < gap else _figure(rnd, digits, decimals, signed)
            for _ in range(columns - 1)
        ]
        made.append(plain(str(first + row), *values))
    return made


def listing(rnd: Random, rows: int, columns: int) -> Rows:
    """Names with a value or two and no header at all: contents, prices, ranks."""
    second = rnd.choice((words.person, words.place, words.firm, words.code))
    made: Rows = []
    for row in range(rows):
        values = [words.name(rnd), words.amount(rnd, 4, rnd.choice((0, 2))), second(rnd)]
        values = [f"{row + 1}.", *values] if columns > 3 else values
        values += [words.day(rnd).isoformat()] * max(0, columns - len(values))
        made.append(plain(*values[:columns]))
    return made


def form(rnd: Random, rows: int, columns: int) -> Rows:
    """Labels and what was filled in, in two or four columns; some values run over the width."""
    pairs = max(1, columns // 2)
    made: Rows = []
    for _ in range(rows):
        if pairs > 1 and rnd.random() < 0.25:
            wide = SourceCell(_filled_in(rnd), 1, 2 * pairs - 1)
            made.append((*heads(words.name(rnd, 2)), wide))
            continue
        cells = [(*heads(words.name(rnd, 2)), *plain(_filled_in(rnd))) for _ in range(pairs)]
        made.append([cell for pair in cells for cell in pair])
    return made


def scientific(rnd: Random, rows: int, columns: int) -> Rows:
    """Groups of measured values under a header of one or two levels."""
    stubs = rnd.choice((1, 1, 1, 2)) if columns > 3 else 1
    made = _levels(rnd, columns, stubs) if columns - stubs >= 3 and rnd.random() < 0.6 else []
    if not made:
        made = [heads(*(words.name(rnd, 2) for _ in range(columns)))]
    styles = [rnd.choice(("count", "mean", "error", "interval", "p")) for _ in range(columns)]
    while len(made) < rows:
        group = min(rnd.randint(1, 4), rows - len(made)) if stubs == 2 else 1
        for place in range(group):
            left = [SourceCell(words.name(rnd, 2), group)] if stubs == 2 and not place else []
            values = (_measured(rnd, style) for style in styles[stubs:])
            made.append([*left, *plain(words.name(rnd, 3), *values)])
    return made


def records(rnd: Random, rows: int, columns: int) -> Rows:
    """People, goods or orders: a line each, of names, dates, codes, states and amounts."""
    kinds: dict[str, Callable[[Random], str]] = {
        "Name": words.person,
        "Company": words.firm,
        "City": words.place,
        "Date": lambda rnd: words.day(rnd).isoformat(),
        "Code": words.code,
        "Status": lambda rnd: rnd.choice(("open", "closed", "paid", "late", "new")),
        "Amount": lambda rnd: words.amount(rnd, 5, 2),
        "Count": lambda rnd: str(rnd.randrange(500)),
        "Share": lambda rnd: f"{rnd.uniform(0, 100):.1f}%",
        "Remark": lambda rnd: words.phrase(rnd, 2, 8),
        "Product": lambda rnd: words.name(rnd, 3),
        "Phone": lambda rnd: f"0{rnd.randrange(10, 99)} {rnd.randrange(10**5, 10**7)}",
    }
    chosen = [rnd.choice(("Name", "Company", "Product", "City"))]
    chosen += rnd.sample([kind for kind in kinds if kind not in chosen], min(columns - 1, 11))
    body = [plain(*(kinds[kind](rnd) for kind in chosen)) for _ in range(rows - 1)]
    return [heads(*chosen), *body]


KINDS: Final[dict[str, tuple[Callable[[Random, int, int], Rows], Range, Range]]] = {
    "financial": (financial, (8, 34), (3, 6)),
    "statement": (statement, (6, 28), (4, 7)),
    "invoice": (invoice, (5, 16), (4, 6)),
    "timetable": (timetable, (8, 30), (5, 14)),
    "numbers": (numbers, (12, 60), (6, 30)),
    "list": (listing, (5, 25), (2, 4)),
    "form": (form, (4, 16), (2, 6)),
    "scientific": (scientific, (4, 24), (3, 10)),
    "records": (records, (4, 30), (3, 9)),
    "regions": (surveys.regions, (8, 30), (4, 14)),
    "daily": (surveys.daily, (24, 40), (8, 30)),
    "study": (surveys.study, (6, 28), (4, 11)),
    "register": (registers.register, (4, 16), (3, 6)),
    "features": (registers.features, (5, 22), (3, 9)),
    "pairs": (registers.pairs, (5, 24), (2, 2)),
    "receipt": (registers.receipt, (5, 22), (2, 4)),
    "facts": (registers.facts, (8, 24), (2, 2)),
    "boxes": (registers.boxes, (4, 14), (3, 8)),
}
"""How a kind is made, and its usual rows and columns."""

COLUMNS: Final[dict[str, Range]] = {
    "statement": (3, 7), "invoice": (4, 6), "records": (2, 12), "regions": (3, 40),
    "study": (4, 20), "features": (2, 20), "register": (3, 6),
}  # fmt: skip
"""The kinds that can't have any number of columns."""


def _down(last: int, count: int) -> list[str]:
    return [str(last - back) for back in range(count)]


def _balance(rnd: Random, digits: int) -> str:
    value = words.amount(rnd, digits)
    chance = rnd.random()
    if chance < 0.12:
        return rnd.choice(("\N{EM DASH}", "\N{EN DASH}", "-"))
    return f"({value})" if chance < 0.3 else value


def _description(rnd: Random) -> str:
    kinds = (
        "CARD PAYMENT",
        "DIRECT DEBIT",
        "TRANSFER TO",
        "STANDING ORDER",
        "FEE",
        "TRANSFER FROM",
    )
    lines = [f"{rnd.choice(kinds)} {words.firm(rnd).upper()}"]
    lines += [
        rnd.choice((f"REF {words.code(rnd)}", words.place(rnd).upper(), words.phrase(rnd, 2, 5)))
        for _ in range(rnd.choice((0, 0, 1, 1, 2, 3)))
    ]
    return "\n".join(lines)


def _figure(rnd: Random, digits: int, decimals: int, signed: bool) -> str:
    sign = rnd.choice(("", "-")) if signed else ""
    return f"{sign}{10 ** rnd.uniform(digits - 1, digits):.{decimals}f}"


def _filled_in(rnd: Random) -> str:
    makers = (words.person, words.firm, words.place, words.code, words.name)
    chance = rnd.random()
    if chance < 0.12:
        return ""
    if chance < 0.3:
        return words.day(rnd).strftime("%d.%m.%Y")
    return words.phrase(rnd, 3, 12) if chance < 0.4 else rnd.choice(makers)(rnd)


def _levels(rnd: Random, columns: int, stubs: int) -> Rows:
    """A header of two lines: groups of columns over the columns' names."""
    top = [SourceCell(words.name(rnd, 2), 2, header=True) for _ in range(stubs)]
    second: list[SourceCell] = []
    left = columns - stubs
    while left:
        size = min(left, rnd.randint(2, 4))
        size = left if left - size == 1 else size
        top.append(SourceCell(words.name(rnd, 2), 1, size, header=True))
        second += heads(
            *(
                rnd.choice(("Mean", "SD", "n", "Min", "Max", words.name(rnd, 1)))
                for _ in range(size)
            )
        )
        left -= size
    return [top, second]


def _measured(rnd: Random, style: str) -> str:
    value = 10 ** rnd.uniform(-1, 2.5)
    match style:
        case "count":
            return str(rnd.randrange(1, 3000))
        case "error":
            return f"{value:.2f} ± {value * rnd.uniform(0.01, 0.4):.2f}"
        case "interval":
            return f"{value:.1f} ({value * 0.8:.1f}\N{EN DASH}{value * 1.3:.1f})"
        case "p":
            return rnd.choice((f"{rnd.random():.3f}", "<0.001", "n.s."))
    return f"{value:.{rnd.choice((1, 2, 3))}f}{rnd.choice(('', '', '', '*', '**'))}"
