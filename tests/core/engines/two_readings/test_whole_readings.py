from __future__ import annotations

from dataclasses import replace

from converter.core.engines.protocol import PageWords, Reading, TextLine
from converter.core.engines.two_readings.compare import hold_against
from converter.core.tables.doubt import is_doubtful
from converter.core.tables.model import Box
from tests.core.engines.two_readings.drawn import ROWS, table, words

INVENTED = ("Fluela", "55.55", "4,321", "7.7")


def page(**values: object) -> PageWords:
    return replace(PageWords("eyes", tuple(words())), **values)


def test_a_row_that_nobody_printed_is_marked_and_no_other():
    read = hold_against(Reading("m", (table([*ROWS[:3], INVENTED, *ROWS[3:]]),)), page())
    doubted = {cell.text for cell in read.tables[0].cells if is_doubtful(cell)}
    assert doubted == set(INVENTED)
    assert (read.missing, read.second, read.doubtful) == ((), "eyes", 4)


def test_a_row_that_was_left_out_is_missing():
    read = hold_against(Reading("m", (table([*ROWS[:3], *ROWS[4:]]),)), page())
    assert [line.text for line in read.missing] == [" ".join(ROWS[3])]


def test_boxes_are_those_of_the_picture_as_it_was_read_the_second_time():
    def back(boxes):
        return [Box(*(edge + 1000 for edge in box)) for box in boxes]

    read = hold_against(Reading("m", (table(),), turned=90), page(turned=270, back=back))
    assert read.turned == 270
    assert all(cell.box and cell.box.left > 1000 for cell in read.tables[0].cells)


def test_without_any_word_all_is_doubtful_and_the_picture_lies_as_it_lay():
    read = hold_against(Reading("m", (table(),), turned=90), page(words=(), turned=0))
    assert all(map(is_doubtful, read.tables[0].cells))
    assert read.turned == 90


def test_text_outside_tables_is_not_missing():
    below = words([("Source: office",)], top=300)
    reading = Reading("m", (table(),), loose_text=(TextLine("Source: office"),))
    assert hold_against(reading, page(words=(*words(), *below))).missing == ()
