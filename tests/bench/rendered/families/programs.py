"""Tables as programs show them: spreadsheets, apps with their tools, dashboards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from string import ascii_uppercase
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.families.dressing import (
    Theme,
    any_theme,
    cell_class,
    cells_css,
    dark_theme,
    font,
    light_theme,
    mix,
    page_css,
    table_html,
    table_rows,
    text_of,
)
from tests.bench.rendered.families.screens import web_content
from tests.bench.rendered.family import beside, cell_marks, document, family
from tests.bench.rendered.source import SourceTable
from tests.bench.rendered.tables import Supply

TABS: Final = ("Sheet1", "Sheet2", "Tabelle1", "Data", "2024", "Summary", "Blad1", "Q3", "Feuil1")
MENU: Final = ("File", "Edit", "View", "Insert", "Format", "Tools", "Data", "Window", "Help")
ACTIONS: Final = ("New", "Export", "Filter", "Delete", "Refresh", "Columns", "Print", "Import")
SECTIONS: Final = (
    "Overview", "Orders", "Customers", "Invoices", "Reports", "Settings", "Users", "Inbox",
    "Products", "Calendar", "Suppliers", "Archive", "Audit log",
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """What a spreadsheet shows around its cells, and where the table begins in it."""

    top: int = 0
    left: int = 0
    below: int = 0
    right: int = 0
    letters: bool = True
    grid: bool = True
    first_row: int = 1


@family("spreadsheet")
def spreadsheet(rnd: Random, supply: Supply) -> str:
    """Cells with and without row numbers and letters, grid lines, title, tabs; one is selected."""
    theme = dark_theme(rnd) if rnd.random() < 0.12 else light_theme(rnd)
    table = supply.table(rows=(4, 36), columns=(2, 12))
    looks = (_desk_sheet, _desk_sheet, _browser_sheet, _bare_sheet, _sheet_without_lines)
    sheet, before, after = rnd.choice(looks)(rnd, theme)
    css = page_css(rnd, theme, width=700) + _sheet_css(rnd, theme, sheet)
    css += f"body{{padding:{rnd.choice((0, 0, 8))}px;width:fit-content}}"
    return document(before + sheet_html(rnd, table, sheet) + after, css)


def _desk_sheet(rnd: Random, theme: Theme) -> tuple[Sheet, str, str]:
    """A program on the desk: a bar for formulas above, tabs below."""
    sheet = Sheet(
        top=rnd.choice((0, 0, 1, 2)),
        left=rnd.choice((0, 0, 1)),
        below=rnd.randint(0, 6),
        right=rnd.randint(0, 3),
        grid=rnd.random() < 0.85,
        first_row=rnd.choice((1, 1, 1, 12, 98)),
    )
    address = f"{rnd.choice('ABCDE')}{rnd.randint(1, 30)}"
    bar = _bar(theme, (address, "fx", rnd.choice(("", "=SUM(B2:B9)", "1250"))))
    ribbon = _bar(theme, rnd.sample(MENU, 6)) if rnd.random() < 0.4 else ""
    return sheet, ribbon + (bar if rnd.random() < 0.7 else ""), _tabs(rnd, theme)


def _browser_sheet(rnd: Random, theme: Theme) -> tuple[Sheet, str, str]:
    """A sheet in a browser: the file's name, menus, no tabs."""
    sheet = Sheet(below=rnd.randint(2, 8), right=rnd.randint(1, 4), top=rnd.choice((0, 1)))
    head = beside("chrome", f"{words.name(rnd)}.xlsx", "font-size:18px;padding:8px 14px")
    return sheet, head + _bar(theme, MENU[:6] + MENU[-1:]), ""


def _bare_sheet(rnd: Random, theme: Theme) -> tuple[Sheet, str, str]:
    """A cut-out of a sheet: grid lines, no letters, sometimes empty cells around."""
    return Sheet(letters=False, below=rnd.choice((0, 0, 2)), right=rnd.choice((0, 1))), "", ""


