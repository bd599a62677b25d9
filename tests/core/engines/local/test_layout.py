from __future__ import annotations

import pytest

from converter.core.engines.local.layout import is_number
from tests.core.engines.local.printed import fragment, layout_of, lines_of


@pytest.mark.parametrize(
    "text", ["12", "-3.5", "1,234", "(5)", "12.5%", "0.12 ± 0.01", "3*", ".2%"]
)
def test_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "Total", "n = 80", "2nd year", "-", "to 5"])
def test_what_is_no_number(text: str) -> None:
    assert not is_number(text)


def test_a_fragment_over_a_boundary_is_in_both_columns() -> None:
    layout = layout_of(lines_of([("Ann", "12")], (0, 100)), (60,))
    assert layout.columns_of(fragment("wide text", 20, 0)) == range(2)
    assert layout.columns_of(fragment("12", 61, 0)) == range(1, 2)


def test_text_spans_leave_out_what_crosses() -> None:
    wide = fragment("wide wide wide", 0, 40)
    layout = layout_of([*lines_of([("Ann", "12")], (0, 100)), wide], (60,))
    assert layout.text_spans() == [(0, 27), (100, 118)]
