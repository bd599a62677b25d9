"""The real worker, killed while it fetches: every address is settled, every picture there once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.app import RunningApp, wait_for
from tests.support.migrated import migrate
from tests.support.misbehaving_server import Site, says
from tests.support.pictures import png

pytestmark = pytest.mark.process

START = (
    "from converter.imports import manifests; from tests.support import import_lists;"
    "manifests.ports = None; import_lists.started(import_lists.csv_of({urls!r}))"
)


class Gate:
    """Holds back a picture until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def __call__(self, handler) -> None:
        if self.opened.wait(120):
            says(200, png(), Content_Type="image/png")(handler)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def worker(tmp_path: Path, site: Site) -> Iterator[RunningApp]:
    app = RunningApp(
        tmp_path / "app",
        "python -m tests.support.fetching_worker",
        ALLOW_URL_IMPORT="true",
        ENGINE="local",
    )
    migrate(app)
    app.start()
    yield app
    app.kill_all()


def start(app: RunningApp, urls: list[str]) -> None:
    app.manage("shell", "--no-imports", "-c", START.format(urls=urls))


def states(app: RunningApp) -> list[object]:
    rows = app.query("SELECT state FROM converter_manifestaddress ORDER BY number")
    return [row[0] for row in rows]


def holders(app: RunningApp) -> set[int]:
    """The processes that fetch."""
    rows = app.query("SELECT claimed_by FROM converter_manifestaddress WHERE state = 'running'")
    return {int(str(row[0]).split(":")[-2]) for row in rows}


def batch(app: RunningApp) -> tuple[object, ...]:
    return app.query("SELECT state, total, done FROM converter_batch")[0]


def wait_until_read(app: RunningApp, images: int) -> None:
    wait_for(lambda: batch(app) == ("done", images, images), "the batch to be read")


def test_a_list_is_fetched_and_read_by_the_real_worker(worker, site):
    site.plays |= {f"/{n}.png": [says(503), says(200, png())] for n in range(4)}
    start(worker, [site.url(f"/{n}.png") for n in range(4)])
    wait_until_read(worker, 4)
    assert states(worker) == ["done"] * 4


def test_a_worker_that_is_killed_while_it_fetches_loses_nothing(worker, site):
    gate = Gate()
    site.plays |= {"/fast.png": [says(200, png())], "/slow.png": [gate], "/last.png": [gate]}
    start(worker, [site.url("/fast.png"), site.url("/slow.png"), site.url("/last.png")])
    wait_for(lambda: states(worker) == ["done", "running", "running"], "the first picture")
    [holder] = holders(worker)
    os.kill(holder, signal.SIGKILL)
    wait_for(lambda: holder not in holders(worker), "the claims to be taken back")
    gate.opened.set()
    wait_until_read(worker, 3)
    assert site.paths().count("/fast.png") == 1
    uploads = worker.query("SELECT COUNT(*), COUNT(DISTINCT upload) FROM converter_batchimage")
    assert uploads == [(3, 3)]


def test_a_machine_that_loses_power_goes_on_where_it_was(worker, site):
    gate = Gate()
    site.plays |= {"/fast.png": [says(200, png())], "/slow.png": [gate]}
    start(worker, [site.url("/fast.png"), site.url("/slow.png")])
    wait_for(lambda: states(worker) == ["done", "running"], "the first picture")
    worker.kill_all()
    gate.opened.set()
    worker.start()
    wait_until_read(worker, 2)
    assert site.paths().count("/fast.png") == 1


def test_a_worker_that_is_told_to_stop_hands_back_what_it_waits_for(worker, site):
    site.plays["/slow.png"] = [Gate()]
    start(worker, [site.url("/slow.png")])
    wait_for(lambda: states(worker) == ["running"], "the picture to be asked for")
    worker.stop()
    rows = worker.query("SELECT state, attempts FROM converter_manifestaddress")
    assert rows == [("waiting", 0)]
