"""An engine that does to each image what the image's name asks for, and keeps a journal of it."""

from __future__ import annotations

import ctypes
import os
import resource
import time
from collections import Counter
from pathlib import Path

from converter.core.engines.protocol import Reading, ReadRequest
from converter.core.errors import EngineError
from converter.core.images import PageImage
from converter.core.tables.model import Cell, Table

JOURNAL = "journal"
SECONDS = 0.03  # for a picture that is like any other

# What becomes of images whose name begins so, however often they are read.
FAILS = {
    "poison": "worker_died",
    "broken": "engine_failed",
    "overlap": "unexpected",
    "nonsense": "unexpected",
    "nothing": "unexpected",
}
ONCE = ("crash", "segv", "hang", "busy")  # the first reading goes wrong, the next does not
BEHAVIOURS = ("plain", "nan", *ONCE, *FAILS)


def begun(folder: Path) -> Counter[str]:
    """How often each image was begun to be read."""
    path = folder / JOURNAL
    return Counter(path.read_text().splitlines()) if path.exists() else Counter()


class DrillEngine:
    name = "drill"
    version = "1"

    def __init__(self) -> None:
        self.folder = Path(os.environ["DRILL_FOLDER"])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # its crashes are no news

    def read(self, image: PageImage, request: ReadRequest) -> Reading:  # noqa: ARG002
        before = begun(self.folder)[image.name]
        journal = os.open(self.folder / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(journal, f"{image.name}\n".encode())
        os.close(journal)
        behaviour = image.name.partition("-")[0]
        if behaviour not in ONCE or before == 0:
            _misbehave(behaviour)
        confidence = float("nan") if behaviour == "nan" else 1.0
        time.sleep(SECONDS)
        if behaviour in ("nonsense", "nothing"):
            return {"nonsense": image.name, "nothing": None}[behaviour]
        return Reading("drill", (Table((Cell(0, 0, image.name, confidence=confidence),)),))


def _misbehave(behaviour: str) -> None:
    match behaviour:
        case "poison" | "crash":
            os.abort()
        case "segv":
            ctypes.string_at(0)
        case "hang":
            time.sleep(3600)
        case "busy":
            raise EngineError("engine_failed", "It is busy.", permanent=False)
        case "broken":
            raise EngineError("engine_failed", "It is broken.", permanent=True)
        case "overlap":
            Table((Cell(0, 0, "a", colspan=2), Cell(0, 1, "b")))
