"""Tags are found; what only looks like one is text."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.tags import (
    cut_tag,
    find_tags,
    number_of,
    value_of,
)


@pytest.mark.parametrize(
    ("text", "name", "closing"),
    [
        ("<td>", "td", False),
        ("</TABLE>", "table", True),
        ("<br/>", "br", False),
        ("<td nowrap width=5>", "td", False),
        ('<td title="a>b">', "td", False),
        ('<td colspan="2>', "td", False),
        ("<b>", "b", False),
        ("<b class='x'>", "b", False),
        ("<b class='x' id = \"y\" />", "b", False),
        ("<td class='a\"b' title=\"c'd>e\" nowrap>", "td", False),
        ("<!-- <td> -->", "!", False),
        ("<!doctype html>", "!", False),
    ],
)
def test_tag_is_found(text: str, name: str, closing: bool):
    (tag,) = find_tags(f"x{text}y")
    assert (tag.name, tag.closing, tag.start, tag.end) == (name, closing, 1, 1 + len(text))


TEXTS = [
    "p<0.05", "<LOD", "<5>", "a < b > c", "<tdx>", "<b and c>", "<table", "< td>", "<>",
    "if a <b c=> d", '<b class="x" c=>',  # CPython 3.11.2 took them for tags by `*+`
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_no_tag(text: str):
    assert list(find_tags(text)) == []


def test_comment_without_end_is_its_mark_alone():
    assert [tag.source for tag in find_tags("<!-- a <td> <!-- b")] == ["<!--", "<td>", "<!--"]


@pytest.mark.parametrize(
    ("attributes", "number"),
    [
        ('colspan="3"', 3),
        ("colspan=3", 3),
        ("COLSPAN = '3'", 3),
        ("colspan=\u201c3\u201d", 3),
        ('colspan=\\"3\\"', 3),
        ('colspan="-2"', -2),
        ('data-colspan="3"', 1),
        ('colspan="x"', 1),
        ('colspan="' + "9" * 5_000 + '"', 999_999_999),
    ],
)
def test_number_of_an_attribute(attributes: str, number: int):
    (tag,) = find_tags(f"<td {attributes}>")
    assert number_of(tag, "colspan") == number


def test_value_of_an_attribute():
    (tag,) = find_tags("<div data-bbox='1 2' class=x>")
    assert (value_of(tag, "data-bbox"), value_of(tag, "class")) == ("1 2", "")


@pytest.mark.parametrize("end", ["<", "</", "<t", "<tabl", "<td colspan=", "</t", "<!-", "<fce"])
def test_tag_that_is_cut_is_found(end: str):
    assert cut_tag(f"text\n{end}") == 5


@pytest.mark.parametrize("text", ["", "a", "a <b", "p<0", "<td>", "a < b", "x <5", "p<t", "n <"])
def test_text_is_no_cut_tag(text: str):
    assert cut_tag(text) == len(text)
