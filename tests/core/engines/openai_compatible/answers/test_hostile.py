"""Long answers out to cost time: the work grows with their length."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from converter.core.engines.openai_compatible.answers.parse import parse_answer

pytestmark = [pytest.mark.intensive, pytest.mark.no_cover]

UNITS = [
    "<table>", "</table>", "<table><tr><td>x", "<tr><td>a", "<td colspan=1000>x",
    "<td rowspan=1000>x", "<tr><td rowspan=0>a", "<td ", '<td "', '<td "a" ', '""', "<b a='' ",
    "<b  ", "\\n", '\\"', "<!--", "<sup>", "<math><msup>",
    "|", "| a | b |\n", "|---|---|\n", "a|b\n", "$|", "\\(", "`", "**a", "![a](", "[", '{"a":',
    '[{"k":[{},', "<fcel>a<lcel><nl><ucel>", "<ucel>", "<|ref|>", "<|", "<think>", "</think>",
    "\\begin{tabular}", "\\begin{tabular}{l} a & b \\\\", "\\multicolumn{", "{", "\\frac{", "^{",
    "&amp;", "a: b\n", "```\n", " ", "\n", " \n", "+-", "# ", '<div data-bbox="1 2 3 4">', "</s> ",
]  # fmt: skip
BEGINNINGS = [
    "",
    "<table><tr><td>",
    "| a | b |\n|---|---|\n| ",
    '[{"text":"',
    "<td ",
    "<b a=''",
    "\\begin{tabular}{ll}",
]


def calls(text: str) -> int:
    """How many functions are called to read `text`."""
    count = 0

    def tick(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(tick)
    try:
        parse_answer(text, "length")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", UNITS)
def test_work_grows_with_the_length(unit: str):
    short, long = (calls(unit * (size // len(unit))) for size in (2_000, 8_000))
    assert long <= 5 * short + 1_000


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_blanks_after_anything_cost_nothing(beginning: str):
    # A pattern that begins with blanks, tried at each of them, would take hours.
    assert parse_answer(beginning + " \t" * 500_000, "length").truncated


@pytest.mark.parametrize(
    "unit",
    ["<table>", "<td '", '<td "a" ', '<b a="" ', "|", "[{", "{", "<!--", "`a", "![", "$a", "\\("],
)
def test_a_very_long_answer_comes_back(unit: str):
    # Quadratic work would take many minutes.
    assert parse_answer(unit * (400_000 // len(unit)), "length").truncated
