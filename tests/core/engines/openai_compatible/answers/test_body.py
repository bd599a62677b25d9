"""Forms follow one another in one answer, and each part comes in its place."""

from __future__ import annotations

from converter.core.engines.openai_compatible.answers.answer import Cut, TablePart
from converter.core.engines.openai_compatible.answers.body import read_body
from converter.core.tables.model import Box


def test_parts_come_in_order():
    found = read_body("x\n<table><tr><td>a</td></tr></table>\ny\n<fcel>b<nl>\nz\n\n|c|d|\n|-|-|")
    kinds = ["table" if isinstance(part, TablePart) else part.text for part in found.parts]
    assert kinds == ["x", "table", "y", "table", "z", "table"]


def test_only_the_last_table_may_have_been_cut():
    rows = "| a | b |\n|---|---|\n| 1 |"
    assert Cut.SHORT_ROW in read_body(rows).notes
    assert read_body(f"{rows}\n\nText.").notes & set(Cut) == set()


def test_grounding_gives_boxes():
    found = read_body("<|ref|>text<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nx\n")
    assert [part.box for part in found.parts] == [Box(1, 2, 3, 4)]


def test_escaped_tables_are_read_unless_others_are_there():
    assert len(read_body("&lt;table&gt;&lt;tr&gt;&lt;td&gt;a&lt;/td&gt;").parts) == 0
    written = "&lt;table&gt; is a tag <table><tr><td>&lt;td&gt;</td></tr></table>"
    assert read_body(written).parts[1].table.cells[0].text == "<td>"
