"""Reads and writes ONNX files, as far as `recogniser` needs it to replace the last layer of one.

An ONNX file is one protobuf message: a sequence of fields. A field is a number that names it, a
wire type that says how its value is encoded, and the value. A value of wire type BYTES may be
another message, as the graph and each of its nodes are. Fields that this module does not know are
kept as they are, so that nothing is lost when the file is written again.

Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
Encoding: https://protobuf.dev/programming-guides/encoding
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# field numbers of ModelProto, GraphProto, NodeProto and TensorProto
GRAPH, METADATA = 7, 14
NODE, GRAPH_NAME, INITIALIZER, INPUT, OUTPUT = 1, 2, 5, 11, 12
NODE_INPUT, NODE_OUTPUT, NODE_OPERATOR = 1, 2, 4
TENSOR_DIMS, TENSOR_TYPE, TENSOR_NAME, TENSOR_RAW = 1, 2, 8, 9
# of ValueInfoProto, TypeProto, TypeProto.Tensor, TensorShapeProto and its Dimension
VALUE_NAME, VALUE_TYPE = 1, 2
TYPE_TENSOR, ELEMENT_TYPE, SHAPE = 1, 1, 2
DIMENSION, DIMENSION_NAME = 1, 2
FLOAT: Final = 1
"""TensorProto.DataType.FLOAT: 32 bits."""

# wire types
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
FIXED: Final = {FIXED64: 8, FIXED32: 4}
"""How many bytes values of fixed length take."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message. `value` is an int if `wire` is VARINT, else the bytes in the file."""

    number: int
    wire: int
    value: int | bytes

    @property
    def data(self) -> bytes:
        """The bytes of the value. Raises TypeError if it is a number."""
        if isinstance(self.value, int):
            raise TypeError(f"field {self.number} holds a number")
        return self.value

    @property
    def text(self) -> str:
        return self.data.decode()


@dataclass(frozen=True, slots=True)
class Node:
    """One operation of a graph; inputs and outputs are names. `field` is the node in the file."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    field: Field


def fields_of(message: bytes) -> list[Field]:
    """The fields of a message, in order. Raises ValueError if it is not a protobuf message."""
    fields, place = [], 0
    while place < len(message):
        key, place = _read_varint(message, place)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, place = _read_varint(message, place)
            fields.append(Field(number, wire, value))
            continue
        if wire == BYTES:
            size, place = _read_varint(message, place)
        else:
            # an unknown wire type has no length: let it fail below
            size = FIXED.get(wire, len(message))
        if place + size > len(message):
            raise ValueError("no protobuf message, or one that was cut")
        fields.append(Field(number, wire, message[place : place + size]))
        place += size
    return fields


def message_of(fields: Iterable[Field]) -> bytes:
    """The message with these fields: the inverse of `fields_of`."""
    parts = []
    for field in fields:
        parts.append(_varint(field.number << 3 | field.wire))
        if isinstance(field.value, int):
            parts.append(_varint(field.value))
            continue
        if field.wire == BYTES:
            parts.append(_varint(len(field.value)))
        parts.append(field.value)
    return b"".join(parts)


def submessage(number: int, fields: Iterable[Field]) -> Field:
    """A field whose value is a message with these fields."""
    return Field(number, BYTES, message_of(fields))


def node_of(field: Field) -> Node:
    """The node that a field of a graph with the number NODE holds."""
    parts = fields_of(field.data)
    return Node(
        next(part.text for part in parts if part.number == NODE_OPERATOR),
        tuple(part.text for part in parts if part.number == NODE_INPUT),
        tuple(part.text for part in parts if part.number == NODE_OUTPUT),
        field,
    )


def name_of(value: Field) -> str:
    """The name of an input or output of a graph."""
    return next(part.text for part in fields_of(value.data) if part.number == VALUE_NAME)


def metadata_of(model: Iterable[Field], key: str) -> str:
    """The metadata of a model under this key. Raises KeyError if it has none."""
    entries = (fields_of(field.data) for field in model if field.number == METADATA)
    values = {parts[0].text: parts[1].text for parts in entries}
    return values[key]


def tensor_name(field: Field) -> str:
    """The name of an initializer of a graph, without decoding its values."""
    return next(part.text for part in fields_of(field.data) if part.number == TENSOR_NAME)


def tensor_of(field: Field) -> tuple[str, NDArray[np.float32]]:
    """The name and the values of an initializer. Raises ValueError if they are not raw floats."""
    parts = fields_of(field.data)
    known = {part.number: part for part in parts}
    if TENSOR_RAW not in known or known[TENSOR_TYPE].value != FLOAT:
        raise ValueError(f"{known[TENSOR_NAME].text} holds no raw floats")
    shape = [part.value for part in parts if part.number == TENSOR_DIMS]
    values = np.frombuffer(known[TENSOR_RAW].data, "<f4")
    return known[TENSOR_NAME].text, values.reshape([int(side) for side in shape])


def tensor(name: str, values: NDArray[np.float32]) -> Field:
    """An initializer of a graph: the inverse of `tensor_of`."""
    sides = [Field(TENSOR_DIMS, VARINT, side) for side in values.shape]
    kind = Field(TENSOR_TYPE, VARINT, FLOAT)
    raw = Field(TENSOR_RAW, BYTES, values.astype("<f4").tobytes())
    return submessage(INITIALIZER, [*sides, kind, Field(TENSOR_NAME, BYTES, name.encode()), raw])


def floats(number: int, name: str, sides: Sequence[str]) -> Field:
    """An input or output (`number`) of a graph: a tensor of floats with symbolic sides."""
    dims = [submessage(DIMENSION, [Field(DIMENSION_NAME, BYTES, side.encode())]) for side in sides]
    kind = submessage(TYPE_TENSOR, [Field(ELEMENT_TYPE, VARINT, FLOAT), submessage(SHAPE, dims)])
    return submessage(
        number, [Field(VALUE_NAME, BYTES, name.encode()), submessage(VALUE_TYPE, [kind])]
    )


def _read_varint(message: bytes, place: int) -> tuple[int, int]:
    """The number encoded at `place`, and the place after it.

    A number takes a byte for each seven bits, the lowest first; the last byte is below 0x80.
    """
    value = shift = 0
    while place < len(message):
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise ValueError("no protobuf message, or one that was cut")


def _varint(value: int) -> bytes:
    groups = []
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
