"""The contract of an engine: an upright image in, a frozen tree of what was read out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Any, Final, Protocol, cast, runtime_checkable

from PIL.Image import Image

from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import FieldValue
from converter.core.images import PageImage
from converter.core.tables.doubt import is_doubtful
from converter.core.tables.model import Box, Table, Word


class Mode(StrEnum):
    """What a person wants from a batch."""

    TABLES = "tables"
    FIELDS = "fields"


class CardKind(StrEnum):
    """What a picture shows where fields are looked for."""

    CARD = "card"
    BLANK = "blank"
    VERSO = "verso"
    COVER = "cover"

    @property
    def phrase(self) -> str:
        """What a person is told of a picture that shows no card's front; "" of a card."""
        return _PHRASES[self]


_PHRASES: Final = {
    CardKind.CARD: "",
    CardKind.BLANK: "Nothing is written on this picture.",
    CardKind.VERSO: "This picture shows the back of a card.",
    CardKind.COVER: "This picture shows a cover or a divider.",
}


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What to read. `fields` matters in fields mode alone, in the order of the template."""

    mode: Mode = Mode.TABLES
    fields: tuple[FieldSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLine:
    """Text that belongs to no table."""

    text: str
    box: Box | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """All that an engine read on one image. `cost` is in US dollars, None where unknown.

    `model` is the one that answered, `asked` the one that was asked, if a server decides. `cost`
    and tokens are of all requests that this took. `instead_of` says, by code and sentence, why
    another engine was asked first and failed.

    An engine that found the picture lying on its side or its head turned it clockwise by `turned`
    degrees (0, 90, 180 or 270). Boxes are pixels of the picture after that turn. `missing` is what
    a second reading found among the cells of the tables, but none of them holds, line by line;
    `second` is the model of that reading, if there was one. `card` says of fields on what they
    were, or were not, found.
    """

    model: str
    tables: tuple[Table, ...] = ()
    loose_text: tuple[TextLine, ...] = ()
    fields: tuple[FieldValue, ...] = ()
    card: CardKind = CardKind.CARD
    raw: str = ""
    seconds: float = 0.0
    cost: float | None = None
    turned: int = 0
    asked: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    instead_of: str = ""
    missing: tuple[TextLine, ...] = ()
    second: str = ""

    @property
    def can_be_compared(self) -> bool:
        """Whether a second reading could say something to it."""
        return bool(self.tables or (self.fields and self.card is not CardKind.BLANK))

    @property
    def doubtful(self) -> int:
        """How many cells and field values a person should look at."""
        cells = sum(is_doubtful(cell) for table in self.tables for cell in table.cells)
        return cells + sum(value.is_doubtful for value in self.fields)

    def to_json(self) -> dict[str, Any]:
        """A plain tree for storage; `from_json` is its inverse.

        What no database takes is left out: NUL, halves of surrogate pairs, numbers that are none.
        """
        tree = {
            "model": self.model,
            "tables": [table.to_json() for table in self.tables],
            "loose_text": [[t.text, t.box, t.confidence] for t in self.loose_text],
            "fields": [value.to_json() for value in self.fields],
            "card": self.card.value,
            "raw": self.raw,
            "seconds": self.seconds,
            "cost": self.cost,
            "turned": self.turned,
            "asked": self.asked,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "instead_of": self.instead_of,
            "missing": [[t.text, t.box, t.confidence] for t in self.missing],
            "second": self.second,
        }
        return cast(dict[str, Any], _storable(tree))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reading:
        return cls(
            model=data["model"],
            tables=tuple(Table.from_json(table) for table in data["tables"]),
            loose_text=_lines(data["loose_text"]),
            fields=tuple(map(FieldValue.from_json, data["fields"])),
            card=CardKind(data.get("card", CardKind.CARD)),
            raw=data["raw"],
            seconds=data["seconds"],
            cost=data["cost"],
            turned=data.get("turned", 0),
            asked=data.get("asked", ""),
            tokens_in=data.get("tokens_in", 0),
            tokens_out=data.get("tokens_out", 0),
            instead_of=data.get("instead_of", ""),
            missing=_lines(data.get("missing", [])),
            second=data.get("second", ""),
        )


class Engine(Protocol):
    """Reads images. Stateless but for its models, which it loads when it is made.

    `read` raises EngineError, whose `permanent` says whether trying again can help. `version`
    changes whenever the engine may read the same picture differently.
    """

    name: str
    version: str

    def read(self, image: PageImage, request: ReadRequest) -> Reading: ...


@runtime_checkable
class Asker(Protocol):
    """An engine that spends its time waiting for a server, for many pictures at once.

    `prepare` computes, and keeps of the picture only what is sent; `ask` waits, in any thread, and
    raises EngineError. `read` is the one after the other.
    """

    def prepare(self, image: PageImage, request: ReadRequest) -> Any: ...

    def ask(self, prepared: Any) -> Reading: ...


@runtime_checkable
class Catalogue(Engine, Protocol):
    """An engine whose server may tell which models it has. `close` ends its connections."""

    def models(self) -> list[str] | None:
        """Their ids; None if the server keeps no list. Raises EngineError."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words that a `model` read on a page, each with its box on the page turned and made flat.

    `lines` are the same as pieces of text, each on one line, as labels are looked for. `back` leads
    such boxes to the page as it was but for the turn: clockwise by `turned` degrees.
    """

    model: str
    words: tuple[Word, ...] = ()
    lines: tuple[Word, ...] = ()
    turned: int = 0
    back: Callable[[Sequence[Box]], list[Box]] = list


@runtime_checkable
class Witness(Protocol):
    """An engine whose words tell whether another has read the same picture well."""

    def read_words(self, image: PageImage) -> PageWords: ...


@runtime_checkable
class Explainer(Protocol):
    """An engine that can show how it reads a page: what it found, drawn on the picture."""

    def explain(self, image: PageImage) -> Image: ...


def _storable(tree: Any) -> Any:
    match tree:
        case str():
            return tree.replace("\0", "").encode(errors="replace").decode()
        case float():
            return tree if isfinite(tree) else 0.0
        case dict():
            return {key: _storable(value) for key, value in tree.items()}
        case list() | tuple():
            return [_storable(value) for value in tree]
        case _:
            return tree


def _lines(stored: list[Any]) -> tuple[TextLine, ...]:
    return tuple(TextLine(text, _box(box), confidence) for text, box, confidence in stored)


def _box(edges: list[float] | None) -> Box | None:
    return Box(*edges) if edges else None
