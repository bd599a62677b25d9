"""A desk tells what its worker is at, also to another process."""

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
    desk = heartbeat.Desk()
    assert (desk.is_on_duty, desk.seconds_at_image, desk.seconds_of_silence) == (False, 0, 0)


def test_the_time_at_an_image_is_no_silence(clock):
    desk = heartbeat.Desk()
    with desk.on_duty():
        clock[0] += 3
        assert (desk.seconds_at_image, desk.seconds_of_silence) == (0, 3)
        with desk.at_image():
            clock[0] += 500
            assert (desk.seconds_at_image, desk.seconds_of_silence) == (500, 0)
        assert (desk.seconds_at_image, desk.seconds_of_silence) == (0, 0)
        desk.step()
    assert not desk.is_on_duty


def test_an_image_that_fails_leaves_the_desk_free():
    desk = heartbeat.Desk()
    with pytest.raises(ZeroDivisionError), desk.on_duty(), desk.at_image():
        raise ZeroDivisionError
    assert (desk.is_on_duty, desk.seconds_at_image) == (False, 0)


def test_a_child_inherits_the_desk_that_was_made_for_it():
    made = heartbeat.new_desk()
    child = os.fork()
    if not child:
        with heartbeat.desk().at_image():
            os._exit(0)
    os.waitpid(child, 0)
    assert made.seconds_at_image > 0
    heartbeat.new_desk()


def test_it_is_known_which_image_is_being_read():
    desk = heartbeat.Desk()
    with desk.at_image(7):
        assert desk.image == 7
    assert desk.image == 0
