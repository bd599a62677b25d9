"""A claim's holder is told from every other process, dead or alive."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil

from converter import processes


def test_this_process_is_alive():
    assert processes.is_alive(processes.identity())


def test_a_step_of_the_clock_kills_nobody(monkeypatch):
    mine = processes.identity()
    monkeypatch.setattr(psutil, "boot_time", lambda: 0.0)
    assert processes.is_alive(mine)


def test_a_later_process_of_the_same_number_is_another():
    machine, pid, _ = processes.identity().rsplit(":", 2)
    assert not processes.is_alive(f"{machine}:{pid}:1")


def test_a_process_that_ended_is_dead_even_as_a_zombie():
    child = subprocess.Popen([sys.executable, "-c", ""])
    whose = f"{processes.machine()}:{child.pid}:{processes._start_of(child.pid)}"
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not processes.is_alive(whose)
    child.wait()
    assert not processes.is_alive(whose)
