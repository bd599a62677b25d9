"""`manage.py up`: the whole app under one supervisor."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from converter.workers.processes import end_with_parent

STOP_SECONDS = 20  # a little more than a worker takes at the most to hand its images back
HEALTHY_SECONDS = 30  # a child that lived as long starts afresh; a shorter life makes it wait
LONGEST_PAUSE = 30


@dataclass
class Child:
    """One process that is started again when it ends."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        # A session of its own: Ctrl+C in the terminal reaches the parent alone, which then
        # stops its children in order.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, sys.argv[0], *self.arguments],
            start_new_session=True,
            # Without it, killing the parent leaves orphans. Safe: the parent has no threads.
            preexec_fn=partial(end_with_parent, signal.SIGTERM),  # noqa: PLW1509
        )

    def watch(self) -> int | None:
        """Start the process again, later each time, if it ended; its exit status then."""
        if self.process is None:
            if time.monotonic() >= self.started + self.pause:
                self.start()
            return None
        status = self.process.poll()
        if status is not None:
            lived = time.monotonic() - self.started
            self.pause = 0 if lived > HEALTHY_SECONDS else min(2 * self.pause + 1, LONGEST_PAUSE)
            self.started, self.process = time.monotonic(), None
        return status


class Command(BaseCommand):
    help = "Bring the database up to date, then run web and worker and watch over both."
    requires_system_checks: list[str] = []  # each child checks for itself, once there is a key

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *_args: Any, host: str, port: int, **_options: Any) -> None:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server does
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Cannot listen on {host}, port {port}: {error.strerror}."
                    f" Is Tablexl running already? Choose another port with PORT={port + 1}."
                ) from error
        _keep_secret_key()
        migrated = subprocess.run(  # noqa: S603
            [sys.executable, sys.argv[0], "migrate", "--no-input", "--verbosity=0"], check=False
        )
        if migrated.returncode:
            sys.exit(migrated.returncode)
        web = Child("web", ["web", f"--host={host}", f"--port={port}"])
        worker = Child("worker", ["worker"])
        shown = "localhost" if host in {"0.0.0.0", "127.0.0.1", "::"} else host  # noqa: S104
        self._run([web, worker], f"http://{shown}:{port}")

    def _run(self, children: list[Child], address: str) -> None:
        asked_to_stop: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, _frame: asked_to_stop.append(received))
        for child in children:
            child.start()
        is_announced = False
        while not asked_to_stop:
            for child in children:
                if (status := child.watch()) is not None:
                    self.stderr.write(f"{child.name} ended with status {status}; starting it again")
            if not is_announced and (is_announced := _answers(address)):
                self._say(f"\nTablexl is ready: {address}   (Ctrl+C stops it)\n")
            time.sleep(0.2)
        self._say("\nStopping: the images at hand are finished, or put back.")
        running = [child.process for child in children if child.process]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # a log file is not a terminal


def _answers(address: str) -> bool:
    request = Request(f"{address}/healthz", headers={"Host": "localhost"})  # noqa: S310
    try:
        with urlopen(request, timeout=2) as answer:  # noqa: S310  (our own address)
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _keep_secret_key() -> None:
    """Make a secret key on the first start, readable by this user alone, unless one is set."""
    if settings.SECRET_KEY_IS_SET:
        return
    path = settings.KEPT_SECRET_KEY
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    fresh.rename(path)  # whole or not at all
