"""Paragraphs and captions around tables."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.answer import TablePart, TextPart
from converter.core.engines.openai_compatible.answers.prose import mark_captions, read_prose
from converter.core.tables.model import Cell, Table

TABLE = TablePart(Table((Cell(0, 0, "a"),)))


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("a\nb\n\nc", ["a\nb", "c"]),
        ("## Head ##\ntext", ["Head\ntext"]),
        ("a\n---\nb", ["a", "b"]),
        ("![x](y)\n\nnull", []),
        ("<p>a</p><p>b</p>", ["a", "b"]),
        ("*** p<0.01, ** p<0.05", ["*** p<0.01, ** p<0.05"]),
        ("#1 of 5", ["#1 of 5"]),
    ],
)
def test_paragraphs_without_what_is_not_printed(source: str, texts: list[str]):
    assert [part.text for part in read_prose(source)] == texts


@pytest.mark.parametrize("text", ["Table 1. Rye", "TABLE IV", "Tabelle 3: Roggen", "Table A2 x"])
def test_caption_stands_beside_a_table(text: str):
    assert mark_captions([TextPart(text), TABLE])[0] == TextPart(text, is_caption=True)
    assert mark_captions([TABLE, TextPart(text)])[1] == TextPart(text, is_caption=True)
    assert mark_captions([TextPart(text)]) == (TextPart(text),)


@pytest.mark.parametrize("text", ["Tables are nice", "See Table 1", "Table 1 " + "word " * 100])
def test_other_text_beside_a_table_is_none(text: str):
    assert mark_captions([TextPart(text), TABLE])[0] == TextPart(text)
