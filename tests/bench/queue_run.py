"""One run of `tests.bench.queue`, in a process whose environment names the database."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

import django

django.setup()

import psutil  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django_q.tasks import async_task  # noqa: E402

from converter.accounts import access  # noqa: E402
from converter.batches import claims, lifecycle  # noqa: E402
from converter.models import Batch, Result  # noqa: E402
from tests.bench.instant import READING  # noqa: E402
from tests.bench.plain import PLAIN  # noqa: E402
from tests.support import batch_factory  # noqa: E402
from tests.support.app import free_port, wait_for  # noqa: E402

OWNER = "bench"
FEW = 10
POLLS = 60


class Meter:
    """Processor seconds of this process, of those it watches, and of the database server."""

    def __init__(self, server: int) -> None:
        self.roots = [psutil.Process()] + ([psutil.Process(server)] if server else [])
        self.begun = self._seconds()

    def seconds(self) -> float:
        return self._seconds() - self.begun

    def _seconds(self) -> float:
        members = [m for root in self.roots for m in (root, *root.children(recursive=True))]
        # The first four: of itself, and of its children that have ended.
        return sum(sum(member.cpu_times()[:4]) for member in members)


def main() -> None:
    way, images, server = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    call_command("migrate", verbosity=0)
    measure = _ours if way == "ours" else _plainly
    print(json.dumps(measure(images, server)))


def _ours(images: int, server: int) -> dict[str, Any]:
    few, batch = _pile(FEW), _pile(images)
    for started in (few, batch):
        lifecycle.start(started)
        for _ in range(FEW // 2):  # read some here, so that it is under way
            if claim := claims.claim_next(started):
                claims.finish(claim, "instant", READING)
    polls = _polls(few, batch)
    with _command("web") as (_, url), _command("worker") as (worker, _):
        wait_for(lambda: _done(few) == FEW and _done(batch) > images / 10, "warm processes")
        web_poll = _poll_over_http(batch, url)
        for _ in range(FEW):
            web_poll()
        meter, before, begun = Meter(server), _done(batch), time.monotonic()
        memory = [_unique_mb("worker"), _unique_mb("gunicorn")]
        for tick in count():
            if _done(batch) == images:
                break
            if tick % 3 == 0:  # as its page does
                web_poll()
            time.sleep(1)
        seconds, cpu = time.monotonic() - begun, meter.seconds()
        after = [_unique_mb("worker"), _unique_mb("gunicorn")]
        assert worker.poll() is None
    done = images - before
    return {
        "rate": done / seconds,
        "cpu_ms": 1000 * cpu / done,
        "worker_mb": [memory[0], after[0]],
        "web_mb": [memory[1], after[1]],
    } | polls


def _plainly(images: int, server: int) -> dict[str, Any]:
    batch = _pile(images)
    with _command("qcluster"):
        meter, begun = Meter(server), time.monotonic()
        for pk in batch.images.values_list("pk", flat=True):
            async_task(PLAIN, UUID(int=pk))
        while Result.objects.count() < images:
            time.sleep(1)
        return {
            "rate": images / (time.monotonic() - begun),
            "cpu_ms": 1000 * meter.seconds() / images,
        }


def _pile(images: int) -> Batch:
    return batch_factory.draft(images, owner=OWNER, engine="instant", reuse=False)


def _polls(few: Batch, batch: Batch) -> dict[str, tuple[int, float]]:
    """Queries and milliseconds of a poll, taken in turns."""
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = _session()
    times: dict[str, list[float]] = {"poll_few": [], "poll_all": []}
    queries = {}
    for _ in range(POLLS):
        for name, polled in (("poll_few", few), ("poll_all", batch)):
            begun = time.perf_counter()
            answer = client.get(reverse("batch-progress", args=[polled.pk]))
            times[name].append(1000 * (time.perf_counter() - begun))
            assert answer.status_code == 200, answer.status_code
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse("batch-progress", args=[polled.pk]))
            queries[name] = len(asked)
    return {name: (queries[name], median(times[name])) for name in times}


def _session() -> str:
    session = Client().session
    session[access.OWNER_KEY] = OWNER
    session.save()
    return str(session.session_key)


def _poll_over_http(batch: Batch, url: str) -> Callable[[], None]:
    address = url + reverse("batch-progress", args=[batch.pk])
    request = Request(address, headers={"Cookie": f"sessionid={_session()}"})

    def poll() -> None:
        with urlopen(request) as answer:
            answer.read()

    return poll


@contextmanager
def _command(name: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A running `manage.py NAME`; it has all its processes."""
    port = free_port()
    words = [sys.executable, "manage.py", name, *(["--port", str(port)] if name == "web" else [])]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        expected = 2 if name == "web" else 3
        this = psutil.Process(process.pid)
        wait_for(lambda: len(this.children(recursive=True)) >= expected, name)
        time.sleep(2)
        yield process, f"http://127.0.0.1:{port}"
        for member in [*this.children(recursive=True), this]:
            member.kill()


def _unique_mb(name: str) -> float:
    """The largest unique memory of one process of that command."""
    members = psutil.Process().children(recursive=True)
    return max(m.memory_full_info().uss for m in members if name in m.cmdline()) / 2**20


def _done(batch: Batch) -> int:
    return int(Batch.objects.values_list("done", flat=True).get(pk=batch.pk))


if __name__ == "__main__":
    main()
