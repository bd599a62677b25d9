"""Who may listen, as ordinary calls: here no server keeps connections open."""

from __future__ import annotations

import pytest

from converter.api.live import listeners
from converter.api.live.detach import IN_ENVIRON, DetachedResponse
from converter.api.live.listeners import Listeners
from tests.batches.test_lifecycle import work

pytestmark = pytest.mark.django_db

HANDSHAKE = {
    "upgrade": "websocket",
    "connection": "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture
def started(make_started):
    return make_started(2)


def events(batch) -> str:
    return f"/api/v1/jobs/{batch.pk}/events"


def names(answer) -> list[str]:
    lines = answer.content.decode().splitlines()
    return [line[7:] for line in lines if line.startswith("event: ")]


def test_where_no_connection_can_stay_open_one_hears_what_there_is(client, started):
    answer = client.get(events(started))
    assert answer["Content-Type"].startswith("text/event-stream")
    assert names(answer) == ["job_progress"]
    work(started)
    answer = client.get(events(started), headers={"last-event-id": "1"})
    assert names(answer) == ["job_progress", "image_completed", "job_completed"]


def test_who_has_heard_the_end_need_not_come_back(client, started):
    work(started)
    assert client.get(events(started), headers={"last-event-id": "2-end"}).status_code == 204
    assert client.get(events(started), headers={"last-event-id": "1-end"}).status_code == 200


def test_a_socket_wants_a_handshake(client, started):
    answer = client.get("/api/v1/ws/session/me")
    assert (answer.status_code, answer.json()["code"]) == (426, "socket_expected")


def test_a_page_of_another_site_gets_no_socket(client, started):
    headers = HANDSHAKE | {"origin": "https://elsewhere.example"}
    answer = client.get("/api/v1/ws/session/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize("session", ["%00", "%D9%A3", "x" * 65, "user-1"])
def test_what_is_no_session_of_ones_own_is_not_found(client, started, session):
    assert client.get(f"/api/v1/ws/session/{session}", headers=HANDSHAKE).status_code == 404


@pytest.fixture
def room() -> dict[str, Listeners]:
    """What a server that keeps connections open tells a call."""
    return {IN_ENVIRON: Listeners()}


def test_a_server_that_can_keeps_the_connection(client, started, room):
    assert isinstance(client.get(events(started), **room), DetachedResponse)
    opened = client.get("/api/v1/ws/session/me", headers=HANDSHAKE, **room)
    assert (opened.status_code, opened["Upgrade"]) == (101, "websocket")
    assert opened["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # of RFC 6455


@pytest.mark.parametrize("path", ["jobs/{}/events", "ws/session/me"])
def test_only_so_many_may_listen(client, started, room, monkeypatch, path):
    monkeypatch.setattr(listeners, "MOST", 0)
    address = f"/api/v1/{path.format(started.pk)}"
    answer = client.get(address, headers=HANDSHAKE, **room)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert answer["Retry-After"]


@pytest.mark.parametrize("path", ["jobs/{}/events", "ws/session/me"])
def test_listening_is_a_get(client, started, path):
    assert client.post(f"/api/v1/{path.format(started.pk)}").status_code == 405
