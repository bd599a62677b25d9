from __future__ import annotations

import pytest

from converter.core.engines.local.page.text_forms import (
    has_odd_case,
    is_numeric,
    is_several_numbers,
    tells_size,
)


@pytest.mark.parametrize("word", ["twO", "ToTAL", "FranCe", "CityIState", "ILimit", "aI"])
def test_capitals_where_hardly_any_stand(word: str) -> None:
    assert has_odd_case(word)


@pytest.mark.parametrize(
    "word", ["two", "TOTAL", "France", "City/State", "Limit", "ID", "In", "II", "pH", "EbD"]
)
def test_capitals_as_they_stand(word: str) -> None:
    assert not has_odd_case(word)


@pytest.mark.parametrize(
    ("text", "tells"), [("Bern", True), ("5", True), ("II", False), ("so", False)]
)
def test_some_letters_show_the_size_of_all(text: str, tells: bool) -> None:
    assert tells_size(text) is tells


@pytest.mark.parametrize(
    "text", ["12", "-3.5", "1,234", "(5)", "12.5%", "0.12 ± 0.01", "3*", ".2%"]
)
def test_numbers(text: str) -> None:
    assert is_numeric(text)


@pytest.mark.parametrize("text", ["", "Total", "n = 80", "2nd year", "-", "to 5"])
def test_what_is_no_number(text: str) -> None:
    assert not is_numeric(text)


@pytest.mark.parametrize(
    ("text", "heap"), [("9.8 7.6", True), ("9.8", False), ("3 men", False), ("5 (2)", False)]
)
def test_several_numbers_in_one_cell(text: str, heap: bool) -> None:
    assert is_several_numbers(text) is heap
