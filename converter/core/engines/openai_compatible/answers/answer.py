"""A parsed answer: its parts in reading order, and the reasons not to trust them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from converter.core.errors import EngineError
from converter.core.tables.model import Box, Table


class Cut(StrEnum):
    """A sign that the answer was cut."""

    FINISH_REASON = "finish_reason"  # the server says so
    OPEN_TABLE = "open_table"
    OPEN_TAG = "open_tag"
    OPEN_JSON = "open_json"
    OPEN_FRONT_MATTER = "open_front_matter"
    OPEN_THINKING = "open_thinking"
    ROWS_LEFT_OUT = "rows_left_out"  # the model says so, in a comment within the table
    ROW_OF_DOTS = "row_of_dots"  # which may replace many rows, or be printed like this
    SHORT_ROW = "short_row"  # the text ends in a row that is shorter than the others
    NO_END = "no_end"  # the text ends in a table whose form has no end, or lacks it


# A whole answer may look like this too; then a second one is identical.
_WEAK: Final = frozenset({Cut.ROW_OF_DOTS, Cut.SHORT_ROW, Cut.NO_END})


class Repair(StrEnum):
    """Something that was written wrongly; its repair may be wrong too."""

    TAGS = "tags"  # end tags without a beginning, text between cells, rows outside a table
    SPANS = "spans"  # zero, below zero, past the end, overlapping
    RAGGED = "ragged"  # rows with more or fewer cells than the others
    JSON = "json"  # there are unreadable items between others


Note: TypeAlias = Cut | Repair


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table. `box` is in the model's own units, whose scale its profile knows."""

    table: Table
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class TextPart:
    """A paragraph outside the tables; `box` as in TablePart."""

    text: str
    is_caption: bool = False
    box: Box | None = None


AnswerPart: TypeAlias = TablePart | TextPart


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What OlmOCR says about the page; None where it is missing or unreadable.

    `rotation_correction` is in degrees, counter-clockwise: 0, 90, 180 or 270.
    """

    primary_language: str | None = None
    is_rotation_valid: bool | None = None
    rotation_correction: int | None = None
    is_table: bool | None = None
    is_diagram: bool | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What one stage made of its piece of the text."""

    parts: tuple[AnswerPart, ...] = ()
    notes: frozenset[Note] = frozenset()
    unparsed: tuple[str, ...] = ()

    def __add__(self, other: Found) -> Found:
        return join((self, other))


def join(found: Iterable[Found]) -> Found:
    """What several stages found, in their order."""
    listed = list(found)
    return Found(
        tuple(part for one in listed for part in one.parts),
        frozenset(note for one in listed for note in one.notes),
        tuple(piece for one in listed for piece in one.unparsed),
    )


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """Everything found in an answer, whole or not.

    Of a table that was cut, `parts` holds the complete rows. `unparsed` holds pieces that should
    have held tables or text, as they were written.
    """

    parts: tuple[AnswerPart, ...] = ()
    front_matter: FrontMatter = field(default_factory=FrontMatter)
    cuts: frozenset[Cut] = frozenset()
    repairs: frozenset[Repair] = frozenset()
    repeating: bool = False
    unparsed: tuple[str, ...] = ()

    @property
    def truncated(self) -> bool:
        """Whether there is any sign that the answer was cut."""
        return bool(self.cuts)

    @property
    def surely_truncated(self) -> bool:
        """Whether it was certainly cut. If not, an identical second answer confirms it."""
        return bool(self.cuts - _WEAK)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(part.table for part in self.parts if isinstance(part, TablePart))

    @property
    def texts(self) -> tuple[TextPart, ...]:
        return tuple(part for part in self.parts if isinstance(part, TextPart))


def require_whole(answer: ParsedAnswer) -> ParsedAnswer:
    """The same answer, if it can be shown as what the model read.

    Raises EngineError, never permanent: `answer_repeats`, `answer_truncated` or
    `answer_unreadable`.
    """
    if answer.repeating:
        raise EngineError(
            "answer_repeats",
            "The model went on repeating itself; try again, or with another model.",
            permanent=False,
        )
    if answer.truncated:
        raise EngineError(
            "answer_truncated",
            "The model's answer ends before the page does; try again, or cut the picture in two.",
            permanent=False,
        )
    if answer.unparsed:
        raise EngineError(
            "answer_unreadable",
            "The model answered in a form that cannot be read; try again, or with another model.",
            permanent=False,
        )
    return answer
