"""ONNX files taken apart and put together: as much of their wire format as a cut needs.

A file is a protobuf message. Its fields are kept as they stand, so that nothing is lost that this
module does not know: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto names their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

GRAPH, METADATA = 7, 14
NODE, GRAPH_NAME, INITIALIZER, INPUT, OUTPUT = 1, 2, 5, 11, 12
NODE_INPUT, NODE_OUTPUT, NODE_OPERATOR = 1, 2, 4
TENSOR_DIMS, TENSOR_TYPE, TENSOR_NAME, TENSOR_RAW = 1, 2, 8, 9
FLOAT: Final = 1

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
FIXED: Final = {FIXED64: 8, FIXED32: 4}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: a number as it is, or the bytes of anything else."""

    number: int
    wire: int
    value: int | bytes

    @property
    def data(self) -> bytes:
        if isinstance(self.value, int):
            raise TypeError(f"field {self.number} holds a number")
        return self.value

    @property
    def text(self) -> str:
        return self.data.decode()


@dataclass(frozen=True, slots=True)
class Node:
    """A step of a graph; `field` is how it stands in the file."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    field: Field


def fields_of(message: bytes) -> list[Field]:
    """The fields of a message, in their order. Raises ValueError if it is none."""
    return list(_read(message))


def message_of(fields: Iterable[Field]) -> bytes:
    return b"".join(part for field in fields for part in _written(field))


def submessage(number: int, fields: Iterable[Field]) -> Field:
    return Field(number, BYTES, message_of(fields))


def node_of(field: Field) -> Node:
    parts = fields_of(field.data)
    return Node(
        next(part.text for part in parts if part.number == NODE_OPERATOR),
        tuple(part.text for part in parts if part.number == NODE_INPUT),
        tuple(part.text for part in parts if part.number == NODE_OUTPUT),
        field,
    )


def name_of(value: Field) -> str:
    """What an input or output of a graph is called."""
    return next(part.text for part in fields_of(value.data) if part.number == 1)


def metadata_of(model: Iterable[Field], key: str) -> str:
    """Raises KeyError if the model carries no such note."""
    entries = (fields_of(field.data) for field in model if field.number == METADATA)
    notes = {parts[0].text: parts[1].text for parts in entries}
    return notes[key]


def tensor_name(field: Field) -> str:
    return next(part.text for part in fields_of(field.data) if part.number == TENSOR_NAME)


def tensor_of(field: Field) -> tuple[str, NDArray[np.float32]]:
    """The name and the values of an initializer. Raises ValueError if they are no raw floats."""
    parts = fields_of(field.data)
    known = {part.number: part for part in parts}
    if TENSOR_RAW not in known or known[TENSOR_TYPE].value != FLOAT:
        raise ValueError(f"{known[TENSOR_NAME].text} holds no raw floats")
    shape = [part.value for part in parts if part.number == TENSOR_DIMS]
    values = np.frombuffer(known[TENSOR_RAW].data, "<f4")
    return known[TENSOR_NAME].text, values.reshape([int(side) for side in shape])


def tensor(name: str, values: NDArray[np.float32]) -> Field:
    sides = [Field(TENSOR_DIMS, VARINT, side) for side in values.shape]
    kind = Field(TENSOR_TYPE, VARINT, FLOAT)
    raw = Field(TENSOR_RAW, BYTES, values.astype("<f4").tobytes())
    return submessage(INITIALIZER, [*sides, kind, Field(TENSOR_NAME, BYTES, name.encode()), raw])


def floats(number: int, name: str, sides: Sequence[str]) -> Field:
    """An input or output of a graph: floats with sides of any length, called by these names."""
    dims = [submessage(1, [Field(2, BYTES, side.encode())]) for side in sides]
    of_tensor = submessage(1, [Field(1, VARINT, FLOAT), submessage(2, dims)])
    return submessage(number, [Field(1, BYTES, name.encode()), submessage(2, [of_tensor])])


def _read(message: bytes) -> Iterator[Field]:
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, place = _varint(message, place)
            yield Field(number, wire, value)
            continue
        if wire == BYTES:
            size, place = _varint(message, place)
        else:
            size = FIXED.get(wire, len(message))
        if place + size > len(message):
            raise ValueError("no protobuf message, or one that was cut")
        yield Field(number, wire, message[place : place + size])
        place += size


def _varint(message: bytes, place: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and the place behind it."""
    value = shift = 0
    while place < len(message):
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise ValueError("no protobuf message, or one that was cut")


def _written(field: Field) -> Iterator[bytes]:
    yield _as_varint(field.number << 3 | field.wire)
    if isinstance(field.value, int):
        yield _as_varint(field.value)
        return
    if field.wire == BYTES:
        yield _as_varint(len(field.value))
    yield field.value


def _as_varint(value: int) -> bytes:
    groups = []
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
