"""Tables of reports: of authorities, of papers with headings on several levels, in small print."""

from __future__ import annotations

import re
from random import Random
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import (
    Content,
    Theme,
    cells_css,
    font,
    light_theme,
    mix,
    page_css,
    table_html,
    text_of,
)
from tests.bench.rendered.family import beside, document, family, html_text
from tests.bench.rendered.source import Placed, SourceTable
from tests.bench.rendered.tables import Supply

RAISED: Final = re.compile(r"(?<=[\d)%a-z])([a-d]|\*{1,3}|†|‡)$")
FIXED: Final = (
    "table{table-layout:fixed}td{overflow-wrap:anywhere}td.n.n:not(.l,.h){white-space:normal}"
)
WHOLE: Final = "td.f:not(.h){white-space:nowrap}"
TURNED: Final = "writing-mode:vertical-rl;display:inline-block;max-height:11em;text-align:left"


@family("authority-report")
def authority_report(rnd: Random, supply: Supply) -> str:
    """Bands below a coloured header with light letters, sums, per cents; a page or a slide."""
    theme = light_theme(rnd)
    own = rnd.random() < (0.5 if supply.corpus else 0.8)
    table = supply.invented("regions") if own else supply.table((6, 30), (4, 14), True)
    turned = table.width > 6 and rnd.random() < 0.3
    drawn = table_html(table, _turned if turned else text_of)
    css = page_css(rnd, theme, width=rnd.choice((0, 0, 0, 1120)))
    css += cells_css(rnd, (1, 2, 4, 6), (4, 6, 9)) + _report_css(rnd, theme)
    css += f"body{{font-size:{rnd.choice((9, 10, 11, 12, 13, 15))}px}}"
    css += "td.h.n:not(.s){text-align:center}" if rnd.random() < 0.6 else ""
    return document(_report_head(rnd, theme) + drawn + _report_foot(rnd), css)


def _report_css(rnd: Random, theme: Theme) -> str:
    """The header's ground, bands, lines and sums."""
    second = rnd.choice((theme.accent, mix(theme.accent, 0.75)))
    band = mix(rnd.choice((theme.accent, theme.ink)), rnd.uniform(0.05, 0.22), theme.paper)
    ground = mix(theme.accent, rnd.uniform(0.3, 0.5), theme.paper)
    total = rnd.choice((f"background:{theme.accent};color:#ffffff", f"background:{ground}", ""))
    lines = rnd.choice(
        (
            "",
            f"td{{border:1px solid {theme.paper}}}",
            f"td{{border:1px solid {theme.line}}}",
            f"tr{{border-bottom:1px solid {theme.line}}}",
            f"td{{border:1px solid {theme.ink}}}",
        )
    )
    width = rnd.choice(("auto", "100%"))
    stub = rnd.choice(("", "td.s{font-weight:700}", f"tr.body td.s{{background:{ground}}}"))
    return (
        f"tr.top td{{background:{theme.accent};color:#ffffff;vertical-align:middle}}"
        f"tr.top+tr.top td{{background:{second}}}tr.b1 td{{background:{band}}}"
        f"{lines}{stub}tr.sum td{{font-weight:700;{total}}}table{{width:{width}}}"
    )


def _report_head(rnd: Random, theme: Theme) -> str:
    side = rnd.choice(("left", "center"))
    style = f"text-align:{side};font-weight:{rnd.choice((400, 700))};margin:4px 0 8px"
    title = beside("title", words.phrase(rnd, 3, 9), f"font-size:{rnd.choice((115, 150))}%;{style}")
    under = beside(
        "unit", f"Data at {words.day(rnd):%d/%m/%Y}, {words.clock(rnd.randrange(1440))}", style
    )
    bar = beside(
        "chrome", words.firm(rnd), f"background:{theme.accent};color:#ffffff;padding:6px 10px"
    )
    over = title if rnd.random() < 0.75 else ""
    return (bar if rnd.random() < 0.25 else "") + over + (under if rnd.random() < 0.4 else "")


