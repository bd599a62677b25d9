"""Real workers on images that hang, crash or take long: the rest goes on, and nobody is blamed
who was not at fault."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from tests.support.app import RunningApp, wait_for
from tests.support.migrated import migrate

pytestmark = pytest.mark.process

START = (
    "from converter.batches import lifecycle; from tests.support import batch_factory;"
    "batch = batch_factory.draft({count}, engine='named', name={batch!r});"
    "[batch.images.filter(position=n).update(name=name) for n, name in enumerate({names!r})];"
    "lifecycle.start(batch)"
)


@pytest.fixture
def make_worker(tmp_path) -> Iterator[object]:
    made: list[RunningApp] = []

    def make(**environment: str) -> RunningApp:
        settings = {"WORKERS": "2", "IMAGE_TIMEOUT_SECONDS": "2"} | environment
        app = RunningApp(tmp_path / "app", "python -m tests.support.named_worker", **settings)
        migrate(app)
        app.start()
        made.append(app)
        return app

    yield make
    for app in made:
        app.kill_all()


def start(app: RunningApp, *names: str, batch: str = "Pile") -> None:
    app.manage(
        "shell", "--no-imports", "-c", START.format(count=len(names), names=names, batch=batch)
    )


def images(app: RunningApp, what: str, where: str = "1") -> list[object]:
    rows = app.query(f"SELECT {what} FROM converter_batchimage WHERE {where} ORDER BY position")
    return [row[0] for row in rows]


def wait_until_settled(app: RunningApp) -> None:
    state = "SELECT state FROM converter_batch WHERE state IN ('queued', 'running')"
    wait_for(lambda: not app.query(state), "the batch to settle")


def wait_until_read(app: RunningApp, name: str) -> int:
    """The process that is at an image of that name."""
    where = f"state = 'running' AND name LIKE '{name}%'"
    [holder, *_] = wait_for(lambda: images(app, "claimed_by", where), f"{name} to be read")
    return int(str(holder).split(":")[-2])


def workers(app: RunningApp) -> set[int]:
    return {process.pid for process in app.processes()}


def test_an_image_that_hangs_is_ended_and_the_rest_goes_on(make_worker):
    app = make_worker()
    start(app, "hang.png", *["fine.png"] * 5)
    wait_for(lambda: images(app, "state", "state = 'done'") == ["done"] * 5, "the others")
    assert images(app, "state", "name = 'hang.png'") != ["failed"]
    wait_until_settled(app)
    assert images(app, "state || attempts || error_code")[0] == "failed3timed_out"
    assert set(images(app, "attempts", "state = 'done'")) == {1}
    assert app.query("SELECT state, done, failed FROM converter_batch") == [("partial", 5, 1)]


@pytest.mark.parametrize("way", ["crash", "exit"])
def test_an_image_that_kills_its_worker_fails_alone(make_worker, way):
    app = make_worker(IMAGE_TIMEOUT_SECONDS="60")
    wait_for(lambda: len(app.processes()) >= 5, "the workers")
    before = workers(app)
    start(app, f"{way}.png", "slow 2.png", *["fine.png"] * 4)
    wait_until_settled(app)
    assert images(app, "state || attempts || error_code")[0] == "failed3worker_died"
    assert set(images(app, "attempts", "state = 'done'")) == {1}
    assert len(before & workers(app)) >= 3  # the guard and its helpers stayed


def test_a_slow_image_longer_than_its_claim_is_read_once(make_worker):
    """The guard renews: the claim is set to end soon, and outlives that."""
    app = make_worker(IMAGE_TIMEOUT_SECONDS="60")
    start(app, "slow 14.png")
    wait_until_read(app, "slow")
    with app.database() as database:
        database.execute(
            "UPDATE converter_batchimage SET claimed_until = datetime('now', '+12 seconds')"
        )
        [(soon,)] = database.execute("SELECT claimed_until FROM converter_batchimage").fetchall()
        database.commit()
    wait_for(lambda: images(app, "claimed_until", f"claimed_until > '{soon}'"), "the renewal")
    wait_until_settled(app)
    assert images(app, "state || attempts") == ["done1"]


def test_cancel_frees_a_worker_that_is_at_a_slow_image(make_worker):
    app = make_worker(WORKERS="1", IMAGE_TIMEOUT_SECONDS="600")
    start(app, "fine.png", "hang.png", "fine.png")
    wait_until_read(app, "hang")
    app.manage(
        "shell", "--no-imports", "-c",
        "from converter.batches import lifecycle; from converter.models import Batch;"
        "lifecycle.cancel(Batch.objects.get())",
    )  # fmt: skip
    wait_for(lambda: not images(app, "state", "state = 'running'"), "the image to be dropped")
    assert images(app, "state") == ["done", "cancelled", "cancelled"]
    start(app, "fine.png", batch="Next")
    wait_until_settled(app)


def test_a_stop_in_the_middle_of_a_slow_image_hands_it_back(make_worker):
    app = make_worker(IMAGE_TIMEOUT_SECONDS="600")
    start(app, "hang 1.png", "hang 2.png", "fine.png")
    wait_until_read(app, "hang 1")
    wait_until_read(app, "hang 2")
    family = app.processes()
    assert app.stop() == 0
    assert not any(member.is_running() for member in family)
    assert images(app, "state || attempts") == ["waiting0", "waiting0", "waiting0"]
    with app.database() as database:
        database.execute("UPDATE converter_batchimage SET name = 'fine.png'")
        database.commit()
    app.start()
    wait_until_settled(app)
    assert images(app, "state || attempts") == ["done1", "done1", "done1"]


def test_a_worker_that_is_killed_at_its_image_does_not_disturb_the_other(make_worker):
    app = make_worker(IMAGE_TIMEOUT_SECONDS="600")
    start(app, "slow 8.png", "slow 9.png", *["fine.png"] * 3)
    other = wait_until_read(app, "slow 9")
    os.kill(wait_until_read(app, "slow 8"), signal.SIGKILL)
    wait_until_settled(app)
    assert images(app, "state || attempts") == ["done2", *["done1"] * 4]
    assert psutil.pid_exists(other)


def test_a_worker_that_is_halted_at_its_image_is_replaced(make_worker):
    app = make_worker(WORKERS="1", IMAGE_TIMEOUT_SECONDS="10")
    start(app, "slow 3.png", "fine.png")
    halted = wait_until_read(app, "slow")
    os.kill(halted, signal.SIGSTOP)
    wait_until_settled(app)
    assert not psutil.pid_exists(halted)
    assert images(app, "state || attempts") == ["done2", "done1"]


def test_an_image_started_now_does_not_wait_for_a_large_batch(make_worker):
    app = make_worker(IMAGE_TIMEOUT_SECONDS="60")
    start(app, *["slow 0.5.png"] * 60, batch="Large")
    wait_until_read(app, "slow")
    start(app, "fine.png", batch="Small")
    state = "SELECT state FROM converter_batch WHERE name = 'Small'"
    wait_for(lambda: app.query(state) == [("done",)], "the small batch")
    waited = (
        "SELECT count(*) FROM converter_batchimage AS image, converter_batch AS small"
        " WHERE small.name = 'Small' AND image.batch_id != small.id"
        " AND image.begun > small.started AND image.begun < small.settled"
    )
    [(between,)] = app.query(waited)
    assert between <= 4


def test_two_machines_share_a_batch(make_worker):
    first = make_worker(WORKERS="1", IMAGE_TIMEOUT_SECONDS="60")
    start(first, *["slow 0.5.png"] * 30)
    second = RunningApp(first.data_dir.parent, first.command, WORKERS="2")
    with second:
        wait_until_settled(first)
    assert images(first, "state || attempts") == ["done1"] * 30
    spans = first.query("SELECT begun, settled FROM converter_batchimage")
    at_once = [sum(begun <= moment < end for begun, end in spans) for moment, _ in spans]
    assert max(at_once) == 3


@pytest.mark.parametrize("idle_one", ["a worker", "the helper that hands out tasks"])
def test_an_idle_process_that_is_halted_does_not_stop_the_work(make_worker, idle_one):
    app = make_worker(IMAGE_TIMEOUT_SECONDS="60")
    wait_for(lambda: len(app.processes()) >= 5, "the workers")
    guard = psutil.Process(app.process.pid).children()[0]
    family = sorted(guard.children(), key=lambda process: process.pid)
    halted = family[:2] if idle_one == "a worker" else family[3:]
    for process in halted:
        process.suspend()
    start(app, "fine.png")
    wait_until_settled(app)
    assert images(app, "state || attempts") == ["done1"]


def test_an_image_that_is_stopped_with_its_cluster_is_not_blamed(make_worker):
    """The idle worker dies, so all processes are made anew, in the middle of the other's image."""
    app = make_worker(IMAGE_TIMEOUT_SECONDS="600")
    wait_for(lambda: len(app.processes()) >= 5, "the workers")
    pool = sorted(psutil.Process(app.process.pid).children()[0].children(), key=lambda p: p.pid)[:2]
    start(app, "slow 14.png")
    busy = wait_until_read(app, "slow")
    next(process for process in pool if process.pid != busy).kill()
    wait_for(lambda: not psutil.pid_exists(busy), "the end of the cluster")
    wait_until_settled(app)
    assert images(app, "state || attempts") == ["done1"]
