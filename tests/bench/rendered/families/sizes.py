"""Tables of unusual size and number: wide, long, many on a page; walls of figures in old books."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import (
    Theme,
    any_theme,
    cells_css,
    font,
    leaders,
    light_theme,
    mix,
    page_css,
    table_html,
    text_of,
)
from tests.bench.rendered.family import beside, document, family
from tests.bench.rendered.source import Placed, SourceCell, SourceTable
from tests.bench.rendered.tables import Supply

PAPERS: Final = ("#ffffff", "#fbf6e6", "#f4ecd6", "#f1efe8", "#efe6d0")


def _lines(rnd: Random, theme: Theme) -> str:
    """Rules, bands or nothing, for tables that have little room."""
    line = f"1px solid {rnd.choice((theme.ink, theme.quiet, theme.line))}"
    return rnd.choice(
        ("", "", f"td{{border:{line}}}", f"tr{{border-bottom:{line}}}",
         f"td+td{{border-left:{line}}}td.u{{border-bottom:{line}}}",
         f"tr.b1 td{{background:{mix(theme.accent, 0.1, theme.paper)}}}",
         f"tr.body:nth-child(5n){{border-bottom:{line}}}", f"td.u{{border-bottom:{line}}}")
    )  # fmt: skip


@family("wide")
def wide(rnd: Random, supply: Supply) -> str:
    """Fifteen to thirty columns in small print."""
    theme = light_theme(rnd)
    kind = rnd.choice(("regions", "numbers", "daily", ""))
    columns = (14, 30)
    table = (
        supply.invented(kind, (6, 30), columns) if kind else supply.table((4, 30), (12, 30), True)
    )
    css = page_css(rnd, theme, "sans", "sans", "serif") + cells_css(rnd, (0, 1, 3), (2, 3, 5))
    css += (
        _lines(rnd, theme) + f"body{{width:max-content;font-size:{rnd.choice((8, 9, 10, 11))}px}}"
    )
    css += (
        rnd.choice(("", "tr.sum td{font-weight:700}")) + "td.h{max-width:80px}td.w{max-width:none}"
    )
    title = beside("title", words.phrase(rnd, 3, 9), "margin-bottom:4px")
    return document((title if rnd.random() < 0.4 else "") + table_html(table), css)


@family("long")
def long(rnd: Random, supply: Supply) -> str:
    """Sixty rows and more in small print."""
    theme = any_theme(rnd, 0.1)
    kind = rnd.choice(("records", "regions", "numbers", "pairs", "financial", ""))
    rows = rnd.choice(((45, 70), (60, 100), (90, 150)))
    columns = (2, 2) if kind == "pairs" else (3, 8)
    table = supply.invented(kind, rows, columns) if kind else supply.table((40, 150), (2, 9))
    css = page_css(rnd, theme, "sans", "serif", "mono") + cells_css(rnd, (0, 0, 1, 2), (4, 7, 12))
    css += _lines(rnd, theme) + f"body{{font-size:{rnd.choice((8, 9, 10, 11))}px}}"
    css += rnd.choice(("", f"tr.top td{{background:{theme.accent};color:#ffffff}}"))
    return document(table_html(table), css)


@family("many-tables")
def many_tables(rnd: Random, supply: Supply) -> str:
    """Three to six tables on a page, below or beside each other, with titles or without."""
    theme = any_theme(rnd, 0.15)
    across = rnd.choice((1, 1, 2, 3))
    most = {1: 9, 2: 4, 3: 3}[across]
    tables = [supply.table((2, 9), (2, most)) for _ in range(rnd.randint(3, 6))]
    titled, alike = rnd.random() < 0.7, rnd.random() < 0.7
    css = page_css(rnd, theme, "sans", "serif", width=rnd.choice((700, 860, 1000)))
    css += (
        f".all{{display:grid;grid-template-columns:repeat({across},auto);align-items:start;"
        f"gap:{rnd.choice((8, 16, 28))}px {rnd.choice((14, 24, 40))}px}}"
    )
    look = _tables_look(rnd, theme)
    css += "".join(
        f".t{at}{{{look if alike else _tables_look(rnd, theme)}}}" for at in range(len(tables))
    )
    css += f"body{{font-size:{rnd.choice((9, 10, 11, 12))}px}}"
    drawn = "".join(
        f'<div class="t{at}">{_title(rnd, table) if titled else ""}{table_html(table)}</div>'
        for at, table in enumerate(tables)
    )
    text = beside("text", words.paragraph(rnd, 2), "margin-bottom:10px")
    return document((text if rnd.random() < 0.4 else "") + f'<div class="all">{drawn}</div>', css)


def _tables_look(rnd: Random, theme: Theme) -> str:
    head = rnd.choice(
        ("", "", f"tr.top td{{background:{theme.accent};color:{theme.paper}}}",
         f"table{{border:solid {theme.ink};border-width:1px 0}}", "td.h{font-weight:700}")
    )  # fmt: skip
    width = f"table{{width:{rnd.choice(('auto', '100%'))}}}"
    return cells_css(rnd, (0, 1, 3), (3, 5, 9)) + _lines(rnd, theme) + head + width


def _title(rnd: Random, table: SourceTable) -> str:
    text = table.caption or words.phrase(rnd, 2, 8)
    return beside("title", text[:160], f"font-weight:{rnd.choice((400, 700))};margin:2px 0 4px")


@family("book-numbers")
def book_numbers(rnd: Random, supply: Supply) -> str:
    """A page of an old book: days down, many columns of figures between hair lines, sums."""
    theme = replace(
        light_theme(rnd), paper=rnd.choice(PAPERS), ink=rnd.choice(("#111111", "#2a241c"))
    )
    kind = rnd.choice(("daily", "daily", "numbers"))
    table = supply.invented(kind, (24, 42), rnd.choice(((8, 14), (14, 24), (20, 30))))
    dotted = rnd.random() < 0.35
    css = page_css(rnd, theme, "serif") + cells_css(rnd, (0, 0, 1), (1, 2, 4))
    leading = rnd.choice((1.05, 1.15, 1.3))
    css += _book_lines(rnd, theme) + (
        f"body{{width:max-content;padding:{rnd.choice((10, 24, 40))}px;"
        f"font:{rnd.choice((9, 10, 11, 12))}px/{leading} {font(rnd, 'serif')};"
        f"letter-spacing:{rnd.choice((0, 0, -0.3, 0.4))}px}}td{{white-space:nowrap}}"
        f"td.n{{text-align:{rnd.choice(('right', 'center'))}}}tr.sum td{{font-style:italic}}"
    )
    head = _book_head(rnd)
    month = beside(
        "title", f"{rnd.choice(words.MONTHS)} {rnd.randint(1840, 1930)}.", "text-align:center"
    )
    drawn = table_html(table, leaders(". ") if dotted else text_of)
    return document(head + (month if rnd.random() < 0.7 else "") + drawn, css)


def _book_lines(rnd: Random, theme: Theme) -> str:
    """Hair lines between columns, a double line below the header, lines above sums; or fewer."""
    hair = f"1px solid {mix(theme.ink, rnd.choice((0.35, 0.6, 1)), theme.paper)}"
    across = rnd.choice((f"3px double {theme.ink}", f"1px solid {theme.ink}"))
    columns = rnd.choice(
        (f"td+td{{border-left:{hair}}}", f"td+td{{border-left:{hair}}}", "td+td{padding-left:7px}")
    )
    frame = rnd.choice(
        (f"table{{border:solid {theme.ink};border-width:2px 0}}", f"table{{border:{hair}}}", "")
    )
    sums = rnd.choice((f"tr.sum td{{border-top:{hair};border-bottom:{hair}}}", ""))
    fives = rnd.choice(("", "", "tr.body:nth-child(5n) td{padding-bottom:7px}"))
    return f"{columns}{frame}td.u{{border-bottom:{across}}}{sums}{fives}"


def _book_head(rnd: Random) -> str:
    number = beside("page-number", str(rnd.randint(2, 480)))
    work = beside("heading", words.phrase(rnd, 2, 6).upper())
    parts = rnd.choice((f"{number}{work}<i></i>", f"<i></i>{work}{number}"))
    style = "display:flex;justify-content:space-between;margin-bottom:8px"
    return f'<div style="{style}">{parts}</div>' if rnd.random() < 0.7 else ""


@family("gaps")
def gaps(rnd: Random, supply: Supply) -> str:
    """Ruled grids with empty cells, rows and columns, and forms that nobody has filled in."""
    theme = light_theme(rnd)
    table = with_gaps(rnd, supply.table((4, 20), (3, 10)))
    line = f"1px solid {rnd.choice((theme.ink, theme.quiet))}"
    css = page_css(rnd, theme) + cells_css(rnd, (1, 3, 6), (3, 6, 10)) + f"td{{border:{line}}}"
    css += f"td.e{{min-width:{rnd.choice((24, 40, 70))}px;height:1.9em}}"
    css += rnd.choice(("", f"tr.top td{{background:{mix(theme.ink, 0.12)}}}", "table{width:100%}"))
    return document(table_html(table), css)


def with_gaps(rnd: Random, table: SourceTable) -> SourceTable:
    """The table with some cells, rows or columns emptied; its header and spans stay."""
    rows = {row for row in range(table.height) if rnd.random() < rnd.choice((0, 0.15))}
    columns = {col for col in range(1, table.width) if rnd.random() < rnd.choice((0, 0.2))}
    share = rnd.choice((0, 0.1, 0.4, 0.8))

    def kept(placed: Placed) -> SourceCell:
        cell = placed.cell
        if placed.row < max(1, table.header_rows) or cell.colspan > 1 or cell.rowspan > 1:
            return cell
        gone = placed.row in rows or placed.col in columns
        loose = placed.col > 0 and rnd.random() < share
        return replace(cell, text="") if gone or loose else cell

    return replace(table, rows=tuple(tuple(map(kept, row)) for row in table.by_row()))
