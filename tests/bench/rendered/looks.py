"""What looks share: print of a page, alignment of columns, section titles, and text around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from tests.bench.rendered import words
from tests.bench.rendered.family import beside, document, td
from tests.bench.rendered.source import Placed, SourceCell, SourceTable, is_number

# Where a system lacks the first of a line, the next one stands for it.
SANS: Final = (
    '"Liberation Sans", Arial, Helvetica, sans-serif',
    '"DejaVu Sans", Verdana, sans-serif',
    '"DejaVu Sans Condensed", "Arial Narrow", sans-serif',
    'Carlito, Calibri, "Noto Sans", sans-serif',
    '"TeX Gyre Heros", "Nimbus Sans", "DejaVu Sans Condensed", sans-serif',
    'Lato, Roboto, "Open Sans", "DejaVu Sans", sans-serif',
    '"Liberation Sans Narrow", "TeX Gyre Heros Cn", "DejaVu Sans Condensed", sans-serif',
)
SERIF: Final = (
    '"Liberation Serif", "Times New Roman", serif',
    '"DejaVu Serif", Georgia, serif',
    '"DejaVu Serif Condensed", "Nimbus Roman", serif',
    '"TeX Gyre Termes", Tinos, "DejaVu Serif Condensed", serif',
    '"TeX Gyre Schola", C059, "Old Standard TT", "DejaVu Serif", serif',
    '"EB Garamond", "TeX Gyre Pagella", P052, "DejaVu Serif Condensed", serif',
)
MONO: Final = (
    '"DejaVu Sans Mono", "Liberation Mono", monospace',
    '"Liberation Mono", "Courier Prime", "TeX Gyre Cursor", monospace',
)

Css = Callable[[Placed], str]
Content = Callable[[Placed], str | None]


@dataclass(frozen=True)
class Print:
    """The type and the paper of a page; lengths in CSS pixels."""

    font: str
    size: int
    leading: float
    ink: str
    paper: str

    @classmethod
    def chosen(cls, rnd: Random, fonts: Sequence[str] = SANS + SERIF, least: int = 10) -> Print:
        return cls(
            rnd.choice(fonts),
            rnd.choice([size for size in (9, 10, 11, 12, 13, 14, 16) if size >= least]),
            rnd.choice((1.1, 1.2, 1.3, 1.5)),
            rnd.choice(("#000", "#000", "#111", "#222", "#333", "#555")),
            rnd.choice(("#fff", "#fff", "#fff", "#fff", "#fdfcf7", "#f6f6f6")),
        )

    def css(self) -> str:
        font = f"font:{self.size}px/{self.leading} {self.font}"
        return f"{font};color:{self.ink};background:{self.paper}"


def page(printed: Print, parts: Sequence[str], width: int | None, margin: int, css: str) -> str:
    """A document: as wide as given, or a crop around its content."""
    size = f"width:{width}px" if width else "width:fit-content;max-width:1500px"
    body = f"body{{margin:0;padding:{margin}px;box-sizing:border-box;{size};{printed.css()}}}"
    tables = "table{border-collapse:collapse}td{vertical-align:top}sup{line-height:0}"
    return document("".join(parts), body + tables + css)


def table_html(
    table: SourceTable, css: Css, content: Content = lambda _: None, style: str = ""
) -> str:
    rows = (
        "<tr>" + "".join(td(each, content(each), css(each)) for each in row) + "</tr>"
        for row in table.by_row()
    )
    return f'<table data-table style="{style}">{"".join(rows)}</table>'


@dataclass(frozen=True)
class Alignment:
    """How the columns of one table are set; decimals in a column may share their point."""

    table: SourceTable
    words: str
    figures: str
    heads: str
    titles: str
    decimals: dict[int, int]

    @classmethod
    def chosen(
        cls, rnd: Random, table: SourceTable, figures: str | None = None, words: str | None = None
    ) -> Alignment:
        return cls(
            table,
            words or rnd.choice(("left", "left", "left", "center")),
            figures or rnd.choice(("right", "right", "center", "left", "decimal")),
            rnd.choice(("same", "same", "center")),
            rnd.choice(("left", "left", "center")),
            {col: _decimals(table, col) for col in table.numeric_columns},
        )

    def css(self, placed: Placed) -> str:
        cell = placed.cell
        if is_title(self.table, placed.row):
            return f"text-align:{self.titles}"
        if cell.colspan > 1:
            return f"text-align:{'center' if self.is_head(placed) else self.words}"
        of_figures = placed.col in self.table.numeric_columns
        side = self.figures if of_figures else self.words
        side = "left" if placed.col == 0 and not of_figures else side
        if self.is_head(placed):
            side = side if self.heads == "same" else self.heads
            return f"text-align:{'right' if side == 'decimal' else side};vertical-align:bottom"
        if side != "decimal" or not is_number(cell.text):
            whole = "white-space:nowrap;" if of_figures and is_number(cell.text) else ""
            return f"{whole}text-align:{'center' if side == 'decimal' else side}"
        missing = self.decimals[placed.col] - _behind_the_point(cell.text)
        return f"text-align:right;white-space:nowrap;border-right:{missing}ch solid transparent"

    def is_head(self, placed: Placed) -> bool:
        return placed.row < self.table.header_rows


def _decimals(table: SourceTable, col: int) -> int:
    body = (each for each in table.placed if each.row >= table.header_rows and each.col == col)
    return max((_behind_the_point(each.cell.text) for each in body), default=0)


def _behind_the_point(text: str) -> int:
    """How many characters a figure has behind its point, the point counted."""
    return len(text) - text.index(".") if "." in text else 0


def with_sections(rnd: Random, table: SourceTable) -> SourceTable:
    """The table with a few section titles in its body, each a cell over the whole width."""
    crossed = {
        row for each in table.placed for row in range(each.row + 1, each.row + each.cell.rowspan)
    }
    start = max(1, table.header_rows)
    free = [row for row in range(start, table.height) if row not in crossed]
    if table.width < 2 or len(free) < 4:
        return table
    at = set(rnd.sample(free, rnd.randint(1, min(4, len(free) // 2))))
    rows = []
    for row, cells in enumerate(table.rows):
        if row in at:
            title = words.phrase(rnd, 1, rnd.choice((3, 9))) + rnd.choice(("", "", ":"))
            rows.append((SourceCell(title, 1, table.width),))
        rows.append(cells)
    return replace(table, rows=tuple(rows))


def is_title(table: SourceTable, row: int) -> bool:
    """Whether a row of the body is one cell over the whole width."""
    cells = table.rows[row]
    return row >= table.header_rows and len(cells) == 1 and cells[0].colspan == table.width > 1


def caption(rnd: Random, table: SourceTable, size: int) -> str:
    """A table's title; often bold, sometimes centred."""
    text = table.caption or f"Table {rnd.randint(1, 30)}: {words.phrase(rnd, 3, 10)}"
    look = f"font-weight:{rnd.choice((400, 700))};text-align:{rnd.choice(('left', 'center'))}"
    bigger = size + rnd.choice((0, 0, 1, 3))
    return beside("title", text, f"{look};font-size:{bigger}px;margin:{rnd.choice((2, 5, 10))}px 0")


def note(rnd: Random, table: SourceTable, size: int) -> str:
    """A smaller line below a table."""
    text = table.note or words.sentence(rnd)
    role = rnd.choice(("note", "note", "source"))
    opening = {"note": rnd.choice(("Note: ", "* ", "a ", "")), "source": "Source: "}[role]
    smaller = max(8, size - rnd.choice((0, 1, 2)))
    return beside(role, opening + text, f"font-size:{smaller}px;margin:{rnd.choice((2, 4, 8))}px 0")


def prose(rnd: Random, paragraphs: int, style: str = "") -> str:
    look = f"margin:0 0 {rnd.choice((0, 6, 12))}px;text-align:{rnd.choice(('left', 'justify'))}"
    return "".join(
        beside("text", words.paragraph(rnd, rnd.randint(2, 6)), f"{look};{style}", "p")
        for _ in range(paragraphs)
    )
