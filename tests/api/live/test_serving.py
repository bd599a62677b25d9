"""A real server with listeners of all kinds: who comes back, who has no business here, and a stop.

`LISTENERS` and `IMAGES` in the environment make the crowd a large one, and have memory printed.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from io import StringIO
from typing import Any

import httpx
import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import CloseCode
from websockets.sync.client import ClientConnection, connect

from tests.api.live import site
from tests.api.live.crowd import Crowd
from tests.api.live.site import Site
from tests.support.app import PATIENCE, ROOT, wait_for

pytestmark = pytest.mark.process

LISTENERS = int(os.environ.get("LISTENERS") or 40)
IMAGES = int(os.environ.get("IMAGES") or 60)

Event = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def live(tmp_path_factory) -> Iterator[Site]:
    with site.running(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture(scope="module")
def started(live) -> Site:
    return live.make_job(5, is_started=True)


@contextmanager
def events(at: Site, last: str = "", cookie: str = "") -> Iterator[Iterator[Event]]:
    """The events of the job, each with its id, or that of the one before it that had one."""
    headers = {"Last-Event-ID": last, "Cookie": f"sessionid={cookie or at.cookie}"}
    url = f"{at.web.url}/api/v1/jobs/{at.job}/events"
    with httpx.stream("GET", url, headers=headers, timeout=PATIENCE) as answer:
        answer.raise_for_status()
        yield _parsed(answer.iter_lines()) if answer.status_code == 200 else iter(())


def _parsed(lines: Iterator[str]) -> Iterator[Event]:
    place = ""
    for line in lines:
        key, _, value = line.partition(": ")
        if key == "id":
            place = value
        elif key == "data":
            yield place, json.loads(value)


def socket(at: Site, cookie: str | None = None, **more: str) -> ClientConnection:
    cookie = at.cookie if cookie is None else cookie
    url = f"ws://127.0.0.1:{at.web.port}/api/v1/ws/session/{at.session}"
    headers = ({"Cookie": f"sessionid={cookie}"} if cookie else {}) | more
    return connect(url, additional_headers=headers, open_timeout=PATIENCE, close_timeout=PATIENCE)


def told(connection: ClientConnection, job: str) -> list[dict[str, Any]]:
    """What is said of a job, up to its end."""
    messages = (json.loads(text) for text in connection)
    ours = (message for message in messages if message["job_id"] == job)
    return _with_end(ours)


def _with_end(messages: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    heard = []
    for message in messages:
        heard.append(message)
        if message["type"] in {"job_completed", "job_error"}:
            break
    return heard


def cursors(messages: list[dict[str, Any]]) -> list[int]:
    return [message["cursor"] for message in messages if message["type"] == "image_completed"]


@pytest.fixture(params=["sqlite", "postgresql"])
def on_each_database(request, tmp_path) -> Iterator[Site]:
    if request.param == "sqlite":
        yield request.getfixturevalue("live")
        return
    url = request.getfixturevalue("postgresql_server").new_database()
    with site.running(tmp_path, url) as running:
        yield running


def test_a_crowd_hears_every_image_once_and_in_order(on_each_database):
    at = on_each_database.make_job(IMAGES)
    crowd = Crowd(at.web.port, at.job, at.session, at.cookie)
    [process] = at.web.children()
    before, used = _megabytes(process), _seconds(process)

    async def listen() -> None:
        listening = asyncio.create_task(crowd.listen(LISTENERS))
        while crowd.connected < LISTENERS and not listening.done():
            await asyncio.sleep(0.1)
        await asyncio.to_thread(at.start_job)
        await listening

    asyncio.run(listen())
    assert len(crowd.heard) == LISTENERS
    wanted = list(range(1, IMAGES + 1))
    assert all(heard.images == wanted for heard in crowd.heard)
    assert all(heard.last["status"] == "completed" for heard in crowd.heard)
    after = _megabytes(process)
    sys.stderr.write(
        f"\n{LISTENERS} listeners, {IMAGES} images: {before:.1f} → {after:.1f} MB unique,"
        f" {_seconds(process) - used:.1f} s of processor time\n"
    )


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_full_info().uss) / 2**20


def _seconds(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))


def test_who_comes_back_to_the_events_goes_on_behind_the_last(started):
    with events(started) as stream:
        image = next(event for event in stream if event[1]["type"] == "image_completed")
    with events(started, last=image[0]) as stream:
        rest = list(stream)
    assert cursors([message for _, message in rest]) == [2, 3, 4, 5]
    last, end = rest[-1]
    assert (end["type"], end["status"]) == ("job_completed", "completed")
    assert end["primary_download_url"]
    with events(started, last=last) as stream:
        assert list(stream) == []


def test_who_opens_the_socket_again_hears_the_present_state_first(started):
    with socket(started) as connection:
        once = told(connection, started.job)
    with socket(started) as connection:
        again = told(connection, started.job)
    assert cursors(once) == cursors(again) == [1, 2, 3, 4, 5]
    assert again[0] | {"type": "job_progress", "progress": 100} == again[0]
    assert again[-1]["type"] == "job_completed"
    assert again[-1]["processing_time"] >= 0
    assert again[1]["read"]["tables"][0]["rows"]


def test_a_socket_hears_of_the_next_job_too(started):
    with socket(started) as connection:
        told(connection, started.job)
        another = started.make_job(2, is_started=True)
        heard = told(connection, another.job)
    assert (cursors(heard), heard[-1]["type"]) == ([1, 2], "job_completed")


def test_the_examples_of_the_docs_work(started):
    """They print the types of what they hear, and the address of the result."""
    text = (ROOT / "docs/events.md").read_text()
    named = {
        "server": started.web.url,
        "job": started.job,
        "job_id": started.job,
        "session_id": started.session,
        "headers": {"Cookie": f"sessionid={started.cookie}"},
    }
    with redirect_stdout(StringIO()) as printed:
        for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
            exec(code, named.copy())
    *types, address = printed.getvalue().split()
    assert types.count("image_completed") == 5
    assert types[-1] == "job_completed"
    assert address == f"/api/v1/download/{started.job}"


def test_a_client_without_cookies_is_known_by_the_id_of_its_session(started):
    with socket(started, cookie="") as connection:
        assert cursors(told(connection, started.job)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"cookie": "stranger"}, 404),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Authorization": "Bearer no-such-key"}, 401),
    ],
)
def test_who_has_no_business_here_is_refused_before_the_socket_opens(started, headers, status):
    if "cookie" in headers:
        headers = {"cookie": started.strangers_cookie}
    with pytest.raises(InvalidStatus) as refused, socket(started, **headers):
        pass
    assert refused.value.response.status_code == status


def test_a_stranger_gets_no_events(started):
    with (
        pytest.raises(httpx.HTTPStatusError, match="404"),
        events(started, cookie=started.strangers_cookie),
    ):
        pass


@pytest.fixture(scope="module")
def waiting(live) -> Site:
    """A job that is not started: whoever follows it stays."""
    return live.make_job(1)


def test_listeners_do_not_take_up_the_threads_of_others(waiting):
    with ExitStack() as stack:
        for _ in range(12):
            stream = stack.enter_context(events(waiting))
            assert next(stream)[1]["type"] == "job_progress"
        assert httpx.get(f"{waiting.web.url}/healthz", timeout=PATIENCE).status_code == 200


def test_a_stop_says_goodbye_to_all(waiting):
    at = waiting.beside()
    with at.web as web:
        web.wait_until_ready()
        with socket(at) as connection, events(at) as stream:
            next(stream)
            web.process.send_signal(signal.SIGTERM)
            assert list(stream) == []
            assert _code_of_goodbye(connection) == CloseCode.SERVICE_RESTART
        assert web.process.wait(PATIENCE) == 0


def _code_of_goodbye(connection: ClientConnection) -> int:
    try:
        while True:
            connection.recv(timeout=PATIENCE)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


FEW = (
    "python -m gunicorn --bind=127.0.0.1:{port} --worker-class=tablexl.serving.Worker"
    " --max-requests=5 --threads=2 --no-control-socket tablexl.wsgi"
)


def test_a_process_is_replaced_after_many_calls_but_not_while_somebody_listens(waiting):
    at = waiting.beside(FEW)
    with at.web as web, httpx.Client(base_url=web.url, timeout=PATIENCE) as client:
        web.wait_until_ready()
        with events(at) as stream:
            next(stream)
            [before] = web.children()
            for _ in range(20):
                client.get("/healthz").raise_for_status()
            assert web.children() == [before]

        def is_replaced() -> bool:
            for _ in range(20):
                client.get("/healthz")
            return before not in web.children()

        wait_for(is_replaced, "the process to be replaced")
