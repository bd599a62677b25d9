"""A second look at words that were hard to read: the same print, cropped wider and sharper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from math import log, prod
from typing import Final

from converter.core.engines.local.page.glyphs import Glyphs, Stretch, word_places

SURE: Final = 0.8
"""Every character of a line that needs no second look has at least this confidence,"""
MISSED: Final = 0.02
"""and at most this probability of one more character beside it."""
HARD: Final = 0.35
"""If a larger share of a sample of lines needs a second look, so does the whole page;"""
CLEAR: Final = 0.2
"""if at most this share does, the page does not, and no larger sample is needed."""


def needs_second_look(glyphs: Glyphs) -> bool:
    """Whether any character was read with low confidence, or one may be missing."""
    return any(
        glyph.missed > MISSED or (glyph.confidence < SURE and glyph.text != " ") for glyph in glyphs
    )


def doubtful_stretches(glyphs: Glyphs) -> list[Stretch]:
    """The stretches of a line that need a second look: whole words, and one on either side.

    The words beside a doubtful word show where it ends, and may hold characters that it lacks.
    """
    return stretches_of(glyphs, needs_second_look)


def stretches_of(
    glyphs: Glyphs, is_doubtful: Callable[[Glyphs], bool], *, with_next: bool = True
) -> list[Stretch]:
    """The stretches with doubtful words of a line, each with the word before and the next one.

    Without `with_next`, only the first word of a line has the next one with it.
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


def is_hard(lines: Sequence[Glyphs], of: int = 0) -> bool:
    """Whether so many of these lines need a second look that the whole page should be read so.

    With `of`, whether that is already certain for a sample that will have this many lines.
    """
    return sum(map(needs_second_look, lines)) > HARD * max(of, len(lines))


def is_clear(lines: Sequence[Glyphs]) -> bool:
    """Whether so few of these lines need a second look that the sample is large enough."""
    return sum(map(needs_second_look, lines)) <= CLEAR * len(lines)


def settle(first: Glyphs, second: Glyphs) -> Glyphs:
    """The likelier of two readings; `seconded` says whether the other has a character too.

    Where the other has an additional character, those beside it are not seconded.
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
    """The logarithm of the probability that this reading is right; -inf if it is empty."""
    if not glyphs:
        return float("-inf")
    read = prod(glyph.confidence for glyph in glyphs)
    whole = prod(1 - glyph.missed for glyph in glyphs)
    return log(max(read, 1e-300)) + log(max(whole, 1e-300)) / 2


def _texts(glyphs: Glyphs) -> list[str]:
    return [glyph.text for glyph in glyphs]
