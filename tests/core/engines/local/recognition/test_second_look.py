from __future__ import annotations

import pytest

from converter.core.engines.local.page.glyphs import Glyph, without_ends
from converter.core.engines.local.recognition.second_look import (
    doubtful_stretches,
    is_hard,
    likelihood,
    needs_second_look,
    settle,
)


def glyphs(text: str, confidence: float = 0.95) -> tuple[Glyph, ...]:
    return tuple(Glyph(letter, float(place), confidence) for place, letter in enumerate(text))


def text_of(read: tuple[Glyph, ...]) -> str:
    return "".join(glyph.text for glyph in read)


def agreed(read: tuple[Glyph, ...]) -> list[bool | None]:
    return [glyph.seconded for glyph in read]


@pytest.mark.parametrize(
    ("glyph", "needed"),
    [
        (Glyph("a", 0, 0.99), False),
        (Glyph("a", 0, 0.7), True),
        (Glyph(" ", 0, 0.7), False),
        (Glyph("4", 0, 0.99, missed=0.1), True),
    ],
)
def test_weak_and_lost_characters_need_a_second_look(glyph: Glyph, needed: bool) -> None:
    assert needs_second_look((Glyph("x", 0, 1.0), glyph)) is needed


def line(text: str, weak: str) -> tuple[Glyph, ...]:
    """A line in which the letters of `weak` were read with little confidence."""
    return tuple(
        glyph._replace(confidence=0.5) if glyph.text in weak else glyph for glyph in glyphs(text)
    )


@pytest.mark.parametrize(
    ("weak", "stretches"),
    [
        ("", []),
        ("x", ["two x 3"]),
        ("n", ["one two"]),
        ("5", ["four 5"]),
        ("x5", ["two x 3 four 5"]),
        ("x3", ["two x 3 four"]),
        ("n5", ["one two", "four 5"]),
    ],
)
def test_doubtful_words_are_looked_at_with_the_words_beside_them(
    weak: str, stretches: list[str]
) -> None:
    read = line("one two x 3 four 5", weak)
    found = [text_of(read[start:end]) for start, end in doubtful_stretches(read)]
    assert found == stretches


def test_a_line_of_one_word_is_looked_at_whole() -> None:
    assert doubtful_stretches(line("1,234.50", ",")) == [(0, 8)]
    assert doubtful_stretches(()) == []


def test_spaces_at_the_ends_are_no_part_of_words() -> None:
    assert text_of(without_ends(glyphs("  two words "))) == "two words"
    assert without_ends(glyphs("  ")) == ()


def test_a_page_is_hard_to_read_if_many_of_its_lines_are() -> None:
    clear, weak = glyphs("34.3"), glyphs("34.3", 0.5)
    assert is_hard([clear, weak])
    assert not is_hard([clear, clear, clear, weak])
    assert not is_hard([])
    assert is_hard([weak, weak, weak, clear], of=8)
    assert not is_hard([weak, weak, clear, clear], of=8)


def test_two_readings_alike_second_each_other() -> None:
    assert agreed(settle(glyphs("34.3"), glyphs("34.3"))) == [True] * 4


def test_the_likelier_reading_wins_and_shows_where_they_differ() -> None:
    read = settle(glyphs("delzy", 0.8), glyphs("delay", 0.9))
    assert text_of(read) == "delay"
    assert agreed(read) == [True, True, True, False, True]


def test_a_character_that_only_the_other_reading_has_casts_doubt_on_its_neighbours() -> None:
    read = settle(glyphs("343", 0.95), glyphs("34.3", 0.8))
    assert text_of(read) == "343"
    assert agreed(read) == [True, False, False]


def test_a_reading_that_seems_to_have_lost_a_character_is_less_likely() -> None:
    whole = glyphs("34.3")
    lost = tuple(glyph._replace(missed=0.9) for glyph in glyphs("343"))
    assert text_of(settle(lost, whole)) == "34.3"


def test_nothing_read_is_least_likely() -> None:
    assert likelihood(()) < likelihood(glyphs("a" * 500, 1e-3))
    assert text_of(settle(glyphs("a", 0.1), ())) == "a"
