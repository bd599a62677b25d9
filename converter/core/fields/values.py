"""The value of a field on a card, its state, and why a person should look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from converter.core.fields.specification import FieldType
from converter.core.tables.doubt import another_reading, hard_to_read
from converter.core.tables.model import Box
from converter.core.tables.values import Value, date_value, number_values

DOUBT_BELOW: Final = 0.8
"""Most fields have few values on a page, which say less about each other than cells do."""


class ValueState(StrEnum):
    """What is known of a field on a card.

    `BLANK`: its label was found, with nothing beside it. `NOT_FOUND`: neither label nor value was.
    `UNREADABLE`: there is print that could not be read. `CORRECTED`: a person set the value, which
    may be empty.
    """

    READ = "read"
    BLANK = "blank"
    NOT_FOUND = "not_found"
    UNREADABLE = "unreadable"
    CORRECTED = "corrected"


class Mark(StrEnum):
    """Reasons to doubt a value other than low confidence."""

    TYPE = "type"
    PATTERN = "pattern"
    NOT_IN_LIST = "not_in_list"
    REQUIRED = "required"
    UNSUPPORTED = "unsupported"
    REPAIRED = "repaired"
    SIDES_DIFFER = "sides_differ"
    LENGTH = "length"
    FORM = "form"
    RANGE = "range"
    SPELLING = "spelling"


REASONS: Final = {
    Mark.TYPE: "is not of the field's type",
    Mark.PATTERN: "does not fit the field's pattern",
    Mark.NOT_IN_LIST: "is not one of the field's values",
    Mark.REQUIRED: "is required and has no value",
    Mark.UNSUPPORTED: "is not borne out by the words on the picture",
    Mark.REPAIRED: "stood in an answer of the model that had to be mended",
    Mark.SIDES_DIFFER: "differs between front and back",
    Mark.LENGTH: "is much longer or shorter than on the other cards",
    Mark.FORM: "is written in another form than on the other cards",
    Mark.RANGE: "lies far from what stands on the other cards",
    Mark.SPELLING: "is nearly, but not quite, what stands on many other cards",
}


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The value of one field; `text` is None if none was found.

    `box` is in pixels of the upright image, None if unknown; `confidence` is 0..1. `other` is the
    text of a second reading that differs. With a text and no state, the state is READ.
    """

    name: str
    text: str | None = None
    box: Box | None = None
    confidence: float = 0.0
    state: ValueState = ValueState.NOT_FOUND
    other: str = ""
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        if self.text and self.state is ValueState.NOT_FOUND:
            object.__setattr__(self, "state", ValueState.READ)

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at it; never for a value that a person corrected."""
        if self.state is ValueState.CORRECTED:
            return False
        return self._is_weak or bool(self.other or self.marks) or self._is_unreadable

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a person should look at it, in words; empty if there is no reason."""
        if not self.is_doubtful:
            return ()
        found = [REASONS[mark] for mark in self.marks]
        if self._is_weak:
            found.insert(0, hard_to_read(self.confidence))
        if self._is_unreadable:
            found.insert(0, "something stands there that could not be read")
        if self.other:
            found.append(another_reading(self.other))
        return tuple(found)

    def marked(self, *marks: Mark) -> FieldValue:
        """A copy with these marks added, each once, in the order in which they were given."""
        return replace(self, marks=tuple(dict.fromkeys((*self.marks, *marks))))

    @property
    def _is_weak(self) -> bool:
        return bool(self.text) and self.confidence < DOUBT_BELOW

    @property
    def _is_unreadable(self) -> bool:
        return self.state is ValueState.UNREADABLE

    def to_json(self) -> list[Any]:
        """A plain list for storage; `from_json` is its inverse, and reads earlier forms too."""
        return [
            self.name,
            self.text,
            self.box,
            self.confidence,
            self.state.value,
            self.other,
            list(self.marks),
        ]

    @classmethod
    def from_json(cls, stored: list[Any]) -> FieldValue:
        name, text, box, confidence, *more = stored
        value = cls(name, text, Box(*box) if box else None, confidence)
        if not more:
            return value
        state, other, marks = more
        return replace(value, state=ValueState(state), other=other, marks=tuple(map(Mark, marks)))


def field_values(kind: FieldType, texts: Sequence[str]) -> list[Value]:
    """The numbers, dates or texts that `texts`, one per image, mean in a field of this type.

    A number or a date that can be read in several ways stays text. In fields of other types every
    value is text, unchanged.
    """
    if kind is FieldType.NUMBER:
        return number_values(texts)
    if kind is FieldType.DATE:
        return [date_value(text) for text in texts]
    return [Value(text) for text in texts]
