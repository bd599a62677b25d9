"""Webhooks sent by real workers, which are killed in the middle of it."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.app import RunningApp, wait_for
from tests.support.migrated import migrate
from tests.support.misbehaving_server import Site, says

pytestmark = pytest.mark.process

START = (
    "from converter.batches import lifecycle; from tests.support import batch_factory, pictures;"
    "lifecycle.start(batch_factory.draft({images}, engine='named', webhook_url={url!r},"
    " webhook_per_image=True))"
)
IMAGES = 3
WAITING = "SELECT count(*) FROM converter_delivery WHERE state = 'waiting'"


class Gate:
    """Takes a message, and answers only once it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def __call__(self, handler) -> None:
        if self.opened.wait(120):
            says(200)(handler)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()


@pytest.fixture
def receiver(gate) -> Iterator[Site]:
    with Site({"/": [gate]}) as site:
        yield site
        gate.opened.set()


@pytest.fixture
def worker(tmp_path: Path, database_url: str) -> Iterator[RunningApp]:
    settings = {"DATABASE_URL": database_url} if database_url else {}
    app = RunningApp(tmp_path / "app", "python -m tests.support.named_worker", **settings)
    migrate(app)
    app.start()
    yield app
    app.kill_all()


def told(receiver: Site) -> list[tuple[str, str]]:
    """The messages that came, each with its id, without those that came again at once."""
    each = [(one.headers["webhook-id"], json.loads(one.body)["type"]) for one in receiver.received]
    return [one for number, one in enumerate(each) if number == 0 or one != each[number - 1]]


def start(app: RunningApp, receiver: Site, images: int) -> None:
    app.manage("shell", "--no-imports", "-c", START.format(images=images, url=receiver.url()))


def who_sends(receiver: Site) -> psutil.Process:
    """The process at the other end of the connection that the receiver holds open."""
    for process in psutil.process_iter():
        try:
            if any(
                one.raddr and one.raddr.port == receiver.port and one.status == "ESTABLISHED"
                for one in process.net_connections("tcp")
            ):
                return process
        except psutil.Error:
            continue
    raise AssertionError("nobody sends")


def tell(app: RunningApp, receiver: Site, gate: Gate, end: Callable[[], object]) -> None:
    """Start a batch, end workers while its first message is under way, and see all of it come."""
    gate.opened.clear()
    receiver.received.clear()
    start(app, receiver, IMAGES)
    wait_for(lambda: receiver.received, "the first message")
    end()
    gate.opened.set()
    if app.process.poll() is not None:
        app.start()
    wait_for(lambda: app.query(WAITING) == [(0,)], "all messages to be delivered")
    came = told(receiver)
    assert [event for _, event in came] == ["image.completed"] * IMAGES + ["job.completed"]
    assert len(set(came)) == IMAGES + 1
    first = [one for one in receiver.received if one.headers["webhook-id"] == came[0][0]]
    assert len(first) >= 2  # the one that went down with its sender, and the one after it


def test_many_who_send_at_once_send_each_message_once_and_in_order(tmp_path, database_url):
    settings = {"DATABASE_URL": database_url} if database_url else {}
    app = RunningApp(tmp_path / "app", **settings)
    migrate(app)
    code = (
        "from tests.support.row_races import deliver_together\n"
        "print(deliver_together(threads=4, jobs=5, images=6))"
    )
    *_, told = app.manage("shell", "--no-imports", "-c", code).splitlines()
    assert json.loads(told) == [[*(f"picture {n}.png" for n in range(6)), None]] * 5


def test_whatever_ends_the_workers_each_message_comes_in_its_order(worker, receiver, gate):
    tell(worker, receiver, gate, lambda: who_sends(receiver).send_signal(signal.SIGKILL))
    tell(worker, receiver, gate, worker.kill_all)
    tell(worker, receiver, gate, worker.stop)
