"""What the looks of screens and layouts share: fonts, themes of colours, rows with classes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.bench.rendered.family import cell_marks, html_text
from tests.bench.rendered.looks import MONO, SANS, SERIF, is_title
from tests.bench.rendered.source import Placed, SourceTable

FONTS: Final = {"sans": SANS, "serif": SERIF, "mono": MONO}
ACCENTS: Final = (
    "#1f3b63", "#2d6a4f", "#7a1f2b", "#4a3f8f", "#0b7285", "#8a5a00", "#b3261e", "#1a73e8",
    "#333333", "#5b6770", "#00695c", "#c2185b", "#c8551b", "#217346",
)  # fmt: skip

SUM: Final = re.compile(
    r"(sub)?total|sum\b|net\b|all\b|mean\b|country|summe|insgesamt|.*\bdec\.|decade", re.IGNORECASE
)
FIGURES: Final = tuple("0123456789.+-\N{MINUS SIGN}<(")
Content = Callable[[Placed], str]

LONG: Final = 24  # characters; a figure with as many has words beside it and may wrap


@dataclass(frozen=True)
class Theme:
    """The colours of one page as #rrggbb: paper and ink, quiet text, lines, panels, one accent."""

    paper: str
    ink: str
    quiet: str
    line: str
    panel: str
    accent: str


def light_theme(rnd: Random) -> Theme:
    accent = rnd.choice(ACCENTS)
    paper = rnd.choice(("#ffffff",) * 5 + ("#fbfaf4", "#f7f8fa"))
    ink = rnd.choice(("#000000", "#111111", "#222222", "#333333", "#24292f", "#3c4043"))
    return Theme(
        paper=paper,
        ink=ink,
        quiet=mix(ink, rnd.uniform(0.55, 0.75), paper),
        line=mix(ink, rnd.choice((0.1, 0.14, 0.2, 0.3, 0.5)), paper),
        panel=mix(accent, rnd.uniform(0.03, 0.1), paper),
        accent=accent,
    )


def dark_theme(rnd: Random) -> Theme:
    paper = rnd.choice(("#14161a", "#1e2127", "#0d1117", "#23272e", "#121212", "#1b2636"))
    ink = rnd.choice(("#e6e6ea", "#c9d1d9", "#f5f5f5", "#d4d4d4"))
    return Theme(
        paper=paper,
        ink=ink,
        quiet=mix(ink, 0.65, paper),
        line=mix(ink, rnd.choice((0.12, 0.18, 0.28)), paper),
        panel=mix(ink, rnd.uniform(0.05, 0.1), paper),
        accent=rnd.choice(("#58a6ff", "#8ab4f8", "#81c995", "#f2cc60", "#d2a8ff", "#ff8f70")),
    )


def any_theme(rnd: Random, dark: float = 0.35) -> Theme:
    return dark_theme(rnd) if rnd.random() < dark else light_theme(rnd)