def _sheet_without_lines(rnd: Random, theme: Theme) -> tuple[Sheet, str, str]:
    """A sheet whose grid lines were turned off, with or without letters."""
    letters = rnd.random() < 0.5
    return Sheet(letters=letters, grid=False, left=int(letters), top=rnd.choice((0, 2))), "", ""


def _bar(theme: Theme, items: Sequence[str]) -> str:
    style = f"display:flex;gap:18px;padding:4px 10px;font-size:12px;background:{theme.panel};"
    style += f"border-bottom:1px solid {theme.line};min-height:24px"
    return f'<div style="{style}">' + "".join(beside("chrome", item) for item in items) + "</div>"


def _tabs(rnd: Random, theme: Theme) -> str:
    names = rnd.sample(TABS, rnd.randint(1, 4))
    style = f"padding:3px 14px;border:1px solid {theme.line};font-size:12px"
    chosen = f"{style};border-bottom:2px solid {theme.accent};font-weight:600"
    tabs = [beside("chrome", each, style if at else chosen) for at, each in enumerate(names)]
    return f'<div style="display:flex;background:{theme.panel}">{"".join(tabs)}</div>'


def _sheet_css(rnd: Random, theme: Theme, sheet: Sheet) -> str:
    """Cells as sheets set them: figures right, text left, at the foot; headers by chance."""
    line = f"1px solid {mix(theme.ink, rnd.choice((0.14, 0.2, 0.3)), theme.paper)}"
    edge = f"border-right:{line};border-bottom:{line}" if sheet.grid else ""
    fill = rnd.choice((theme.accent, mix(theme.accent, 0.2, theme.paper), theme.panel))
    head = rnd.choice(
        (
            "font-weight:700",
            "",
            f"font-weight:700;background:{fill};color:{_readable(fill)}",
            f"border-bottom:2px solid {theme.ink}",
            "font-weight:700;text-align:center;justify-content:center",
        )
    )
    return (
        f".sheet{{display:grid;width:max-content}}.c{{padding:{rnd.choice((0, 1, 2))}px 3px;{edge};"
        "display:flex;align-items:flex-end;max-width:340px;min-width:0;overflow-wrap:anywhere}"
        f".c.n{{justify-content:flex-end;text-align:right}}"
        f".c.n:not(.l,.h){{white-space:nowrap}}.c.w{{max-width:none}}.c.h{{{head}}}"
        f".k{{background:{theme.panel};color:{theme.quiet};border-right:{line};"
        f"border-bottom:{line};text-align:center;padding:0 5px}}"
        f".filter{{flex:none;width:13px;height:13px;margin-left:5px;border:1px solid {theme.quiet};"
        f"background:linear-gradient({theme.panel},{theme.line})}}"
        f".x{{outline:2px solid {theme.accent};outline-offset:-2px}}"
    )


def _readable(ground: str) -> str:
    """Black or white, whichever is read more easily on this ground."""
    red, green, blue = (int(ground[at : at + 2], 16) for at in (1, 3, 5))
    return "#000000" if red * 3 + green * 6 + blue > 1300 else "#ffffff"


def sheet_html(rnd: Random, table: SourceTable, sheet: Sheet) -> str:
    """The grid of a sheet: letters, row numbers, empty cells, and the table among them."""
    edge = int(sheet.letters)
    up, across = sheet.top + edge, sheet.left + edge
    height, width = up + table.height + sheet.below, across + table.width + sheet.right
    columns = (
        "max-content " * edge + f"repeat({width - edge},minmax({rnd.choice((40, 64))}px,auto))"
    )
    inside = range(up, up + table.height), range(across, across + table.width)
    parts = [
        _empty(row, col)
        for row in range(edge, height)
        for col in range(edge, width)
        if row not in inside[0] or col not in inside[1]
    ]
    if sheet.letters:
        names = [ascii_uppercase[col % 26] for col in range(width - 1)]
        numbers = [str(sheet.first_row + row) for row in range(height - 1)]
        parts += [_edge(0, col + 1, name) for col, name in enumerate(names)]
        parts += [_edge(row + 1, 0, number) for row, number in enumerate(numbers)]
        parts.append(f'<div class="k" style="{_area(0, 0, 1, 1)}"></div>')
    button = '<i class="filter" data-ornament></i>' if rnd.random() < 0.25 else ""
    chosen = rnd.choice(table.placed) if rnd.random() < 0.5 else None
    cells = "".join(
        f'<div class="c {cell_class(at, table)}{" x" * (at is chosen)}" {cell_marks(at)}'
        f' style="{_area(at.row, at.col, at.cell.rowspan, at.cell.colspan)}">'
        f"<span>{text_of(at)}</span>{button if at.cell.header and at.cell.text else ''}</div>"
        for at in table.placed
    )
    place = _area(up, across, table.height, table.width)
    drawn = (
        f'<div data-table style="{place};display:grid;grid-template:subgrid/subgrid">{cells}</div>'
    )
    return (
        f'<div class="sheet" style="grid-template-columns:{columns}">{"".join(parts)}{drawn}</div>'
    )


