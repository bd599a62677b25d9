"""Tables as papers print them, and pages of papers that hold none."""

from __future__ import annotations

from random import Random

from tests.bench.rendered import words
from tests.bench.rendered.family import beside, family, html_text
from tests.bench.rendered.looks import (
    MONO,
    SERIF,
    Alignment,
    Print,
    caption,
    is_title,
    note,
    page,
    prose,
    table_html,
    with_sections,
)
from tests.bench.rendered.source import Placed, SourceTable
from tests.bench.rendered.tables import Supply


@family("three-line")
def three_line(rnd: Random, supply: Supply) -> str:
    """Rules above, below the header and below the table; groups of columns have rules too."""
    table = supply.table((4, 26), (3, 10), rnd.choice((True, None)))
    if rnd.random() < 0.35:
        table = with_sections(rnd, table)
    printed = Print.chosen(rnd, SERIF * 2 + (rnd.choice(SERIF),))
    width = rnd.choice((None, None, 560, 700, 860))
    parts = [
        caption(rnd, table, printed.size),
        _ruled_thrice(rnd, table, "width:100%" if width else ""),
        note(rnd, table, printed.size) if rnd.random() < 0.6 else "",
    ]
    if rnd.random() < 0.15:
        parts = [parts[1], parts[0]]
    return page(printed, parts, width, rnd.choice((6, 14, 30)), "")


@family("narrow-columns")
def narrow_columns(rnd: Random, supply: Supply) -> str:
    """A table squeezed into a column of a page: labels and headings wrap, gaps are small."""
    table = supply.table((4, 22), (3, 6))
    printed = Print.chosen(rnd)
    gap = rnd.choice((2, 3, 4))
    html = _ruled_thrice(rnd, table, "width:100%", gap)
    width = rnd.choice((260, 300, 340, 380)) + 20 * table.width
    return page(printed, [caption(rnd, table, printed.size), html], width, 8, "")


@family("vertical-headings")
def vertical_headings(rnd: Random, supply: Supply) -> str:
    """Headings of narrow columns that are turned upwards, or downwards."""
    table = supply.table((5, 22), (5, 14), True)
    printed = Print.chosen(rnd)
    align = Alignment.chosen(rnd, table, rnd.choice(("right", "center")))
    grid = rnd.random() < 0.5
    up = "transform:rotate(180deg);" if rnd.random() < 0.8 else ""
    turned = f"writing-mode:vertical-rl;{up}max-height:12em;display:inline-block;text-align:left"

    def is_turned(placed: Placed) -> bool:
        return (
            placed.row < max(1, table.header_rows) and placed.col > 0 and placed.cell.colspan == 1
        )

    def css(placed: Placed) -> str:
        rules = "border:1px solid #555" if grid else ""
        if not grid and placed.row + placed.cell.rowspan in {table.header_rows, table.height}:
            rules = "border-bottom:1px solid"
        side = "text-align:center" if is_turned(placed) else align.css(placed)
        return f"padding:2px 5px;{side};{rules};vertical-align:bottom"

    def content(placed: Placed) -> str | None:
        if not is_turned(placed):
            return None
        return f'<span style="{turned}">{html_text(placed.cell.text)}</span>'

    return page(printed, [table_html(table, css, content)], None, 12, "")


@family("text-only", tableless=True)
def text_only(rnd: Random, supply: Supply) -> str:
    """Running text with headings, in one column or two; no table."""
    printed = Print.chosen(rnd)
    parts = [beside("title", words.phrase(rnd, 3, 8), f"font-size:{printed.size + 8}px")]
    for number in range(1, rnd.randint(3, 7)):
        heading = f"{number}. {words.phrase(rnd, 1, 5)}"
        parts += [beside("heading", heading, "font-weight:700;margin:12px 0 4px")]
        parts += [prose(rnd, rnd.randint(1, 3))]
    columns = rnd.choice((1, 1, 2))
    flow = f'<div style="column-count:{columns};column-gap:24px">{"".join(parts)}</div>'
    number = beside("page-number", str(rnd.randint(1, 300)), "text-align:center;margin-top:20px")
    return page(printed, [flow, number], rnd.choice((600, 720, 860)), 30, "")


@family("code-only", tableless=True)
def code_only(rnd: Random, supply: Supply) -> str:
    """A listing of a program, its lines often numbered; no table."""
    numbered = rnd.random() < 0.6
    lines = []
    depth = 0
    for number in range(1, rnd.randint(14, 40)):
        thing, other = (words.name(rnd, 2).lower().replace(" ", "_") for _ in range(2))
        statement = rnd.choice(
            (
                f"def {thing}({other}):",
                f"if {thing} > {rnd.randint(0, 99)}:",
                f"for {thing} in {other}:",
                f"{thing} = {other}[{rnd.randint(0, 9)}]",
                f"return {thing} * {rnd.random():.2f}",
                f"{thing}.append({other})  # {words.phrase(rnd, 2, 5).lower()}",
            )
        )
        lines.append(f"{number:>3}  " * numbered + "    " * depth + statement)
        depth = min(3, depth + 1) if statement.endswith(":") else max(0, depth - rnd.randint(0, 1))
    printed = Print.chosen(rnd, MONO, 11)
    body = beside("text", "\n".join(lines), "white-space:pre", "pre").replace("<br>", "\n")
    dark = "body{background:#1e2127;color:#d7dae0}" if rnd.random() < 0.4 else ""
    return page(printed, [body], None, rnd.choice((8, 20)), "pre{font:inherit;margin:0}" + dark)


@family("list-only", tableless=True)
def list_only(rnd: Random, supply: Supply) -> str:
    """Numbered or bulleted points of a line or more; no table."""
    printed = Print.chosen(rnd)
    sign = rnd.choice(("number", "•", "-", "letter"))
    points = []
    for number in range(rnd.randint(4, 14)):
        mark = {"number": f"{number + 1}.", "letter": f"({chr(97 + number)})"}.get(sign, sign)
        text = words.sentence(rnd) if rnd.random() < 0.6 else words.paragraph(rnd, 2)
        points.append(
            '<div style="display:flex;margin-bottom:4px">'
            + beside("text", mark, f"flex:0 0 {rnd.choice((18, 26))}px", "span")
            + beside("text", text, "", "span")
            + "</div>"
        )
    opening = beside("text", words.sentence(rnd), "margin-bottom:8px")
    return page(printed, [opening, *points], rnd.choice((480, 620, 760)), 24, "")


def _ruled_thrice(rnd: Random, table: SourceTable, style: str, gap: int | None = None) -> str:
    align = Alignment.chosen(rnd, table)
    gap = gap or rnd.choice((4, 6, 9, 14, 20))
    rise = rnd.choice((0, 1, 2, 3))
    thick = rnd.choice((1, 2, 2))
    heavy = rnd.choice((400, 700))
    title = rnd.choice(("font-style:italic", "font-weight:700", ""))

    def css(placed: Placed) -> str:
        first, last = placed.row == 0, placed.row + placed.cell.rowspan == table.height
        rules = f"border-top:{thick}px solid;" if first else ""
        rules += f"border-bottom:{thick}px solid;" if last else ""
        below_head = placed.row + placed.cell.rowspan == table.header_rows and not last
        over_group = align.is_head(placed) and placed.cell.colspan > 1 and placed.cell.text
        rules += "border-bottom:1px solid;" if below_head or over_group else ""
        weight = f"font-weight:{heavy}" if align.is_head(placed) else ""
        weight = title if is_title(table, placed.row) else weight
        return f"padding:{rise}px {gap}px;{align.css(placed)};{rules}{weight}"

    return table_html(table, css, style=style)
