"""Somebody with a browser, who sends pictures while the app is under fault."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from random import Random
from types import TracebackType
from typing import Any, Self
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import UUID, uuid4

from tests.support.pictures import png

PATIENCE = 5  # seconds
PROGRAM = "From a program"  # the name of batches that are sent and started by one call
SENT = 3  # pictures of each


@dataclass
class Promise:
    """What the app said of a batch: so many images are in it, and it was started."""

    batch: UUID
    images: int
    is_started: bool = False


class Visitor:
    """Uploads, adds to the upload, starts and looks, over and over; keeps what was promised."""

    def __init__(self, url: str, seed: str) -> None:
        self.url = url
        self.chance = Random(seed)
        self.cookies = CookieJar()
        self.browser = build_opener(HTTPCookieProcessor(self.cookies))
        self.promises: list[Promise] = []
        self.refused = 0
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._visit)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leaving.set()
        self._thread.join()

    def _visit(self) -> None:
        while not self._leaving.wait(0.3):
            try:
                self._send_a_batch()
                self._start_by_one_call()
            except (OSError, HTTPException):  # the app is down, or says that it can't
                self.refused += 1

    def _send_a_batch(self) -> None:
        self._get("/")  # for the token
        draft = self._post("/batches/", {"name": "From the web"}, pictures=2)
        promise = Promise(UUID(draft["url"].split("/")[2]), draft["added"])
        self.promises.append(promise)
        promise.images += self._post(draft["images_url"], {}, pictures=1)["added"]
        self._post(draft["start_url"], {})
        promise.is_started = True
        self._get(draft["url"])

    def _start_by_one_call(self) -> None:
        """All of it is started or nothing, whatever is the matter with the storage."""
        started = self._post("/api/v1/jobs/batch", {"name": PROGRAM}, pictures=SENT)
        self.promises.append(Promise(UUID(started["job_id"]), SENT, is_started=True))

    def _get(self, path: str) -> None:
        self.browser.open(self.url + path, timeout=PATIENCE).close()

    def _post(self, path: str, fields: dict[str, str], pictures: int = 0) -> Any:
        boundary = uuid4().hex
        parts = [
            _part(boundary, f'name="{name}"', value.encode()) for name, value in fields.items()
        ]
        for _ in range(pictures):
            # Each of a colour of its own, or the app would remember what it read of it.
            colour = f"#{self.chance.randrange(1 << 24):06x}"
            name = f'name="files"; filename="plain-web-{uuid4().hex}.png"'
            parts.append(_part(boundary, name, png(color=colour)))
        body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
        token = next((c.value for c in self.cookies if c.name == "csrftoken"), "")
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Accept": "application/json",
            "X-CSRFToken": token or "",
        }
        request = Request(self.url + path, body, headers)
        with self.browser.open(request, timeout=PATIENCE) as answer:
            return json.load(answer)


def _part(boundary: str, what: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {what}\r\n\r\n"
    return head.encode() + content + b"\r\n"
