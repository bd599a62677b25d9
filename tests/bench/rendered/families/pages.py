"""Tables on whole pages: among running text, on pages of two columns, and several on one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from string import ascii_lowercase
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import (
    Theme,
    any_theme,
    cells_css,
    light_theme,
    mix,
    page_css,
    table_html,
)
from tests.bench.rendered.family import beside, document, family
from tests.bench.rendered.source import SourceCell, SourceTable, is_number
from tests.bench.rendered.tables import Supply

BULLETS: Final = (
    "\N{BULLET}", "\N{EN DASH}", "\N{BLACK SMALL SQUARE}", "o", "({letter})", "{number}.",
    "[{number}]",
)  # fmt: skip
A4: Final = 794  # pixels at 96 per inch


@family("running-text")
def running_text(rnd: Random, supply: Supply) -> str:
    """A page of one column: numbered headings, paragraphs, bullets, a table or two, furniture."""
    theme = light_theme(rnd)
    tables = [supply.table(rows=(3, 16), columns=(2, 7)) for _ in range(rnd.choice((1, 1, 2)))]
    parts = [_block(rnd) for _ in range(rnd.randint(1, 4))]
    for number, table in enumerate(tables):
        parts += [_with_text(rnd, table, f"t{number}")]
        parts += [_block(rnd) for _ in range(rnd.randint(1, 4))]
    css = page_css(rnd, theme, "serif", "serif", "sans", width=A4) + _text_css(rnd, theme)
    css += _tables_css(rnd, theme, len(tables))
    css += f"body{{padding:{rnd.choice((36, 56, 76))}px}}"
    if rnd.random() < 0.5:
        css += "body{min-height:1123px}"
    return document(_furniture(rnd, "".join(parts)), css)


@family("two-column-page")
def two_column_page(rnd: Random, supply: Supply) -> str:
    """A page whose text runs in columns; the table lies in one, or over all of them."""
    theme = light_theme(rnd)
    wide = rnd.random() < 0.45
    count = 2 if wide else rnd.choice((1, 1, 2))
    columns = (4, 9) if wide else (2, 4)
    tables = [supply.table(rows=(3, 12), columns=columns) for _ in range(1 if wide else count)]
    drawn = [_with_text(rnd, table, f"t{number}") for number, table in enumerate(tables)]
    text = [_block(rnd) for _ in range(rnd.randint(7, 12))]
    css = page_css(rnd, theme, "serif", "serif", "sans", width=rnd.choice((A4, 900, 1000)))
    css += _text_css(rnd, theme) + _tables_css(rnd, theme, len(tables))
    across = 3 if not wide and rnd.random() < 0.1 else 2
    css += (
        f"body{{padding:44px;font-size:{rnd.choice((10, 11, 12, 13))}px}}"
        f".flow{{column-count:{across};column-gap:{rnd.choice((16, 24, 36))}px}}"
        f".table{{break-inside:avoid;{'column-span:all' if wide else ''}}}"
    )
    if not wide:
        css += ".table{font-size:85%}.table td{padding:1px 3px}"
    for each in drawn:
        text.insert(rnd.randint(0, len(text)), each)
    head = beside(
        "heading", words.phrase(rnd, 4, 9), "font-size:170%;text-align:center;margin:8px 0"
    )
    title = head if rnd.random() < 0.4 else ""
    return document(_furniture(rnd, f'{title}<div class="flow">{"".join(text)}</div>'), css)


@family("two-tables")
def two_tables(rnd: Random, supply: Supply) -> str:
    """Two tables side by side or one above the other, alike or not, with titles or without."""
    theme = any_theme(rnd, 0.2)
    beside_each_other = rnd.random() < 0.6
    size = {"rows": (3, 14), "columns": (2, 4) if beside_each_other else (2, 8)}
    tables = [supply.table(**size), supply.table(**size)]
    css = page_css(rnd, theme, "sans", "serif") + _tables_css(rnd, theme, 2)
    css += "body{width:max-content;max-width:1300px}"
    if beside_each_other:
        side = rnd.choice(("flex-start", "flex-start", "center", "flex-end"))
        css += f".pair{{display:flex;gap:{rnd.choice((12, 20, 32, 60))}px;align-items:{side}}}"
    else:
        css += f".table+.table{{margin-top:{rnd.choice((4, 12, 26, 48))}px}}"
    titles = rnd.random() < 0.6
    drawn = "".join(
        _with_text(rnd, table, f"t{number}")
        if titles
        else f'<div class="table t{number}">{table_html(table)}</div>'
        for number, table in enumerate(tables)
    )
    return document(f'<div class="pair">{drawn}</div>', css)


@family("twin-tables")
def twin_tables(rnd: Random, supply: Supply) -> str:
    """Tables of one make below each other with other figures: by year, by place, by group."""
    theme = any_theme(rnd, 0.15)
    first = supply.table(rows=(3, 14), columns=(2, 8))
    tables = [first, *(_other_figures(rnd, first) for _ in range(rnd.choice((1, 1, 2, 3))))]
    parts = []
    for table in tables:
        blocks = rnd.choice((0, 0, 0, 1, 2))
        parts += [_block(rnd) for _ in range(blocks)]
        parts.append(
            _with_text(rnd, table, "t0")
            if rnd.random() < 0.75
            else f'<div class="table t0">{table_html(table)}</div>'
        )
    css = page_css(rnd, theme, "sans", "serif", width=rnd.choice((A4, 640, 900)))
    css += _text_css(rnd, theme) + _tables_css(rnd, theme, 1)
    css += f".table+.table{{margin-top:{rnd.choice((10, 18, 30, 60))}px}}"
    return document(_furniture(rnd, "".join(parts)), css)


def _other_figures(rnd: Random, table: SourceTable) -> SourceTable:
    """A table with the digits of its figures changed, and now and then the names of its rows."""
    renamed = rnd.random() < 0.4

    def changed(cell: SourceCell) -> SourceCell:
        if is_number(cell.text) and not cell.header:
            return replace(cell, text=re.sub(r"\d", lambda _: str(rnd.randint(1, 9)), cell.text))
        return cell

    def with_name(cells: tuple[SourceCell, ...]) -> tuple[SourceCell, ...]:
        plain = renamed and cells and not cells[0].header and not is_number(cells[0].text)
        return (replace(cells[0], text=words.name(rnd)), *cells[1:]) if plain else cells

    head, *rest = (tuple(map(changed, cells)) for cells in table.rows)
    return replace(table, rows=(head, *map(with_name, rest)), caption="")


def _block(rnd: Random) -> str:
    """A paragraph, mostly; a heading, bullets, a formula with its number, lines of contents."""
    chance = rnd.random()
    if chance < 0.2:
        return _heading(rnd)
    if chance < 0.33:
        return _bullets(rnd)
    if chance < 0.38:
        return _beside_each_other(rnd, "y = a + bx + e", f"({rnd.randint(1, 30)})")
    return beside("text", words.paragraph(rnd, rnd.randint(1, 6)), tag="p")


def _heading(rnd: Random) -> str:
    number = rnd.choice(
        ("", f"{rnd.randint(1, 9)}", f"{rnd.randint(1, 9)}.{rnd.randint(1, 9)}", "A.")
    )
    style = f"font-weight:{rnd.choice((400, 700))};font-size:{rnd.choice((100, 115, 135))}%"
    text = beside("heading", words.phrase(rnd, 2, 7), tag="span")
    tag = beside("heading", number, "flex:0 0 36px", tag="span")
    return f'<div style="display:flex;margin:14px 0 6px;{style}">{tag}{text}</div>'


def _bullets(rnd: Random) -> str:
    sign, indent = rnd.choice(BULLETS), rnd.choice((0, 12, 28))
    first, width = rnd.choice((1, 1, 1, 12)), rnd.choice((22, 34))
    items = []
    for number in range(first, first + rnd.randint(2, 5)):
        mark = sign.format(number=number, letter=ascii_lowercase[number - 1])
        text = beside("text", words.paragraph(rnd, rnd.choice((1, 1, 2))), tag="span")
        before = beside("text", mark, f"flex:0 0 {width}px", tag="span")
        style = f"display:flex;margin:3px 0 3px {indent}px"
        items.append(f'<div style="{style}">{before}{text}</div>')
    return "".join(items)


def _beside_each_other(rnd: Random, *texts: str, role: str = "text") -> str:
    style = f"display:flex;justify-content:space-between;margin:8px {rnd.choice((0, 30))}px"
    return f'<div style="{style}">' + "".join(beside(role, each) for each in texts) + "</div>"


def _furniture(rnd: Random, body: str) -> str:
    """The body between a running head and a foot with the page's number, if it has them."""
    number = beside("page-number", str(rnd.randint(1, 400)))
    work = beside("chrome", words.phrase(rnd, 2, 6))
    style = "display:flex;gap:30px;font-size:88%;justify-content:"
    middle = f'<div style="{style}center">{number}</div>'
    spread = f'<div style="{style}space-between">{work}{number}</div>'
    turned = f'<div style="{style}space-between">{number}{work}</div>'
    rule = "<hr>" if rnd.random() < 0.4 else ""
    chance = rnd.random()
    if chance < 0.35:
        return rnd.choice((spread, turned)) + rule + body
    if chance < 0.8:
        return body + rule + rnd.choice((middle, spread, turned))
    return body


