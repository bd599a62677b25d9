"""Real processes for tests: the app as people start it, in a folder and on a port of its own."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds; only a failure waits as long, and a busy machine starts slowly

T = TypeVar("T")


def free_port() -> int:
    """A port that nothing listens on, of a range below those that the kernel deals out.

    Between asking and listening, another connection could be given a port of the kernel's; and
    test runs that share a machine look in different places first.
    """
    for port in random.SystemRandom().sample(range(10_000, 30_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("a hundred ports were all taken")


def wait_for(question: Callable[[], T], what: str) -> T:
    """The first true answer to a question; fails if it does not come."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


class RunningApp:
    """A process of `manage.py` with an environment of its own; killed with all it started."""

    def __init__(self, folder: Path, command: str = "manage.py up", **environment: str) -> None:
        folder.mkdir(exist_ok=True)
        self.data_dir = folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "app.log"
        self.environment = (
            _plain_environment()
            | {
                "DATA_DIR": str(self.data_dir),
                "PORT": str(self.port),
                "WORKERS": "1",
                "SECRET_KEY": "for tests",
                "RATE_LIMIT_REQUESTS": "0",  # one machine starts what many people would
                "STATUS_LIMIT_REQUESTS": "0",
                "UPLOAD_WAIT_SECONDS": "120",  # answered at once on a busy machine, too
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            }
            | environment
        )
        self.command = command

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill_all()

    def start(self) -> None:
        words = self.command.split()
        if words[0] == "manage.py":
            words.insert(0, sys.executable)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def manage(self, *arguments: str) -> str:
        """Run a management command beside the app, on the same data; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def database(self) -> contextlib.closing[Any]:
        return contextlib.closing(self.connect())

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the app's database, beside the app."""
        with self.database() as database:
            return list(database.execute(sql).fetchall())

    def connect(self) -> sqlite3.Connection | psycopg.Connection[Any]:
        if url := self.environment.get("DATABASE_URL"):
            return psycopg.connect(url)
        return sqlite3.connect(self.data_dir / "tablexl.sqlite3", timeout=20)

    def start_batch(self, images: int) -> None:
        """Start a batch of table pictures."""
        code = (
            "from converter.batches import lifecycle\n"
            "from tests.support import batch_factory, pictures\n"
            "picture = pictures.table_png([['Item', 'Price']] * 4)\n"
            f"lifecycle.start(batch_factory.draft({images}, picture))"
        )
        self.manage("shell", "--no-imports", "-c", code)

    def wait_until_ready(self) -> None:
        wait_for(self._is_ready, f"an answer of the app; its log:\n{self.log.read_text()}")

    def children(self) -> list[psutil.Process]:
        """The processes that this one started itself, but for those that decode files."""
        started = psutil.Process(self.process.pid).children()
        return [each for each in started if "decoding" not in " ".join(each.cmdline())]

    def processes(self) -> list[psutil.Process]:
        """All processes that this one started, at any depth."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask the process to leave; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def kill_all(self) -> None:
        """SIGKILL for the process and everything below it, as when a machine loses power."""
        if self.process.poll() is not None:
            return
        family = [*self.processes(), psutil.Process(self.process.pid)]
        for member in family:
            member.kill()
        psutil.wait_procs(family, PATIENCE)
        self.process.wait(PATIENCE)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, f"the app ended:\n{self.log.read_text()}"
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


def _plain_environment() -> dict[str, str]:
    """The environment of a newcomer: none of our settings is set."""
    kept = ("HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}
