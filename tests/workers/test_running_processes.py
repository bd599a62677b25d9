"""Real workers under faults: every image ends done, once, and nothing is left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from tests.support.app import RunningApp, wait_for
from tests.support.migrated import migrate

pytestmark = pytest.mark.process

PILE = 12


@pytest.fixture
def worker_app(tmp_path, database_url) -> Iterator[RunningApp]:
    app = RunningApp(tmp_path / "app", "manage.py worker", WORKERS="2", DATABASE_URL=database_url)
    migrate(app)
    with app:
        yield app


def done(app: RunningApp) -> int:
    [(count,)] = app.query("SELECT count(*) FROM converter_result")
    return int(count)  # type: ignore[call-overload]


def batch_state(app: RunningApp) -> str:
    [(state,)] = app.query("SELECT state FROM converter_batch")
    return str(state)


def assert_all_done_once(app: RunningApp) -> None:
    wait_for(lambda: batch_state(app) not in {"queued", "running"}, "the batch to settle")
    states = app.query("SELECT state, count(*) FROM converter_batchimage GROUP BY state")
    assert states == [("done", PILE)]
    results = app.query("SELECT count(*), count(DISTINCT image_id) FROM converter_result")
    assert results == [(PILE, PILE)]
    assert app.query("SELECT state, total, done, failed FROM converter_batch") == [
        ("done", PILE, PILE, 0)
    ]


def test_after_a_power_cut_in_the_middle_every_image_ends_done_once(worker_app):
    worker_app.start_batch(PILE)
    wait_for(lambda: done(worker_app) >= 2, "the first results")
    worker_app.kill_all()
    assert done(worker_app) < PILE
    worker_app.start()
    assert_all_done_once(worker_app)


def busiest(app: RunningApp) -> psutil.Process:
    return max(app.processes(), key=lambda process: sum(process.cpu_times()[:2]))


def test_one_worker_killed_at_work_costs_nothing(worker_app):
    worker_app.start_batch(PILE)
    wait_for(lambda: done(worker_app) >= 2, "the first results")
    busiest(worker_app).kill()
    assert_all_done_once(worker_app)


def test_an_idle_process_killed_does_not_block_the_queue(worker_app):
    wait_for(lambda: len(worker_app.processes()) >= 5, "the workers")  # sentinel, 2, 2 helpers
    before = {process.pid for process in worker_app.processes()}
    sentinel = psutil.Process(worker_app.process.pid).children()[0]
    sentinel.children()[0].kill()
    wait_for(lambda: before.isdisjoint(p.pid for p in worker_app.processes()), "new workers")
    worker_app.start_batch(PILE)
    assert_all_done_once(worker_app)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_of_the_whole_group_hands_the_images_back(worker_app, number):
    worker_app.start_batch(PILE)
    wait_for(lambda: done(worker_app) >= 1, "the first result")
    family = worker_app.processes()
    os.killpg(worker_app.process.pid, number)
    assert worker_app.process.wait(60) == 0
    assert not any(member.is_running() for member in family)
    assert worker_app.query("SELECT * FROM converter_batchimage WHERE state = 'running'") == []
    worker_app.start()
    assert_all_done_once(worker_app)


def test_nothing_outlives_a_killed_main_process(worker_app):
    wait_for(lambda: len(worker_app.processes()) >= 5, "the workers")
    family = worker_app.processes()
    worker_app.process.kill()
    worker_app.process.wait()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []


def test_a_worker_that_hangs_is_killed_at_the_stop_and_its_image_is_not_to_blame(worker_app):
    worker_app.start_batch(PILE)
    wait_for(lambda: done(worker_app) >= 1, "the first result")
    held = "SELECT claimed_by FROM converter_batchimage WHERE state = 'running'"
    [[holder], *_] = wait_for(lambda: worker_app.query(held), "an image that is being read")
    hanging = psutil.Process(int(str(holder).split(":")[-2]))
    hanging.suspend()
    assert worker_app.stop() == 0
    assert not hanging.is_running()
    assert worker_app.query("SELECT state FROM converter_batchimage WHERE state = 'running'") == []
    assert worker_app.query("SELECT max(attempts) FROM converter_batchimage") == [(1,)]
    worker_app.start()
    assert_all_done_once(worker_app)
