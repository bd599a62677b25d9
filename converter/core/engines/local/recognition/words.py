"""Words of clear Latin print, read by a small network of our own before the large one.

It reads the words of a page only after a trial: on a sample of lines it must agree with the large
network. It reads lines that it is not sure of a second time, from a different crop; words in which
the two readings differ are left to the large network. `tests/bench/small_networks` draws the lines
that it is trained on.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from converter.core.engines.local.page.boxes import Quad, quad_height
from converter.core.engines.local.page.glyphs import Glyphs, text_of, word_places
from converter.core.engines.local.page.text_forms import has_odd_case, tells_size
from converter.core.engines.local.picture.ink import ink_runs
from converter.core.engines.local.picture.pictures import Gray
from converter.core.engines.local.recognition.cropping import Framing
from converter.core.engines.local.recognition.digits import is_short
from converter.core.engines.local.recognition.partial_lines import PartialLine, read_parts, words_of
from converter.core.engines.local.recognition.recognition import place_in_box
from converter.core.engines.local.recognition.second_look import needs_second_look, stretches_of
from converter.core.engines.local.recognition.small_network import (
    OTHER,
    TRUST_ON_CLEAR,
    SmallNetwork,
    agree,
    is_sure,
    trusted,
)
from converter.core.tables.model import Box

MODEL: Final = "words.onnx"
ACCENTED: Final = "äöüßéèêëàâáãçñíìîïóòôõøúùûåÄÖÜÅØÉÇ"
MARKS: Final = "°±×–—“”‘’€£§©®•·µ…"  # noqa: RUF001
SIGNS: Final = string.digits + string.ascii_letters + string.punctuation + ACCENTED + MARKS + " "

FIRST: Final = Framing(across=0.05, along=0.05, stretch=1.05)
SECOND: Final = Framing(across=0.1, along=0.05, stretch=1.2)
SURE: Final = 0.97
"""A word of a long line is kept if each of its characters has this confidence,"""
MISSED: Final = 0.02
"""and at most this probability of another character beside it."""
AGREED: Final = 0.9
"""The same for the mean confidence of each character, if the network read it twice alike."""
BLANK: Final = 0.2
"""By a box's height: gaps between words are wider, gaps between letters hardly ever are."""
TELLING: Final = 6
"""A trial needs this many sure words to show that the network can read a page."""
MISREAD: Final = 0.02
"""The largest share of them that the large network may read differently."""
ALIKE: Final = str.maketrans("‘’`“”–—−·•", "'''\"\"---..")  # noqa: RUF001
"""Characters that either network mistakes for others now and then, without harm."""
LOWEST: Final = 14.0
"""Pixels, the median height of lines: on smaller print it is sure of too few to save time."""
LEADER: Final = re.compile(r"[.·_]{2}|…")


class WordReader:
    """Make it in the main thread. Raises FileNotFoundError if the model file is missing."""

    def __init__(self) -> None:
        self._network = SmallNetwork(MODEL, SIGNS)

    def read(self, gray: Gray, quads: Sequence[Quad]) -> list[PartialLine | None]:
        """The line at each of `quads` of a page (h, w), as far as it is sure; None if it is not."""
        drafts: list[PartialLine | None] = []
        for glyphs, quad in zip(self._network.look(gray, quads, FIRST), quads, strict=True):
            placed = place_in_box(glyphs, quad, FIRST)
            if not is_plain(text_of(glyphs)):
                drafts.append(None)
            elif is_short(quad):  # most cells are: all of it is read once more
                drafts.append(PartialLine(placed, ((0, len(placed)),)))
            else:
                drafts.append(_judged(placed, SURE))
        again = read_parts(drafts, quads, lambda parts: self._network.look(gray, parts, SECOND))
        settled = [
            _settled(draft, found, blanks_in(gray, quad)) if draft else None
            for draft, found, quad in zip(drafts, again, quads, strict=True)
        ]
        return [draft if draft and draft.is_worth_it else None for draft in settled]


