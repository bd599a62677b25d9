from __future__ import annotations

from dataclasses import replace

from converter.core.engines.local.fragments.dittos import mend_dittos
from converter.core.engines.local.page.fragments import Fragment
from tests.core.engines.local.printed import fragment, lines_of


def low(text: str, left: float, top: float) -> Fragment:
    item = fragment(text, left, top)
    return replace(item, box=item.box._replace(bottom=top + 10))


def test_two_small_strokes_below_words_are_a_ditto_mark() -> None:
    page = [*lines_of([("Leader", "3800"), ("", "3815")], (0, 100)), low("11", 20, 25)]
    assert [item.text for item in mend_dittos(page)] == ["Leader", "3800", "3815", '"']


def test_a_number_as_high_as_its_line_stays() -> None:
    page = lines_of([("Leader", "3800"), ("11", "3815")], (0, 100))
    assert mend_dittos(page) == page


def test_a_small_number_below_numbers_stays() -> None:
    page = [*lines_of([("12", "3800"), ("", "3815")], (0, 100)), low("11", 0, 25)]
    assert mend_dittos(page) == page


def test_the_first_number_below_a_heading_stays() -> None:
    page = [*lines_of([("No.", "Town"), ("", "Oslo"), ("2", "Bergen")], (0, 100)), low("1", 5, 25)]
    assert mend_dittos(page) == page


def test_marks_below_marks_are_ditto_marks() -> None:
    rows = lines_of([("Leader", "3800"), ("", "3815"), ("", "3820"), ("Smith", "2750")], (0, 100))
    page = [*rows, low("11", 20, 25), low("11", 20, 49)]
    assert [item.text for item in mend_dittos(page)][-2:] == ['"', '"']


def test_a_small_mark_beside_nothing_stays() -> None:
    page = [fragment("Leader", 0, 0), low("11", 20, 25)]
    assert mend_dittos(page) == page
