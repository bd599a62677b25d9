"""Tables of words and signs: ticks, pairs, receipts, boxes of facts and forms, prices."""

from __future__ import annotations

import re
from random import Random
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import (
    Content,
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
from tests.bench.rendered.family import beside, document, family, html_text
from tests.bench.rendered.source import Placed
from tests.bench.rendered.tables import Supply

SIGNS: Final = ("€", "$", "£", "EUR", "USD", "CHF", "¥", "Rs", "zł")
AMOUNT: Final = re.compile(r"\(?[\d.,]+\)?")


@family("ticks")
def ticks(rnd: Random, supply: Supply) -> str:
    """What each product has, in ticks, crosses, dots and dashes; coloured or not."""
    theme = any_theme(rnd, 0.2)
    table = supply.invented("features")
    colours = rnd.choice((("#2e7d32", "#b3261e"), (theme.ink, theme.quiet), (theme.accent,) * 2))
    line = rnd.choice((theme.line, theme.quiet, theme.ink))

    def content(placed: Placed) -> str:
        text = text_of(placed)
        if not placed.col or placed.cell.header or len(text) != 1:
            return text
        colour = colours[text in "✗✘☐○x-□\N{EN DASH}\N{EM DASH}"]
        return f'<span style="color:{colour}">{text}</span>'

    css = page_css(rnd, theme) + cells_css(rnd, (1, 3, 6, 9), (5, 9, 14))
    css += "td:not(.s){text-align:center}" + rnd.choice(
        ("", "", f"tr{{border-bottom:1px solid {line}}}", f"td{{border:1px solid {line}}}",
         f"tr.b1 td{{background:{theme.panel}}}",
         f"tr.top td{{background:{theme.accent};color:{theme.paper}}}")
    )  # fmt: skip
    return document(table_html(table, content), css)


@family("label-value")
def label_value(rnd: Random, supply: Supply) -> str:
    """Labels and values, with dots between, ruled or bare; contents, indexes, data sheets."""
    theme = light_theme(rnd)
    table = supply.invented("pairs", rnd.choice(((5, 14), (14, 34))))
    dots = rnd.choice((".", ". ", " .", "…", "·", "")) if rnd.random() < 0.75 else ""
    css = page_css(rnd, theme, "serif", "sans", width=rnd.choice((300, 380, 480, 600)))
    css += cells_css(rnd, (0, 1, 2, 4), (1, 3, 6)) + rnd.choice(
        ("table{width:100%}", "table{width:100%}", "" if dots == "" else "table{width:100%}")
    )
    css += "td:last-child{text-align:right;white-space:nowrap;vertical-align:bottom}"
    css += "" if dots else rnd.choice(("", f"tr{{border-bottom:1px solid {theme.line}}}"))
    css += rnd.choice(("", "", "td.s{padding-left:18px;text-indent:-14px}"))
    title = beside("heading", words.name(rnd, 2), "text-align:center;margin-bottom:8px")
    drawn = table_html(table, leaders(dots) if dots else text_of)
    return document((title if rnd.random() < 0.5 else "") + drawn, css)


@family("receipt")
def receipt(rnd: Random, supply: Supply) -> str:
    """A narrow slip: the shop, what was bought, sums between lines of signs, thanks."""
    theme = light_theme(rnd)
    paper = rnd.choice(("#ffffff", "#f7f5f0", "#fbfbf8", "#eeeeea"))
    table = supply.invented("receipt")
    width = rnd.choice((230, 280, 330))
    css = page_css(rnd, theme, "mono", "mono", "sans", width=width) + "table{width:100%}"
    css += cells_css(rnd, (0, 0, 1, 3), (1, 3)) + (
        f"body{{background:{paper};color:#222222;font-size:{rnd.choice((10, 11, 12))}px}}"
        f"td:last-child{{text-align:right}}.rule{{border-top:1px dashed #555555;margin:6px 0}}"
    )
    css += rnd.choice(
        ("", "tr.sum td{font-weight:700}", "tr.sum td{border-top:1px dashed #555555}")
    )
    head = "".join(
        beside("text", text, "text-align:center")
        for text in (words.firm(rnd), f"{words.place(rnd)} {rnd.randint(1, 99)}", words.code(rnd))
    )
    when = beside("text", f"{words.day(rnd):%d.%m.%Y}  {words.clock(rnd.randrange(1440))}")
    end = beside(
        "text", rnd.choice(("Thank you!", "Vielen Dank", "Please come again")), "text-align:center"
    )
    rule = '<div class="rule"></div>' if rnd.random() < 0.6 else "<br>"
    return document(head + when + rule + table_html(table) + rule + end, css)


@family("facts-box")
def facts_box(rnd: Random, supply: Supply) -> str:
    """A box of facts beside or above text, as encyclopedias have it: title, sections, pairs."""
    theme = any_theme(rnd, 0.15)
    table = supply.invented("facts")
    wide = rnd.choice((220, 270, 320))
    ground, strong = mix(theme.ink, 0.04, theme.paper), mix(theme.accent, 0.3, theme.paper)
    aside = rnd.random() < 0.5
    css = page_css(rnd, theme, width=760 if aside else 0) + cells_css(rnd, (1, 2, 4), (4, 6))
    css += (
        f".box{{width:{wide}px;{'float:right;margin:0 0 10px 16px;' if aside else ''}"
        f"border:1px solid {theme.line};background:{ground};padding:3px;font-size:88%}}"
        "table{width:100%}td.w{text-align:center}td.h{text-align:left}td.h.w{text-align:center}"
    )
    css += rnd.choice(
        ("", f"td.w{{background:{strong}}}", f"tr+tr{{border-top:1px solid {theme.line}}}")
    )
    text = "".join(beside("text", words.paragraph(rnd, 4), "", "p") for _ in range(4))
    box = f'<div class="box">{table_html(table)}</div>'
    end = '<div style="clear:both"></div>'
    return document(box + (text if aside else "") + end, css)


@family("form-boxes")
def form_boxes(rnd: Random, supply: Supply) -> str:
    """A form of ruled boxes, each with a small label in its corner and a value below it."""
    theme = light_theme(rnd)
    table = supply.invented("boxes")
    line = f"{rnd.choice((1, 1, 2))}px solid {rnd.choice((theme.ink, theme.quiet, theme.accent))}"
    hand = font(rnd, "mono", "serif", "sans")
    small = f"font-size:{rnd.choice((65, 75, 85))}%;color:{rnd.choice((theme.ink, theme.quiet))}"

    def content(placed: Placed) -> str:
        label, *value = placed.cell.text.split("\n")
        shown = f'<div style="{small}">{html_text(label)}</div>' if label else ""
        return shown + "".join(
            f'<div style="font-family:{hand}">{html_text(v)}</div>' for v in value
        )

    css = page_css(rnd, theme, width=rnd.choice((620, 760, 900))) + "table{width:100%}"
    css += (
        f"td{{border:{line};padding:2px {rnd.choice((3, 6))}px;height:{rnd.choice((30, 38, 48))}px;"
    )
    css += "vertical-align:top;text-align:left;overflow-wrap:anywhere}"
    css += f"table{{table-layout:{rnd.choice(('fixed', 'auto'))}}}"
    css += f"body{{background:{rnd.choice((theme.paper, mix(theme.accent, 0.08)))}}}"
    title = beside(
        "title", words.phrase(rnd, 2, 5), "font-size:150%;font-weight:700;margin-bottom:8px"
    )
    note = beside("note", words.paragraph(rnd, 2), "font-size:80%;margin:6px 0")
    parts = [each for each in (title, note) if rnd.random() < 0.6]
    return document("".join(parts) + table_html(table, content), css)


@family("prices")
def prices(rnd: Random, supply: Supply) -> str:
    """Amounts whose currency sign stands apart, before or behind, and a sum below a rule."""
    theme = light_theme(rnd)
    kind = rnd.choice(("financial", "invoice", "list", ""))
    table = supply.invented(kind) if kind else supply.table((4, 26), (2, 7), True)
    css = page_css(rnd, theme, "sans", "serif") + cells_css(rnd, (0, 1, 3, 5), (4, 8, 14))
    rule = rnd.choice(
        (f"1px solid {theme.ink}", f"2px solid {theme.ink}", f"3px double {theme.ink}")
    )
    css += f"tr.sum td.n{{border-top:{rule}}}td.n{{text-align:right}}"
    css += rnd.choice(("", "tr.sum td{font-weight:700}", f"tr.last td{{border-bottom:{rule}}}"))
    css += rnd.choice(
        ("", f"tr.body{{border-bottom:1px solid {theme.line}}}", f"td.u{{border-bottom:{rule}}}")
    )
    return document(table_html(table, _priced(rnd)), css)


def _priced(rnd: Random) -> Content:
    """A sign before, far left or behind each amount, or those of the first rows and sums only."""
    sign, place = rnd.choice(SIGNS), rnd.choice(("far", "far", "near", "behind"))
    few = rnd.random() < 0.3
    gap = rnd.choice((0.4, 0.8, 1.4))

    def content(placed: Placed) -> str:
        text = text_of(placed)
        bare = placed.cell.header or not placed.col or (few and placed.row > 2)
        if bare or not AMOUNT.fullmatch(placed.cell.text) or len(text) < 3:
            return text
        if place == "behind":
            return f'{text}<span style="padding-left:{gap}em">{sign}</span>'
        side = "float:left;" if place == "far" else ""
        return f'<span style="{side}padding-right:{gap}em">{sign}</span>{text}'

    return content


@family("sortable")
def sortable(rnd: Random, supply: Supply) -> str:
    """A table of an encyclopedia: arrows in its header, flags before names."""
    theme = any_theme(rnd, 0.15)
    table = supply.table((5, 34), (3, 10))
    arrows = rnd.choice(("▲▼", "⇅", "▼", "▲", "↕"))
    stacked = rnd.random() < 0.3
    flags = rnd.random() < 0.35
    flag = f'<i data-ornament class="flag" style="background:{theme.accent}"></i>'

    def content(placed: Placed) -> str:
        text = text_of(placed)
        if placed.cell.header and text and placed.cell.colspan == 1:
            br = "<br>" if stacked else " "
            return f'{text}{br}<span data-ornament class="arrow">{arrows}</span>'
        if flags and not placed.col and placed.row >= table.header_rows and text:
            return flag + text
        return text

    line = rnd.choice((theme.line, mix(theme.ink, 0.35, theme.paper)))
    css = (
        page_css(rnd, theme)
        + cells_css(rnd, (2, 3, 5), (4, 6, 9))
        + (
            f"td{{border:1px solid {line}}}td.h{{background:{mix(theme.ink, 0.08, theme.paper)}}}"
            f".arrow{{font-size:70%;color:{theme.quiet}}}"
            ".flag{display:inline-block;width:18px;height:11px;margin-right:5px;"
            "border:1px solid #999}"
        )
    )
    css += rnd.choice(("", "td{border-width:1px 0}", f"tr.b1 td{{background:{theme.panel}}}"))
    title = beside("title", words.phrase(rnd, 2, 8), "font-weight:700;text-align:center")
    return document((title if rnd.random() < 0.5 else "") + table_html(table, content), css)


@family("browser-window")
def browser_window(rnd: Random, supply: Supply) -> str:
    """A table in the window of a browser: tabs, an address, a bar of the site, a column aside."""
    theme = any_theme(rnd, 0.25)
    table = supply.table((4, 24), (2, 8))
    grey = mix(theme.ink, 0.12, theme.paper)
    tabs = "".join(_tab(rnd, theme) for _ in range(rnd.randint(1, 5)))
    address = (
        f"{words.name(rnd, 1).lower()}.example/{words.name(rnd, 1).lower()}/{rnd.randint(1, 999)}"
    )
    field = f"background:{theme.paper};border-radius:12px;padding:4px 14px;margin:4px 60px"
    window = f'<div style="display:flex;gap:6px;padding:6px 8px 0">{tabs}</div>' + beside(
        "chrome", address, field
    )
    side = "".join(
        beside("chrome", words.name(rnd, 2), "padding:4px 0") for _ in range(rnd.randint(4, 9))
    )
    side = f'<nav style="flex:0 0 160px;padding:14px">{side}</nav>' if rnd.random() < 0.5 else ""
    head = beside("heading", words.phrase(rnd, 2, 6), "font-size:22px;margin-bottom:12px")
    text = (
        beside("text", words.paragraph(rnd, 2), "margin-bottom:12px") if rnd.random() < 0.5 else ""
    )
    css = page_css(rnd, theme, width=rnd.choice((960, 1200))) + cells_css(rnd, (3, 6, 9), (5, 9))
    css += f"body{{padding:0}}tr{{border-bottom:{rnd.choice((0, 1))}px solid {theme.line}}}"
    css += rnd.choice(("table{width:100%}", "", f"tr.top td{{background:{theme.panel}}}"))
    main = f'<main style="flex:1;padding:20px">{head}{text}{table_html(table)}</main>'
    body = f'<div style="background:{grey};padding-bottom:2px">{window}</div>'
    return document(f'{body}<div style="display:flex">{side}{main}</div>', css)


def _tab(rnd: Random, theme: Theme) -> str:
    style = f"background:{theme.paper};border-radius:6px 6px 0 0;padding:4px 12px;font-size:12px"
    return beside("chrome", words.name(rnd, 2) + "  \N{MULTIPLICATION SIGN}", style)
