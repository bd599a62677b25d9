from __future__ import annotations

import pytest

from converter.core.engines.local.page.text_lines import PrintLine, group_lines
from converter.core.engines.local.tables.running_text import is_list, is_listing, is_running_text
from tests.core.engines.local.printed import lines_of

FULL = "words that fill a column", "up to the blank beside it", "then go on in a new line"


def rows_of(rows: list[tuple[str, ...]], columns: tuple[float, ...]) -> list[PrintLine]:
    return group_lines(lines_of(rows, columns))


def test_print_in_two_columns() -> None:
    assert is_running_text(rows_of([(text, text) for text in FULL] * 3, (0, 300)))


def test_justified_print_with_blanks_anywhere() -> None:
    halves = [
        ("few", "words that fill it"),
        ("some more words", "fill"),
        ("some few", "words fill"),
    ]
    lines = [
        lines_of([(left, right, FULL[0])], (0, 9 * len(left) + 20, 300), top=24 * i)
        for i, (left, right) in enumerate(halves * 3)
    ]
    assert is_running_text(group_lines([item for line in lines for item in line]))


def test_code_has_blanks_by_chance() -> None:
    lines = [
        ("for x in", "rows:", "", ""),
        ("", "yield", "name, x", "2"),
        ("n = 12", "# of all", "", ""),
    ]
    placed = [
        lines_of([line], (0, 120 + 37 * i, 190 + 61 * i, 330), top=24 * i)
        for i, line in enumerate(lines * 2)
    ]
    assert is_running_text(group_lines([item for line in placed for item in line]))


def test_two_addresses() -> None:
    left_right = [("Lindqvist & Sons", "Ann Baker"), ("12 Mill Lane", "Oxford")]
    assert is_running_text(rows_of(left_right, (0, 420)))
    assert not is_running_text(rows_of(left_right, (0, 200)))


@pytest.mark.parametrize("marks", ["1. 2. 3.", "- - -", "(a) (b) (c)", "4 4.1 4.2"])
def test_lists(marks: str) -> None:
    items = ["Call the office before noon", "Send 25 letters out", "Pay the rent"]
    assert is_list(rows_of(list(zip(marks.split(), items, strict=True)), (0, 60)))


def test_code_with_numbered_lines() -> None:
    code = ["def read():", "n = 12", "return n", "", "read()"]
    lines = rows_of([(str(8 + n), line) for n, line in enumerate(code)], (0, 60))
    remarked = rows_of([(str(n), "pass", "#" * (n == 3)) for n in range(1, 7)], (0, 60, 200))
    assert is_listing(lines)
    assert is_listing(remarked)
    assert not is_listing([*lines[:2], *lines[3:]])
    assert is_running_text(lines)


def test_a_table_with_numbered_lines_is_no_listing() -> None:
    assert not is_listing(rows_of([(str(n), f"{n}.5") for n in range(1, 6)], (0, 60)))
    assert not is_listing(rows_of([(str(n), "Ann", "York") for n in range(1, 6)], (0, 60, 200)))


def test_a_table_of_words_is_no_running_text() -> None:
    rows = [("Ann", "Bristol", "nurse"), ("Bob", "York", "cook"), ("Cid", "", "driver")]
    assert not is_running_text(rows_of(rows, (0, 100, 220)))


def test_a_table_with_wrapped_descriptions_is_no_running_text() -> None:
    rows = [("Rain", FULL[0]), ("", "up to it")] * 4
    assert not is_running_text(rows_of(rows, (0, 100)))
