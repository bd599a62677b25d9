"""`manage.py web`: serve pages, API and event streams, with gunicorn."""

import os
import resource
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

OPEN_FILES = 16_384
THREADS = 8  # a poll waits for the database alone, so a few threads go a long way


class Command(BaseCommand):
    help = "Serve the pages and the API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--processes", type=int, default=2)

    def handle(self, *_args: Any, host: str, port: int, processes: int, **_options: Any) -> None:
        os.chdir(settings.BASE_DIR)
        # Every file of an upload is open until the request ends; the usual limit is 1,024.
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        memory = Path("/dev/shm")  # noqa: S108  (a heartbeat file on disk can stall a busy worker)
        arguments = [
            f"--bind={host}:{port}",
            "--worker-class=tablexl.serving.Worker",
            f"--workers={processes}",
            f"--threads={THREADS}",
            "--keep-alive=75",
            "--graceful-timeout=10",
            "--timeout=120",
            "--max-requests=2000",
            "--max-requests-jitter=200",
            "--no-control-socket",
            "--log-level=warning",
            *([f"--worker-tmp-dir={memory}"] if memory.is_dir() else []),
            "tablexl.wsgi",
        ]
        os.execv(  # noqa: S606  (gunicorn takes this process's place, and its signals)
            sys.executable, [sys.executable, "-m", "gunicorn", *arguments]
        )
