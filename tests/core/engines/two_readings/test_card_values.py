from __future__ import annotations

import pytest

from converter.core.engines.protocol import CardKind, PageWords, Reading
from converter.core.engines.two_readings.card_values import compare_values
from converter.core.engines.two_readings.compare import hold_against
from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import FieldValue, Mark, ValueState
from converter.core.tables.model import Box, Word
from tests.core.engines.two_readings.drawn import words

SPECS = (FieldSpec("Site"), FieldSpec("Length"), FieldSpec("Found by"))
PRINT = ("Site: Chur North", "Length: 12.50", "Found by: Ada King", "b.1904")


def page(*print_: str) -> PageWords:
    lines = print_ or PRINT
    pieces = [
        Word(line, Box(40, 50 + 30 * n, 40 + 9 * len(line), 70 + 30 * n), 0.95)
        for n, line in enumerate(lines)
    ]
    return PageWords("eyes", tuple(words([(line,) for line in lines])), tuple(pieces))


def judged(name: str, text: str | None, *print_: str) -> FieldValue:
    value = FieldValue(name, text, confidence=1.0 if text else 0.0)
    [found] = compare_values([value], SPECS, page(*print_))
    assert (found.name, found.text) == (name, text)  # a text is never changed
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [("Site", "Chur North"), ("Site", "chur-north"), ("Length", "12.50"), ("Found by", "King")],
)
def test_what_the_words_say_has_its_place_and_is_trusted(name, text) -> None:
    value = judged(name, text)
    assert value.box is not None
    assert not value.is_doubtful


def test_part_of_a_word_will_do_but_not_a_part_of_a_number() -> None:
    assert not judged("Born", "1904").is_doubtful
    assert judged("Born", "190").is_doubtful


def test_what_no_word_says_is_marked_with_what_stands_at_the_label() -> None:
    value = judged("Length", "13.50")
    assert (value.marks, value.other, value.is_doubtful) == ((Mark.UNSUPPORTED,), "12.50", True)
    assert judged("Colour", "azure").marks == (Mark.UNSUPPORTED,)


def test_what_is_nearly_there_shows_both_readings() -> None:
    value = judged("Finder", "Eda Kling")
    assert (value.marks, value.other) == ((Mark.UNSUPPORTED,), "Ada King")


def test_a_value_of_another_field_is_doubted_though_its_words_are_there() -> None:
    value = judged("Site", "Ada King")
    assert (value.other, value.is_doubtful) == ("Chur North", True)


def test_what_the_model_does_not_have_is_shown_from_the_label() -> None:
    value = judged("Length", None)
    assert (value.state, value.other, value.is_doubtful) == (ValueState.NOT_FOUND, "12.50", True)
    assert not judged("Colour", None).is_doubtful


def test_several_lines_are_looked_for_one_by_one() -> None:
    value = judged("Remarks", "Chur North\nAda King")
    assert (value.is_doubtful, value.box and value.box.height > 60) == (False, True)
    assert judged("Remarks", "Chur North\nAnd nobody").is_doubtful


def test_without_any_word_all_is_doubted() -> None:
    [value] = compare_values([FieldValue("Site", "Chur", confidence=1)], SPECS, PageWords("eyes"))
    assert value.marks == (Mark.UNSUPPORTED,)


def test_what_the_model_doubts_is_not_trusted_for_its_words() -> None:
    [value] = compare_values([FieldValue("Site", "Chur North", confidence=0.5)], SPECS, page())
    assert value.is_doubtful


def test_a_reading_of_fields_has_its_boxes_on_the_picture_as_it_lay() -> None:
    def back(boxes):
        return [Box(*(edge + 1000 for edge in box)) for box in boxes]

    seen = PageWords("eyes", page().words, page().lines, 90, back)
    reading = Reading("m", fields=(FieldValue("Length", "12.50", confidence=1.0),))
    read = hold_against(reading, seen, SPECS)
    assert (read.second, read.turned, read.doubtful) == ("eyes", 90, 0)
    assert read.fields[0].box
    assert read.fields[0].box.left > 1000


def test_a_blank_card_needs_no_second_reading() -> None:
    values = (FieldValue("Length"),)
    assert Reading("m", fields=values).can_be_compared
    assert not Reading("m", fields=values, card=CardKind.BLANK).can_be_compared
