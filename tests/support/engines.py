"""Engines that answer or misbehave as a test wants, behind the real contract."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from converter.core.engines.protocol import PageWords, Reading, ReadRequest
from converter.core.images import PageImage
from converter.core.tables.model import Box, Cell, Table, Word

Prepared = tuple[PageImage, ReadRequest]


class ScriptedEngine:
    """Does what its script says for each image; reads one cell with the image's name if it says
    nothing."""

    name = "scripted"

    def __init__(
        self, script: Callable[[PageImage], None] = lambda _: None, version: str = "1"
    ) -> None:
        self.script = script
        self.version = version
        self.requests: list[ReadRequest] = []

    def read(self, image: PageImage, request: ReadRequest) -> Reading:
        self.requests.append(request)
        self.script(image)
        return Reading("scripted", tables=(Table((Cell(0, 0, image.name),)),))


class ScriptedAsker(ScriptedEngine):
    """The same by way of a server: the script runs where one would wait for the answer."""

    name = "remote"

    def __init__(
        self, script: Callable[[PageImage], None] = lambda _: None, version: str = "1"
    ) -> None:
        super().__init__(script, version)
        self.threads: set[int] = set()

    def prepare(self, image: PageImage, request: ReadRequest) -> Prepared:
        return image, request

    def ask(self, prepared: Prepared) -> Reading:
        self.threads.add(threading.get_ident())
        reading = self.read(*prepared)
        return replace(reading, asked="scripted", cost=0.25, tokens_in=100, tokens_out=10)


class NamedEngine(ScriptedEngine):
    """Does to an image what its name says: `hang`, `crash`, `exit`, `slow 3`; or reads it."""

    name = "named"

    def __init__(self) -> None:
        super().__init__(lambda image: _obey(*image.name.rpartition(".")[0].split()))


def _obey(order: str, seconds: str = "0", *_: str) -> None:
    match order:
        case "hang":
            threading.Event().wait()
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exit":
            os._exit(3)
        case "slow":
            time.sleep(float(seconds))


class ScriptedWitness(ScriptedEngine):
    """Sees the name of each image printed on it."""

    def __init__(self, script: Callable[[PageImage], None] = lambda _: None) -> None:
        super().__init__(script)
        self.seen: list[str] = []
        self.threads: set[int] = set()

    def read_words(self, image: PageImage) -> PageWords:
        self.seen.append(image.name)
        self.threads.add(threading.get_ident())
        self.script(image)
        texts = image.name.split()
        boxes = [Box(40 + 90 * n, 50, 120 + 90 * n, 70) for n in range(len(texts))]
        return PageWords("eyes", tuple(map(Word, texts, boxes)))
