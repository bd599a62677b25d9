"""Financial statements, bank statements and invoices, mostly without ruling lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import led
from tests.bench.rendered.family import beside, family, html_text
from tests.bench.rendered.looks import (
    Alignment,
    Content,
    Css,
    Print,
    caption,
    is_title,
    note,
    page,
    table_html,
)
from tests.bench.rendered.source import Placed, SourceTable
from tests.bench.rendered.tables import Supply

PLAIN = re.compile(r"\(?[\d,.]+\)?")
TOTAL = re.compile(r"total|net|profit|sum|balance", re.IGNORECASE)


@family("financial", stub_titles=True)
def financial(rnd: Random, supply: Supply) -> str:
    """No rules but those of totals; `$` and `%` apart, dashes, brackets, indented accounts."""
    return _statement_page(rnd, _accounts(rnd, supply), _Habits.chosen(rnd), width=None)


@family("financial-leaders", stub_titles=True)
def financial_leaders(rnd: Random, supply: Supply) -> str:
    """Dots lead from each account to its figures."""
    habits = replace(_Habits.chosen(rnd), leaders=rnd.choice((".", ". ", " .", "…")))
    return _statement_page(rnd, _accounts(rnd, supply), habits, width=rnd.choice((560, 680, 800)))


@family("financial-wrapped", stub_titles=True)
def financial_wrapped(rnd: Random, supply: Supply) -> str:
    """Long names of accounts wrap, with hanging lines; figures beside the first or last."""
    habits = replace(_Habits.chosen(rnd), hang=rnd.choice((0, 8, 14)), narrow=True)
    table = _accounts(rnd, supply)
    width = 90 * table.width + rnd.choice((80, 130, 200))
    return _statement_page(rnd, table, habits, width)


@family("bank-statement", stub_titles=True)
def bank_statement(rnd: Random, supply: Supply) -> str:
    """Records of several lines: a date and amounts beside a description of up to four lines."""
    table = supply.invented("statement")
    printed = Print.chosen(rnd)
    rule = rnd.choice(("", "", "border-bottom:1px solid #ccc", "border-bottom:1px dotted #888"))
    under = rnd.choice(("border-bottom:1px solid", "background:#e8edf3", "font-weight:700"))
    rise = rnd.choice((1, 3, 5)) if not rule else rnd.choice((2, 5))
    figures = table.numeric_columns - {0}

    def css(placed: Placed) -> str:
        side = "right" if placed.col in figures else "left"
        look = under if placed.row == 0 else rule
        return f"padding:{rise}px {gap}px;text-align:{side};white-space:nowrap;{look}"

    gap = rnd.choice((4, 8, 14))
    bank = f"{words.place(rnd)} {rnd.choice(('Bank', 'Savings Bank', 'Credit Union'))}"
    parts = [
        beside("title", bank, f"font-size:{printed.size + 6}px;font-weight:700;margin-bottom:8px"),
        *(beside("text", line) for line in _address(rnd)),
        beside("heading", f"Statement no. {rnd.randint(1, 99)}", "margin:14px 0 6px"),
        table_html(table, css, style=rnd.choice(("", "width:100%"))),
        beside("text", words.sentence(rnd), "margin-top:12px") if rnd.random() < 0.5 else "",
        beside("page-number", f"Page 1 of {rnd.randint(1, 9)}", "text-align:right;margin-top:16px"),
    ]
    return page(printed, parts, rnd.choice((None, 820, 940)), rnd.choice((12, 36)), "")


@family("invoice", stub_titles=True)
def invoice(rnd: Random, supply: Supply) -> str:
    """Positions, some with a second line of description, above sums set to the right."""
    table = supply.invented("invoice")
    printed = Print.chosen(rnd)
    grid = rnd.choice(("border:1px solid #777", "border-bottom:1px solid #ddd", "", ""))
    head = rnd.choice(
        ("background:#eee", "border-bottom:2px solid", "background:#24476b;color:#fff")
    )
    gap = rnd.choice((5, 10))
    second = rnd.choice(("color:#666", "font-size:85%", ""))

    def css(placed: Placed) -> str:
        of_figures = placed.col in table.numeric_columns or placed.cell.colspan > 1
        side = "right" if of_figures and placed.col != 0 else "left"
        side = "right" if placed.cell.colspan > 1 else side
        look = f"font-weight:700;{grid};{head}" if placed.row == 0 else grid
        return f"padding:{gap // 2}px {gap}px;text-align:{side};{look}"

    def content(placed: Placed) -> str | None:
        first, *rest = placed.cell.text.split("\n")
        if not rest:
            return None
        return f'{html_text(first)}<br><span style="{second}">{html_text(" ".join(rest))}</span>'

    parts = [
        beside("title", words.firm(rnd), f"font-size:{printed.size + 8}px;margin-bottom:10px"),
        *(beside("text", line) for line in _address(rnd)),
        beside("heading", f"Invoice {words.code(rnd)}", "font-weight:700;margin:18px 0 8px"),
        table_html(table, css, content, "width:100%"),
        beside("text", f"Please pay by {words.day(rnd):%d %B %Y}.", "margin-top:14px"),
    ]
    return page(printed, parts, rnd.choice((620, 740, 860)), rnd.choice((14, 40)), "")


@dataclass(frozen=True)
class _Habits:
    """How a printer of accounts sets them; lengths in CSS pixels."""

    money: str
    percent: str
    dash: str
    gap: int
    rise: int
    indent: int
    total: str
    last: str
    years: str
    brackets_hang: bool
    leaders: str = ""
    hang: int = 0
    narrow: bool = False

    @classmethod
    def chosen(cls, rnd: Random) -> _Habits:
        return cls(
            money=rnd.choice(("far", "apart", "tight", "none")),
            percent=rnd.choice(("apart", "tight")),
            dash=rnd.choice(("right", "center", "left", "right")),
            gap=rnd.choice((6, 10, 16, 24)),
            rise=rnd.choice((0, 0, 1, 2)),
            indent=rnd.choice((0, 8, 14, 22)),
            total=rnd.choice(("", "border-top:1px solid", "border-top:1px solid")),
            last=rnd.choice(("", "border-bottom:3px double", "border-bottom:1px solid")),
            years=rnd.choice(("", "border-bottom:1px solid", "border-bottom:2px solid")),
            brackets_hang=rnd.random() < 0.4,
        )


def _accounts(rnd: Random, supply: Supply) -> SourceTable:
    if supply.corpus and rnd.random() < 0.8:
        return supply.table((5, 30), (3, 7), True)
    return supply.invented("financial")


def _statement_page(rnd: Random, table: SourceTable, habits: _Habits, width: int | None) -> str:
    printed = Print.chosen(rnd)
    html = table_html(
        table,
        _account_css(rnd, table, habits),
        _content(table, habits),
        "width:100%" if width else "",
    )
    titles = [
        beside("title", words.firm(rnd), "font-weight:700;text-align:center"),
        beside("title", words.phrase(rnd, 2, 5), "text-align:center"),
        beside("unit", f"(in {rnd.choice(('thousands', 'millions'))})", "text-align:center"),
    ]
    parts = titles if rnd.random() < 0.4 else [caption(rnd, table, printed.size)]
    parts = [*(parts if rnd.random() < 0.7 else []), html]
    parts += [note(rnd, table, printed.size)] if rnd.random() < 0.4 else []
    return page(printed, parts, width, rnd.choice((6, 16, 36)), "")


def _account_css(rnd: Random, table: SourceTable, habits: _Habits) -> Css:
    align = Alignment.chosen(rnd, table, "right", "left")
    bold = rnd.random() < 0.5
    levels = _levels(table)
    valign = f"vertical-align:{rnd.choice(('bottom', 'bottom', 'top'))};" if habits.narrow else ""

    def css(placed: Placed) -> str:
        level = levels[placed.row] if placed.col == 0 else 0
        left = habits.gap + level * habits.indent + (habits.hang if placed.col == 0 else 0)
        hang = f"text-indent:-{habits.hang}px;" if habits.hang and placed.col == 0 else ""
        side = align.css(placed)
        if placed.col and not align.is_head(placed):
            dashed = len(placed.cell.text) == 1 and not placed.cell.text.isalnum()
            side = f"white-space:nowrap;text-align:{habits.dash if dashed else 'right'}"
        edges = f"padding:{habits.rise}px {habits.gap}px {habits.rise}px {left}px"
        return f"{side};{edges};{hang}{valign}{_rules(table, placed, habits)}{_weight(placed)}"

    def _weight(placed: Placed) -> str:
        title = is_title(table, placed.row) or align.is_head(placed)
        return "font-weight:700" if bold and title else ""

    return css


def _rules(table: SourceTable, placed: Placed, habits: _Habits) -> str:
    """The rules of headings and totals, below and above figures only."""
    if placed.col == 0 or not placed.cell.text:
        return ""
    if placed.row < table.header_rows:
        return f"{habits.years};" if placed.row + placed.cell.rowspan == table.header_rows else ""
    if not TOTAL.match(table.rows[placed.row][0].text):
        return ""
    ends = placed.row == table.height - 1
    return f"{habits.total};{habits.last if ends else ''};"


def _levels(table: SourceTable) -> list[int]:
    """How far each row is indented: accounts below the title of their section."""
    levels, inside = [], 0
    for row, cells in enumerate(table.rows):
        if is_title(table, row) or not cells:
            levels.append(0)
            inside = 1
        else:
            total = TOTAL.match(cells[0].text) is not None
            levels.append(inside + (1 if total and inside else 0))
    return levels


def _content(table: SourceTable, habits: _Habits) -> Content:
    with_money = {table.header_rows, table.header_rows + 1, table.height - 1}

    def content(placed: Placed) -> str | None:
        text = placed.cell.text
        if placed.row < table.header_rows or placed.cell.colspan > 1 or not text:
            return None
        if placed.col == 0:
            return led(text, habits.leaders) if habits.leaders else None
        return _figure(text, habits, placed.row in with_money)

    return content


def _figure(text: str, habits: _Habits, with_money: bool) -> str | None:
    if text.endswith("%") and habits.percent == "apart":
        return f'{html_text(text[:-1].strip())}<span style="padding-left:5px">%</span>'
    if not PLAIN.fullmatch(text):
        return None
    inner = html_text(text)
    if habits.brackets_hang and not text.endswith(")"):
        inner += '<span style="padding-right:0.4em"></span>'
    before: dict[str, Callable[[], str]] = {
        "far": lambda: f'<span style="float:left;padding-right:6px">$</span>{inner}',
        "apart": lambda: f'<span style="padding-right:0.7em">$</span>{inner}',
        "tight": lambda: f"${inner}",
    }
    return before[habits.money]() if with_money and habits.money in before else inner


def _address(rnd: Random) -> list[str]:
    street = f"{rnd.randint(1, 300)} {rnd.choice(words.NOUNS).title()} Street"
    return [words.person(rnd), street, f"{rnd.randint(10000, 99999)} {words.place(rnd)}"]
