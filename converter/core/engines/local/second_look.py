"""A second look at lines that were hard to read: the same print, cut out wider and sharper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from math import log, prod
from typing import Final

from converter.core.engines.local.recognition import Glyph

Glyphs = tuple[Glyph, ...]

SURE: Final = 0.8
"""Every character of a line that one look is enough for has at least this confidence."""
MISSED: Final = 0.02
"""And at most this chance of one more character beside it."""
HARD: Final = 0.35


def needs_second_look(glyphs: Glyphs) -> bool:
    """Whether any character was read with little confidence, or one may have been left out."""
    return any(
        glyph.missed > MISSED or (glyph.confidence < SURE and glyph.text != " ") for glyph in glyphs
    )


def is_hard(lines: Sequence[Glyphs]) -> bool:
    """Whether so many of these lines need a second look that a page had better begin with it."""
    return sum(map(needs_second_look, lines)) > HARD * len(lines)


def settle(first: Glyphs, second: Glyphs) -> Glyphs:
    """The likelier of two readings; each character says whether the other reading has it too.

    Where the other has a character more, the ones beside it count as not seconded.
    """
    best, other = (second, first) if likelihood(second) > likelihood(first) else (first, second)
    agreed = [False] * len(best)
    matcher = SequenceMatcher(None, _texts(best), _texts(other), autojunk=False)
    changes = matcher.get_opcodes()
    for kind, start, end, _, _ in changes:
        agreed[start:end] = [kind == "equal"] * (end - start)
    for kind, start, _, _, _ in changes:
        if kind == "insert":
            beside = slice(max(0, start - 1), start + 1)
            agreed[beside] = [False] * len(agreed[beside])
    return tuple(replace(glyph, seconded=same) for glyph, same in zip(best, agreed, strict=True))


def likelihood(glyphs: Glyphs) -> float:
    """The logarithm of the chance that this is what stands there; least for no text at all."""
    if not glyphs:
        return float("-inf")
    read = prod(glyph.confidence for glyph in glyphs)
    whole = prod(1 - glyph.missed for glyph in glyphs)
    return log(max(read, 1e-300)) + log(max(whole, 1e-300)) / 2


def _texts(glyphs: Glyphs) -> list[str]:
    return [glyph.text for glyph in glyphs]
