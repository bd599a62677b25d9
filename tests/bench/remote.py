"""`python -m tests.bench.remote [IMAGES]`: how fast and how lean one worker asks a server.

The server is on this machine and takes a second for each request. Then again with one that refuses
one request in ten and fails at one in twenty.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.support.app import RunningApp
from tests.support.model_server import KEY, TABLE, FakeApi, replies, says

CONCURRENCY = 20
SECONDS = 1.0  # that the server takes for each
BUSY = replies(429, {"error": {"message": "Model busy, retry later"}})
BROKEN = replies(500, {"error": {"message": "Internal error"}})

START = (
    "from converter.batches import lifecycle; from tests.support import batch_factory, pictures;"
    "rows = [[f'Item {{n}}', f'{{n}}.50', 'in stock', 'Oak'] for n in range(20)];"
    "batch = batch_factory.draft({images}, data=pictures.table_png(rows), engine='remote');"
    "lifecycle.start(batch)"
)


class Server:
    """Answers after a while, or not; counts what it would bill."""

    def __init__(self, busy: float, broken: float) -> None:
        self.busy, self.broken = busy, broken
        self.billed = 0
        self.first: float | None = None
        self._random = random.Random(1)
        self._lock = threading.Lock()

    def __call__(self, handler) -> None:
        with self._lock:
            self.first = self.first or time.monotonic()
            luck = self._random.random()
        if luck < self.busy:
            BUSY(handler)
        elif luck < self.busy + self.broken:
            BROKEN(handler)
        else:
            time.sleep(SECONDS)
            with self._lock:
                self.billed += 1
            says(TABLE)(handler)


def main() -> None:
    images = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for title, server in (("healthy", Server(0, 0)), ("10 % 429, 5 % 500", Server(0.1, 0.05))):
        with TemporaryDirectory() as folder, FakeApi(usual=server) as api:
            seconds, memory, processor, done = _run(Path(folder), api, server, images)
        ideal = images * SECONDS / CONCURRENCY
        print(
            f"{title}: {done} of {images} done, {server.billed} billed, {len(api.requests)} asked,"
            f" {seconds:.1f} s ({seconds / ideal:.2f} times the ideal {ideal:.0f} s),"
            f" most in flight {api.most_in_flight}, largest process {memory / 2**20:.0f} MiB,"
            f" {1000 * processor / images:.0f} ms of processor time per image"
        )


def _run(folder: Path, api: FakeApi, server: Server, images: int) -> tuple[float, int, float, int]:
    app = RunningApp(
        folder / "app",
        "manage.py worker",
        OLMOCR_API_KEY=KEY,
        OLMOCR_API_BASE_URL=api.url,
        OLMOCR_MODEL="test/vision-1",
        REMOTE_CONCURRENCY=str(CONCURRENCY),
        TWO_READINGS="false",
    )
    app.data_dir.mkdir(parents=True)
    app.manage("migrate", "--verbosity=0")
    app.manage("shell", "--no-imports", "-c", START.format(images=images))
    with app:
        memory = processor = 0.0
        while app.query("SELECT 1 FROM converter_batch WHERE settled IS NULL"):
            now = [_used(process) for process in app.processes()]
            memory = max([memory, *(used for used, _ in now)])
            processor = max(processor, sum(seconds for _, seconds in now))
            time.sleep(0.2)
        ended = time.monotonic()
        [(done,)] = app.query("SELECT done FROM converter_batch")
    return ended - (server.first or ended), int(memory), processor, done


def _used(process: psutil.Process) -> tuple[int, float]:
    """Memory in bytes and seconds of processor time of a process; nothing if it is gone."""
    try:
        times = process.cpu_times()
        return process.memory_info().rss, times.user + times.system
    except psutil.NoSuchProcess:
        return 0, 0.0


if __name__ == "__main__":
    main()