def _report_foot(rnd: Random) -> str:
    note = beside("note", f"* {words.sentence(rnd)}", "font-size:85%;margin-top:5px")
    source = beside("source", f"Source: {words.firm(rnd)}", "font-size:85%;margin-top:4px")
    number = beside("page-number", str(rnd.randint(1, 60)), "text-align:right;margin-top:8px")
    return "".join(each for each in (note, source, number) if rnd.random() < 0.3)


def _turned(placed: Placed) -> str:
    """The names of columns run upwards."""
    if not placed.cell.header or not placed.col or placed.cell.colspan > 1:
        return text_of(placed)
    return f'<span style="{TURNED};transform:rotate(180deg)">{text_of(placed)}</span>'


@family("paper-levels")
def paper_levels(rnd: Random, supply: Supply) -> str:
    """Headings on up to three levels with partial rules, labels of groups of rows, raised signs."""
    theme = light_theme(rnd)
    own = rnd.random() < (0.5 if supply.corpus else 0.9)
    table = supply.invented("study") if own else supply.table((6, 34), (4, 12), True)
    css = page_css(rnd, theme, "serif", "serif", "sans", width=rnd.choice((0, 0, 640, 780, 900)))
    css += cells_css(rnd, (0, 1, 2, 3), (3, 5, 8, 14)) + _levels_css(rnd, theme)
    css += f"body{{font-size:{rnd.choice((9, 10, 11, 12, 13))}px;background:#ffffff}}"
    return document(_captioned(rnd, table, table_html(table, paper_content(rnd))), css)


def _levels_css(rnd: Random, theme: Theme) -> str:
    heavy, side = rnd.choice((1, 1, 2)), rnd.choice(("center", "center", "right", "left"))
    line = f"1px solid {rnd.choice((theme.ink, theme.ink, theme.quiet))}"
    rows = rnd.choice(("", "", f"tr.body{{border-top:1px solid {theme.line}}}"))
    title = rnd.choice(("font-style:italic", "font-weight:700", "text-align:center", ""))
    stub = rnd.choice(
        ("", "", "tr.body td.s{font-style:italic}", "tr.body td.s{padding-left:14px}")
    )
    band = rnd.choice(("", "", f"tr.top td{{background:{mix(theme.ink, 0.08)}}}"))
    return (
        f"table{{border:solid {theme.ink};border-width:{heavy}px 0;"
        f"width:{rnd.choice(('auto', '100%'))}}}td.u{{border-bottom:{line}}}"
        f".g{{border-bottom:{line};margin:0 {rnd.choice((0, 2, 5))}px}}{rows}{stub}{band}"
        f"tr.title td{{{title}}}td.n{{text-align:{side}}}"
        f"{rnd.choice((WHOLE, WHOLE, WHOLE, ''))}td.s.w{{text-align:left}}"
        f"sup{{line-height:0;font-size:70%}}tr.sum td{{border-top:{line}}}"
    )


def paper_content(rnd: Random) -> Content:
    """Rules below the names of groups, small raised letters and stars behind values."""
    ruled, raised = rnd.random() < 0.75, rnd.random() < 0.7

    def content(placed: Placed) -> str:
        cell = placed.cell
        if cell.header and cell.colspan > 1 and cell.text and ruled:
            return f'<div class="g">{text_of(placed)}</div>'
        sign = RAISED.search(cell.text) if raised else None
        if sign is None:
            return text_of(placed)
        return f"{html_text(cell.text[: sign.start()])}<sup>{html_text(sign[0])}</sup>"

    return content


def _captioned(rnd: Random, table: SourceTable, drawn: str) -> str:
    name = f"{rnd.choice(('Table', 'TABLE', 'Tab.'))} {rnd.randint(1, 12)}"
    text = table.caption or f"{name}. {words.phrase(rnd, 4, 14)}"
    style = f"text-align:{rnd.choice(('left', 'left', 'center'))};margin:3px 0"
    title = beside("title", text[:260], f"{style};font-weight:{rnd.choice((400, 700))}")
    notes = "".join(
        beside("note", f"{mark} {words.sentence(rnd)}", "font-size:88%")
        for mark in ("a", "*", "b")[: rnd.randint(1, 3)]
    )
    return (title if rnd.random() < 0.7 else "") + drawn + (notes if rnd.random() < 0.5 else "")


