"""The two wire formats of messages: which bytes to send, and how to answer received bytes.

Neither knows connections. A server-sent event carries the settlement to resume after as its id; a
WebSocket message is the same JSON in a frame.
"""

from __future__ import annotations

from typing import Final, Protocol

from websockets.exceptions import ProtocolError
from websockets.frames import CloseCode
from websockets.protocol import SERVER, State
from websockets.protocol import Protocol as WebSocketProtocol

from converter.api.live.messages import Message

RETRY_MS: Final = 2_000
END_MARK: Final = "-end"  # of the id of the last event of a job
MOST_RECEIVED: Final = 4_096  # bytes of a message; all are ignored


class WireFormat(Protocol):
    """How messages become bytes."""

    ends_with_job: bool

    def opening(self) -> bytes: ...
    def encode(self, message: Message) -> bytes: ...
    def heartbeat(self) -> bytes: ...
    def receive(self, data: bytes) -> bytes: ...
    def closing(self, *, is_over: bool) -> bytes: ...

    @property
    def is_closed(self) -> bool: ...
    @property
    def is_close_confirmed(self) -> bool: ...


class EventStream:
    """Server-sent events (HTML standard). The client sends nothing."""

    ends_with_job = True
    is_closed = False
    is_close_confirmed = True

    def opening(self) -> bytes:
        return f"retry: {RETRY_MS}\n\n".encode()

    def encode(self, message: Message) -> bytes:
        place = ""
        if message.settlement:
            place = f"id: {message.settlement}{END_MARK if message.is_end else ''}\n"
        return f"{place}event: {message.name}\ndata: {message.text}\n\n".encode()

    def heartbeat(self) -> bytes:
        return b": still here\n\n"

    def receive(self, data: bytes) -> bytes:  # noqa: ARG002
        return b""

    def closing(self, *, is_over: bool) -> bytes:  # noqa: ARG002
        return b""  # without a last event clients reconnect


class WebSocket:
    """A WebSocket after its handshake, which was an ordinary request."""

    ends_with_job = False

    def __init__(self) -> None:
        self._protocol = WebSocketProtocol(SERVER, max_size=MOST_RECEIVED)

    @property
    def is_closed(self) -> bool:
        return self._protocol.state is not State.OPEN

    @property
    def is_close_confirmed(self) -> bool:
        """Whether the client has sent a close frame too, or need not."""
        return self._protocol.close_rcvd is not None or self._protocol.close_sent is None

    def opening(self) -> bytes:
        return b""

    def encode(self, message: Message) -> bytes:
        self._protocol.send_text(message.text.encode())
        return self._sent()

    def heartbeat(self) -> bytes:
        self._protocol.send_ping(b"")
        return self._sent()

    def receive(self, data: bytes) -> bytes:
        """Answers pings and close frames; ignores everything else."""
        self._protocol.receive_data(data)
        self._protocol.events_received()
        return self._sent()

    def closing(self, *, is_over: bool) -> bytes:
        if self.is_closed:
            return b""
        code = CloseCode.NORMAL_CLOSURE if is_over else CloseCode.SERVICE_RESTART
        try:
            self._protocol.send_close(code)
        except ProtocolError:  # already closing
            return b""
        return self._sent()

    def _sent(self) -> bytes:
        return b"".join(self._protocol.data_to_send())


def settlement_of(event_id: str) -> tuple[int, bool]:
    """The settlement of a `Last-Event-ID`, and whether it was the last; 0 for any other text."""
    number, mark, rest = event_id.partition(END_MARK)
    if rest or not number.isascii() or not number.isdecimal() or len(number) > 10:
        return 0, False
    return int(number), bool(mark)
