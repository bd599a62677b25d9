"""Tables as screens show them: in bands of colour, on slides and on web pages."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import (
    Theme,
    any_theme,
    cells_css,
    font,
    mix,
    page_css,
    table_html,
    text_of,
)
from tests.bench.rendered.family import beside, document, family
from tests.bench.rendered.source import Placed, SourceTable
from tests.bench.rendered.tables import Supply

SOFT: Final = "0 1px 3px #0003"


@family("zebra")
def zebra(rnd: Random, supply: Supply) -> str:
    """Bands of two colours: light, strong, with lines, by threes, by columns, on a slide."""
    look = rnd.choice((_light_bands, _strong_bands, _lined_bands, _thirds, _column_bands))
    if rnd.random() < 0.25:
        return _slide(rnd, supply)
    theme = any_theme(rnd, 0.2)
    table = supply.table(rows=(4, 30))
    css = page_css(rnd, theme, "sans", "sans", "serif") + cells_css(rnd, (1, 3, 5, 8), (4, 8, 14))
    if rnd.random() < 0.6:
        css += "table{width:100%}"
    return document(_with_text(rnd, table, table_html(table)), css + look(rnd, theme))


def _with_text(rnd: Random, table: SourceTable, drawn: str) -> str:
    """A drawn table, often with its caption above or below, and its note."""
    caption = (table.caption or words.phrase(rnd, 2, 8)) if rnd.random() < 0.6 else ""
    style = f"font-weight:{rnd.choice((400, 600, 700))};margin:{rnd.choice((2, 6, 12))}px 0"
    title = beside("title", caption[:200], style)
    note = table.note or (f"* {words.sentence(rnd)}" if rnd.random() < 0.25 else "")
    below = beside("note", note[:300], "font-size:85%;margin-top:5px")
    return drawn + title + below if rnd.random() < 0.1 else title + drawn + below


def _light_bands(rnd: Random, theme: Theme) -> str:
    band = mix(rnd.choice((theme.ink, theme.accent)), rnd.uniform(0.035, 0.09), theme.paper)
    under = f"tr.top td{{border-bottom:{rnd.choice((1, 2))}px solid {theme.ink}}}"
    return f"tr.b{rnd.randint(0, 1)} td{{background:{band}}}" + rnd.choice(("", under))


def _strong_bands(rnd: Random, theme: Theme) -> str:
    """A coloured header over two tints, parted by lines of the paper's colour or by nothing."""
    first, second = rnd.choice(((0.35, 0.15), (0.25, 0.08), (0.45, 0.25)))
    gap = rnd.choice((f"td{{border:{rnd.choice((1, 2))}px solid {theme.paper}}}", ""))
    return (
        f"tr.b0 td{{background:{mix(theme.accent, first, theme.paper)}}}"
        f"tr.b1 td{{background:{mix(theme.accent, second, theme.paper)}}}"
        f"tr.top td{{background:{theme.accent};color:{theme.paper}}}{gap}"
    )


def _lined_bands(rnd: Random, theme: Theme) -> str:
    """Light bands between hair lines, in a full grid, or with upright lines only."""
    line = f"1px solid {theme.line}"
    lines = rnd.choice(
        (
            f"td{{border:{line}}}",
            f"tr{{border-bottom:{line}}}table{{border-top:2px solid {theme.accent}}}",
            f"td+td{{border-left:{line}}}table{{border:{line}}}",
        )
    )
    head = rnd.choice((f"tr.top td{{background:{theme.accent};color:{theme.paper}}}", ""))
    return _light_bands(rnd, theme) + lines + head


def _thirds(rnd: Random, theme: Theme) -> str:
    """Bands three rows high."""
    band = mix(theme.accent, rnd.uniform(0.06, 0.2), theme.paper)
    return f"tr.t1 td{{background:{band}}}table{{border:solid {theme.ink};border-width:1px 0}}"


