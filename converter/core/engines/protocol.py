"""The contract of an engine: it takes an image and returns a frozen tree of what it read."""

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
from converter.core.tables.doubt import needs_a_look
from converter.core.tables.model import Box, Table, Word
from converter.core.tables.roles import Role


class Mode(StrEnum):
    """What a batch is converted into: tables, or one row of field values per image."""

    TABLES = "tables"
    FIELDS = "fields"


class CardKind(StrEnum):
    """What an image shows in fields mode."""

    CARD = "card"
    BLANK = "blank"
    VERSO = "verso"
    COVER = "cover"

    @property
    def phrase(self) -> str:
        """The message for an image that does not show the front of a card; "" for a card."""
        return _PHRASES[self]


_PHRASES: Final = {
    CardKind.CARD: "",
    CardKind.BLANK: "Nothing is written on this picture.",
    CardKind.VERSO: "This picture shows the back of a card.",
    CardKind.COVER: "This picture shows a cover or a divider.",
}


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What to read. `fields` are in the order of the template and used in fields mode only."""

    mode: Mode = Mode.TABLES
    fields: tuple[FieldSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLine:
    """Text outside of all tables. `role` is None if unknown; `table` is the index of its table."""

    text: str
    box: Box | None = None
    confidence: float = 1.0
    role: Role | None = None
    table: int | None = None

    def to_json(self) -> list[Any]:
        return [self.text, self.box, self.confidence, self.role, self.table]

    @classmethod
    def from_json(cls, data: list[Any]) -> TextLine:
        """The line of which `data` is the list; those of earlier versions end sooner."""
        text, box, confidence, role, table = [*data, None, None][:5]
        return cls(text, Box(*box) if box else None, confidence, role and Role(role), table)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that an engine read on one image. `cost` is in US dollars, None if unknown.

    `model` is the model that answered; `asked` is the one that was requested, if the server may
    choose another. `cost` and tokens include all requests for this reading. `instead_of` is the
    error of the engine that was asked first, if that failed: its code and message.

    An engine turns an image that is on its side or upside down clockwise by `turned` degrees
    (0, 90, 180 or 270). Boxes are pixels of the image after that turn. `missing` are the lines that
    a second reading found among the cells of the tables but that no cell holds; `second` is the
    model of that reading, if there was one. `card` says what the image of `fields` shows. `unread`
    is where print outside of the tables was seen and not read; in a table, its cell says so.
    `lines` are all lines of a card, whether values hold them or not, where their places are known.
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
    unread: tuple[Box, ...] = ()
    lines: tuple[TextLine, ...] = ()

    @property
    def can_be_compared(self) -> bool:
        """Whether a second reading could confirm or contradict it."""
        return bool(self.tables or (self.fields and self.card is not CardKind.BLANK))

    @property
    def doubtful(self) -> int:
        """The number of cells and field values that a person should check."""
        cells = sum(needs_a_look(cell) for table in self.tables for cell in table.cells)
        return cells + sum(value.is_doubtful for value in self.fields)

    def to_json(self) -> dict[str, Any]:
        """A tree of JSON types for storage; `from_json` is its inverse.

        Values that databases refuse are replaced: NUL, lone surrogates, NaN and infinities.
        """
        tree = {
            "model": self.model,
            "tables": [table.to_json() for table in self.tables],
            "loose_text": [line.to_json() for line in self.loose_text],
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
            "missing": [line.to_json() for line in self.missing],
            "second": self.second,
            "unread": self.unread,
            "lines": [line.to_json() for line in self.lines],
        }
        return cast(dict[str, Any], _storable(tree))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reading:
        return cls(
            model=data["model"],
            tables=tuple(Table.from_json(table) for table in data["tables"]),
            loose_text=tuple(map(TextLine.from_json, data["loose_text"])),
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
            missing=tuple(map(TextLine.from_json, data.get("missing", []))),
            second=data.get("second", ""),
            unread=tuple(Box(*box) for box in data.get("unread", [])),
            lines=tuple(map(TextLine.from_json, data.get("lines", []))),
        )


class Engine(Protocol):
    """Reads images. Stateless except for its models, which it loads when it is made.

    `read` raises EngineError; if that is `permanent`, trying again cannot help. `version` changes
    whenever the engine may read the same image differently.
    """

    name: str
    version: str

    def read(self, image: PageImage, request: ReadRequest) -> Reading: ...


@runtime_checkable
class Asker(Protocol):
    """An engine that spends its time waiting for a server and can wait for many images at once.

    `prepare` computes the request and keeps only that of the image; `ask` sends it and waits, in
    any thread, and raises EngineError. `read` does both.
    """

    def prepare(self, image: PageImage, request: ReadRequest) -> Any: ...

    def ask(self, prepared: Any) -> Reading: ...


@runtime_checkable
class Catalogue(Engine, Protocol):
    """An engine whose server may list its models. `close` ends its connections."""

    def models(self) -> list[str] | None:
        """The ids of its models; None if the server has no list. Raises EngineError."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words that a `model` read on a page, with boxes on the page turned and flattened.

    `lines` hold the same text in pieces of one line each, for the search for labels. The page was
    turned clockwise by `turned` degrees; `back` maps boxes to the page after that turn, before it
    was flattened.
    """

    model: str
    words: tuple[Word, ...] = ()
    lines: tuple[Word, ...] = ()
    turned: int = 0
    back: Callable[[Sequence[Box]], list[Box]] = list


@runtime_checkable
class SecondEngine(Protocol):
    """An engine that reads words, against which the reading of another engine is compared."""

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
