"""The listeners of this process: one thread with an event loop for detached connections."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from converter.api.live.hub import Cursor, Hub, Subscription
from converter.api.live.messages import Message
from converter.api.live.polling import Topic
from converter.api.live.wire_formats import WireFormat

MOST: Final = 1_000  # connections
HEARTBEAT_SECONDS: Final = 15.0
STALL_SECONDS: Final = 30.0  # how long a listener may leave sent data unread
STOP_SECONDS: Final = 3.0
AT_ONCE: Final = 1 << 15  # bytes

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listener:
    """What a client listens to, in which format, and after which settlement."""

    topic: Topic
    wire: WireFormat
    after: int = 0


class Listeners:
    """Gives connections of threads to the event loop, which starts with the first listener."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread
        self._starting = threading.Lock()
        self._ready = threading.Event()
        self._is_stopping = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._hub: Hub

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def is_full(self) -> bool:
        return len(self) >= MOST or self._is_stopping

    def take(self, connection: socket.socket, head: bytes, listener: Listener) -> None:
        """Serve a connection from now on; the caller need not wait."""
        if self._is_stopping:
            connection.close()
            return
        with self._starting:
            if self._loop is None:
                self._thread = threading.Thread(
                    target=asyncio.run, args=[self._run()], name="listeners", daemon=True
                )
                self._thread.start()
                self._ready.wait()
        loop = self._loop
        assert loop  # noqa: S101  (it is ready by now)
        loop.call_soon_threadsafe(self._accept, connection, head, listener)

    def stop(self) -> None:
        """Start closing all connections; safe in a signal handler."""
        before, self._is_stopping = self._is_stopping, True
        if self._loop and not before:
            self._loop.call_soon_threadsafe(self._close_all)

    def join(self) -> None:
        """Wait until all connections are closed, for a few seconds at most."""
        self.stop()
        if self._loop:
            self._thread.join(2 * STOP_SECONDS)

    def _accept(self, connection: socket.socket, head: bytes, listener: Listener) -> None:
        if self._is_stopping:
            connection.close()
            self._close_all()
            return
        task = asyncio.create_task(self._serve(connection, head, listener))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _close_all(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._closing.set()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._hub, self._closing = Hub(), asyncio.Event()
        self._ready.set()
        await self._closing.wait()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        await self._hub.close()

    async def _serve(self, connection: socket.socket, head: bytes, listener: Listener) -> None:
        try:
            reader, writer = await asyncio.open_connection(sock=connection)
        except OSError:  # closed already
            connection.close()
            return
        served = _Connection(self._hub, reader, writer, listener)
        try:
            await served.serve(head)
        except (OSError, TimeoutError):
            writer.transport.abort()  # closed, or it does not read
        except asyncio.CancelledError:
            await served.end(is_over=False)
        except Exception:
            logger.exception("A listener was dropped")
            await served.end(is_over=False)
        else:
            await served.end(is_over=True)


class _Connection:
    """The connection of one listener."""

    def __init__(
        self,
        hub: Hub,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        listener: Listener,
    ) -> None:
        self.hub, self.reader, self.writer = hub, reader, writer
        self.wire, self.topic, self.after = listener.wire, listener.topic, listener.after
        self.cursors: dict[object, Cursor] = {}

    async def serve(self, head: bytes) -> None:
        """Send and receive until everything is sent, or the client leaves."""
        # Linux: end a connection whose other side has acknowledged nothing for that long.
        if option := getattr(socket, "TCP_USER_TIMEOUT", None):
            connection = self.writer.get_extra_info("socket")
            connection.setsockopt(socket.IPPROTO_TCP, option, int(4 * HEARTBEAT_SECONDS * 1000))
        await self._send(head + self.wire.opening())
        sides = {asyncio.create_task(self._send_news()), asyncio.create_task(self._receive())}
        try:
            await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for side in sides:
                side.cancel()
            ended = await asyncio.gather(*sides, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def end(self, *, is_over: bool) -> None:
        with suppress(OSError, TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(STOP_SECONDS / 2):
                await self._send(self.wire.closing(is_over=is_over))
                # Sent data could be lost if we closed the connection before the client does.
                while not self.wire.is_close_confirmed and (data := await self.reader.read(4096)):
                    self.wire.receive(data)
        self.writer.close()
        with suppress(OSError, TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(self.writer.wait_closed(), STOP_SECONDS / 2)

    async def _receive(self) -> None:
        while data := await self.reader.read(4096):
            await self._send(self.wire.receive(data))
            if self.wire.is_closed:
                return

    async def _send_news(self) -> None:
        with self.hub.subscribe(self.topic) as subscription:
            while True:
                news = subscription.news
                for cursor in self._update_cursors(subscription):
                    await self._send_all(cursor.state())
                    while await self._send_all(
                        await self.hub.catch_up(cursor) if cursor.is_behind else cursor.images()
                    ):
                        continue
                    await self._send_all(cursor.ending())
                has_ended = [cursor.has_ended for cursor in self.cursors.values()]
                if self.wire.ends_with_job and has_ended and all(has_ended):
                    return
                try:
                    await asyncio.wait_for(news.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await self._send(self.wire.heartbeat())

    def _update_cursors(self, subscription: Subscription) -> list[Cursor]:
        """The cursors of all jobs that are followed, or not yet sent to their end."""
        for job in subscription.jobs:
            if channel := self.hub.channels.get(job):
                # Among several jobs, one that ended long ago sends only its end.
                is_past = channel.is_past and not self.wire.ends_with_job
                start = channel.seen.settlement if is_past else self.after
                self.cursors.setdefault(job, Cursor(channel, start)).channel = channel
        followed = set(subscription.jobs)
        self.cursors = {
            job: at for job, at in self.cursors.items() if job in followed or not at.has_ended
        }
        return list(self.cursors.values())

    async def _send_all(self, messages: list[Message]) -> bool:
        """False if there are none. Messages are freed before waiting for the client."""
        due = deque(messages)
        buffer = bytearray()
        any_is_due = bool(messages)
        del messages
        while due:
            buffer += self.wire.encode(due.popleft())
            if len(buffer) > AT_ONCE or not due:
                self.writer.write(bytes(buffer))
                buffer.clear()
                await self._drained()
        return any_is_due

    async def _send(self, data: bytes) -> None:
        if data:
            self.writer.write(data)
            await self._drained()

    async def _drained(self) -> None:
        """Wait while the client has too much unread data in the buffer."""
        if self.writer.transport.get_write_buffer_size() or self.writer.is_closing():
            await asyncio.wait_for(self.writer.drain(), STALL_SECONDS)
        else:
            await asyncio.sleep(0)  # let others run