def _with_text(rnd: Random, table: SourceTable, name: str) -> str:
    """A table with its caption above or below and its note; `name` is its class."""
    side = rnd.choice(("left", "left", "center"))
    style = f"text-align:{side};margin:4px 0;font-weight:{rnd.choice((400, 700))}"
    text = table.caption or f"Table {rnd.randint(1, 30)}: {words.phrase(rnd, 3, 9)}"
    title = beside("title", text[:240], style) if rnd.random() < 0.8 else ""
    unit = rnd.choice(("in thousands", "(%)", "EUR million", "kg per ha"))
    above = beside("unit", unit, f"text-align:{rnd.choice(('left', 'right'))};font-size:88%")
    above = above if rnd.random() < 0.2 else ""
    note = beside("note", (table.note or words.sentence(rnd))[:300], "font-size:85%;margin-top:3px")
    note = note if rnd.random() < 0.45 else ""
    drawn = table_html(table)
    inner = above + drawn + note + title if rnd.random() < 0.15 else title + above + drawn + note
    return f'<div class="table {name}">{inner}</div>'


def _text_css(rnd: Random, theme: Theme) -> str:
    indent = rnd.choice((0, 0, 18))
    return (
        f"p{{margin:0 0 {rnd.choice((2, 7, 12))}px;text-indent:{indent}px;"
        f"text-align:{rnd.choice(('left', 'justify', 'justify'))}}}"
        f".table{{margin:{rnd.choice((8, 14, 24))}px 0}}"
        f"hr{{border:0;border-top:1px solid {theme.quiet};margin:4px 0 10px}}"
    )


