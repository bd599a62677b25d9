"""Tables laid out in other ways: forms, timetables, lists, fixed-width print, index cards."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import (
    Theme,
    any_theme,
    cells_css,
    dark_theme,
    font,
    leaders,
    light_theme,
    mix,
    page_css,
    table_html,
    text_of,
)
from tests.bench.rendered.family import beside, cell_marks, document, family, html_text
from tests.bench.rendered.source import Placed, SourceCell, SourceTable, fill_grid, heads
from tests.bench.rendered.tables import Supply

TRIES: Final = 12  # tables to look at before one too wide for fixed-width print is taken
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
STAMPS: Final = ("RECEIVED", "PAID", "COPY", "CHECKED", "ARCHIVE", "VOID", "ENTERED")


@family("form")
def form(rnd: Random, supply: Supply) -> str:
    """Labels and values in boxes, on lines, on tints; irregular grids with spans."""
    theme = light_theme(rnd)
    irregular = rnd.random() < 0.25
    table = supply.table(rows=(4, 14), columns=(3, 7)) if irregular else supply.invented("form")
    looks = (_boxes, _heavy_boxes) if irregular else (
        _boxes, _heavy_boxes, _on_lines, _boxed_values, _tinted_labels,
    )  # fmt: skip
    css = page_css(rnd, theme, "sans", "serif", width=rnd.choice((560, 720, 860)))
    css += cells_css(rnd, (2, 4, 7, 10), (4, 6, 9)) + "table{width:100%}"
    css += rnd.choice(looks)(rnd, theme)
    if rnd.random() < 0.35:
        css += f"td:not(.h){{font-family:{font(rnd, 'mono', 'serif')}}}"
    if rnd.random() < 0.4:
        css += "table{table-layout:fixed}td{overflow-wrap:anywhere}"
        css += "td.n.n:not(.l,.h){white-space:normal}"
    number = beside("text", f"Form {words.code(rnd)}", "text-align:right;font-size:80%")
    title = beside("heading", words.phrase(rnd, 2, 5), "font-size:130%;margin:8px 0")
    foot = beside("note", words.sentence(rnd), "font-size:80%;margin-top:10px")
    before = (number if rnd.random() < 0.5 else "") + (title if rnd.random() < 0.7 else "")
    return document(before + table_html(table) + (foot if rnd.random() < 0.5 else ""), css)


def _boxes(rnd: Random, theme: Theme) -> str:
    """A full grid; labels are small, on a tint, or as the values are."""
    label = rnd.choice((f"background:{theme.panel}", "font-size:85%", "", f"color:{theme.quiet}"))
    return f"td{{border:1px solid {mix(theme.ink, 0.7)}}}td.h{{{label};text-align:left}}"


def _heavy_boxes(rnd: Random, theme: Theme) -> str:
    """Thin lines within a heavy frame."""
    return f"td{{border:1px solid {theme.ink}}}table{{border:3px solid {theme.ink}}}"


def _on_lines(rnd: Random, theme: Theme) -> str:
    """Values on lines to write on, labels without."""
    style = rnd.choice(("solid", "dotted"))
    side = rnd.choice(("left", "right"))
    return (
        "table{border-collapse:separate;border-spacing:8px 3px}"
        f"td:not(.h){{border-bottom:1px {style} {theme.ink}}}td.h{{text-align:{side}}}"
    )


def _boxed_values(rnd: Random, theme: Theme) -> str:
    """Each value in a box of its own, on white or on a tinted sheet."""
    sheet = rnd.choice((theme.paper, mix(theme.accent, 0.12)))
    return (
        f"body{{background:{sheet}}}table{{border-collapse:separate;border-spacing:6px}}"
        f"td:not(.h){{border:1px solid {mix(theme.ink, 0.5)};background:#ffffff;"
        f"border-radius:{rnd.choice((0, 3))}px}}td.h{{text-align:left;padding-left:0}}"
    )


def _tinted_labels(rnd: Random, theme: Theme) -> str:
    """Labels on a strong or light ground, values with a line below or nothing."""
    strong = f"background:{theme.accent};color:#ffffff"
    light = f"background:{mix(theme.accent, 0.18)}"
    below = rnd.choice((f"border-bottom:1px solid {theme.line}", ""))
    return f"td{{border:2px solid {theme.paper};{below}}}td.h{{{rnd.choice((strong, light))}}}"


@family("timetable")
def timetable(rnd: Random, supply: Supply) -> str:
    """A printed table of journeys, a board of departures, a week of lessons."""
    look = rnd.choice((_printed_times, _printed_times, _board, _week, _striped_times))
    return look(rnd, supply)


def _printed_times(rnd: Random, supply: Supply) -> str:
    """Small print, columns close together, a line here and there."""
    theme = light_theme(rnd)
    table = supply.invented("timetable")
    between = rnd.choice(("", f"td+td{{border-left:1px solid {theme.line}}}"))
    every = rnd.choice(("", f"tr:nth-child(5n){{border-bottom:1px solid {theme.ink}}}"))
    css = page_css(rnd, theme) + cells_css(rnd, (0, 1, 2), (2, 4, 7)) + between + every
    css += (
        f"body{{font-size:{rnd.choice((9, 10, 11))}px;width:fit-content}}td{{white-space:nowrap}}"
    )
    title = beside(
        "title", f"{words.place(rnd)} - {words.place(rnd)}", "font-weight:700;margin:4px 0"
    )
    note = beside("note", f"| {words.sentence(rnd)}", "margin-top:4px")
    return document(title + table_html(table) + (note if rnd.random() < 0.5 else ""), css)


def _striped_times(rnd: Random, supply: Supply) -> str:
    """Bands of colour and a coloured header."""
    theme = light_theme(rnd)
    css = (
        page_css(rnd, theme)
        + cells_css(rnd, (1, 3), (4, 8))
        + (
            f"tr.b1 td{{background:{mix(theme.accent, 0.15, theme.paper)}}}"
            f"tr.top td{{background:{theme.accent};color:#ffffff}}td{{white-space:nowrap}}"
        )
    )
    title = beside("title", f"Line {rnd.randint(1, 99)}", "font-size:130%;font-weight:700")
    return document(title + table_html(supply.invented("timetable")), css)


def _board(rnd: Random, supply: Supply) -> str:
    """A dark board of departures in bright letters."""
    ink = rnd.choice(("#ffd54a", "#ffffff", "#ffb300"))
    theme = Theme(
        rnd.choice(("#000000", "#0b1f4b", "#1a1a1a")), ink, ink, "#444444", "#222222", ink
    )
    names = ("Time", "Destination", "Train", "Platform", "Remark")[: rnd.randint(3, 5)]
    minute = rnd.randrange(300, 1200)
    rows = [heads(*names)]
    for _ in range(rnd.randint(6, 14)):
        minute += rnd.randint(1, 14)
        late = rnd.choice(("", "", f"{rnd.randint(2, 40)} min late"))
        train = f"{rnd.choice(('IC', 'RE', 'S'))} {rnd.randint(1, 999)}"
        texts = (words.clock(minute), words.place(rnd), train, str(rnd.randint(1, 24)), late)
        rows.append(tuple(SourceCell(text) for text in texts[: len(names)]))
    css = page_css(rnd, theme, "mono", "sans", width=rnd.choice((640, 860)))
    css += cells_css(rnd, (4, 8), (8, 14)) + "table{width:100%}body{font-size:19px}"
    css += rnd.choice(("tr.body{border-top:1px solid #444444}", "tr.b1{background:#222222}", ""))
    title = beside("heading", "Departures", "font-size:28px;margin-bottom:10px")
    return document(title + table_html(SourceTable(fill_grid(rows))), css)


def _week(rnd: Random, supply: Supply) -> str:
    """Lessons of one or two hours in a grid of hours and days, some on a tint."""
    theme = any_theme(rnd, 0.15)
    tints = [mix(theme.accent, rnd.uniform(0.1, 0.35), theme.paper) for _ in range(3)]

    def content(placed: Placed) -> str:
        tint = tints[len(placed.cell.text) % 3]
        text = text_of(placed)
        plain = placed.cell.header or not text or not coloured
        return text if plain else f'<div style="background:{tint};padding:4px">{text}</div>'

    coloured = rnd.random() < 0.6
    table = _lessons(rnd, rnd.randint(5, 6), rnd.randint(5, 9))
    css = page_css(rnd, theme, width=rnd.choice((760, 960))) + cells_css(rnd, (2, 5), (3, 6))
    css += "table{width:100%;table-layout:fixed}"
    css += rnd.choice(
        (f"td{{border:1px solid {theme.quiet}}}", f"tr{{border-bottom:1px solid {theme.line}}}")
    )
    return document(
        beside("title", words.name(rnd), "font-size:20px") + table_html(table, content), css
    )


def _lessons(rnd: Random, days: int, hours: int) -> SourceTable:
    rows = [list(heads("", *DAYS[:days]))]
    busy = [0] * days  # the hour from which each day is free
    for hour in range(hours):
        row = [SourceCell(f"{8 + hour}:00", header=True)]
        for day in range(days):
            if busy[day] > hour:
                continue
            span = min(rnd.choice((1, 1, 2)), hours - hour)
            busy[day] = hour + span
            lesson = f"{words.name(rnd, 2)}\n{words.person(rnd)}"
            row.append(SourceCell(rnd.choice(("", lesson, lesson, lesson)), rowspan=span))
        rows.append(row)
    return SourceTable(fill_grid(rows))


@family("plain-list")
def plain_list(rnd: Random, supply: Supply) -> str:
    """Lists without a header: dots to the price, ruled, bare, on a menu."""
    theme = any_theme(rnd, 0.15)
    table = supply.invented("list")
    looks = (
        "",
        f"tr{{border-bottom:1px solid {theme.line}}}",
        f"tr+tr{{border-top:1px dotted {theme.quiet}}}",
        f"tr.b1 td{{background:{theme.panel}}}",
        "td.s{font-weight:700}",
    )
    width = f"table{{width:{rnd.choice(('auto', '100%'))}}}"
    css = page_css(rnd, theme, "sans", "serif", width=rnd.choice((360, 480, 640)))
    css += cells_css(rnd, (1, 3, 6), (4, 9, 16)) + width + rnd.choice(looks)
    dots = table.width < 4 and rnd.random() < 0.4
    head = beside(
        "heading", words.name(rnd), f"font:22px {font(rnd, 'serif', 'sans')};margin:8px 0"
    )
    drawn = table_html(table, leaders(".") if dots else text_of)
    return document((head if rnd.random() < 0.6 else "") + drawn, css)


@dataclass(frozen=True)
class Typed:
    """How fixed-width print parts columns and rows: characters for gaps, corners and rules.

    A rule of "" is no rule; `gaps` fills a rule between columns.
    """

    gap: str = "  "
    edge: str = ""
    corner: str = "  "
    top: str = ""
    under: str = "-"
    foot: str = ""
    between: str = ""


TYPED: Final = (
    Typed(),
    Typed(under="=", foot="="),
    Typed(top="=", under="=", foot="="),
    Typed(gap="   ", under="", corner="   "),
    Typed(" | ", "|", "-+-", "-", "-", "-"),
    Typed(" | ", "|", "-+-", "-", "=", "-", "-"),
    Typed(" | ", "", "-+-"),
    Typed(" | ", "|", "-|-"),
    Typed("  ", "", "--", "-", "-", "-"),
    Typed(" ", "", " "),
)


@family("monospace")
def monospace(rnd: Random, supply: Supply) -> str:
    """Fixed-width print: blanks and dashes for rules; line printers, terminals, plain files."""
    table = supply.table(rows=(4, 30), columns=(2, 8))
    for _ in range(TRIES):
        if sum(_widths(table)) < 130:
            break
        table = supply.table(rows=(4, 30), columns=(2, 5))
    theme = dark_theme(rnd) if rnd.random() < 0.25 else light_theme(rnd)
    css = page_css(rnd, theme, "mono") + "body{width:max-content}.l{white-space:pre}"
    if theme.paper > "#8" and rnd.random() < 0.3:
        tint = rnd.choice(("#dff0dc", "#e3eefb"))
        css += f".l:nth-child({rnd.choice(('even', '6n+4', '4n'))}){{background:{tint}}}"
    date = words.day(rnd).strftime("%d-%m-%y")
    head = f"{words.phrase(rnd, 2, 5).upper()}      {date}    PAGE {rnd.randint(1, 40)}\n\n"
    title = beside("text", head, "white-space:pre") if rnd.random() < 0.5 else ""
    foot = beside("text", f"{table.height} rows") if rnd.random() < 0.3 else ""
    drawn = _typed_table(table, rnd.choice(TYPED))
    return document(f"{title}<div data-table>{drawn}</div>{foot}", css)


def _flat(cell: SourceCell) -> str:
    return " ".join(cell.text.split())


def _widths(table: SourceTable, gap: int = 2) -> list[int]:
    """The characters that each column needs; what spans columns widens the last of them."""
    widths = [1] * table.width
    for placed in sorted(table.placed, key=lambda each: each.cell.colspan):
        last = placed.col + placed.cell.colspan
        room = sum(widths[placed.col : last]) + gap * (placed.cell.colspan - 1)
        widths[last - 1] += max(0, len(_flat(placed.cell)) - room)
    return widths


def _typed_table(table: SourceTable, typed: Typed) -> str:
    widths = _widths(table, len(typed.gap))
    header = table.header_rows
    lines = [_typed_rule(widths, typed, typed.top)]
    for number, row in enumerate(table.by_row()):
        if number:
            lines.append(
                _typed_rule(widths, typed, typed.under if number == header else typed.between)
            )
        starts = {placed.col: placed for placed in row}
        lines.append(_typed_line(table, starts, widths, typed))
    lines.append(_typed_rule(widths, typed, typed.foot))
    return "".join(f'<div class="l">{line}</div>' for line in lines if line)


def _typed_line(
    table: SourceTable, starts: dict[int, Placed], widths: list[int], typed: Typed
) -> str:
    """One row: each cell filled up to its width, blanks below cells that span rows."""
    parts, col = [], 0
    while col < table.width:
        placed = starts.get(col)
        if placed is None:
            parts.append(" " * widths[col])
            col += 1
            continue
        last = col + placed.cell.colspan
        room = sum(widths[col:last]) + len(typed.gap) * (placed.cell.colspan - 1)
        text = _flat(placed.cell)
        to_the_right = col in table.numeric_columns and placed.cell.colspan == 1
        filled = text.rjust(room) if to_the_right else text.ljust(room)
        parts.append(f"<span {cell_marks(placed)}>{html_text(filled)}</span>")
        col = last
    gap, left, right = typed.gap, typed.edge and f"{typed.edge} ", typed.edge and f" {typed.edge}"
    return _ornament(left) + _ornament(gap).join(parts) + _ornament(right)


def _typed_rule(widths: list[int], typed: Typed, sign: str) -> str:
    if not sign:
        return ""
    corner = typed.corner.replace("-", sign)
    edge = corner.strip(sign)[:1] if typed.edge else ""
    rule = corner.join(sign * width for width in widths)
    return _ornament(f"{edge}{sign}{rule}{sign}{edge}" if edge else rule)


def _ornament(text: str) -> str:
    return f"<span data-ornament>{text}</span>" if text.strip() else text


@family("index-card")
def index_card(rnd: Random, supply: Supply) -> str:
    """A card from a drawer: typed values, printed lines, a stamp, strokes of a pen, a hole."""
    ink = rnd.choice(("#1a1a1a", "#2b2b45", "#333333"))
    paper = rnd.choice(("#fbf7e6", "#f4ecd2", "#ffffff", "#e9f0e4", "#f7e9e6"))
    theme = Theme(paper, ink, mix(ink, 0.7, paper), mix(ink, 0.35, paper), paper, "#b3261e")
    match rnd.choice(("form", "list", "table")):
        case "form":
            table = supply.invented("form", (4, 9), (2, 4))
        case "list":
            table = supply.invented("list", (4, 9), (2, 3))
        case _:
            table = supply.table(rows=(4, 9), columns=(2, 5))
    width = rnd.choice((560, 640, 720))
    css = page_css(rnd, theme, "mono", "mono", "serif", width=width)
    css += cells_css(rnd, (3, 6), (4, 8)) + _card_lines(rnd, theme)
    css += f"body{{position:relative;padding:26px;min-height:{width // 2}px}}table{{width:100%}}"
    head = beside("heading", f"{words.name(rnd, 2)}    {words.code(rnd)}", "white-space:pre")
    stamp = _stamp(rnd, width) if rnd.random() < 0.7 else ""
    pen = _pen_stroke(rnd, width) if rnd.random() < 0.4 else ""
    hole = "position:absolute;left:50%;bottom:8px;width:18px;height:18px;border-radius:9px"
    hole = f'<div style="{hole};background:#555555"></div>' if rnd.random() < 0.3 else ""
    return document(head + table_html(table) + stamp + pen + hole, css)


def _card_lines(rnd: Random, theme: Theme) -> str:
    """The card's printed lines: between rows, a full grid, or a red one below the head."""
    return rnd.choice(
        (
            f"tr{{border-bottom:1px solid {mix('#3b6fb0', 0.5, theme.paper)}}}",
            f"td{{border:1px solid {theme.line}}}",
            f"table{{border-top:2px solid {theme.accent};margin-top:8px}}",
            f"td+td{{border-left:1px solid {theme.accent}}}tr{{border-bottom:1px solid #bbbbbb}}",
        )
    )


