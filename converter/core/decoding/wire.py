"""What a decoder and its caller say to each other: JSON with a payload of bytes behind it."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, Final

_HEAD: Final = struct.Struct(">IQ")  # the bytes of the JSON, and of the payload
_LONGEST: Final = 1 << 20  # of a JSON


class Closed(Exception):
    """The other side is gone."""


def send(connection: socket.socket, message: dict[str, Any], payload: bytes = b"") -> None:
    text = json.dumps(message).encode()
    connection.sendall(_HEAD.pack(len(text), len(payload)) + text)
    if payload:  # even nothing cannot be sent to who has read it all, answered and gone
        connection.sendall(payload)


def receive(connection: socket.socket, most: int) -> tuple[dict[str, Any], bytearray]:
    """The next message. Raises Closed, also for one that is longer than `most` or is none: what
    has been taken over by a hostile file may say anything."""
    length, size = _HEAD.unpack(_exactly(connection, _HEAD.size))
    if length > _LONGEST or size > most:
        raise Closed
    try:
        message = json.loads(_exactly(connection, length))
    except (ValueError, RecursionError) as error:
        raise Closed from error
    if not isinstance(message, dict):
        raise Closed
    return message, _exactly(connection, size)


def _exactly(connection: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view, got = memoryview(data), 0
    while got < size:
        count = connection.recv_into(view[got:])
        if not count:
            raise Closed
        got += count
    return data
