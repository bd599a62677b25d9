"""Words of clear Latin print, read by a small network of our own before the large one is asked.

It reads a page only where the page has shown that it can: of a sample of lines it must say what
the large one says. Lines that it is not sure of it reads a second time, cut out otherwise; the
words in which that differs are left to the large one. `tests/bench/small_networks` prints what it
learns from.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from converter.core.engines.local.boxes import Quad, quad_height
from converter.core.engines.local.cropping import Framing
from converter.core.engines.local.digits import is_short
from converter.core.engines.local.glyphs import Glyphs, text_of, word_places
from converter.core.engines.local.ink import ink_runs
from converter.core.engines.local.partial_lines import PartialLine, read_parts, words_of
from converter.core.engines.local.pictures import Gray
from converter.core.engines.local.recognition import place_in_box
from converter.core.engines.local.second_look import needs_second_look, stretches_of
from converter.core.engines.local.small_network import (
    OTHER,
    TRUST_ON_CLEAR,
    SmallNetwork,
    agree,
    is_sure,
    trusted,
)
from converter.core.engines.local.text_forms import has_odd_case, tells_size
from converter.core.tables.model import Box

MODEL: Final = "words.onnx"
ACCENTED: Final = "äöüßéèêëàâáãçñíìîïóòôõøúùûåÄÖÜÅØÉÇ"
MARKS: Final = "°±×–—“”‘’€£§©®•·µ…"  # noqa: RUF001
SIGNS: Final = string.digits + string.ascii_letters + string.punctuation + ACCENTED + MARKS + " "

FIRST: Final = Framing(across=0.05, along=0.05, stretch=1.05)
SECOND: Final = Framing(across=0.1, along=0.05, stretch=1.2)
SURE: Final = 0.97
"""A word of a long line stands if the network believes in each of its characters this much,"""
MISSED: Final = 0.02
"""and in one more beside any of them at most this much."""
AGREED: Final = 0.9
"""If it reads the same twice it needs to believe so much in each character, on average."""
BLANK: Final = 0.2
"""Of a box's height: blanks between words are wider, those between letters hardly ever."""
TELLING: Final = 6
"""So many words of a sample must be read for sure before a page is trusted to be legible."""
MISREAD: Final = 0.02
"""The most of them that may differ from what the large network reads."""
ALIKE: Final = str.maketrans("‘’`“”–—−·•", "'''\"\"---..")  # noqa: RUF001
"""What either network takes for something else now and then, and no harm done."""
LOWEST: Final = 14.0
"""Pixels that most lines of a page are high, or it is sure of too few of them to be worth a try."""
LEADER: Final = re.compile(r"[.·_]{2}|…")


class WordReader:
    """Made in the main thread. Raises FileNotFoundError where the model is not with the code."""

    def __init__(self) -> None:
        self._network = SmallNetwork(MODEL, SIGNS)

    def read(self, gray: Gray, quads: Sequence[Quad]) -> list[PartialLine | None]:
        """The line at each of `quads` of a page (h, w), as far as it is sure; None if it is not."""
        drafts = [
            _first_draft(place_in_box(glyphs, quad, FIRST), quad)
            if is_plain(text_of(glyphs))
            else None
            for glyphs, quad in zip(self._network.look(gray, quads, FIRST), quads, strict=True)
        ]
        again = read_parts(drafts, quads, lambda parts: self._network.look(gray, parts, SECOND))
        settled = [
            _settled(draft, found, blanks_in(gray, quad)) if draft else None
            for draft, found, quad in zip(drafts, again, quads, strict=True)
        ]
        return [draft if draft and draft.is_worth_it else None for draft in settled]


def _first_draft(glyphs: Glyphs, quad: Quad) -> PartialLine:
    """A line with what is to be read once more: of a short one all, since most cells are short."""
    return PartialLine(glyphs, ((0, len(glyphs)),)) if is_short(quad) else _judged(glyphs, SURE)


