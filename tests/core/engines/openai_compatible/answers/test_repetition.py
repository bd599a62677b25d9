"""A loop is told from print that repeats itself."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.repetition import (
    ends_in_a_loop,
    is_one_character,
)


@pytest.mark.parametrize(
    "text",
    [
        "abc " * 30,
        "Intro. " + "<tr><td>0</td></tr>" * 40 + "<tr><t",
        "!" * 100,
        "." * 500,
        "x" + " \n" * 400,
        "".join(f"<tr><td>{i}</td><td></td></tr>" for i in range(60)),
        ("A paragraph of some length, with several clauses. " * 9 + "End. ") * 6,
    ],
)
def test_loop_is_one(text: str):
    assert ends_in_a_loop(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "abc " * 10,
        "Chapter 1 " + "." * 100,
        "-" * 200,
        "<tr><td>0</td></tr>" * 40 + "</table>",
        "".join(f"<tr><td>{i}</td><td>{i * i % 89}</td></tr>" for i in range(60)),
        "".join(f"{i} {i}\n" for i in range(0, 300, 7)),
    ],
)
def test_print_is_none(text: str):
    assert not ends_in_a_loop(text)


def test_one_character_is_no_answer():
    assert is_one_character("!" * 61)
    assert not is_one_character("!" * 20)
    assert not is_one_character("!" * 61 + "a")
