"""Tables that hypothesis draws, and how a model would write them in each form."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

from hypothesis import strategies as st

from converter.core.tables.model import Cell, Table

_PLAIN = "abcXYZ0123456789 .,%()+/:;°²³é≥—“”☐☑合計 "
_MARKS = "<>&|"


def texts(alphabet: str = _PLAIN + _MARKS) -> st.SearchStrategy[str]:
    """Texts of cells. Dots alone would stand for rows that the model left out."""
    drawn = st.text(alphabet, max_size=8).map(lambda text: " ".join(text.split(" ")).strip())
    return drawn.filter(lambda text: text not in {"...", ". . ."})


@st.composite
def tables(draw: st.DrawFn, *, spans: bool = True) -> Table:
    """A header row of plain cells, and a body in which cells may span."""
    width = draw(st.integers(2, 4))
    height = draw(st.integers(2, 5))
    cells = [Cell(0, col, f"h{col}", header=True) for col in range(width)]
    taken: set[tuple[int, int]] = set()
    for row in range(1, height):
        for col in range(width):
            if (row, col) not in taken:
                cell = _cell(draw, row, col, (height, width), taken, spans=spans)
                taken |= set(cell.places())
                cells.append(cell)
    return Table(tuple(cells))


def _cell(
    draw: st.DrawFn,
    row: int,
    col: int,
    size: tuple[int, int],
    taken: set[tuple[int, int]],
    *,
    spans: bool,
) -> Cell:
    text = draw(texts())
    height = draw(st.integers(1, min(2, size[0] - row))) if spans else 1
    width = draw(st.integers(1, min(2, size[1] - col))) if spans else 1
    cell = Cell(row, col, text, height, width)
    return Cell(row, col, text) if taken & set(cell.places()) else cell


def by_rows(table: Table) -> list[list[Cell]]:
    return [[cell for cell in table.cells if cell.row == row] for row in range(table.n_rows)]


def as_html(table: Table) -> str:
    head, *body = ["<tr>" + "".join(map(_tag, row)) + "</tr>" for row in by_rows(table)]
    rows = "\n".join(body)
    return f"<table><thead>{head}</thead>\n<tbody>{rows}</tbody></table>"


def _tag(cell: Cell) -> str:
    name = "th" if cell.header else "td"
    spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return f"<{name}{spans}>{html.escape(cell.text)}</{name}>"


def as_markdown(table: Table) -> str:
    lines = [
        "|"
        + "|".join(f" {html.escape(cell.text).replace('|', chr(92) + '|')} " for cell in row)
        + "|"
        for row in by_rows(table)
    ]
    return "\n".join([lines[0], "|" + "---|" * table.n_cols, *lines[1:]])


def as_otsl(table: Table) -> str:
    owners = {place: cell for cell in table.cells for place in cell.places()}
    return "".join(
        "".join(_token(owners[row, col], row, col) for col in range(table.n_cols)) + "<nl>"
        for row in range(table.n_rows)
    )


def _token(cell: Cell, row: int, col: int) -> str:
    if (row, col) != (cell.row, cell.col):
        return "<lcel>" if row == cell.row else "<ucel>" if col == cell.col else "<xcel>"
    kind = "ched" if cell.header else "fcel" if cell.text else "ecel"
    return f"<{kind}>{html.escape(cell.text)}"


def as_latex(table: Table) -> str:
    owners = {place: cell for cell in table.cells for place in cell.places()}
    rows = [
        " & ".join(
            _latex(owners[row, col], row)
            for col in range(table.n_cols)
            if col == owners[row, col].col
        )
        for row in range(table.n_rows)
    ]
    body = " \\\\\n".join(rows[1:])
    return f"\\begin{{tabular}}{{lll}}\n{rows[0]} \\\\\n\\midrule\n{body} \\\\\n\\end{{tabular}}"


def _latex(cell: Cell, row: int) -> str:
    text = cell.text if row == cell.row else ""
    for mark in "&%":
        text = text.replace(mark, f"\\{mark}")
    if cell.rowspan > 1 and row == cell.row:
        text = f"\\multirow{{{cell.rowspan}}}{{*}}{{{text}}}"
    return f"\\multicolumn{{{cell.colspan}}}{{c}}{{{text}}}" if cell.colspan > 1 else text


def as_json(table: Table) -> str:
    return json.dumps([{"bbox": [0, 0, 9, 9], "category": "Table", "text": as_html(table)}])


FORMS: dict[str, Callable[[Table], str]] = {
    "html": as_html,
    "markdown": as_markdown,
    "otsl": as_otsl,
    "latex": as_latex,
    "json": as_json,
}
SPANLESS = {"markdown"}
