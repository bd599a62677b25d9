"""`make bench-queue`: what the queue and the database cost for each image, without its reading.

    python -m tests.bench.queue [--images 10000] [--workers 1 2 4] [--database sqlite]

An engine that answers at once reads a batch; beside it, the same images by plain django-q2 tasks,
one per image. On SQLite and PostgreSQL, each run in fresh processes on an empty database. Printed
is a table in Markdown. CPU counts all processes, the database server's too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support import postgresql
from tests.support.postgresql import PostgresServer

PLAIN = 5  # the plain tasks are measured on so much fewer images: nothing in them grows
HEAD = (
    "| database | workers | images/s | CPU ms | plain: images/s | CPU ms | poll, 10 images"
    " | poll, all | worker MB, start → end | web MB, start → end |"
)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    print(HEAD)
    print("|---" * HEAD.count(" | ") + "|---|")
    with ExitStack() as stack:
        for server in _servers(stack, options.database):
            for workers in options.workers:
                ours = _measure(server, workers, options.images, "ours")
                plain = _measure(server, workers, options.images // PLAIN, "plain")
                print(_row("PostgreSQL" if server else "SQLite", workers, ours, plain), flush=True)


def _servers(stack: ExitStack, wanted: str | None) -> list[PostgresServer | None]:
    if wanted == "sqlite":
        return [None]
    programs = postgresql.find_programs()
    if programs is None:
        print(postgresql.MISSING, file=sys.stderr)
        return [None]
    server = stack.enter_context(PostgresServer(programs))
    return [server] if wanted else [None, server]


def _measure(server: PostgresServer | None, workers: int, images: int, way: str) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.bench.queue_settings",
            "DATABASE_URL": server.new_database() if server else "",
            "DATA_DIR": folder,
            "WORKERS": str(workers),
            "SECRET_KEY": "for measuring",
            "MAX_BATCH_SIZE": str(images),
        }
        words = [way, str(images), str(server.process.pid if server else 0)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.queue_run", *words],
            cwd=Path(__file__).parents[2],
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _row(database: str, workers: int, ours: dict[str, Any], plain: dict[str, Any]) -> str:
    cells = [
        database,
        workers,
        f"{ours['rate']:.0f}",
        f"{ours['cpu_ms']:.1f}",
        f"{plain['rate']:.0f}",
        f"{plain['cpu_ms']:.1f}",
        "{} queries, {:.1f} ms".format(*ours["poll_few"]),
        "{} queries, {:.1f} ms".format(*ours["poll_all"]),
        "{:.0f} → {:.0f}".format(*ours["worker_mb"]),
        "{:.0f} → {:.0f}".format(*ours["web_mb"]),
    ]
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
