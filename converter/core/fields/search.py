"""Fields by search: the value beside its label, or one whose form gives it away.

A field that is not found stays empty: a gap is seen, an invented value is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
        """What stands after the label in the same word."""
        return self.word.text[self.label.end :].strip()

    @property
    def trust(self) -> float:
        return self.word.confidence * self.label.score


def find_fields(words: Sequence[Word], specs: Sequence[FieldSpec]) -> tuple[FieldValue, ...]:
    """Find the value of every field among the `words` of a page.

    A word is a piece of text on one line and may hold a label and its value. The answer has one
    value per field, in the order of `specs`. It is blank if its label has nothing beside or below
    it; unreadable, with the guess as `other`, if what stands there was hardly read at all. The
    confidence is below `tables.doubt.DOUBT_BELOW` where the form alone led to a value, or where two
    places contradict each other.
    """
    page = Page([word for word in words if word.text.strip()])
    labelled = _LabelSearch(page, specs)
    return tuple(_value(spec, labelled, page) for spec in specs)


def _value(spec: FieldSpec, labelled: _LabelSearch, page: Page) -> FieldValue:
    if found := labelled.find(spec):
        # What has a form bears itself out; what merely stands at a label does not.
        if min(word.confidence for word in found.words) < _UNREADABLE_BELOW:
            value = _read(spec, found)
            return replace(value, text=None, state=ValueState.UNREADABLE, other=found.text)
        return _read(spec, found)
    if found := _by_form(spec, page):
        return _read(spec, found)
    place = labelled.blank_place(spec)
    if place is None:
        return FieldValue(spec.name)
    return FieldValue(spec.name, box=place.box, state=ValueState.BLANK)


def _read(spec: FieldSpec, found: Found) -> FieldValue:
    return FieldValue(spec.name, found.text, union(found.words), round(found.confidence, 3))


def _by_form(spec: FieldSpec, page: Page) -> Found | None:
    if prefix := required_prefix(spec):
        return value_with_prefix(page, prefix)
    finder = FINDERS.get(form_of(spec))
    return finder(page) if finder else None


class _LabelSearch:
    """All labels of a template on one page, since one field's label ends another's value."""

    def __init__(self, page: Page, specs: Sequence[FieldSpec]) -> None:
        self._page = page
        self._phrases = [phrase for spec in specs for phrase in label_phrases(spec)]
        self._places: dict[str, list[_Place]] = {spec.name: [] for spec in specs}
        for word in page.words:
            self._place(word, specs)
        self._labels = [place.word for places in self._places.values() for place in places]
        # A page has its values beside the labels or below them.
        self._beside = any(
            self._beside_label(place) for places in self._places.values() for place in places
        )

    def find(self, spec: FieldSpec) -> Found | None:
        """The value at the field's label; less trusted if it has another value elsewhere."""
        if form_of(spec) is Form.TOTAL:
            return None  # a receipt names many totals, and only some of them are the one
        found = [value for place in self._places[spec.name] if (value := self._at(place, spec))]
        if not found:
            return None
        first = found[0]
        if len({value.text for value in found}) > 1:
            return replace(first, confidence=_AMBIGUOUS * first.confidence)
        return first

    def blank_place(self, spec: FieldSpec) -> Word | None:
        """The field's label, if one is there and nothing stands where its value would be.

        What stands farther off on the same line may be its value after all, unless it is a label.
        """
        blank = (
            place.word
            for place in self._places[spec.name]
            if not place.inline
            and self._ends_line(place.word)
            and (self._beside or self._below_label(place.word) is None)
        )
        return next(blank, None)

    def _ends_line(self, word: Word) -> bool:
        """Whether nothing follows on the line, or a label does."""
        following = self._page.right_of(word)
        return not following or self._is_label(following[0], word)

    def _place(self, word: Word, specs: Sequence[FieldSpec]) -> None:
        """Note which field's label the word begins with: the longest one that fits."""
        found = [
            (label.end, spec, label)
            for spec in specs
            if (label := leading_label(word.text, label_phrases(spec)))
        ]
        if found:
            _, spec, label = max(found, key=lambda item: item[0])
            self._places[spec.name].append(_Place(form_of(spec), word, label))

    def _at(self, place: _Place, spec: FieldSpec) -> Found | None:
        found = self._beside_label(place)
        if found is None and not place.inline and not self._beside:
            found = self._below(place)
        if found and spec.type is FieldType.MULTILINE:
            return self._with_lines_below(found)
        return found

    def _beside_label(self, place: _Place) -> Found | None:
        if place.inline:
            return self._inline(place)
        words = tuple(self._words_beside(place.word))
        found = _fitting(place, words) if words else None
        if found and not place.label.marked and self._may_be_headings(place.word, words[0]):
            return replace(found, confidence=_AMBIGUOUS * found.confidence)
        return found

    def _may_be_headings(self, *words: Word) -> bool:
        """Whether each word has another one right under it, as the names of columns have."""
        below = [(word, self._page.next_below(word, _BELOW)) for word in words]
        near = 0.5 * self._page.line_height
        return all(other and abs(other.box.left - word.box.left) < near for word, other in below)

    def _inline(self, place: _Place) -> Found | None:
        value = place.inline[: next_label(place.inline, self._phrases)].strip()
        unsure = place.form in _COMMON and not place.label.marked
        if unsure and not (place.form is Form.DATE and lone_date(value)):
            return None
        text = fitting_part(value, place.form)
        return Found(text, (place.word,), place.trust) if text else None

    def _words_beside(self, word: Word) -> Iterator[Word]:
        last, reach = word, _FARTHEST
        for other in self._page.right_of(word):
            gap = other.box.left - last.box.right
            if gap > reach * word.box.height or self._is_label(other, word):
                return
            yield other
            last, reach = other, _JOINED

    def _is_label(self, word: Word, asking: Word) -> bool:
        """Whether `word` is a label, be it of a field that nobody asked for: it ends in a colon,
        or stands in a column of labels."""
        if word in self._labels or word.text.rstrip().endswith(":"):
            return True
        near = 0.5 * self._page.line_height
        return any(
            abs(word.box.left - label.box.left) < near
            for label in self._labels
            if label is not asking
        )

    def _below(self, place: _Place) -> Found | None:
        word = self._below_label(place.word)
        return _fitting(place, (word,)) if word else None

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