def _area(row: int, col: int, rows: int, cols: int) -> str:
    return f"grid-area:{row + 1}/{col + 1}/span {rows}/span {cols}"


def _empty(row: int, col: int) -> str:
    return f'<div class="c" style="{_area(row, col, 1, 1)};min-height:1.3em"></div>'


def _edge(row: int, col: int, text: str) -> str:
    """A letter above a column, or the number before a row."""
    return f'<div class="k" data-role="chrome" style="{_area(row, col, 1, 1)}">{text}</div>'


@family("app-screen")
def app_screen(rnd: Random, supply: Supply) -> str:
    """A program's window: an admin site, an old desk program, a database's client, a telephone."""
    return rnd.choice((_admin, _admin, _old_window, _database, _telephone))(rnd, supply)


def _admin(rnd: Random, supply: Supply) -> str:
    """A sidebar, a toolbar, a list with check boxes and badges, pages below."""
    theme = any_theme(rnd)
    table = supply.table(rows=(5, 25), columns=(3, 8))
    strength = 0.9 if theme.paper > "#8" else 0.25
    ground = rnd.choice((theme.panel, mix(theme.accent, strength, "#000000")))
    style = f"padding:7px 8px;color:{theme.quiet if ground == theme.panel else _readable(ground)}"
    names = rnd.sample(SECTIONS, rnd.randint(4, 9))
    side = f"<nav>{''.join(beside('chrome', each, style) for each in names)}</nav>"
    boxes = rnd.random() < 0.6
    ticked = rnd.randrange(table.height)

    def lead(row: int) -> str:
        on = ' class="on"' if row == ticked else ""
        return f"<td data-ornament><i{on}></i></td>" if boxes else ""

    rows = table_rows(table, web_content(rnd, table, theme), lead)
    main = (
        beside("heading", words.name(rnd), "font-size:20px;font-weight:600")
        + _buttons(rnd, theme)
        + f"<table data-table>{rows}</table>"
        + _pagination(rnd)
    )
    css = page_css(rnd, theme, width=1280) + cells_css(rnd, (5, 8, 11), (6, 10, 16))
    css += _admin_css(rnd, theme, ground)
    return document((side if rnd.random() < 0.8 else "") + f"<main>{main}</main>", css)


def _admin_css(rnd: Random, theme: Theme, ground: str) -> str:
    return (
        f"body{{padding:0;display:flex}}nav{{flex:0 0 {rnd.choice((150, 210))}px;"
        f"background:{ground};padding:14px}}main{{flex:1;padding:{rnd.choice((12, 24))}px}}"
        f"table{{width:100%}}tr{{border-bottom:{rnd.choice((0, 1, 1))}px solid {theme.line}}}"
        f"tr.top td{{color:{theme.quiet};border-bottom:1px solid {theme.line}}}"
        f"i{{display:block;width:13px;height:13px;border:1px solid {theme.quiet}}}"
        f"i.on{{background:{theme.accent}}}.btn{{border:1px solid {theme.line};padding:4px 12px;"
        "border-radius:4px}.bar{display:flex;gap:10px;margin:12px 0}"
    )