@family("small-print")
def small_print(rnd: Random, supply: Supply) -> str:
    """Small tables of papers at 72 dpi: tight columns, labels that wrap, labels left blank."""
    theme = light_theme(rnd)
    own = rnd.random() < (0.35 if supply.corpus else 0.9)
    table = supply.invented("study", (5, 20), (3, 8)) if own else supply.table((4, 22), (3, 8))
    width = rnd.choice((250, 300, 360, 430, 520)) + 14 * table.width
    css = page_css(rnd, theme, "sans", "serif", width=width)
    css += cells_css(rnd, (0, 0, 1, 2), (1, 2, 3, 5)) + rnd.choice(
        (_levels_css, _tinted_print, _bare_print)
    )(rnd, theme)
    hang = rnd.choice((0, 0, 6, 10))
    css += (
        f"body{{font:{rnd.choice((7.5, 8, 8.5, 9, 10))}px/{rnd.choice((1.1, 1.2, 1.35))} "
        f"{font(rnd, 'sans', 'serif')};padding:{rnd.choice((1, 3, 8))}px;background:#ffffff}}"
        f"td.s{{max-width:{rnd.choice((70, 100, 150))}px;text-indent:-{hang}px;"
        f"padding-left:{hang + 2}px}}tr.title td{{max-width:none}}table{{width:100%}}"
    )
    return document(table_html(table, paper_content(rnd)), css)


def _tinted_print(rnd: Random, theme: Theme) -> str:
    """The header on a tint, hair lines between rows or bands."""
    tint = mix(rnd.choice((theme.accent, "#888888")), rnd.uniform(0.1, 0.3))
    body = rnd.choice(
        (
            f"tr.body{{border-bottom:1px solid {theme.line}}}",
            f"tr.b1 td{{background:{theme.panel}}}",
            "",
        )
    )
    return f"tr.top td{{background:{tint}}}{body}sup{{line-height:0;font-size:75%}}"


def _bare_print(rnd: Random, theme: Theme) -> str:
    """One line below the header, or none at all."""
    under = rnd.choice(("", f"td.u{{border-bottom:1px solid {theme.ink}}}"))
    side = rnd.choice(("left", "center"))
    return f"{under}sup{{line-height:0;font-size:75%}}td.n{{text-align:{side}}}"


@family("wrapped-rows")
def wrapped_rows(rnd: Random, supply: Supply) -> str:
    """Cells of two to six lines in narrow columns; the rows are parted by space, mostly alone."""
    theme = light_theme(rnd)
    own = rnd.random() < (0.6 if supply.corpus else 1)
    table = supply.invented("register") if own else supply.table((4, 14), (3, 6), False)
    css = page_css(rnd, theme, "sans", "sans", "serif", width=rnd.choice((440, 540, 640, 760)))
    css += cells_css(rnd, (2, 4, 6, 9), (4, 7, 12)) + "table{width:100%}"
    css += rnd.choice(
        ("", "", "", f"td.u{{border-bottom:1px solid {theme.ink}}}", "td.h{font-weight:700}",
         f"tr.top td{{background:{theme.accent};color:#ffffff}}",
         f"tr.body{{border-top:1px solid {theme.line}}}", f"td{{border:1px solid {theme.quiet}}}",
         f"td+td{{border-left:1px solid {theme.quiet}}}", f"tr.b1 td{{background:{theme.panel}}}")
    )  # fmt: skip
    css += f"body{{line-height:{rnd.choice((1.1, 1.2, 1.3))}}}"
    css += rnd.choice(("", FIXED))
    title = beside("title", words.phrase(rnd, 2, 7), "font-weight:700;margin-bottom:6px")
    return document((title if rnd.random() < 0.4 else "") + table_html(table), css)
