"""Who listens to which jobs, and one poll of the rows for all of them.

Everything here runs in the event loop of `listeners`, except the polls: one thread runs them, with
the only database connection that listeners cost a process. While nobody listens there is neither a
poll nor a connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from django.db import close_old_connections, connections

from converter.api.live import messages, polling
from converter.api.live.messages import Message
from converter.api.live.polling import JobUpdate, Topic

POLL_SECONDS: Final = 0.5
AFTER_FAULT_SECONDS: Final = 5.0
KEPT_BYTES: Final = 1 << 20  # of the latest messages of a job

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Channel:
    """The latest messages of a job. `recent` has every image settled after `floor`."""

    def __init__(self, update: JobUpdate) -> None:
        self.job = update.job
        self.seen = update.seen
        self.is_past, self.is_gone = update.is_past, update.is_gone
        self.floor = update.seen.settlement
        self.recent: deque[Message] = deque()
        self.size = 0
        self.progress, self.end = update.progress, update.end

    def take(self, update: JobUpdate) -> None:
        self.seen, self.end, self.is_gone = update.seen, update.end, update.is_gone
        self.progress = update.progress or self.progress
        self.recent.extend(update.images)
        self.size += sum(len(message.text) for message in update.images)
        while self.size > KEPT_BYTES:
            oldest = self.recent.popleft()
            self.size -= len(oldest.text)
            self.floor = oldest.settlement


@dataclass
class Cursor:
    """What a listener has received of a job."""

    channel: Channel
    settlement: int
    progress: Message | None = None
    end: Message | None = None

    @property
    def is_behind(self) -> bool:
        """Whether it needs images that are no longer in memory."""
        return self.settlement < self.channel.floor

    @property
    def has_ended(self) -> bool:
        """Whether it has received everything, unless the job runs again."""
        return self.end is not None and self.end is self.channel.end

    def state(self) -> list[Message]:
        """The progress of the job, if it is new."""
        before, self.progress = self.progress, self.channel.progress
        return [self.progress] if self.progress and self.progress is not before else []

    def images(self) -> list[Message]:
        """The next images from memory."""
        recent = self.channel.recent
        due = [message for message in recent if message.settlement > self.settlement]
        due = due[: messages.PAGE]
        self.settlement = due[-1].settlement if due else self.settlement
        return due

    def ending(self) -> list[Message]:
        """How the job ended, if that is new."""
        before, self.end = self.end, self.channel.end
        return [self.end] if self.end and self.end is not before else []


@dataclass(eq=False)
class Subscription:
    """A topic that listeners share: the jobs of a session, or one job."""

    topic: Topic
    listeners: int = 0
    jobs: list[UUID] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Wake those who wait now; those who come later wait for the next news."""
        self.news.set()
        self.news = asyncio.Event()


class Hub:
    """Subscriptions and channels of all listeners of a process."""

    def __init__(self) -> None:
        self.channels: dict[UUID, Channel] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self._thread = ThreadPoolExecutor(1, "listeners' rows")
        self._wanted = asyncio.Event()
        self._polling: asyncio.Task[None] | None = None
        self._read_back: dict[tuple[UUID, int], asyncio.Task[list[Message]]] = {}

    @contextmanager
    def subscribe(self, topic: Topic) -> Iterator[Subscription]:
        """Listen to a topic, shared with everybody who does."""
        subscription = self.subscriptions.setdefault(topic.key, Subscription(topic))
        subscription.listeners += 1
        self._wanted.set()
        if self._polling is None:
            self._polling = asyncio.create_task(self._poll_while_wanted())
        try:
            yield subscription
        finally:
            subscription.listeners -= 1
            if not subscription.listeners:
                del self.subscriptions[topic.key]

    async def close(self) -> None:
        if self._polling:
            self._polling.cancel()
        await self._run(connections.close_all)
        self._thread.shutdown(wait=False)

    async def catch_up(self, cursor: Cursor) -> list[Message]:
        """Images that are no longer in memory; one query for all listeners at the same position."""
        key = (cursor.channel.job, cursor.settlement)
        if key not in self._read_back:
            task = asyncio.create_task(self._run(polling.images, *key))
            self._read_back[key] = task
            task.add_done_callback(lambda _task: self._read_back.pop(key))
        missed = await asyncio.shield(self._read_back[key])
        cursor.settlement = missed[-1].settlement if missed else cursor.channel.floor
        return missed

    async def _poll_while_wanted(self) -> None:
        while self.subscriptions:
            self._wanted.clear()
            try:
                pause = await self._poll()
            except Exception:  # whatever it was: listeners wait, and the next poll may succeed
                logger.exception("The rows could not be read for those who listen")
                pause = AFTER_FAULT_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), pause)
        self._polling = None
        self.channels.clear()
        await self._run(connections.close_all)

    async def _poll(self) -> float:
        """Poll once for everybody. Returns the seconds until the next poll."""
        known = {job: one.seen for job, one in self.channels.items() if not one.is_gone}
        topics = [subscription.topic for subscription in self.subscriptions.values()]
        found, news = await self._run(polling.poll, topics, known)
        for update in news:
            if channel := self.channels.get(update.job):
                channel.take(update)
            else:
                self.channels[update.job] = Channel(update)
        changed = {update.job for update in news}
        for subscription in self.subscriptions.values():
            before = subscription.jobs
            now = found.get(subscription.topic.key, before)
            # A job that has just ended or was deleted may no longer be among the newest.
            subscription.jobs = list(
                dict.fromkeys([*(job for job in before if job in changed), *now])
            )
            if changed.intersection(subscription.jobs) or before != subscription.jobs:
                subscription.wake()
        # A listener that is still sending holds its channel itself.
        followed = {
            job for subscription in self.subscriptions.values() for job in subscription.jobs
        }
        for job in self.channels.keys() - followed:
            del self.channels[job]
        return 0.0 if any(update.seen.has_more for update in news) else POLL_SECONDS

    async def _run(self, verb: Callable[..., T], *arguments: object) -> T:
        loop = asyncio.get_running_loop()
        # A broken connection is replaced, as between two requests.
        await loop.run_in_executor(self._thread, close_old_connections)
        return await loop.run_in_executor(self._thread, verb, *arguments)
