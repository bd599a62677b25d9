"""A heartbeat shows what its worker is doing, to other processes too."""

from __future__ import annotations

import os
import time

import pytest

from converter.workers import heartbeat


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets."""
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    return moment


def test_an_idle_worker_is_at_nothing():
    beat = heartbeat.Heartbeat()
    assert (beat.is_on_shift, beat.seconds_at_image, beat.seconds_of_silence) == (False, 0, 0)


def test_the_time_at_an_image_is_no_silence(clock):
    beat = heartbeat.Heartbeat()
    with beat.on_shift():
        clock[0] += 3
        assert (beat.seconds_at_image, beat.seconds_of_silence) == (0, 3)
        with beat.at_image():
            clock[0] += 500
            assert (beat.seconds_at_image, beat.seconds_of_silence) == (500, 0)
        assert (beat.seconds_at_image, beat.seconds_of_silence) == (0, 0)
        beat.beat()
    assert not beat.is_on_shift


def test_an_image_that_fails_leaves_the_heartbeat_idle():
    beat = heartbeat.Heartbeat()
    with pytest.raises(ZeroDivisionError), beat.on_shift(), beat.at_image():
        raise ZeroDivisionError
    assert (beat.is_on_shift, beat.seconds_at_image) == (False, 0)


def test_a_child_inherits_the_heartbeat_that_was_made_for_it():
    made = heartbeat.new()
    child = os.fork()
    if not child:
        with heartbeat.current().at_image():
            os._exit(0)
    os.waitpid(child, 0)
    assert made.seconds_at_image > 0
    heartbeat.new()


def test_it_is_known_which_image_is_being_read():
    beat = heartbeat.Heartbeat()
    with beat.at_image(7):
        assert beat.image == 7
    assert beat.image == 0