def mix(colour: str, share: float, ground: str = "#ffffff") -> str:
    """`colour` laid on `ground` with this share, both and the result as #rrggbb."""
    pairs = ((int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(top * share + under * (1 - share)):02x}" for top, under in pairs)


def font(rnd: Random, *kinds: str) -> str:
    """A CSS font family of one of these kinds, sans by default."""
    return rnd.choice(FONTS[rnd.choice(kinds or ("sans",))])


def page_css(rnd: Random, theme: Theme, *kinds: str, width: int = 0) -> str:
    """The body: font, size, colours, margin and width in pixels.

    With a width of 0 one is chosen, and often no more of it is used than the content needs.
    """
    size = rnd.choice((11, 12, 13, 14, 15, 16))
    chosen = rnd.choice((640, 760, 900, 1060, 1240))
    spaced = rnd.choice((0, 0, 0, 0, -0.2, 0.2, 0.4))
    extent = rnd.choice((f"width:{chosen}px", f"width:fit-content;max-width:{chosen}px"))
    return (
        "*{box-sizing:border-box}table{border-collapse:collapse}"
        f"body{{margin:0;padding:{rnd.choice((4, 12, 24, 36))}px;"
        f"{f'width:{width}px' if width else extent};min-width:min-content;"
        f"background:{theme.paper};color:{theme.ink};letter-spacing:{spaced}px;"
        f"font:{size}px/{rnd.choice((1.15, 1.25, 1.35, 1.5))} {font(rnd, *kinds)}}}"
    )


def cells_css(rnd: Random, upright: Sequence[int], level: Sequence[int]) -> str:
    """Paddings above and beside, and alignments of cells; figures are mostly set to the right."""
    figures = rnd.choice(("right", "right", "right", "center", "left"))
    heads = rnd.choice(("", "", "text-align:center;", "text-align:left;"))
    return (
        f"td{{padding:{rnd.choice(upright)}px {rnd.choice(level)}px;text-align:left;"
        f"vertical-align:{rnd.choice(('top', 'middle', 'middle', 'bottom', 'baseline'))}}}"
        f"td.n{{text-align:{figures}}}td.n:not(.l,.h){{white-space:nowrap}}"
        f"td.h{{{heads}font-weight:{rnd.choice((400, 600, 700))};"
        f"vertical-align:{rnd.choice(('bottom', 'middle'))}}}td.h.w{{text-align:center}}"
    )


def text_of(placed: Placed) -> str:
    return html_text(placed.cell.text)


def leaders(dots: str) -> Content:
    """The first cell of a row of the body, with dots up to the next."""

    def content(placed: Placed) -> str:
        if placed.col or placed.cell.header or not placed.cell.text or placed.cell.colspan > 1:
            return text_of(placed)
        return led(placed.cell.text, dots)

    return content


def led(text: str, dots: str) -> str:
    """A text and dots behind it, as many as there is room for."""
    style = "flex:1;min-width:20px;contain:inline-size;overflow:hidden;white-space:nowrap;"
    style += "margin-left:4px;text-align:left;align-self:flex-end;height:1lh"
    row = f'<span data-ornament style="{style}">{html_text(dots * 150)}</span>'
    return f'<div style="display:flex"><span>{html_text(text)}</span>{row}</div>'


def table_rows(
    table: SourceTable,
    content: Content = text_of,
    lead: Callable[[int], str] | None = None,
) -> str:
    """The rows as HTML; `lead` gives what comes before the cells of a row, such as a check box.

    Classes of rows: top for the header, body, b0 and b1 alternating, t0 and t1 after three each,
    title for a section's title over the width, sum for totals, last.
    Of cells: h for headers, n for columns of figures, s for the first column, w for wide spans, l
    for long text, e for empty ones, u for those that end the header, f for what begins as a figure.
    """
    rows = []
    for number, row in enumerate(table.by_row()):
        body = number - table.header_rows
        kind = f"body b{body % 2} t{body // 3 % 2}" if body >= 0 else "top"
        kind += _row_kinds(table, number)
        cells = "".join(_td(each, table, content) for each in row)
        rows.append(f'<tr class="{kind}">{lead(number) if lead else ""}{cells}</tr>')
    return "".join(rows)


def _row_kinds(table: SourceTable, row: int) -> str:
    cells = table.rows[row]
    names = {
        "title": is_title(table, row),
        "sum": row >= table.header_rows and bool(cells) and SUM.match(cells[0].text) is not None,
        "last": row == table.height - 1,
    }
    return "".join(f" {name}" for name, holds in names.items() if holds)


def table_html(table: SourceTable, content: Content = text_of) -> str:
    return f"<table data-table>{table_rows(table, content)}</table>"


def cell_class(placed: Placed, table: SourceTable) -> str:
    wide = placed.cell.colspan > 1
    names = {
        "h": placed.cell.header,
        "n": placed.col in table.numeric_columns and not wide,
        "s": placed.col == 0,
        "w": wide,
        "l": len(placed.cell.text) > LONG,
        "e": not placed.cell.text,
        "u": placed.row + placed.cell.rowspan == table.header_rows,
        "f": placed.cell.text[:1] in FIGURES and len(placed.cell.text) <= LONG,
    }
    return " ".join(name for name, holds in names.items() if holds)


def _td(placed: Placed, table: SourceTable, content: Content) -> str:
    cell = placed.cell
    spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    marks = f'class="{cell_class(placed, table)}"{spans} {cell_marks(placed)}'
    return f"<td {marks}>{content(placed)}</td>"
