"""Tables with rules: all of them, some of them, faint ones; and walls of figures."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.bench.rendered.family import family
from tests.bench.rendered.looks import Alignment, Css, Print, caption, note, page, table_html
from tests.bench.rendered.source import Placed, SourceTable
from tests.bench.rendered.tables import Supply

Rules = Callable[[Placed], str]


@family("full-grid")
def full_grid(rnd: Random, supply: Supply) -> str:
    """A rule on all sides of each cell, spans included."""
    table = supply.table((3, 26), (2, 10))
    line = f"{rnd.choice((1, 1, 2))}px solid {rnd.choice(('#000', '#333', '#888', '#bbb'))}"
    head = rnd.choice(("", "", ";background:#e6e6e6", ";background:#2d4a6b;color:#fff"))

    def rules(placed: Placed) -> str:
        return f"border:{line}" + (head if placed.row < table.header_rows else "")

    return _ruled(rnd, table, rules)


@family("hair-lines")
def hair_lines(rnd: Random, supply: Supply) -> str:
    """Faint thin rules between rows, sometimes between columns too."""
    table = supply.table((4, 26), (2, 9))
    line = f"1px solid {rnd.choice(('#ccc', '#ddd', '#e3e3e3', '#eee'))}"
    upright = rnd.random() < 0.4

    def rules(placed: Placed) -> str:
        sides = "border" if upright else "border-bottom"
        return f"{sides}:{line}"

    return _ruled(rnd, table, rules)


@family("row-rules")
def row_rules(rnd: Random, supply: Supply) -> str:
    """Rules between all rows, none between columns."""
    table = supply.table((4, 26), (2, 9))
    line = f"1px solid {rnd.choice(('#000', '#444', '#999'))}"
    closed = rnd.random() < 0.5

    def rules(placed: Placed) -> str:
        last = placed.row + placed.cell.rowspan == table.height
        below = "" if last and not closed else f"border-bottom:{line};"
        return below + (f"border-top:{line}" if placed.row == 0 and closed else "")

    return _ruled(rnd, table, rules)


@family("column-rules")
def column_rules(rnd: Random, supply: Supply) -> str:
    """Rules between columns; across, only around the header and at the end."""
    table = supply.table((4, 30), (3, 10))
    line = f"1px solid {rnd.choice(('#000', '#444', '#888'))}"
    outside = rnd.random() < 0.5

    def rules(placed: Placed) -> str:
        ends = placed.row + placed.cell.rowspan in {table.header_rows, table.height}
        last = placed.col + placed.cell.colspan == table.width
        parts = [
            f"border-bottom:{line}" if ends else "",
            f"border-top:{line}" if placed.row == 0 else "",
            f"border-left:{line}" if outside and placed.col == 0 else "",
            f"border-right:{line}" if outside or not last else "",
        ]
        return ";".join(filter(None, parts))

    return _ruled(rnd, table, rules)


@family("rule-every-five")
def rule_every_five(rnd: Random, supply: Supply) -> str:
    """A rule, or a gap, after every five rows guides the eye."""
    table = supply.table((12, 40), (3, 10), True)
    step = rnd.choice((5, 5, 3, 4, 10))
    mark = rnd.choice(("border-bottom:1px solid #555", "border-bottom:1px solid #bbb", ""))

    def rules(placed: Placed) -> str:
        row = placed.row + placed.cell.rowspan - table.header_rows
        if row == 0:
            return "border-bottom:1px solid"
        guide = mark or "padding-bottom:12px"
        return guide if row > 0 and row % step == 0 else ""

    return _ruled(rnd, table, rules)


@family("dotted-rules")
def dotted_rules(rnd: Random, supply: Supply) -> str:
    """Dotted or dashed rules between rows or around all cells."""
    table = supply.table((4, 24), (2, 8))
    line = f"1px {rnd.choice(('dotted', 'dashed'))} {rnd.choice(('#000', '#555', '#999'))}"
    sides = rnd.choice(("border-bottom", "border"))
    return _ruled(rnd, table, lambda _: f"{sides}:{line}")


@family("frame")
def frame(rnd: Random, supply: Supply) -> str:
    """A frame around the table and a rule below its header, nothing within."""
    table = supply.table((4, 24), (2, 8))

    def rules(placed: Placed) -> str:
        head = placed.row + placed.cell.rowspan == table.header_rows
        return "border-bottom:1px solid" if head else ""

    return _ruled(rnd, table, rules, f"border:{rnd.choice((1, 2))}px solid")


@family("no-rules")
def no_rules(rnd: Random, supply: Supply) -> str:
    """Columns that nothing but space parts, each set left, right or to the middle."""
    table = supply.table((4, 26), (2, 9))
    return _ruled(rnd, table, lambda _: "")


@family("centred")
def centred(rnd: Random, supply: Supply) -> str:
    """Every cell is set to the middle of its column, with few rules."""
    table = supply.table((4, 20), (3, 9))
    line = rnd.choice(("", "", "border-bottom:1px solid #999"))
    return _ruled(rnd, table, lambda _: f"{line};text-align:center")


@family("decimal-aligned")
def decimal_aligned(rnd: Random, supply: Supply) -> str:
    """Figures of different length share their decimal point."""
    table = supply.table((5, 26), (3, 9), True)
    line = rnd.choice(("", "border-bottom:1px solid #bbb"))
    return _ruled(rnd, table, lambda _: line, figures="decimal")


@family("number-wall")
def number_wall(rnd: Random, supply: Supply) -> str:
    """Up to 60 rows of 30 figures, set close, with few rules."""
    table = supply.invented("numbers", (20, 60), (8, 30))
    printed = Print.chosen(rnd, least=9)
    gap = rnd.choice((3, 4, 6))
    kind = rnd.choice(("none", "none", "grid", "five", "columns"))
    align = Alignment.chosen(rnd, table, rnd.choice(("right", "right", "center")))

    def css(placed: Placed) -> str:
        five = placed.row % 5 == 0 and kind == "five"
        sides = {"grid": "border:1px solid #999", "columns": "border-left:1px solid #777"}
        line = "border-bottom:1px solid #777" if five else sides.get(kind, "")
        return f"padding:0 {gap}px;white-space:nowrap;{align.css(placed)};{line}"

    return page(printed, [table_html(table, css)], None, rnd.choice((4, 12, 24)), "")


def _ruled(
    rnd: Random, table: SourceTable, rules: Rules, style: str = "", figures: str | None = None
) -> str:
    """A page with one table in common print, with the given rules."""
    printed = Print.chosen(rnd)
    html = table_html(table, _css(rnd, table, rules, figures), style=style)
    parts = [
        caption(rnd, table, printed.size) if rnd.random() < 0.4 else "",
        html,
        note(rnd, table, printed.size) if rnd.random() < 0.3 else "",
    ]
    width = rnd.choice((None, None, 640, 820, 1000))
    return page(printed, parts, width, rnd.choice((4, 12, 30)), "")


def _css(rnd: Random, table: SourceTable, rules: Rules, figures: str | None) -> Css:
    align = Alignment.chosen(rnd, table, figures)
    gap, rise = rnd.choice((3, 5, 8, 12, 20)), rnd.choice((0, 1, 2, 4, 7))
    bold = rnd.choice((400, 700))
    valign = rnd.choice(("top", "top", "middle", "bottom"))

    def css(placed: Placed) -> str:
        weight = f"font-weight:{bold};" if align.is_head(placed) else ""
        edges = f"padding:{rise}px {gap}px;vertical-align:{valign}"
        return f"{edges};{align.css(placed)};{weight}{rules(placed)}"

    return css