def _buttons(rnd: Random, theme: Theme) -> str:
    names = rnd.sample(ACTIONS, rnd.randint(1, 4))
    filled = f"background:{theme.accent};color:{theme.paper}"
    wide = f"width:220px;color:{theme.quiet}"
    search = f'<div class="btn" data-role="chrome" style="{wide}">Search</div>'
    items = [
        f'<div class="btn" data-role="chrome" style="{"" if at else filled}">{each}</div>'
        for at, each in enumerate(names)
    ]
    return f'<div class="bar">{search if rnd.random() < 0.6 else ""}{"".join(items)}</div>'


def _pagination(rnd: Random) -> str:
    total = rnd.randint(40, 900)
    told = beside("chrome", f"1-25 of {total}")
    pages = "".join(beside("chrome", each) for each in ("Previous", "1", "2", "3", "Next"))
    style = "display:flex;gap:14px;margin-top:12px;font-size:12px;justify-content:"
    return f'<div style="{style}{rnd.choice(("flex-end", "space-between"))}">{told}{pages}</div>'


def _old_window(rnd: Random, supply: Supply) -> str:
    """A grey window of the nineties: raised headers, a full grid, a status line."""
    table = supply.table(rows=(4, 24), columns=(3, 10))
    grey = rnd.choice(("#c0c0c0", "#d4d0c8", "#ece9d8", "#f0f0f0"))
    raised = "border:2px outset #e8e8e8"
    theme = Theme("#ffffff", "#000000", "#444444", "#808080", grey, "#000080")
    css = page_css(rnd, theme, width=900) + (
        f"body{{background:{grey};padding:3px;font-size:{rnd.choice((11, 12, 13))}px}}"
        "body{width:max-content}table{background:#fff}"
        f"td{{border:1px solid {rnd.choice(('#c0c0c0', '#000', '#a0a0a0'))};"
        f"padding:{rnd.choice((1, 2, 3))}px 5px;max-width:300px}}td.n{{text-align:right}}"
        f"td.h{{background:{grey};{raised};text-align:{rnd.choice(('left', 'center'))}}}"
    )
    title = beside("chrome", words.name(rnd), "background:#000080;color:#fff;padding:3px 6px")
    status = beside("chrome", f"{table.height} records", "padding:4px 6px;border:1px inset #fff")
    body = title + _bar(theme, rnd.sample(MENU, 5)) + table_html(table) + status
    return document(body, css)


def _database(rnd: Random, supply: Supply) -> str:
    """The client of a database: a query above, numbered rows in a fixed-width or plain font."""
    theme = any_theme(rnd, 0.5)
    table = supply.table(rows=(4, 30), columns=(3, 10))
    kinds = rnd.choice((("mono",), ("sans",)))
    css = page_css(rnd, theme, *kinds, width=900) + _sheet_css(rnd, theme, Sheet())
    css += f"body{{padding:6px;width:max-content;font-size:{rnd.choice((11, 12, 13))}px}}"
    query = f"SELECT * FROM {words.name(rnd, 1).lower()} WHERE id > {rnd.randint(1, 999)};"
    style = f"font-family:{font(rnd, 'mono')};color:{theme.accent};padding:8px"
    took = beside("chrome", f"{table.height - table.header_rows} rows in {rnd.randint(1, 90)} ms")
    sheet = Sheet(letters=rnd.random() < 0.6)
    return document(beside("chrome", query, style) + sheet_html(rnd, table, sheet) + took, css)


def _telephone(rnd: Random, supply: Supply) -> str:
    """A narrow screen: the clock above, few columns, text that wraps."""
    theme = any_theme(rnd)
    table = supply.table(rows=(4, 16), columns=(2, 4))
    css = page_css(rnd, theme, width=rnd.choice((340, 390, 430))) + cells_css(rnd, (6, 10), (3, 6))
    css += (
        f"table{{width:100%}}tr.body{{border-bottom:1px solid {theme.line}}}td.h{{font-size:90%}}"
        ".up{display:flex;justify-content:space-between;font-size:12px;margin-bottom:14px}"
    )
    clock = beside("chrome", words.clock(rnd.randrange(1440)))
    head = beside("heading", words.name(rnd, 2), "font-size:22px;font-weight:700;margin:0 0 12px")
    battery = beside("chrome", f"{rnd.randint(8, 100)} %")
    return document(f'<div class="up">{clock}{battery}</div>{head}{table_html(table)}', css)


