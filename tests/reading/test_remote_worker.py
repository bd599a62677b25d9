"""The real worker with many requests under way, stopped and killed in the middle of them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.app import RunningApp, wait_for
from tests.support.migrated import migrate
from tests.support.model_server import KEY, TABLE, FakeApi, replies, says

pytestmark = pytest.mark.process

START = (
    "from converter.batches import lifecycle; from tests.support import batch_factory, pictures;"
    "picture = pictures.table_png([['Item', 'Price']] * 3);"
    "lifecycle.start(batch_factory.draft({images}, data=picture, engine='remote'))"
)


class Gate:
    """Holds back all answers until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def __call__(self, handler) -> None:
        if self.opened.wait(120):
            says(TABLE)(handler)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def api(gate: Gate) -> Iterator[FakeApi]:
    with FakeApi(usual=gate) as api:
        yield api
        gate.opened.set()


@pytest.fixture
def worker(tmp_path: Path, api: FakeApi) -> Iterator[RunningApp]:
    app = RunningApp(
        tmp_path / "app",
        "manage.py worker",
        OLMOCR_API_KEY=KEY,
        OLMOCR_API_BASE_URL=api.url,
        OLMOCR_MODEL="test/vision-1",
        REMOTE_CONCURRENCY="8",
        TWO_READINGS="false",
    )
    migrate(app)
    app.start()
    yield app
    app.kill_all()


def start(app: RunningApp, images: int) -> None:
    app.manage("shell", "--no-imports", "-c", START.format(images=images))


def rows(app: RunningApp) -> list[tuple[object, ...]]:
    return app.query("SELECT state, attempts FROM converter_batchimage ORDER BY position")


def test_a_stop_hands_back_what_is_under_way_and_the_next_start_reads_it(worker, api, gate):
    start(worker, 12)
    wait_for(lambda: api.in_flight == 8, "eight requests under way")
    assert worker.stop() == 0  # though no answer ever comes
    assert rows(worker) == [("waiting", 0)] * 12
    gate.opened.set()
    worker.start()
    wait_for(lambda: rows(worker) == [("done", 1)] * 12, "all images")


def test_a_worker_that_is_killed_loses_nothing(worker, api, gate):
    start(worker, 12)
    wait_for(lambda: api.in_flight == 8, "eight requests under way")
    holder = "SELECT DISTINCT claimed_by FROM converter_batchimage WHERE claimed_by != ''"
    [(held,)] = worker.query(holder)
    os.kill(int(str(held).split(":")[-2]), signal.SIGKILL)
    gate.opened.set()
    wait_for(lambda: {state for state, _ in rows(worker)} == {"done"}, "all images")
    assert worker.query("SELECT count(*) FROM converter_result") == [(12,)]


def test_a_wrong_key_pauses_the_batch_and_is_written_nowhere(worker, api):
    api.usual = replies(401, {"error": {"message": f"Incorrect API key: {KEY}"}})
    start(worker, 40)
    paused = "SELECT pause_code, pause_reason FROM converter_batch WHERE paused IS NOT NULL"
    [(code, reason)] = wait_for(lambda: worker.query(paused), "the pause")
    assert code == "bad_key"
    assert KEY not in str(reason)
    wait_for(lambda: not api.in_flight, "the last answers")
    assert len(api.requests) <= 5 + 8 + 4
    assert KEY not in worker.log.read_text()
