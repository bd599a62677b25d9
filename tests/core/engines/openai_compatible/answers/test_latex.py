"""LaTeX tables are found among text."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.answer import Cut, Found, Note, TablePart
from converter.core.engines.openai_compatible.answers.latex import split_latex


def found(text: str) -> list[Found]:
    pieces = split_latex(text, None, at_end=True)
    return [piece for piece in pieces if isinstance(piece, Found)]


def notes(text: str) -> set[Note]:
    return {note for one in found(text) for note in one.notes}


def test_text_without_latex_is_handed_on():
    assert list(split_latex("5 & 6 \\% $x$", None, at_end=True)) == ["5 & 6 \\% $x$"]


@pytest.mark.parametrize(
    "kind", ["tabular", "tabular*", "tabularx", "longtable", "array", "tabulary", "tblr"]
)
def test_every_kind_of_table_is_found(kind: str):
    (one,) = found(f"\\begin{{{kind}}}{{ll}} a & b \\\\ \\end{{{kind}}}")
    (part,) = one.parts
    assert isinstance(part, TablePart)
    assert [cell.text for cell in part.table.cells] == ["a", "b"]


@pytest.mark.parametrize("end", ["\\", "\\be", "\\begin{", "\\begin{tabul"])
def test_command_that_is_cut_is_noted(end: str):
    assert notes(f"text {end}") == {Cut.OPEN_TAG}


def test_table_that_is_cut_keeps_whole_rows():
    (one,) = found("\\begin{tabular}{l} a \\\\ b \\\\ c")
    (part,) = one.parts
    assert isinstance(part, TablePart)
    assert (part.table.n_rows, one.notes) == (2, {Cut.OPEN_TABLE})
