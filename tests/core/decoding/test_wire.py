"""Messages between a decoder and its caller."""

from __future__ import annotations

import socket

from converter.core.decoding import wire


class Unheard(socket.socket):
    """Its peer is gone as soon as it has all that was sent at once."""

    peer: socket.socket

    def sendall(self, *args, **options):
        super().sendall(*args, **options)
        self.peer.close()


def test_who_has_read_a_message_may_be_gone_at_once():
    ours, theirs = socket.socketpair()
    with Unheard(fileno=ours.detach()) as near:
        near.peer = theirs
        wire.send(near, {"job": 1})


def test_a_payload_follows_its_message():
    near, far = socket.socketpair()
    with near, far:
        wire.send(near, {"page": 1}, b"pixels")
        assert wire.receive(far, most=6) == ({"page": 1}, bytearray(b"pixels"))
