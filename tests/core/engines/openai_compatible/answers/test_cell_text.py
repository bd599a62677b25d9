"""Pieces of text and tags become what a reader sees."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.cell_text import CellText, unescape
from converter.core.engines.openai_compatible.answers.tags import find_tags


def collect(source: str) -> CellText:
    text, at = CellText(), 0
    for tag in find_tags(source):
        text.text(source[at : tag.start])
        text.tag(tag)
        at = tag.end
    text.text(source[at:])
    return text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a  b\n c", "a b c"),
        ("a<br><br>b", "a\nb"),
        ("<p>a</p><p>b</p>", "a\nb"),
        ("1\u2009000\u00a0kg", "1\u2009000\u00a0kg"),
        ("10<sup>-<b>3</b></sup>", "10⁻³"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
        ("<math><msub><mi>x</mi><mn>1</mn></msub><mo>+</mo><mn>2</mn></math>", "x₁+2"),
        ("<math>\\frac{1}{2}</math>", "1/2"),
        ("a<style>b</style>c", "ac"),
        ("<img src='x'>a", "a"),
    ],
)
def test_text_is_as_seen(source: str, shown: str):
    text = collect(source)
    assert (text.finish(), text.unclosed) == (shown, False)


@pytest.mark.parametrize(
    ("source", "shown"),
    [("10<sup>3", "10³"), ("3</sup>", "3"), ("a<math>b", "ab"), ("a<img>b", "ab")],
)
def test_what_is_not_closed_is_kept_and_noted(source: str, shown: str):
    text = collect(source)
    assert (text.finish(), text.unclosed) == (shown, True)


def test_watermark_stands_beside_the_text():
    text = collect("a<watermark> COPY </watermark>b")
    assert (text.finish(), text.asides) == ("ab", ["COPY"])


@pytest.mark.parametrize(
    ("source", "shown"),
    [("&lt;&amp;&gt;", "<&>"), ("AT&T &copy", "AT&T &copy"), ("&amp;lt;", "&lt;"), ("&#65;", "A")],
)
def test_entities_end_in_a_semicolon(source: str, shown: str):
    assert unescape(source) == shown
