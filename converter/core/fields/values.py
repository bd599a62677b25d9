"""The value that was found for a field, or that none was, and why a person should look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from converter.core.tables.doubt import DOUBT_BELOW, another_reading, hard_to_read
from converter.core.tables.model import Box


class ValueState(StrEnum):
    """What is known of a field on a card; apart everywhere, because each asks for something else.

    `BLANK`: its place is there, and nothing is in it. `NOT_FOUND`: neither place nor value was.
    `UNREADABLE`: something stands there that could not be read. `CORRECTED`: a person said so,
    with a text or with none.
    """

    READ = "read"
    BLANK = "blank"
    NOT_FOUND = "not_found"
    UNREADABLE = "unreadable"
    CORRECTED = "corrected"


class Mark(StrEnum):
    """Why a value is doubted though it was read with confidence."""

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
    """What was found for one field; `text` is None unless something was.

    `box` is in pixels of the upright image, None if unknown; `confidence` is 0..1. `other` is what
    a second reading says, where it differs. A value that is given a text alone was read.
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
        """Whether a person should look at it: what a person has said is not doubted."""
        if self.state is ValueState.CORRECTED:
            return False
        return self._is_weak or bool(self.other or self.marks) or self._is_unreadable

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a person should look at it, in words; nothing if there is no reason."""
        return tuple(self._reasons()) if self.is_doubtful else ()

    def marked(self, *marks: Mark) -> FieldValue:
        """With these marks too, each once, in the order in which they were given."""
        return replace(self, marks=tuple(dict.fromkeys((*self.marks, *marks))))

    @property
    def _is_weak(self) -> bool:
        return bool(self.text) and self.confidence < DOUBT_BELOW

    @property
    def _is_unreadable(self) -> bool:
        return self.state is ValueState.UNREADABLE

    def _reasons(self) -> Iterator[str]:
        if self._is_unreadable:
            yield "something stands there that could not be read"
        if self._is_weak:
            yield hard_to_read(self.confidence)
        yield from (REASONS[mark] for mark in self.marks)
        if self.other:
            yield another_reading(self.other)

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