def _column_bands(rnd: Random, theme: Theme) -> str:
    """Every other column tinted, the rows parted by hair lines or not."""
    band = mix(theme.accent, rnd.uniform(0.05, 0.15), theme.paper)
    lines = rnd.choice((f"tr{{border-bottom:1px solid {theme.line}}}", ""))
    return f"td:nth-child(even):not(.w){{background:{band}}}{lines}"


def _slide(rnd: Random, supply: Supply) -> str:
    """A slide with a large heading, one banded table, a source and the slide's number."""
    theme = any_theme(rnd, 0.3)
    table = supply.table(rows=(3, 11), columns=(2, 7))
    size = rnd.choice((15, 17, 20))
    look = rnd.choice((_strong_bands, _strong_bands, _light_bands, _lined_bands))(rnd, theme)
    bar = rnd.choice(
        (f"border-left:14px solid {theme.accent}", f"border-top:9px solid {theme.ink}")
    )
    css = page_css(rnd, theme, width=1120) + cells_css(rnd, (4, 7, 10), (8, 12, 16)) + look
    css += (
        f"body{{min-height:630px;padding:34px 48px;{bar};font-size:{size}px}}table{{width:100%}}"
        f"h1{{margin:0 0 22px;font:{rnd.choice((400, 700))} 34px {font(rnd, 'sans', 'serif')};"
        f"color:{theme.accent}}}"
    )
    body = (
        beside("heading", words.phrase(rnd, 2, 6), tag="h1")
        + table_html(table)
        + beside("source", f"Source: {words.firm(rnd)}, {words.year(rnd)}", "font-size:12px")
        + beside("page-number", str(rnd.randint(2, 60)), "text-align:right;font-size:13px")
    )
    return document(body, css)


@family("web-page")
def web_page(rnd: Random, supply: Supply) -> str:
    """A page of a site: hair lines, no lines, cards, rows as cards, an encyclopedia's boxes."""
    looks = (_hair_lines, _no_lines, _card, _row_cards, _encyclopedia, _sticky)
    theme = any_theme(rnd)
    table = supply.table(rows=(3, 28), columns=(2, 9))
    css = page_css(rnd, theme) + cells_css(rnd, (4, 7, 10, 14), (6, 10, 16, 24))
    css += rnd.choice(looks)(rnd, theme) + "a{text-decoration:none}"
    drawn = f'<div class="box">{table_html(table, web_content(rnd, table, theme))}</div>'
    top = _site_head(rnd, theme) if rnd.random() < 0.5 else ""
    text = beside("text", words.paragraph(rnd, rnd.randint(1, 4)), "margin:10px 0")
    body = _with_text(rnd, table, drawn)
    return document(top + (text if rnd.random() < 0.4 else "") + body, css)


def _site_head(rnd: Random, theme: Theme) -> str:
    """The bar at the top of a site: its name and a few links."""
    links = (words.name(rnd, 1) for _ in range(rnd.randint(3, 6)))
    items = [words.firm(rnd), *links]
    style = f"background:{theme.panel};border-bottom:1px solid {theme.line};"
    style += "display:flex;gap:24px;padding:10px 16px;margin-bottom:16px;font-size:13px"
    return f'<div style="{style}">' + "".join(beside("chrome", each) for each in items) + "</div>"


def web_content(rnd: Random, table: SourceTable, theme: Theme) -> Callable[[Placed], str]:
    """How cells of one page show their text: links in the first column, badges in another."""
    badge = _badge_column(table) if rnd.random() < 0.8 else None
    arrow = (
        "display:inline-block;margin-left:6px;border:4px solid transparent;border-bottom-width:0"
    )
    arrow += f";border-top-color:{theme.quiet};vertical-align:middle"
    arrows = f'<i data-ornament style="{arrow}"></i>' if rnd.random() < 0.25 else ""
    links = rnd.random() < 0.4 and 0 not in table.numeric_columns
    shape = f"border-radius:{rnd.choice((3, 10))}px;padding:1px 8px;display:inline-block"

    def content(placed: Placed) -> str:
        text = text_of(placed)
        if placed.cell.header and text:
            return text + arrows
        if placed.col == badge and text:
            colour = ("#2e7d32", "#b26a00", "#b3261e", theme.accent)[len(text) % 4]
            colour = mix(colour, 0.65, theme.ink)
            ground = mix(colour, 0.18, theme.paper)
            return f'<span style="{shape};background:{ground};color:{colour}">{text}</span>'
        if links and placed.col == 0 and placed.cell.colspan == 1:
            return f'<a style="color:{theme.accent}">{text}</a>'
        return text

    return content