@family("dashboard")
def dashboard(rnd: Random, supply: Supply) -> str:
    """Several small tables in panels, with single large figures between them."""
    theme = any_theme(rnd, 0.45)
    look = rnd.choice((_raised_panels, _lined_panels, _headed_panels, _console))
    panels = [_panel(rnd, supply, theme) for _ in range(rnd.randint(2, 5))]
    figures = "".join(_key_figure(rnd, theme) for _ in range(rnd.choice((0, 0, 2, 3, 4))))
    across = rnd.choice((2, 2, 3))
    css = (
        page_css(rnd, theme, width=across * rnd.choice((380, 480)))
        + look(rnd, theme)
        + (
            cells_css(rnd, (1, 3, 5), (4, 7, 10))
            + "table{width:100%}h2{font-size:15px;margin:0 0 8px}"
            ".figures{display:flex;gap:12px;margin-bottom:12px}.figures section{flex:1}"
            f".panels{{display:grid;grid-template-columns:repeat({across},1fr);align-items:start;"
            f"gap:{rnd.choice((8, 14, 22))}px}}section{{padding:{rnd.choice((6, 12, 16))}px}}"
        )
    )
    head = beside("heading", words.phrase(rnd, 1, 4), "font-size:22px;margin-bottom:12px")
    head += f'<div class="figures">{figures}</div>' if figures else ""
    return document(f'{head}<div class="panels">{"".join(panels)}</div>', css)


def _panel(rnd: Random, supply: Supply, theme: Theme) -> str:
    table = supply.table(rows=(3, 9), columns=(2, 4))
    title = beside("title", words.phrase(rnd, 1, 5), tag="h2") if rnd.random() < 0.9 else ""
    return f"<section>{title}{table_html(table, web_content(rnd, table, theme))}</section>"


def _key_figure(rnd: Random, theme: Theme) -> str:
    """One large figure over its name."""
    figure = beside("text", words.amount(rnd, 6), f"font-size:30px;color:{theme.accent}")
    return f"<section>{figure}{beside('text', words.name(rnd, 2), 'font-size:13px')}</section>"


def _raised_panels(rnd: Random, theme: Theme) -> str:
    """Panels that lie on a tinted ground with a shadow."""
    ground = mix(theme.ink, 0.06, theme.paper)
    return (
        f"body{{background:{ground}}}section{{background:{theme.paper};border-radius:8px;"
        f"box-shadow:0 1px 4px #0003}}tr+tr{{border-top:1px solid {theme.line}}}"
    )


def _lined_panels(rnd: Random, theme: Theme) -> str:
    """Panels in thin frames; their tables have no lines of their own."""
    return (
        f"section{{border:1px solid {theme.line};border-radius:{rnd.choice((0, 4))}px}}"
        f"td.h{{color:{theme.quiet}}}"
    )


def _headed_panels(rnd: Random, theme: Theme) -> str:
    """Panels with a coloured title bar over a banded table."""
    return (
        f"section{{border:1px solid {theme.accent};background:{theme.paper}}}"
        f"h2{{background:{theme.accent};color:{_readable(theme.accent)};padding:4px 8px}}"
        f"tr.b1 td{{background:{theme.panel}}}"
    )


def _console(rnd: Random, theme: Theme) -> str:
    """A dense console in a fixed-width font, the panels parted by lines only."""
    return (
        f"body,h2{{font-family:{font(rnd, 'mono')};font-size:12px}}"
        f"section{{border-top:2px solid {theme.accent}}}"
        f"tr.top td{{border-bottom:1px dashed {theme.quiet}}}"
    )
