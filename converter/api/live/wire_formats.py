"""The two ways in which a listener is told: as bytes to send, and what to make of bytes heard.

Neither knows sockets. A server-sent event carries the settlement that it is to be resumed from; a
WebSocket message is the same JSON in a frame.
"""

from __future__ import annotations

from typing import Final, Protocol

from websockets.exceptions import ProtocolError
from websockets.frames import CloseCode
from websockets.protocol import SERVER, State
from websockets.protocol import Protocol as WebSocket

from converter.api.live.messages import Message

RETRY_MS: Final = 2_000
END_MARK: Final = "-end"  # of an event behind which nothing follows
HEARD_AT_MOST: Final = 4_096  # bytes of a message to us, who have no use for any


class Wire(Protocol):
    """What bytes say."""

    ends_with_job: bool

    def greeting(self) -> bytes: ...
    def say(self, message: Message) -> bytes: ...
    def beat(self) -> bytes: ...
    def hear(self, data: bytes) -> bytes: ...
    def farewell(self, *, is_over: bool) -> bytes: ...

    @property
    def is_closed(self) -> bool: ...
    @property
    def is_answered(self) -> bool: ...


class EventStream:
    """Server-sent events, as the HTML standard has them. The listener only listens."""

    ends_with_job = True
    is_closed = False
    is_answered = True

    def greeting(self) -> bytes:
        return f"retry: {RETRY_MS}\n\n".encode()

    def say(self, message: Message) -> bytes:
        place = ""
        if message.settlement:
            place = f"id: {message.settlement}{END_MARK if message.is_end else ''}\n"
        return f"{place}event: {message.name}\ndata: {message.text}\n\n".encode()

    def beat(self) -> bytes:
        return b": still here\n\n"

    def hear(self, data: bytes) -> bytes:  # noqa: ARG002
        return b""

    def farewell(self, *, is_over: bool) -> bytes:  # noqa: ARG002
        return b""  # whoever was not told of the end comes back by itself


class Socket:
    """A WebSocket that is open already: its handshake was an ordinary call."""

    ends_with_job = False

    def __init__(self) -> None:
        self._protocol = WebSocket(SERVER, max_size=HEARD_AT_MOST)

    @property
    def is_closed(self) -> bool:
        return self._protocol.state is not State.OPEN

    @property
    def is_answered(self) -> bool:
        """Whether the other side has said goodbye too."""
        return self._protocol.close_rcvd is not None or self._protocol.close_sent is None

    def greeting(self) -> bytes:
        return b""

    def say(self, message: Message) -> bytes:
        self._protocol.send_text(message.text.encode())
        return self._sent()

    def beat(self) -> bytes:
        self._protocol.send_ping(b"")
        return self._sent()

    def hear(self, data: bytes) -> bytes:
        """Answers to pings and to a goodbye; what else is said is dropped."""
        self._protocol.receive_data(data)
        self._protocol.events_received()
        return self._sent()

    def farewell(self, *, is_over: bool) -> bytes:
        if self.is_closed:
            return b""
        code = CloseCode.NORMAL_CLOSURE if is_over else CloseCode.SERVICE_RESTART
        try:
            self._protocol.send_close(code)
        except ProtocolError:  # in the middle of a goodbye
            return b""
        return self._sent()

    def _sent(self) -> bytes:
        return b"".join(self._protocol.data_to_send())


def settlement_of(event_id: str) -> tuple[int, bool]:
    """The place that a `Last-Event-ID` names, and whether all was said; 0 for any other text."""
    number, mark, rest = event_id.partition(END_MARK)
    if rest or not number.isascii() or not number.isdecimal() or len(number) > 10:
        return 0, False
    return int(number), bool(mark)