def _stamp(rnd: Random, width: int) -> str:
    colour = rnd.choice(("#b3261e", "#1f3b8f", "#4a3f8f"))
    style = (
        f"position:absolute;left:{rnd.randint(width // 3, width * 2 // 3)}px;"
        f"top:{rnd.randint(30, width // 3)}px;transform:rotate({rnd.randint(-18, 18)}deg);"
        f"border:3px {rnd.choice(('solid', 'double'))} {colour};color:{colour};padding:4px 10px;"
        f"font:700 {rnd.choice((16, 20, 24))}px sans-serif;opacity:{rnd.choice((0.45, 0.65, 0.8))}"
    )
    return beside("text", f"{rnd.choice(STAMPS)}\n{words.day(rnd).isoformat()}", style)


def _pen_stroke(rnd: Random, width: int) -> str:
    """A stroke of a pen across the card, nearly upright, level or slanted."""
    x, y = rnd.randint(60, width - 90), rnd.randint(40, width // 3)
    across, down = rnd.choice(((6, 120), (180, 8), (90, 60)))
    bend = f"M0 0q{across // 2 + rnd.randint(-9, 9)} {down // 3} {across} {down}"
    path = f'<path d="{bend}" fill="none" stroke="#23409a" stroke-width="2"/>'
    style = f"position:absolute;left:{x}px;top:{y}px;width:{across}px;height:{down}px"
    return f'<svg data-ornament style="{style};overflow:visible">{path}</svg>'