def _settled(draft: PartialLine, second: Sequence[Glyphs], blanks: Sequence[float]) -> PartialLine:
    """A line whose doubtful stretches were read once more, and which shows such blanks."""
    glyphs = draft.glyphs
    for (start, end), again in zip(draft.stretches, second, strict=True):
        glyphs = (*glyphs[:start], *_agreed(glyphs[start:end], again), *glyphs[end:])
    judged = _judged(_without_joined(glyphs, blanks), AGREED if draft.stretches else SURE)
    return replace(judged, glyphs=trusted(judged.glyphs, TRUST_ON_CLEAR))


def _agreed(first: Glyphs, second: Glyphs) -> Glyphs:
    """The first of two readings; no character is believed in of a word that the second lacks."""
    one, other = (list(word_places(glyphs)) for glyphs in (first, second))
    settled = list(first)
    for place, (start, end) in enumerate(one):
        agreed = (
            agree(first[start:end], second[slice(*other[place])]) if len(one) == len(other) else ()
        )
        settled[start:end] = agreed or _disbelieved(first[start:end])
    return tuple(settled)


def _without_joined(glyphs: Glyphs, blanks: Sequence[float]) -> Glyphs:
    """No character is believed in of a word that runs over a blank: there may be two of them.

    Digits stand as far apart, a `1` most of all.
    """
    settled = list(glyphs)
    for start, end in word_places(glyphs):
        word = glyphs[start:end]
        has_letters = any(one.text.isalpha() for one in word)
        if has_letters and any(word[0].x < x < word[-1].x for x in blanks):
            settled[start:end] = _disbelieved(word)
    return tuple(settled)


def _disbelieved(word: Glyphs) -> Glyphs:
    return tuple(one._replace(confidence=0.0) for one in word)


def _judged(glyphs: Glyphs, least: float) -> PartialLine:
    """A line with the words in doubt that are not sure, or do not say how they are meant."""

    def is_doubtful(word: Glyphs) -> bool:
        text = text_of(word)
        return not is_sure(word, least, MISSED) or OTHER in text or is_odd(text)

    return PartialLine(glyphs, tuple(stretches_of(glyphs, is_doubtful, with_next=False)))


def blanks_in(gray: Gray, quad: Quad) -> list[float]:
    """Where ink of a line is so far apart as words are: shares (0..1) of its box's width."""
    (left, top), (right, bottom) = quad.min(0).tolist(), quad.max(0).tolist()
    runs = ink_runs(Box(left, top, right, bottom), gray, ())
    gaps = ((one[1], other[0]) for one, other in pairwise(runs))
    least = BLANK * (bottom - top)
    wide = [(start + end) / 2 for start, end in gaps if end - start > least]
    return [(x - left) / (right - left) for x in wide]


def is_plain(text: str) -> bool:
    """Whether a line says by itself how its signs are meant: an `l` alone may be a digit.

    Lines of numbers alone that the network for digits is not sure of are left to the large one.
    """
    return tells_size(text) and any(map(str.isalpha, text)) and LEADER.search(text) is None


def is_odd(word: str) -> bool:
    """Whether a word may be meant otherwise: letters among digits or alone, capitals out of place.

    In a code nothing tells an `O` from a `0`, and in a formula little a `v` from a `V`.
    """
    is_code = any(map(str.isalpha, word)) and any(map(str.isdigit, word))
    bare = word.strip(string.punctuation)
    return is_code or has_odd_case(word) or (len(bare) == 1 and not tells_size(bare))


def is_coarse(quads: Sequence[Quad]) -> bool:
    """Whether the print of a page with lines at `quads` (one at least) is too small for it."""
    return quad_height(quads) < LOWEST


class Trial(NamedTuple):
    """How many words of a page the small network read for sure, and how many of them otherwise
    than the large one."""

    read: int = 0
    misread: int = 0

    @property
    def tells(self) -> bool:
        """Whether it is known how legible the page is: one word may be enough to know the worst."""
        return self.read >= TELLING or self.misread > 0

    @property
    def is_passed(self) -> bool:
        return self.read >= TELLING and self.misread <= MISREAD * self.read

    def go_on(self, drafts: Sequence[PartialLine | None], known: Sequence[Glyphs]) -> Trial:
        """The same with more lines: what the small network made of them, and the large one.

        Lines that the large one is not sure of tell nothing.
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