def _tables_css(rnd: Random, theme: Theme, count: int) -> str:
    """Looks of the tables t0, t1 ...: mostly all alike."""
    looks = (_three_rules, _three_rules, _grid, _row_rules, _bare, _head_on_tint, _uprights)
    look: Callable[[Random, Theme], str] = rnd.choice(looks)
    css = []
    for number in range(count):
        look = rnd.choice(looks) if rnd.random() < 0.25 else look
        width = f"table{{width:{rnd.choice(('100%', 'auto', 'auto'))}}}"
        rules = look(rnd, theme) + cells_css(rnd, (0, 1, 3, 5), (3, 5, 9)) + width
        css.append(f".t{number}{{{rules}}}")
    return "".join(css)


def _three_rules(rnd: Random, theme: Theme) -> str:
    """A rule above, below, and under the header, as papers have them."""
    heavy = rnd.choice((1, 1, 2))
    return (
        f"table{{border:solid {theme.ink};border-width:{heavy}px 0}}"
        f"tr.top+tr.body td{{border-top:1px solid {theme.ink}}}"
    )


def _grid(rnd: Random, theme: Theme) -> str:
    return f"td{{border:1px solid {rnd.choice((theme.ink, theme.quiet, theme.line))}}}"


def _row_rules(rnd: Random, theme: Theme) -> str:
    return f"tr{{border-bottom:1px solid {theme.line}}}"


def _bare(rnd: Random, theme: Theme) -> str:
    return rnd.choice(("", f"tr.top{{border-bottom:1px solid {theme.ink}}}"))


def _head_on_tint(rnd: Random, theme: Theme) -> str:
    tint = mix(theme.accent, rnd.uniform(0.12, 0.3), theme.paper)
    below = f"table{{border-bottom:2px solid {theme.accent}}}"
    return f"tr.top td{{background:{tint}}}" + rnd.choice(("", below))


def _uprights(rnd: Random, theme: Theme) -> str:
    """Upright lines between columns, a frame, a line under the header."""
    line = f"1px solid {rnd.choice((theme.ink, theme.quiet))}"
    return f"td+td{{border-left:{line}}}table{{border:{line}}}tr.top{{border-bottom:{line}}}"
