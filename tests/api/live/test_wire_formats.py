"""What goes over the wire, byte by byte."""

from __future__ import annotations

import json

import pytest
from django.test import RequestFactory
from websockets.frames import CloseCode
from websockets.protocol import CLIENT, Protocol

from converter.api.live.detach import event_stream, websocket_key
from converter.api.live.listeners import Listener, Listeners
from converter.api.live.messages import Message
from converter.api.live.polling import Topic
from converter.api.live.wire_formats import EventStream, WebSocket, settlement_of

IMAGE = Message("image_completed", '{"type":"image_completed"}', settlement=7)
END = Message("job_completed", "{}", settlement=9, is_end=True)
STATE = Message("job_progress", "{}")
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        (IMAGE, ["id: 7", "event: image_completed", 'data: {"type":"image_completed"}']),
        (END, ["id: 9-end", "event: job_completed", "data: {}"]),
        (STATE, ["event: job_progress", "data: {}"]),
    ],
)
def test_an_event_names_the_place_to_go_on_from(message, lines):
    assert EventStream().encode(message).decode() == "\n".join([*lines, "", ""])


def test_a_stream_says_how_soon_to_come_back_and_beats_by_comments():
    assert EventStream().opening() == b"retry: 2000\n\n"
    assert EventStream().heartbeat().startswith(b":")


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ("", (0, False)),
        ("12", (12, False)),
        ("12-end", (12, True)),
        ("12-ending", (0, False)),
        ("-3", (0, False)),
        ("٣", (0, False)),
        ("9" * 11, (0, False)),
        ("<script>", (0, False)),
    ],
)
def test_a_place_that_makes_no_sense_is_the_beginning(sent, place):
    assert settlement_of(sent) == place


@pytest.fixture
def client() -> Protocol:
    return Protocol(CLIENT)


def heard(client: Protocol, data: bytes) -> list[bytes]:
    client.receive_data(data)
    return [bytes(frame.data) for frame in client.events_received()]


def code(client: Protocol) -> int:
    """With which the server closed."""
    assert client.close_rcvd
    return client.close_rcvd.code


def test_a_socket_sends_each_message_as_text(client):
    assert [json.loads(text) for text in heard(client, WebSocket().encode(IMAGE))] == [
        {"type": "image_completed"}
    ]


def test_a_socket_answers_pings_and_drops_what_else_is_said(client):
    socket = WebSocket()
    client.send_ping(b"hello")
    client.send_text(b"is anybody there?")
    [pong] = heard(client, socket.receive(b"".join(client.data_to_send())))
    assert pong == b"hello"
    assert not socket.is_closed


def test_a_goodbye_is_answered(client):
    socket = WebSocket()
    client.send_close(CloseCode.NORMAL_CLOSURE)
    heard(client, socket.receive(b"".join(client.data_to_send())))
    assert (socket.is_closed, code(client)) == (True, CloseCode.NORMAL_CLOSURE)
    assert socket.closing(is_over=False) == b""


def test_a_stop_says_that_the_service_restarts(client):
    heard(client, WebSocket().closing(is_over=False))
    assert code(client) == CloseCode.SERVICE_RESTART


@pytest.mark.parametrize("said", [b"\xff\xff\xff", b"\x81\xfe\xff\xff" + bytes(70_000)])
def test_what_is_no_frame_or_too_long_ends_the_socket(said):
    socket = WebSocket()
    socket.receive(said)
    assert socket.is_closed


def test_a_handshake_has_a_key():
    request = RequestFactory().get("/", headers=HANDSHAKE)
    assert websocket_key(request) == HANDSHAKE["Sec-WebSocket-Key"]


@pytest.mark.parametrize("spoilt", HANDSHAKE)
def test_half_a_handshake_is_none(spoilt):
    request = RequestFactory().get("/", headers=HANDSHAKE | {spoilt: "x"})
    assert websocket_key(request) is None


def test_the_head_of_a_stream_has_no_length_and_keeps_the_cookies():
    answer = event_stream(Listeners(), Listener(Topic("job"), EventStream()))
    answer.headers["Content-Length"] = "0"
    answer.set_cookie("sessionid", "abc")
    lines = answer.head().decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK"
    assert lines[-2:] == ["", ""]
    assert not any(line.startswith("Content-Length") for line in lines)
    assert "Set-Cookie: sessionid=abc; Path=/" in lines
