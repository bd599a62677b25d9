"""HTML tables are cut out of the text around them."""

from __future__ import annotations

from converter.core.engines.openai_compatible.answers.answer import Cut, Found, Repair
from converter.core.engines.openai_compatible.answers.html_tables import (
    Gap,
    read_box,
    split_html,
)
from converter.core.tables.model import Box

TABLE = "<table><tr><td>a</td></tr></table>"


def test_gaps_keep_their_source_and_tables_their_order():
    first, table, last, _ = split_html(f"**x**{TABLE}| y |")
    assert (first, last) == (Gap("**x**"), Gap("| y |"))
    assert isinstance(table, Found)
    assert len(table.parts) == 1


def test_a_block_gives_its_box_to_what_it_holds():
    pieces = list(split_html(f'<div data-bbox="1 2 3 4">t{TABLE}</div>u'))
    boxes = [piece.box for piece in pieces if isinstance(piece, Gap) and piece.source]
    assert boxes == [Box(1, 2, 3, 4), None]
    assert [part.box for piece in pieces if isinstance(piece, Found) for part in piece.parts] == [
        Box(1, 2, 3, 4)
    ]


def notes(text: str) -> set[Cut | Repair]:
    return {note for piece in split_html(text) if isinstance(piece, Found) for note in piece.notes}


def test_what_is_wrong_is_noted():
    assert notes(TABLE) == set()
    assert notes(TABLE.removesuffix("</table>")) == {Cut.OPEN_TABLE}
    assert notes(TABLE.removesuffix("e>")) == {Cut.OPEN_TABLE, Cut.OPEN_TAG}
    assert notes(TABLE.removeprefix("<table>")) == {Repair.TAGS}
    assert notes(TABLE.replace("<td>", "<td rowspan=5>")) == {Repair.SPANS}


def test_box_needs_four_numbers():
    assert read_box("[[1, 2.5, 3, -4]]") == Box(1, 2.5, 3, -4)
    assert read_box("1 2 3") is None
