"""A claim's holder is told from every other process, dead or alive."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil

from converter.workers import processes


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


def test_the_memory_of_processes_is_added_up_and_the_dead_hold_none():
    here = processes.memory_of([os.getpid()])
    assert here > 10 << 20
    assert processes.memory_of([os.getpid(), 2**22 + 1]) >= here // 2


def test_a_container_has_the_memory_of_its_limit(tmp_path, monkeypatch):
    for name, text in (
        ("memory.max", "1000000"),
        ("memory.current", "700000"),
        ("memory.stat", "anon 1\ninactive_file 200000\n"),
    ):
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(processes, "_CGROUP", tmp_path)
    assert processes.free_memory() == (500_000, 1_000_000)


def test_without_a_limit_the_memory_is_the_machines(tmp_path, monkeypatch):
    (tmp_path / "memory.max").write_text("max")
    monkeypatch.setattr(processes, "_CGROUP", tmp_path)
    free, total = processes.free_memory()
    assert 0 < free < total == psutil.virtual_memory().total
