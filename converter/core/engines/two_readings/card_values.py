"""Two readings of one card: the values of a model, checked against the words on the picture.

No text is changed: a value that the words do not say, or that the label search finds elsewhere,
keeps both readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from converter.core.engines.protocol import PageWords
from converter.core.engines.two_readings.agreement import key_of, likeness
from converter.core.engines.two_readings.evidence import AGREED, CLOSE, DIFFERING, UNSEEN
from converter.core.engines.two_readings.print_lines import Token, around, tokens_of
from converter.core.fields.search import find_fields
from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import DOUBT_BELOW, FieldValue, Mark

ELSEWHERE: Final = 0.5  # the words are there, but another value is at the field's label
_NEAR: Final = 0.6  # likeness of words that may be what was meant

_SLACK: Final = 1.25  # times the letters of a value, for words that might be it


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words that follow each other on a page, and how far (0..1) they say what a value says."""

    tokens: tuple[Token, ...] = ()
    likeness: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(token.word.text for token in self.tokens)


def compare_values(
    values: Sequence[FieldValue], specs: Sequence[FieldSpec], page: PageWords
) -> tuple[FieldValue, ...]:
    """Check the `values` that a model read against the words of the same picture.

    A value that the words confirm gets its box, in pixels of the level page, and a confidence. Any
    other is marked, with what the words say at the field's label, or the words most like it. A
    field for which the model has no value keeps what the label search is sure of as its other
    reading. The order is that of `values`. Never raises.
    """
    tokens = tokens_of(page.words)
    found = {value.name: value for value in find_fields(page.lines, specs)}
    return tuple(
        _judged(value, found.get(value.name) or FieldValue(value.name), tokens) for value in values
    )


def _judged(value: FieldValue, seen: FieldValue, tokens: Sequence[Token]) -> FieldValue:
    if not value.text:
        is_sure = bool(seen.text) and seen.confidence >= DOUBT_BELOW
        return replace(value, box=seen.box, other=seen.text or "") if is_sure else value
    # What the label search found is another reading unless one text is a part of the other.
    ours, theirs = key_of(value.text), key_of(seen.text or "")
    if ours.isdecimal() and theirs.isdecimal():
        is_same = ours == theirs
    else:
        is_same = ours in theirs or theirs in ours or likeness(ours, theirs) >= CLOSE
    other = "" if is_same else seen.text or ""
    lines = [_best(key, tokens) for line in value.text.splitlines() if (key := key_of(line))]
    least = min((line.likeness for line in lines), default=0.0)
    said = [token for line in lines for token in line.tokens]
    if least < CLOSE:
        other = other or (" ".join(line.text for line in lines) if least >= _NEAR else "")
        confidence = min(value.confidence, DIFFERING if other else UNSEEN)
        return replace(value, confidence=confidence, other=other).marked(Mark.UNSUPPORTED)
    if seen.confidence < DOUBT_BELOW:
        other = ""
    confidence = ELSEWHERE if other else AGREED - (1 - least) / 2
    return replace(
        value, box=around(said), confidence=min(value.confidence, confidence), other=other
    )


def _best(key: str, tokens: Sequence[Token]) -> _Stretch:
    """The words, all of one line of print, whose text is most like one line of a value."""
    longest = _SLACK * len(key) + 2
    best = _Stretch()
    for start, first in enumerate(tokens):
        if _is_within(key, first.key) and best.likeness < 1:
            best = _Stretch((first,), 1.0)
        said = ""
        for end, token in enumerate(tokens[start:], start + 1):
            said += token.key
            if token.line != first.line or (end > start + 1 and len(said) > longest):
                break
            alike = likeness(key, said)
            # A first stretch counts even where it is not like the value at all.
            if alike > best.likeness or not best.tokens:
                best = _Stretch(tuple(tokens[start:end]), alike)
    return best


def _is_within(key: str, word: str) -> bool:
    """Whether a text is a part of a word, as a date is of `b.1904`; 12 is none of 123."""
    at = word.find(key)
    if at < 0:
        return False
    seams = (word[at - 1 : at], key[:1]), (key[-1:], word[at + len(key) :][:1])
    return not any(
        (before.isdigit() and after.isdigit()) or (before.isalpha() and after.isalpha())
        for before, after in seams
    )
