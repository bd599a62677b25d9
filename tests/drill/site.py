"""A place where the app runs: its processes, disk and database, and somebody who operates it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from tests.support import s3
from tests.support.app import PATIENCE, ROOT, RunningApp, wait_for
from tests.support.migrated import migrate

SETTINGS = "tests.drill.settings"
KINDS = {
    "up": ["manage.py up"],  # web and worker under one parent
    "worker": ["manage.py worker"],
    "machines": ["manage.py worker", "manage.py worker"],  # that don't see each other's processes
}
KEPT = ("temp", "batches")  # folders of images
DISK_SIZE = "64m"


class Site:
    """The app in a folder of its own, as one of KINDS, on a database of its own.

    With a bucket its files are there.
    """

    def __init__(
        self, folder: Path, kind: str, database_url: str, bucket: s3.Bucket | None = None
    ) -> None:
        self.folder = folder
        self.bucket = bucket
        self.commands = KINDS[kind]
        self.has_web = kind == "up"
        folder.mkdir()
        self.apps = [self._app(number, database_url) for number in range(len(self.commands))]
        self.data = self.apps[0].data_dir
        self.is_sqlite = not database_url
        self.undoing: list[tuple[float, Callable[[], object]]] = []

    def _app(self, number: int, database_url: str) -> RunningApp:
        environment = {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DATABASE_URL": database_url,
            "STORAGE_URL": self.bucket.url if self.bucket else "",
            "AWS_ACCESS_KEY_ID": "me",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "DRILL_FOLDER": str(self.folder),
            "DRILL_MACHINE": f"machine{number}" if len(self.commands) > 1 else "",
            "WORKERS": str(3 - len(self.commands)),
        }
        app = RunningApp(self.folder, self.commands[number], **environment)
        app.log = self.folder / f"app{number}.log"
        return app

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.data.mkdir()
            stack.enter_context(_small_disk(self.data))
            migrate(self.apps[0])
            self.operator = stack.enter_context(self._operator())
            for app in self.apps:
                app.start()
                stack.callback(app.kill_all)
            if self.has_web:
                self.apps[0].wait_until_ready()
            stack.callback(self.relieve)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def ask(self, *request: str) -> Any:
        """Have the operator do something; what came of it. Disk and database let him."""
        self.relieve()
        assert self.operator.stdin
        assert self.operator.stdout
        self.operator.stdin.write(f"{json.dumps(request)}\n")
        self.operator.stdin.flush()
        return json.loads(self.operator.stdout.readline())

    def files(self) -> list[str]:
        """Where each file of an image is."""
        if self.bucket:
            return [key for key in self.bucket.objects if key.split("/")[1] in KEPT]
        return files_below(self.data)

    def query(self, sql: str) -> list[Any]:
        return self.apps[0].query(sql)

    def pause(self, seconds: float) -> None:
        """Let the app work, end what is to end meanwhile, start again what left."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            due = [entry for entry in self.undoing if entry[0] <= time.monotonic()]
            for entry in due:
                self.undoing.remove(entry)
                entry[1]()
            self.keep_running()
            time.sleep(0.05)

    def later(self, seconds: float, undo: Callable[[], object]) -> None:
        self.undoing.append((time.monotonic() + seconds, undo))

    def relieve(self) -> None:
        """End all faults that last."""
        while self.undoing:
            self.undoing.pop(0)[1]()
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def keep_running(self) -> None:
        """What systemd does."""
        for app in self.apps:
            if app.process.poll() is not None:
                app.start()

    def stop(self) -> list[int]:
        """Ask the app to leave, as a deployment does; the exit statuses."""
        self.keep_running()
        for app in self.apps:
            # One that was only just started again would still end by the signal itself.
            wait_for(partial(_catches_sigterm, app.process.pid), "an app that can be asked")
            app.process.terminate()
        return [app.process.wait(PATIENCE) for app in self.apps]

    def family(self) -> list[psutil.Process]:
        """All processes of the app."""
        mains = [psutil.Process(app.process.pid) for app in self.apps if app.process.poll() is None]
        return [member for main in mains for member in (main, *_children(main, recursive=True))]

    def find(self, role: str, chance: random.Random) -> psutil.Process | None:
        """One of the app's processes that has that role now."""
        found = [member for member in self.family() if role_of(member) == role]
        return chance.choice(found) if found else None

    @contextlib.contextmanager
    def _operator(self) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.drill.operator"],
            cwd=ROOT,
            env=self.apps[0].environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            yield process
            process.kill()


def role_of(process: psutil.Process) -> str:
    """parent (`up`), web, main (of the worker), sentinel, or worker (or a helper of the pool)."""
    try:
        words = process.cmdline()
        if "gunicorn" in words:
            return "web"
        if "up" in words:
            return "parent"
        if "worker" not in words:
            return "other"
        depth = [("worker" in above.cmdline()) for above in process.parents()].count(True)
    except psutil.Error:
        return "gone"
    return ("main", "sentinel", "worker")[min(depth, 2)]


def _catches_sigterm(pid: int) -> bool:
    """Does the process have a handler for it? proc(5) shows which signals are caught as a mask."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) & 1 << signal.SIGTERM - 1)


def _children(process: psutil.Process, *, recursive: bool = False) -> list[psutil.Process]:
    try:
        return process.children(recursive=recursive)
    except psutil.NoSuchProcess:
        return []


@contextlib.contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    """A disk that can be filled, where this user may mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE}", "none", str(folder)]
    mounted = not subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def files_below(data: Path) -> list[str]:
    parts = [data / part for part in KEPT]
    return [str(path) for part in parts for path in part.rglob("*") if path.is_file()]


def is_disk(folder: Path) -> bool:
    return os.path.ismount(folder)


def wait_until(site: Site, question: Callable[[], bool], what: str, *, sweeping: bool) -> None:
    """Until it is so; with `sweeping`, the schedule's work is done every second, not minute."""

    def asked() -> bool:
        site.pause(0.3)
        if sweeping:
            site.ask("sweep")
        return question()

    wait_for(asked, what)
