"""Fields by search: the value beside its label, or a value that is known by its form.

A field that is not found stays empty: people notice a gap, but they believe an invented value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from converter.core.fields.forms import (
    Form,
    fitting_part,
    form_of,
    lone_date,
    required_prefix,
)
from converter.core.fields.labels import Label, label_phrases, leading_label, next_label
from converter.core.fields.page import Page, union
from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.unlabelled import FINDERS, Found, value_with_prefix
from converter.core.fields.values import FieldValue, ValueState
from converter.core.tables.model import Word

_FARTHEST: Final = 7.0  # line heights between a label and its value
_JOINED: Final = 1.2  # line heights between two pieces of one value
_BELOW: Final = 0.8  # line heights from a label down to its value

_UNREADABLE_BELOW: Final = 0.15  # of a word: then hardly a letter is right
_AMBIGUOUS: Final = 0.7  # what remains of the confidence if the page can be read in two ways

# These words also begin ordinary lines; as a label they stand alone or before a colon.
_COMMON: Final = {Form.COMPANY, Form.TITLE, Form.ADDRESS, Form.DATE, Form.YEAR}


@dataclass(frozen=True, slots=True)
class _Place:
    """A field's label on the page."""

    form: Form
    word: Word
    label: Label

    @property
    def inline(self) -> str:
        """The text after the label in the same word."""
        return self.word.text[self.label.end :].strip()

    @property
    def trust(self) -> float:
        return self.word.confidence * self.label.score


def find_fields(words: Sequence[Word], specs: Sequence[FieldSpec]) -> tuple[FieldValue, ...]:
    """Find the value of each field among the `words` of a page; one per field, in their order.

    A word is a piece of text on one line and may hold a label and its value. A value is blank if
    there is nothing beside or below its label; unreadable, with the guess as `other`, if it was
    read with next to no confidence. The confidence is below `values.DOUBT_BELOW` if the value
    was found by its form alone, or if two places have different values.
    """
    page = Page([word for word in words if word.text.strip()])
    labelled = _LabelSearch(page, specs)
    return tuple(_value(spec, labelled, page) for spec in specs)


def _value(spec: FieldSpec, labelled: _LabelSearch, page: Page) -> FieldValue:
    at_label = labelled.find(spec)
    found = at_label
    if not found:
        if prefix := required_prefix(spec):
            found = value_with_prefix(page, prefix)
        elif finder := FINDERS.get(form_of(spec)):
            found = finder(page)
    if not found:
        label = labelled.blank_label(spec)
        if label is None:
            return FieldValue(spec.name)
        return FieldValue(spec.name, box=label.box, state=ValueState.BLANK)
    value = FieldValue(spec.name, found.text, union(found.words), round(found.confidence, 3))
    # A value found by its form is supported by that form; one found at a label is not.
    if at_label and min(word.confidence for word in found.words) < _UNREADABLE_BELOW:
        return replace(value, text=None, state=ValueState.UNREADABLE, other=found.text)
    return value


class _LabelSearch:
    """All labels of a template on one page: the label of one field ends the value of another."""

    def __init__(self, page: Page, specs: Sequence[FieldSpec]) -> None:
        self._page = page
        self._phrases = [phrase for spec in specs for phrase in label_phrases(spec)]
        self._places: dict[str, list[_Place]] = {spec.name: [] for spec in specs}
        for word in page.words:
            labels = [
                (label.end, spec, label)
                for spec in specs
                if (label := leading_label(word.text, label_phrases(spec)))
            ]
            if labels:  # the word names the field with the longest label that fits
                _, spec, label = max(labels, key=lambda item: item[0])
                self._places[spec.name].append(_Place(form_of(spec), word, label))
        self._labels = [place.word for places in self._places.values() for place in places]
        # A page has its values either beside the labels or below them.
        self._beside = any(
            self._beside_label(place) for places in self._places.values() for place in places
        )

    def find(self, spec: FieldSpec) -> Found | None:
        """The value at the field's label; less trusted if it has another value elsewhere."""
        if form_of(spec) is Form.TOTAL:
            return None  # a receipt prints many totals; `find_total` chooses among them
        found = []
        for place in self._places[spec.name]:
            value = self._beside_label(place)
            below = None if place.inline or self._beside else self._below_label(place.word)
            if value is None and below:
                value = _fitting(place, (below,))
            if value:
                is_multiline = spec.type is FieldType.MULTILINE
                found.append(self._with_lines_below(value) if is_multiline else value)
        if not found:
            return None
        first = found[0]
        if len({value.text for value in found}) > 1:
            return replace(first, confidence=_AMBIGUOUS * first.confidence)
        return first

    def blank_label(self, spec: FieldSpec) -> Word | None:
        """The field's label, if it was found and there is no text where its value would be.

        Text farther off on the same line may be its value after all, unless it is a label.
        """
        for place in self._places[spec.name]:
            following = self._page.right_of(place.word)
            ends_line = not following or self._is_label(following[0], place.word)
            if place.inline or not ends_line:
                continue
            if self._beside or self._below_label(place.word) is None:
                return place.word
        return None

    def _beside_label(self, place: _Place) -> Found | None:
        if place.inline:
            value = place.inline[: next_label(place.inline, self._phrases)].strip()
            unsure = place.form in _COMMON and not place.label.marked
            if unsure and not (place.form is Form.DATE and lone_date(value)):
                return None
            text = fitting_part(value, place.form)
            return Found(text, (place.word,), place.trust) if text else None
        words: list[Word] = []
        for other in self._page.right_of(place.word):
            gap = other.box.left - (words[-1] if words else place.word).box.right
            reach = (_JOINED if words else _FARTHEST) * place.word.box.height
            if gap > reach or self._is_label(other, place.word):
                break
            words.append(other)
        found = _fitting(place, tuple(words)) if words else None
        if not found or place.label.marked:
            return found
        # If both have a word right under them, they may be the names of two columns.
        below = [(word, self._page.next_below(word, _BELOW)) for word in (place.word, words[0])]
        near = 0.5 * self._page.line_height
        if all(under and abs(under.box.left - word.box.left) < near for word, under in below):
            return replace(found, confidence=_AMBIGUOUS * found.confidence)
        return found

    def _is_label(self, word: Word, asking: Word) -> bool:
        """Whether `word` is a label, also of a field that is not in the template: it ends in a
        colon or is aligned with other labels."""
        if word in self._labels or word.text.rstrip().endswith(":"):
            return True
        near = 0.5 * self._page.line_height
        return any(
            abs(word.box.left - label.box.left) < near
            for label in self._labels
            if label is not asking
        )

    def _below_label(self, label: Word) -> Word | None:
        word = self._page.next_below(label, _BELOW)
        return None if word is None or word in self._labels or ":" in word.text else word

    def _with_lines_below(self, found: Found) -> Found:
        words = list(found.words)
        while below := self._page.next_below(words[-1], _BELOW):
            if below in self._labels or ":" in below.text:
                break
            words.append(below)
        text = "\n".join([found.text, *(word.text for word in words[len(found.words) :])])
        return Found(text, tuple(words), min(found.confidence, words[-1].confidence))


def _fitting(place: _Place, words: tuple[Word, ...]) -> Found | None:
    text = fitting_part(" ".join(word.text.strip() for word in words), place.form)
    trust = min(place.trust, *(word.confidence for word in words))
    return Found(text, words, trust) if text else None
