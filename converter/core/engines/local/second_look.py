"""A second look at words that were hard to read: the same print, cut out wider and sharper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from math import log, prod
from typing import Final

from converter.core.engines.local.glyphs import Glyph, Glyphs, Stretch, word_places

SURE: Final = 0.8
"""Every character of a line that one look is enough for has at least this confidence."""
MISSED: Final = 0.02
"""And at most this chance of one more character beside it."""
HARD: Final = 0.35
"""If a larger share of a sample of lines needs a second look, so does the page;"""
CLEAR: Final = 0.2
"""if at most this share does, the page does not, and the sample need not be larger."""


def needs_second_look(glyphs: Glyphs) -> bool:
    """Whether any character was read with little confidence, or one may have been left out."""
    return any(map(_is_doubtful, glyphs))


def doubtful_stretches(glyphs: Glyphs) -> list[Stretch]:
    """Where a line needs a second look: whole words, and one on either side.

    The words beside it show where a word ends, and may have what it misses.
    """
    return stretches_of(glyphs, needs_second_look)


def stretches_of(
    glyphs: Glyphs, is_doubtful: Callable[[Glyphs], bool], *, with_next: bool = True
) -> list[Stretch]:
    """Where the doubtful words of a line stand, each with the word before it, and the next one.

    The first word of a line always has the next one with it.
    """
    words = list(word_places(glyphs))
    stretches: list[Stretch] = []
    for place, (start, end) in enumerate(words):
        if is_doubtful(glyphs[start:end]):
            after = place + 1 if with_next or place == 0 else place
            first, last = words[max(0, place - 1)], words[min(len(words) - 1, after)]
            touches = stretches and first[0] <= stretches[-1][1] + 1
            stretches.append((stretches.pop()[0] if touches else first[0], last[1]))
    return stretches


def _is_doubtful(glyph: Glyph) -> bool:
    return glyph.missed > MISSED or (glyph.confidence < SURE and glyph.text != " ")


def is_hard(lines: Sequence[Glyphs], of: int = 0) -> bool:
    """Whether so many of these lines need a second look that a page had better begin with it.

    If there are to be more `of` them, whatever those are like.
    """
    return sum(map(needs_second_look, lines)) > HARD * max(of, len(lines))


def is_clear(lines: Sequence[Glyphs]) -> bool:
    """Whether so few of these lines need a second look that no more of them have to be seen."""
    return sum(map(needs_second_look, lines)) <= CLEAR * len(lines)


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
    return tuple(glyph._replace(seconded=same) for glyph, same in zip(best, agreed, strict=True))


def likelihood(glyphs: Glyphs) -> float:
    """The logarithm of the chance that this is what stands there; least for no text at all."""
    if not glyphs:
        return float("-inf")
    read = prod(glyph.confidence for glyph in glyphs)
    whole = prod(1 - glyph.missed for glyph in glyphs)
    return log(max(read, 1e-300)) + log(max(whole, 1e-300)) / 2


def _texts(glyphs: Glyphs) -> list[str]:
    return [glyph.text for glyph in glyphs]
