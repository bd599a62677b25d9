"""The local engine as a child of the benchmark, with seconds by stage."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

import onnxruntime as ort

from converter.core.engines.local import engine as local
from converter.core.engines.protocol import Engine, ReadRequest
from converter.core.engines.registry import make_engine
from converter.core.images import Limits, open_pages
from converter.core.workbook.tables_book import TableBook
from tests.bench.child import serve

COMMAND = (sys.executable, "-m", "tests.bench.ours")

STAGES = (
    ("models", ort.InferenceSession, "run"),
    ("structure", local, "run"),
)


def main() -> None:
    clock = StageClock()
    for stage, owner, name in STAGES:
        patch.object(owner, name, clock.timed(stage, getattr(owner, name))).start()
    serve(partial(convert, make_engine("local"), clock))


class StageClock:
    """Processor seconds by stage, measured by wrapping functions.

    What a function spends inside of another one's stage counts for its own alone.
    """

    def __init__(self) -> None:
        self._spent: Counter[str] = Counter()

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            begun, inside = time.process_time(), self._spent.total()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.process_time() - begun
                self._spent[stage] += spent - (self._spent.total() - inside)

        return timed

    def take(self) -> dict[str, float]:
        """Seconds by stage since the last call."""
        spent, self._spent = dict(self._spent), Counter()
        return spent


def convert(engine: Engine, clock: StageClock, image: Path, out: Path) -> dict[str, float]:
    with out.open("wb") as file, TableBook(file) as book:
        for page in open_pages(image, Limits()):
            book.add_tables(None, engine.read(page, ReadRequest()).tables)
    return clock.take()


if __name__ == "__main__":
    main()
