"""The registry of families, and how their documents mark the truth.

`make` of a family returns a whole HTML document: CSS inline, fonts of the system, no network. It
marks the truth by attributes, which `page` reads from the browser:

- `data-table` on the element that holds a table; tables don't nest;
- `data-cell="row col rowspan colspan"` on the element of each cell, whatever its tag. The cells of
  a table fill its grid without gaps; `data-header` marks header cells;
- `data-ornament` within a cell: ink that is no text, such as leader dots and icons;
- `data-role` on text outside of cells, with one of `ROLES`.

The picture is the body with its margins, so the CSS sets the body's width; it is larger where text
overflows the body. No text may be cut off, and text made by CSS is no text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from random import Random
from typing import Final

from tests.bench.rendered.tables import Placed, Supply

Make = Callable[[Random, Supply], str]

ROLES: Final = frozenset(
    ("title", "unit", "note", "source", "text", "page-number", "heading", "chrome")
)


@dataclass(frozen=True)
class Family:
    """Pages of a `tableless` family hold no table.

    With `stub_titles`, the title of a section belongs to the first column, however long it is. So
    it is in statements of accounts; elsewhere it spans the table.
    """

    name: str
    make: Make
    tableless: bool = False
    stub_titles: bool = False


FAMILIES: Final[dict[str, Family]] = {}


def family(
    name: str, *, tableless: bool = False, stub_titles: bool = False
) -> Callable[[Make], Make]:
    """Enter a function into the registry as the family `name`."""

    def enter(make: Make) -> Make:
        if name in FAMILIES:
            raise ValueError(f"There are two families {name!r}.")
        FAMILIES[name] = Family(name, make, tableless, stub_titles)
        return make

    return enter


def cell_marks(placed: Placed) -> str:
    """The attributes of a cell's element, which `page` reads."""
    cell = placed.cell
    place = f"{placed.row} {placed.col} {cell.rowspan} {cell.colspan}"
    return f'data-cell="{place}"' + (" data-header" if cell.header else "")


def td(placed: Placed, content: str | None = None, style: str = "", tag: str = "td") -> str:
    """A cell as an element of an HTML table; `content` is HTML in place of its escaped text."""
    spans = "".join(
        f' {name}="{count}"'
        for name, count in (("rowspan", placed.cell.rowspan), ("colspan", placed.cell.colspan))
        if count > 1
    )
    inner = html_text(placed.cell.text) if content is None else content
    styled = f' style="{escape(style)}"' if style else ""
    return f"<{tag} {cell_marks(placed)}{spans}{styled}>{inner}</{tag}>"


def beside(role: str, text: str, style: str = "", tag: str = "div") -> str:
    """Text outside of cells, marked with its role; nothing if there is no text."""
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role.")
    styled = f' style="{escape(style)}"' if style else ""
    return f'<{tag} data-role="{role}"{styled}>{html_text(text)}</{tag}>' if text else ""


def document(body: str, css: str) -> str:
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><style>'
        f"{css}</style></head><body>{body}</body></html>"
    )


def html_text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
