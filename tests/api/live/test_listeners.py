"""Listeners in this process, each at its own connection; what the rows say is made up."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from converter.api.live import listeners, messages, polling
from converter.api.live.hub import KEPT_BYTES
from converter.api.live.listeners import Listener, Listeners
from converter.api.live.messages import Message
from converter.api.live.polling import JobUpdate, Seen, Topic
from converter.api.live.wire_formats import EventStream
from tests.support.app import PATIENCE, wait_for


class Rows:
    """A job that goes on as a test wants; it stands for the rows."""

    def __init__(self) -> None:
        self.job = uuid4()
        self.images: list[Message] = []
        self.is_over = False
        self.looks = 0
        self.asked_for: list[int] = []
        self.topics = 0
        self.lock = threading.Lock()

    def settle(self, number: int, size: int = 0) -> None:
        with self.lock:
            first = len(self.images) + 1
            for settlement in range(first, first + number):
                text = json.dumps({"n": settlement, "padding": "x" * size})
                self.images.append(Message("image_completed", text, settlement))

    def look(self, topics, known: dict[UUID, Seen]):
        with self.lock:
            self.looks += 1
            self.topics = max(self.topics, len(topics))
            found = {topic.key: [self.job] for topic in topics}
            before = known.get(self.job)
            seen = Seen((len(self.images), self.is_over), len(self.images))
            if before == seen:
                return found, []
            news = self.images[before.settlement :] if before else []
            end = Message("job_completed", "{}", len(self.images), is_end=True)
            progress = Message("job_progress", json.dumps({"done": len(self.images)}))
            return found, [JobUpdate(self.job, seen, progress, end if self.is_over else None, news)]

    def read_back(self, _job: UUID, after: int) -> list[Message]:
        self.asked_for.append(after)
        return self.images[after : after + 10]


@pytest.fixture
def rows(monkeypatch) -> Rows:
    made = Rows()
    monkeypatch.setattr(polling, "poll", made.look)
    monkeypatch.setattr(polling, "images", made.read_back)
    return made


@pytest.fixture
def room() -> Iterator[Listeners]:
    made = Listeners()
    yield made
    made.join()


def connected() -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection over TCP."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        far = socket.create_connection(server.getsockname())
        near, _ = server.accept()
    return far, near


class Ear:
    """The far end of a listener's connection."""

    def __init__(self, room: Listeners, after: int = 0) -> None:
        self.end, near = connected()
        self.end.settimeout(PATIENCE)
        self.file = self.end.makefile("rb")
        room.take(near, b"", Listener(Topic("one"), EventStream(), after))

    def until(self, name: str) -> list[str]:
        """The ids and names heard up to an event of that name."""
        heard: list[str] = []
        place = ""
        for line in self.file:
            key, _, value = line.decode().rstrip("\n").partition(": ")
            place = value if key == "id" else place
            if key == "event":
                heard.append(value if value != "image_completed" else place)
                if value == name:
                    return heard
        return [*heard, "gone"]

    def close(self) -> None:
        self.file.close()
        self.end.close()


@pytest.fixture
def listen(room, rows) -> Iterator[object]:
    ears: list[Ear] = []

    def begin(after: int = 0) -> Ear:
        ears.append(Ear(room, after))
        return ears[-1]

    yield begin
    for ear in ears:
        ear.close()


def numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


def images(heard: list[str]) -> list[str]:
    return [name for name in heard if name.isdecimal()]


def test_the_present_state_comes_first_then_what_was_missed_then_what_follows(listen, rows):
    rows.settle(25)
    ear = listen()
    assert ear.until("job_progress") == ["job_progress"]
    rows.settle(5)
    rows.is_over = True
    heard = ear.until("job_completed")
    assert images(heard) == numbers(1, 30)
    assert ear.until("none") == ["gone"]


def test_whoever_comes_back_hears_nothing_twice(listen, rows):
    rows.settle(25)
    rows.is_over = True
    assert images(listen(after=12).until("job_completed")) == numbers(13, 25)


def test_many_are_served_by_one_look_and_hear_the_same(listen, rows, room):
    ears = [listen() for _ in range(30)]
    for ear in ears:
        ear.until("job_progress")
    for _ in range(10):
        rows.settle(30)
    rows.is_over = True
    assert [images(ear.until("job_completed")) for ear in ears] == [numbers(1, 300)] * 30
    assert rows.topics == 1


def test_what_is_missed_is_read_once_for_all_who_are_there(listen, rows):
    rows.settle(30)
    ears = [listen() for _ in range(30)]
    rows.is_over = True
    for ear in ears:
        assert images(ear.until("job_completed")) == numbers(1, 30)
    assert len(rows.asked_for) < 3 * 30


def test_without_listeners_nobody_looks(listen, rows, room):
    ear = listen()
    ear.until("job_progress")
    ear.close()
    wait_for(lambda: not len(room), "the listener to be let go")
    wait_for(lambda: room._hub._polling is None, "the looks to end")
    before = rows.looks
    rows.settle(1)
    rows.is_over = True
    assert images(listen(after=0).until("job_completed")) == ["1"]
    assert before < rows.looks <= before + 2


def test_who_does_not_read_is_let_go_and_holds_up_nobody(listen, rows, room, monkeypatch):
    monkeypatch.setattr(listeners, "STALL_SECONDS", 1.0)
    deaf, ear = listen(), listen()
    deaf.until("job_progress")
    ear.until("job_progress")
    rows.settle(50, size=100_000)
    rows.is_over = True
    assert images(ear.until("job_completed")) == numbers(1, 50)
    wait_for(lambda: not len(room), "the other one to be let go")


def test_of_what_was_said_only_so_much_is_kept(listen, rows, room):
    ear = listen()
    ear.until("job_progress")
    rows.settle(50, size=100_000)
    ear.until("job_progress")
    channel = room._hub.channels[rows.job]
    assert (channel.size <= KEPT_BYTES, channel.recent[-1].settlement) == (True, 50)
    assert channel.floor == channel.recent[0].settlement - 1


def test_a_look_that_fails_is_repeated(listen, rows, monkeypatch):
    monkeypatch.setattr("converter.api.live.hub.AFTER_FAULT_SECONDS", 0.1)
    right, faults = rows.look, iter([OSError("the database is away"), None])

    def look(topics, known):
        if fault := next(faults, None):
            raise fault
        return right(topics, known)

    monkeypatch.setattr(polling, "poll", look)
    assert listen().until("job_progress") == ["job_progress"]


def test_a_deleted_job_ends_the_stream(listen, rows, monkeypatch):
    ear = listen()
    ear.until("job_progress")
    end = messages.of_deleted(rows.job)
    gone = JobUpdate(rows.job, Seen((), 0), progress=None, end=end, is_gone=True)
    monkeypatch.setattr(polling, "poll", lambda *_: ({"one": [rows.job]}, [gone]))
    assert ear.until("job_error")[-1] == "job_error"
    assert ear.until("none") == ["gone"]


def test_a_stop_lets_all_go_and_takes_no_more(listen, room):
    ear = listen()
    ear.until("job_progress")
    room.stop()
    room.join()
    assert ear.until("none")[-1] == "gone"
    assert room.is_full
    assert listen().until("none") == ["gone"]
