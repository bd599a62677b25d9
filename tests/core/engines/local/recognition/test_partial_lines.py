from __future__ import annotations

import numpy as np
import pytest

from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.recognition.partial_lines import PartialLine, words_of

QUAD = np.array([[100, 20], [200, 20], [200, 40], [100, 40]], np.float32)
TEXT = "one two six ten"  # in which each character takes a fifteenth of the width
SIX = (4, 15)
"""The place of a doubtful "six" with the words on either side."""


def glyphs(text: str, count: int = 15) -> tuple[Glyph, ...]:
    return tuple(Glyph(sign, (place + 0.5) / count, 0.9) for place, sign in enumerate(text))


def text_of(read: tuple[Glyph, ...] | None) -> str | None:
    return None if read is None else "".join(glyph.text for glyph in read)


def test_a_line_without_doubt_is_done() -> None:
    draft = PartialLine(glyphs(TEXT))
    assert draft.parts(QUAD) == []
    assert draft.is_worth_it
    assert draft.completed([]) == glyphs(TEXT)
    assert draft.sure_words() == ["one", "two", "six", "ten"]


def test_only_stretches_are_to_be_read() -> None:
    draft = PartialLine(glyphs(TEXT), (SIX,))
    (part,) = draft.parts(QUAD)
    assert part[:, 0].tolist() == pytest.approx([100 + 100 * 3.5 / 15, 200, 200, 100 + 350 / 15])
    assert draft.sure_words() == ["one"]


def test_a_stretch_takes_the_place_of_what_was_there() -> None:
    read = PartialLine(glyphs(TEXT), (SIX,)).completed([glyphs("two sixty ten", 13)])
    assert text_of(read) == "one two sixty ten"
    assert read is not None
    places = [glyph.x for glyph in read]
    assert places == sorted(places)
    assert places[4] > 3.5 / 15
    assert places[-1] < 1


@pytest.mark.parametrize("found", ["too six ten", "", "six ten"])
def test_a_line_is_dropped_if_the_word_beside_a_stretch_differs(found: str) -> None:
    assert PartialLine(glyphs(TEXT), (SIX,)).completed([glyphs(found)]) is None


def test_a_doubtful_first_word_may_differ_if_the_next_does_not() -> None:
    draft = PartialLine(glyphs(TEXT), ((0, 7),))
    assert text_of(draft.completed([glyphs("once two", 8)])) == "once two six ten"
    assert text_of(draft.completed([glyphs("one too", 7)])) == "one too six ten"
    assert draft.completed([glyphs("once too", 8)]) is None


def test_the_ends_of_a_line_may_differ() -> None:
    assert text_of(PartialLine(glyphs(TEXT), ((8, 15),)).completed([glyphs("six teen", 8)])) == (
        "one two six teen"
    )
    assert text_of(PartialLine(glyphs(TEXT), ((0, 7),)).completed([glyphs("On two", 6)])) == (
        "On two six ten"
    )


def test_several_stretches_are_taken_at_once() -> None:
    draft = PartialLine(glyphs(TEXT), ((0, 7), (8, 15)))
    read = [glyphs("once two", 8), glyphs("six then", 8)]
    assert text_of(draft.completed(read)) == "once two six then"


def test_a_line_in_which_most_is_doubtful_is_read_anew() -> None:
    assert PartialLine(glyphs(TEXT), ((0, 7),)).is_worth_it
    assert not PartialLine(glyphs(TEXT), ((0, 11),)).is_worth_it


def test_words() -> None:
    assert words_of(glyphs("12 kg  (net)")) == ["12", "kg", "(net)"]