def _settled(draft: PartialLine, second: Sequence[Glyphs], gaps: Sequence[float]) -> PartialLine:
    """A line after the `second` reading of its doubtful stretches; `gaps` are those of its ink."""
    glyphs = list(draft.glyphs)
    for (start, end), again in zip(draft.stretches, second, strict=True):
        glyphs[start:end] = _agreed(draft.glyphs[start:end], again)
    for start, end in word_places(tuple(glyphs)):
        word = tuple(glyphs[start:end])
        # a word over a gap may be two; digits, a `1` most of all, are as far apart
        has_letters = any(one.text.isalpha() for one in word)
        if has_letters and any(word[0].x < x < word[-1].x for x in gaps):
            glyphs[start:end] = _disbelieved(word)
    judged = _judged(tuple(glyphs), AGREED if draft.stretches else SURE)
    return replace(judged, glyphs=trusted(judged.glyphs, TRUST_ON_CLEAR))


def _agreed(first: Glyphs, second: Glyphs) -> Glyphs:
    """The first of two readings, with confidence 0 in all words that the second lacks."""
    one, other = (list(word_places(glyphs)) for glyphs in (first, second))
    settled = list(first)
    for place, (start, end) in enumerate(one):
        agreed = (
            agree(first[start:end], second[slice(*other[place])]) if len(one) == len(other) else ()
        )
        settled[start:end] = agreed or _disbelieved(first[start:end])
    return tuple(settled)


def _disbelieved(word: Glyphs) -> Glyphs:
    return tuple(one._replace(confidence=0.0) for one in word)


def _judged(glyphs: Glyphs, least: float) -> PartialLine:
    """A line with its doubtful stretches: words that are not sure, or ambiguous."""

    def is_doubtful(word: Glyphs) -> bool:
        text = text_of(word)
        return not is_sure(word, least, MISSED) or OTHER in text or is_odd(text)

    return PartialLine(glyphs, tuple(stretches_of(glyphs, is_doubtful, with_next=False)))


def blanks_in(gray: Gray, quad: Quad) -> list[float]:
    """The middles of gaps as wide as between words: shares (0..1) of a line's box's width."""
    (left, top), (right, bottom) = quad.min(0).tolist(), quad.max(0).tolist()
    runs = ink_runs(Box(left, top, right, bottom), gray, ())
    gaps = ((one[1], other[0]) for one, other in pairwise(runs))
    least = BLANK * (bottom - top)
    wide = [(start + end) / 2 for start, end in gaps if end - start > least]
    return [(x - left) / (right - left) for x in wide]


def is_plain(text: str) -> bool:
    """Whether a line is unambiguous by itself: an `l` alone may be a digit.

    Lines of only numbers that the network for digits is not sure of are left to the large one.
    """
    return tells_size(text) and any(map(str.isalpha, text)) and LEADER.search(text) is None


def is_odd(word: str) -> bool:
    """Whether a word is ambiguous: letters among digits or alone, capitals in unusual places.

    In a code nothing distinguishes an `O` from a `0`, in a formula little a `v` from a `V`.
    """
    is_code = any(map(str.isalpha, word)) and any(map(str.isdigit, word))
    bare = word.strip(string.punctuation)
    return is_code or has_odd_case(word) or (len(bare) == 1 and not tells_size(bare))


def is_coarse(quads: Sequence[Quad]) -> bool:
    """Whether the print of a page with lines at `quads` (at least one) is too small for it."""
    return quad_height(quads) < LOWEST


class Trial(NamedTuple):
    """How many words of a page the small network read for sure, and how many of them the large
    network read differently."""

    read: int = 0
    misread: int = 0

    @property
    def tells(self) -> bool:
        """Whether the trial is decided: for a failure, one word may be enough."""
        return self.read >= TELLING or self.misread > 0

    @property
    def is_passed(self) -> bool:
        return self.read >= TELLING and self.misread <= MISREAD * self.read

    def go_on(self, drafts: Sequence[PartialLine | None], known: Sequence[Glyphs]) -> Trial:
        """The trial after more lines, as read by the small network and by the large one (`known`).

        Lines that the large network is not sure of do not count.
        """
        read, misread = self
        for draft, glyphs in zip(drafts, known, strict=True):
            if draft and not needs_second_look(glyphs):
                sure = Counter(_bare(draft.sure_words()))
                read += sure.total()
                misread += (sure - Counter(_bare(words_of(glyphs)))).total()
        return Trial(read, misread)


def _bare(words: Sequence[str]) -> list[str]:
    return [word.translate(ALIKE) for word in words]
