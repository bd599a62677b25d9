"""Who listens to which jobs, and one look at the rows for all of them.

Everything here runs in the loop of `listeners`, but for the looks themselves, which one thread
takes, with the one connection to the database that listeners cost a process. While nobody listens
there is no look and no connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from django.db import close_old_connections, connections

from converter.api.live import messages, polling
from converter.api.live.messages import Message
from converter.api.live.polling import Look, Topic

LOOK_SECONDS: Final = 0.5
AFTER_FAULT_SECONDS: Final = 5.0
KEPT_BYTES: Final = 1 << 20  # of a job's latest messages, for all who follow it closely

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Channel:
    """What was said of one job lately. Every image settled above `floor` is among `recent`."""

    def __init__(self, look: Look) -> None:
        self.job = look.job
        self.seen = look.seen
        self.is_past, self.is_gone = look.is_past, look.is_gone
        self.floor = look.seen.settlement
        self.recent: deque[Message] = deque()
        self.size = 0
        self.progress, self.end = look.progress, look.end

    def take(self, look: Look) -> None:
        self.seen, self.end, self.is_gone = look.seen, look.end, look.is_gone
        self.progress = look.progress or self.progress
        self.recent.extend(look.images)
        self.size += sum(len(message.text) for message in look.images)
        while self.size > KEPT_BYTES:
            oldest = self.recent.popleft()
            self.size -= len(oldest.text)
            self.floor = oldest.settlement


@dataclass
class Place:
    """How far a listener is with a job."""

    channel: Channel
    settlement: int
    progress: Message | None = None
    end: Message | None = None

    @property
    def is_behind(self) -> bool:
        """Whether it has missed images that are no longer in memory."""
        return self.settlement < self.channel.floor

    @property
    def has_ended(self) -> bool:
        """Whether all was said, for as long as the job does not run again."""
        return self.end is not None and self.end is self.channel.end

    def state(self) -> list[Message]:
        """How far the job is, if that was not said yet."""
        before, self.progress = self.progress, self.channel.progress
        return [self.progress] if self.progress and self.progress is not before else []

    def images(self) -> list[Message]:
        """The next images out of memory."""
        recent = self.channel.recent
        due = [message for message in recent if message.settlement > self.settlement]
        due = due[: messages.PAGE]
        self.settlement = due[-1].settlement if due else self.settlement
        return due

    def ending(self) -> list[Message]:
        """How the job ended, if that was not said yet."""
        before, self.end = self.end, self.channel.end
        return [self.end] if self.end and self.end is not before else []


@dataclass(eq=False)
class Watch:
    """What some listeners have in common: the jobs of a session, or one job."""

    topic: Topic
    listeners: int = 0
    jobs: list[UUID] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        """Wake who waits now; who comes later waits for the next news."""
        self.news.set()
        self.news = asyncio.Event()


class Hub:
    def __init__(self) -> None:
        self.channels: dict[UUID, Channel] = {}
        self.watches: dict[str, Watch] = {}
        self._thread = ThreadPoolExecutor(1, "listeners' rows")
        self._wanted = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._read_back: dict[tuple[UUID, int], asyncio.Task[list[Message]]] = {}

    @contextmanager
    def watching(self, topic: Topic) -> Iterator[Watch]:
        """Listen to a topic, together with all others who do."""
        watch = self.watches.setdefault(topic.key, Watch(topic))
        watch.listeners += 1
        self._wanted.set()
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_while_wanted())
        try:
            yield watch
        finally:
            watch.listeners -= 1
            if not watch.listeners:
                del self.watches[topic.key]

    async def close(self) -> None:
        if self._looking:
            self._looking.cancel()
        await self._run(connections.close_all)
        self._thread.shutdown(wait=False)

    async def catch_up(self, place: Place) -> list[Message]:
        """What a listener missed that is in memory no more; asked once for all who are there."""
        key = (place.channel.job, place.settlement)
        if key not in self._read_back:
            task = asyncio.create_task(self._run(polling.images, *key))
            self._read_back[key] = task
            task.add_done_callback(lambda _task: self._read_back.pop(key))
        missed = await asyncio.shield(self._read_back[key])
        place.settlement = missed[-1].settlement if missed else place.channel.floor
        return missed

    async def _look_while_wanted(self) -> None:
        while self.watches:
            self._wanted.clear()
            try:
                pause = await self._look()
            except Exception:  # whatever it was: they wait, and it is tried again
                logger.exception("The rows could not be read for those who listen")
                pause = AFTER_FAULT_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), pause)
        self._looking = None
        self.channels.clear()
        await self._run(connections.close_all)

    async def _look(self) -> float:
        """One look for everybody; how long to wait for the next."""
        known = {job: one.seen for job, one in self.channels.items() if not one.is_gone}
        topics = [watch.topic for watch in self.watches.values()]
        found, news = await self._run(polling.look, topics, known)
        self._take(news)
        self._tell(found, {look.job for look in news})
        self._forget()
        return 0.0 if any(look.seen.has_more for look in news) else LOOK_SECONDS

    def _take(self, news: Iterable[Look]) -> None:
        for look in news:
            channel = self.channels.get(look.job)
            if channel:
                channel.take(look)
            else:
                self.channels[look.job] = Channel(look)

    def _tell(self, found: Mapping[str, list[UUID]], changed: set[UUID]) -> None:
        for watch in self.watches.values():
            before = watch.jobs
            now = found.get(watch.topic.key, before)
            # What has just ended, or was deleted, may be among the newest no longer.
            watch.jobs = list(dict.fromkeys([*(job for job in before if job in changed), *now]))
            if changed.intersection(watch.jobs) or before != watch.jobs:
                watch.tell()

    def _forget(self) -> None:
        """Let go of what nobody follows; who is still at it has the channel in hand."""
        followed = {job for watch in self.watches.values() for job in watch.jobs}
        for job in self.channels.keys() - followed:
            del self.channels[job]

    async def _run(self, verb: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: _with_connection(verb, *arguments)
        )


def _with_connection(verb: Callable[..., T], *arguments: object) -> T:
    close_old_connections()  # one that broke is replaced, as between two requests
    return verb(*arguments)
