"""Invented tables of words: registers, comparisons, lists of pairs, receipts, facts, boxes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.source import Rows, SourceCell, heads, plain

MARKS: Final = (
    ("✓", "✗"), ("✓", ""), ("✓", "\N{EN DASH}"), ("✔", "✘"), ("☑", "☐"), ("•", ""), ("●", "○"),
    ("x", ""), ("X", "-"), ("Yes", "No"), ("yes", "\N{EM DASH}"), ("+", "\N{EN DASH}"), ("■", "□"),
)  # fmt: skip


def register(rnd: Random, rows: int, columns: int) -> Rows:
    """Entries with one or two long texts, which wrap where the column is narrow."""
    kinds: dict[str, Callable[[], str]] = {
        "No.": lambda: str(rnd.randint(1, 400)),
        "Name": lambda: rnd.choice((words.person, words.firm, words.name))(rnd),
        "Remarks": lambda: words.phrase(rnd, 4, 26),
        "Description": lambda: words.paragraph(rnd, rnd.choice((1, 1, 2))),
        "Place": lambda: f"{words.place(rnd)}, {words.place(rnd)}",
        "Date": lambda: words.day(rnd).strftime("%d.%m.%Y"),
        "Amount": lambda: words.amount(rnd, 6, 2),
        "Measure": lambda: words.phrase(rnd, 3, 14),
        "Responsible": lambda: rnd.choice(
            (words.person(rnd), f"{words.person(rnd)}, {words.firm(rnd)}")
        ),
        "Reference": lambda: words.code(rnd),
    }
    long = rnd.sample(("Remarks", "Description", "Measure"), rnd.choice((1, 1, 2)))
    short = rnd.sample(
        [kind for kind in kinds if kind not in {"Remarks", "Description", "Measure"}],
        columns - len(long),
    )
    chosen = short[:1] + rnd.sample(short[1:] + long, columns - 1)
    made: Rows = [heads(*chosen)] if rnd.random() < 0.85 else []
    return made + [plain(*(kinds[kind]() for kind in chosen)) for _ in range(rows - len(made))]


def features(rnd: Random, rows: int, columns: int) -> Rows:
    """What each product has: ticks, crosses, dots, dashes, nothing, and a value here and there."""
    yes, no = rnd.choice(MARKS)
    names = [
        rnd.choice((words.firm(rnd).split()[0], words.name(rnd, 2), words.code(rnd)))
        for _ in range(columns - 1)
    ]
    made: Rows = [heads(rnd.choice(("", "Feature", words.name(rnd, 1))), *names)]
    likely, valued = rnd.uniform(0.3, 0.8), rnd.choice((0, 0, 0.15))
    while len(made) < rows:
        if rnd.random() < valued:
            values = [words.amount(rnd, 4) for _ in names]
        else:
            values = [yes if rnd.random() < likely else no for _ in names]
        made.append(plain(words.phrase(rnd, 1, rnd.choice((2, 5))), *values))
    return made


def pairs(rnd: Random, rows: int, columns: int) -> Rows:
    """Labels and a value each, of one kind or of many, without a header."""
    figure = rnd.choice((0, 0, 2))
    kinds: tuple[Callable[[], str], ...] = (
        lambda: words.amount(rnd, 5, figure),
        lambda: str(rnd.randint(1, 480)),
        lambda: f"{words.amount(rnd, 3, 2)} {rnd.choice(('kg', 'm', 'EUR', '%', 'mm', 'h'))}",
        lambda: rnd.choice((words.code, words.place, words.person))(rnd),
    )
    chosen = rnd.choice(kinds[:3])
    mixed = rnd.random() < 0.35
    most = rnd.choice((2, 4, 8))
    return [
        plain(words.phrase(rnd, 1, most), (rnd.choice(kinds) if mixed else chosen)())
        for _ in range(rows)
    ]


def receipt(rnd: Random, rows: int, columns: int) -> Rows:
    """What was bought, then sums, tax and how it was paid; no header, mostly."""
    comma = rnd.random() < 0.4
    total, body = 0.0, []
    for _ in range(max(1, rows - 4)):
        count, price = rnd.choice((1, 1, 1, 2, 3)), round(10 ** rnd.uniform(-0.2, 1.8), 2)
        total += count * price
        name = words.phrase(rnd, 1, 3).upper() if rnd.random() < 0.5 else words.name(rnd, 2)
        values = [str(count), name, f"{price:.2f}", f"{count * price:.2f}"]
        body.append({2: values[1::2], 3: [*values[:2], values[3]]}.get(columns, values))
    tax, paid = total * rnd.choice((0.07, 0.19, 0.2)), rnd.choice(("CASH", "CARD", "VISA"))
    sums = [("SUBTOTAL", total), ("TAX", tax), (rnd.choice(("TOTAL", "Total EUR")), total + tax)]
    sums = [*sums, (paid, total + tax)][-min(4, rows - len(body)) :]
    made: Rows = [heads("Qty", "Item", "Price", "Amount")] if columns == 4 and rows > 6 else []
    made += [plain(*(_comma(text, comma) for text in values)) for values in body[len(made) :]]
    for label, value in sums:
        made.append((SourceCell(label, 1, columns - 1), SourceCell(_comma(f"{value:.2f}", comma))))
    return made


def _comma(text: str, comma: bool) -> str:
    return text.replace(".", ",") if comma and text.replace(".", "").isdigit() else text


def facts(rnd: Random, rows: int, columns: int) -> Rows:
    """A box of facts: a title over both columns, titles of sections, labels and values."""
    made: Rows = [(SourceCell(words.name(rnd), 1, 2, header=True),)]
    kinds: tuple[Callable[[], str], ...] = (
        lambda: words.amount(rnd, 6), lambda: words.place(rnd), lambda: words.person(rnd),
        lambda: words.day(rnd).strftime("%d %B %Y"), lambda: words.phrase(rnd, 3, 12),
        lambda: f"{words.amount(rnd, 4, 1)} km\N{SUPERSCRIPT TWO}", lambda: words.firm(rnd),
        lambda: "\n".join(words.place(rnd) for _ in range(rnd.randint(2, 4))),
    )  # fmt: skip
    while len(made) < rows:
        if rnd.random() < 0.15 and rows - len(made) > 2:
            made.append((SourceCell(words.name(rnd, 2), 1, 2, header=True),))
        made.append((*heads(words.name(rnd, 2)), *plain(rnd.choice(kinds)())))
    return made


def boxes(rnd: Random, rows: int, columns: int) -> Rows:
    """A form of boxes, each with its label on the first line and what was filled in below."""
    made: Rows = []
    for number in range(rows):
        left, row = columns, []
        while left:
            wide = min(left, rnd.choice((1, 1, 2, 2, 3, columns)))
            mark = rnd.choice(("", f"{number + 1} ", f"{number + 1}{'abcdefgh'[len(row)]} "))
            label = mark + words.phrase(rnd, 1, rnd.choice((2, 2, 4)))
            value = rnd.choice((words.person, words.place, words.code, words.firm, words.name))(rnd)
            value = words.amount(rnd, 5, 2) if rnd.random() < 0.25 else value
            row.append(SourceCell(label + ("" if rnd.random() < 0.2 else f"\n{value}"), 1, wide))
            left -= wide
        made.append(row)
    return _starts_in_each_column(made, columns)


def _starts_in_each_column(made: Rows, columns: int) -> Rows:
    """The boxes, with narrow ones in the first row, so that every column has an edge of its own."""
    narrow = [SourceCell(cell.text) for row in made for cell in row][:columns]
    narrow += [SourceCell("")] * (columns - len(narrow))
    return [narrow, *made[1:]]
