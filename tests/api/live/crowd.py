"""Many who listen at once: half by server-sent events, half by WebSocket, in one loop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import connect

PATIENCE = 300  # seconds; only a failure waits as long


@dataclass
class Heard:
    """What one listener was told: of each image its settlement, and all else in order."""

    images: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)

    def take(self, told: dict[str, Any]) -> bool:
        """Note a message; whether it was the end."""
        self.names.append(told["type"])
        self.last = told
        if told["type"].startswith("image_"):
            self.images.append(told["cursor"])
        return told["type"] in {"job_completed", "job_error"}


class Crowd:
    def __init__(self, port: int, job: str, session: str, cookie: str) -> None:
        self.port, self.job, self.session = port, job, session
        self.cookie = f"sessionid={cookie}"
        self.heard: list[Heard] = []
        self.connected = 0

    async def listen(self, number: int) -> None:
        """So many listeners, each until the job has ended."""
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            for one in range(number):
                heard = Heard()
                self.heard.append(heard)
                group.create_task(self.by_socket(heard) if one % 2 else self.by_events(heard))

    async def by_socket(self, heard: Heard) -> None:
        url = f"ws://127.0.0.1:{self.port}/api/v1/ws/session/{self.session}"
        headers = {"Cookie": self.cookie}
        async with connect(url, additional_headers=headers, open_timeout=PATIENCE) as socket:
            self.connected += 1
            async for message in socket:
                if heard.take(json.loads(message)):
                    return

    async def by_events(self, heard: Heard) -> None:
        async with self.stream() as lines:
            async for line in lines:
                if line.startswith("data: ") and heard.take(json.loads(line[6:])):
                    return

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[AsyncIterator[str]]:
        """The lines of one event stream; a hundred HTTP clients would cost more than they show."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24)
        writer.write(
            f"GET /api/v1/jobs/{self.job}/events HTTP/1.1\r\nHost: localhost\r\n"
            f"Cookie: {self.cookie}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        self.connected += 1
        try:
            yield (line.decode().rstrip("\n") async for line in reader)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
