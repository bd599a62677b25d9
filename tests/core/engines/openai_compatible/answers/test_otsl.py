"""Where an OTSL table ends, and what carries on from where."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.answer import Cut, Found, Note, Repair
from converter.core.engines.openai_compatible.answers.otsl import split_otsl


def notes(text: str) -> set[Note]:
    pieces = split_otsl(text, None, at_end=True)
    return {note for piece in pieces if isinstance(piece, Found) for note in piece.notes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<fcel>a<nl>", {Cut.NO_END}),
        ("<fcel>a<nl>text", set()),
        ("<otsl><fcel>a<nl></otsl>", {Cut.NO_END}),
        ("<otsl><fcel>a<nl>", {Cut.NO_END, Cut.OPEN_TABLE}),
        ("<fcel>a", {Cut.NO_END, Cut.SHORT_ROW}),
        ("<ucel><nl>", {Cut.NO_END, Repair.SPANS}),
    ],
)
def test_ends_and_orphans_are_noted(text: str, expected: set[Note]):
    assert notes(text) == expected


def test_text_around_stays():
    before, _, behind = split_otsl("x<fcel>a<nl>y", None, at_end=True)
    assert (before, behind) == ("x", "y")
