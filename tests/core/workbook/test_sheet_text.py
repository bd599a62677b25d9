"""Text that would break a file, or say something else in a sheet."""

from __future__ import annotations

import pytest

from converter.core.workbook.sheet_text import (
    CELL_LIMIT,
    clean_text,
    display_width,
    escape_text,
    is_too_long,
    shorten,
    utf16_length,
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00\x07\x0b\x1fb", "ab"),
        ("a\ufffe\uffffb", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_forbidden_characters_go(text, clean):
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("_x0041_", "_x005F_x0041_"), ("_x00_", "_x00_"), ("a_b", "a_b")],
)
def test_what_reads_as_an_escape_is_escaped(text, escaped):
    assert escape_text(text) == escaped


def test_limit_counts_utf16_units():
    assert not is_too_long("a" * CELL_LIMIT)
    assert is_too_long("a" * (CELL_LIMIT + 1))
    assert is_too_long("\U0001f600" * (CELL_LIMIT // 2 + 1))


@pytest.mark.parametrize(
    ("text", "short"),
    [("abc", "abc"), ("abcdef", "ab.."), ("\U0001f600\U0001f600\U0001f600", "\U0001f600..")],
)
def test_cut_ends_in_the_mark_and_keeps_whole_characters(text, short):
    assert shorten(text, 4, "..") == short
    assert utf16_length(short) <= 4


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("表組", 4), ("e\u0301", 1), ("é", 1)])
def test_display_width(text, width):
    assert display_width(text) == width
