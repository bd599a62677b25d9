"""All who listen to this process: one thread with a loop, to which connections are handed over."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from converter.api.live.hub import Channel, Hub, Place, Watch
from converter.api.live.messages import Message
from converter.api.live.polling import Topic
from converter.api.live.wire_formats import Wire

MOST: Final = 1_000  # connections
BEAT_SECONDS: Final = 15.0
STALL_SECONDS: Final = 30.0  # so long a listener may leave what was sent to it unread
STOP_SECONDS: Final = 3.0
AT_ONCE: Final = 1 << 15  # bytes

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listener:
    """What somebody wants to hear, in which way, and from where on."""

    topic: Topic
    wire: Wire
    after: int = 0


class Listeners:
    """The door from threads to the loop; the loop begins with the first who listens."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="listeners", daemon=True)
        self._starting = threading.Lock()
        self._ready = threading.Event()
        self._is_stopping = False
        self._talks: set[asyncio.Task[None]] = set()
        self._hub: Hub

    def __len__(self) -> int:
        return len(self._talks)

    @property
    def is_full(self) -> bool:
        return len(self) >= MOST or self._is_stopping

    def take(self, connection: socket.socket, head: bytes, listener: Listener) -> None:
        """Talk to whoever is at the other end, from now on and without the caller."""
        if self._is_stopping:
            connection.close()
            return
        with self._starting:
            if self._loop is None:
                self._thread.start()
                self._ready.wait()
        loop = self._loop
        assert loop  # noqa: S101  (it has just said that it is ready)
        loop.call_soon_threadsafe(self._begin, connection, head, listener)

    def stop(self) -> None:
        """Begin to say goodbye to all; safe in a signal handler."""
        before, self._is_stopping = self._is_stopping, True
        if self._loop and not before:
            self._loop.call_soon_threadsafe(self._part)

    def join(self) -> None:
        """Wait until all have been let go, which takes no longer than seconds."""
        self.stop()
        if self._loop:
            self._thread.join(2 * STOP_SECONDS)

    def _begin(self, connection: socket.socket, head: bytes, listener: Listener) -> None:
        if self._is_stopping:
            connection.close()
            self._part()
            return
        task = asyncio.create_task(self._talk(connection, head, listener))
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)

    def _part(self) -> None:
        for talk in self._talks:
            talk.cancel()
        self._parted.set()

    def _run(self) -> None:
        asyncio.run(self._stay())

    async def _stay(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._hub, self._parted = Hub(), asyncio.Event()
        self._ready.set()
        await self._parted.wait()
        if self._talks:
            await asyncio.wait(self._talks, timeout=STOP_SECONDS)
        await self._hub.close()

    async def _talk(self, connection: socket.socket, head: bytes, listener: Listener) -> None:
        try:
            reader, writer = await asyncio.open_connection(sock=connection)
        except OSError:  # it has gone already
            connection.close()
            return
        talk = _Talk(self._hub, reader, writer, listener)
        try:
            await talk.begin(head)
        except (OSError, TimeoutError):
            writer.transport.abort()  # it has gone, or does not read what it is sent
        except asyncio.CancelledError:
            await talk.end(is_over=False)
        except Exception:
            logger.exception("A listener was let go")
            await talk.end(is_over=False)
        else:
            await talk.end(is_over=True)


class _Talk:
    """One listener at its connection."""

    def __init__(
        self,
        hub: Hub,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        listener: Listener,
    ) -> None:
        self.hub, self.reader, self.writer = hub, reader, writer
        self.wire, self.topic, self.after = listener.wire, listener.topic, listener.after
        self.places: dict[object, Place] = {}

    async def begin(self, head: bytes) -> None:
        """Tell and hear until all is said, or the other side leaves."""
        _let_no_dead_peer_linger(self.writer)
        await self._send(head + self.wire.greeting())
        sides = {asyncio.create_task(self._tell()), asyncio.create_task(self._hear())}
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
            await asyncio.wait_for(self._say_goodbye(is_over=is_over), STOP_SECONDS / 2)
        self.writer.close()
        with suppress(OSError, TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(self.writer.wait_closed(), STOP_SECONDS / 2)

    async def _say_goodbye(self, *, is_over: bool) -> None:
        """What was sent could be lost if the connection was closed before the other side has."""
        await self._send(self.wire.farewell(is_over=is_over))
        while not self.wire.is_answered and (data := await self.reader.read(4096)):
            self.wire.hear(data)

    async def _hear(self) -> None:
        while data := await self.reader.read(4096):
            await self._send(self.wire.hear(data))
            if self.wire.is_closed:
                return

    async def _tell(self) -> None:
        with self.hub.watching(self.topic) as watch:
            while True:
                news = watch.news
                for place in self._places(watch):
                    await self._tell_of(place)
                if self.wire.ends_with_job and self._is_all_said():
                    return
                try:
                    await asyncio.wait_for(news.wait(), BEAT_SECONDS)
                except TimeoutError:
                    await self._send(self.wire.beat())

    def _places(self, watch: Watch) -> list[Place]:
        """Where this listener is with each job: with those it follows, and those it is not done."""
        for job in watch.jobs:
            if channel := self.hub.channels.get(job):
                place = self.places.setdefault(
                    job,
                    Place(channel, _start(channel, self.after, is_one_job=self.wire.ends_with_job)),
                )
                place.channel = channel
        followed = set(watch.jobs)
        kept = {job: at for job, at in self.places.items() if job in followed or not at.has_ended}
        self.places = kept
        return list(kept.values())

    async def _tell_of(self, place: Place) -> None:
        await self._say(place.state())
        while await self._say(await self._next_images(place)):
            continue
        await self._say(place.ending())

    async def _next_images(self, place: Place) -> list[Message]:
        return await self.hub.catch_up(place) if place.is_behind else place.images()

    async def _say(self, messages: list[Message]) -> bool:
        """False if there is nothing to say. What was said is not held while one waits."""
        due = deque(messages)
        said = bytearray()
        any_is_due = bool(messages)
        del messages
        while due:
            said += self.wire.say(due.popleft())
            if len(said) > AT_ONCE or not due:
                self.writer.write(bytes(said))
                said.clear()
                await self._drained()
        return any_is_due

    async def _send(self, data: bytes) -> None:
        if data:
            self.writer.write(data)
            await self._drained()

    async def _drained(self) -> None:
        """Wait while too much lies in the buffer that the other side has not read."""
        if self.writer.transport.get_write_buffer_size() or self.writer.is_closing():
            await asyncio.wait_for(self.writer.drain(), STALL_SECONDS)
        else:
            await asyncio.sleep(0)  # let others have their turn

    def _is_all_said(self) -> bool:
        return bool(self.places) and all(place.has_ended for place in self.places.values())


def _let_no_dead_peer_linger(writer: asyncio.StreamWriter) -> None:
    """Linux: end a connection whose other side has acknowledged nothing for that long."""
    if option := getattr(socket, "TCP_USER_TIMEOUT", None):
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, option, int(4 * BEAT_SECONDS * 1000))


def _start(channel: Channel, after: int, *, is_one_job: bool) -> int:
    """From which settlement on a listener is told of a job: for one that ended long ago, of its end
    alone, unless it was asked for by itself."""
    return channel.seen.settlement if channel.is_past and not is_one_job else after