def _badge_column(table: SourceTable) -> int | None:
    """The first column whose few, short words come again and again, as states do."""
    texts: dict[int, list[str]] = {}
    for each in table.placed:
        if not each.cell.header:
            texts.setdefault(each.col, []).append(each.cell.text)
    for col in sorted(texts.keys() - table.numeric_columns - {0}):
        column = texts[col]
        few = 2 <= len(set(column)) <= max(2, len(column) // 2)
        if few and all(text.isalpha() and len(text) <= 16 for text in column):
            return col
    return None


def _hair_lines(rnd: Random, theme: Theme) -> str:
    """Thin lines between rows, a small quiet header above."""
    spaced = rnd.choice(("letter-spacing:.5px;", ""))
    return (
        f"table{{width:100%}}tr{{border-bottom:1px solid {theme.line}}}"
        f"tr.top td{{color:{theme.quiet};font-size:88%;{spaced}}}"
    )


def _no_lines(rnd: Random, theme: Theme) -> str:
    """Nothing but space; the header quiet, or underlined once."""
    under = f"tr.top td{{border-bottom:1px solid {theme.line}}}"
    quiet = f"tr.top td{{color:{theme.quiet}}}"
    width = rnd.choice(("table{width:100%}", ""))
    return width + rnd.choice((under, quiet, "td.s{font-weight:600}"))


def _card(rnd: Random, theme: Theme) -> str:
    """A rounded card, its header on a panel, lines between the rows or none."""
    lines = rnd.choice((f"tr+tr{{border-top:1px solid {theme.line}}}", ""))
    return (
        f".box{{border:1px solid {theme.line};border-radius:{rnd.choice((4, 8, 14))}px;"
        f"overflow:hidden;min-width:min-content;box-shadow:{SOFT}}}table{{width:100%}}"
        f"tr.top td{{background:{theme.panel}}}{lines}"
    )


def _row_cards(rnd: Random, theme: Theme) -> str:
    """Every row a card of its own, with gaps between."""
    raised = mix("#ffffff", 0.06, theme.paper) if theme.paper < "#8" else "#ffffff"
    ground = theme.paper if theme.paper < "#8" else "#eef0f3"
    return (
        f"body{{background:{ground}}}table{{width:100%;border-collapse:separate;"
        f"border-spacing:0 {rnd.choice((3, 6, 10))}px}}tr.body td{{background:{raised}}}"
        f"tr.top td{{color:{theme.quiet}}}"
    )


def _encyclopedia(rnd: Random, theme: Theme) -> str:
    """A grid of light lines, headers on a panel, as encyclopedias show tables."""
    return (
        f"td{{border:1px solid {theme.line};padding:{rnd.choice((3, 5))}px 7px}}"
        f"td.h{{background:{mix(theme.ink, 0.09, theme.paper)};font-weight:700}}"
    )


def _sticky(rnd: Random, theme: Theme) -> str:
    """A header that stays while the page scrolls: dark, or with a shadow below."""
    strong = f"background:{theme.accent};color:{theme.paper}"
    shaded = f"background:{theme.paper};box-shadow:0 3px 4px #0002"
    lines = rnd.choice((f"tr.body{{border-bottom:1px solid {theme.line}}}", "", ""))
    return f"table{{width:100%}}tr.top td{{{rnd.choice((strong, shaded))}}}{lines}"
