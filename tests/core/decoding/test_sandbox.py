"""The sandbox: what a decoder that was taken over by a file cannot do any more."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from converter.core.decoding import sandbox

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in sandbox._ARCHES,
    reason="guards are Linux's",
)


def outcome(attempt: Callable[[], object]) -> str:
    """What an attempt comes to in a process that is locked up: done, or the error's name."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = "nothing"
        try:
            sandbox.give_up_files()
            sandbox.give_up_calls()
            attempt()
            said = "done"
        except BaseException as error:  # noqa: BLE001
            said = type(error).__name__
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return said


def has_landlock() -> bool:
    return bool(ctypes.CDLL(None).syscall(sandbox._CREATE_RULESET, None, 0, 1) > 0)


@pytest.mark.parametrize(
    "attempt",
    [
        socket.socket,
        socket.socketpair,
        os.fork,
        lambda: os.execv("/bin/true", ["true"]),
        lambda: os.kill(os.getppid(), 0),
        lambda: os.kill(os.getppid(), signal.SIGKILL),
        lambda: os.pidfd_open(os.getppid()),
        lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 5),
    ],
    ids=["socket", "socketpair", "fork", "exec", "probe", "kill", "pidfd", "priority"],
)
def test_calls_that_reach_others_are_refused(attempt: Callable[[], object]) -> None:
    assert outcome(attempt) == "PermissionError"


def test_files_are_not_written(tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    assert outcome(lambda: (tmp_path / "new").write_bytes(b"x")) in {"PermissionError", "OSError"}
    assert outcome(lambda: (tmp_path / "there").chmod(0o777)) == "PermissionError"
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(not has_landlock(), reason="this kernel has no Landlock")
@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", __file__])
def test_files_are_not_read(path: str) -> None:
    assert outcome(lambda: Path(path).read_bytes()) == "PermissionError"


@pytest.mark.skipif(not has_landlock(), reason="this kernel has no Landlock")
def test_files_are_not_deleted_or_moved(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "there").touch()
    assert outcome((folder / "there").unlink) == "PermissionError"
    moving = outcome(lambda: (folder / "there").rename(folder / "away"))
    assert moving in {"PermissionError", "OSError"}  # EXDEV, as if it were another disk
    assert [path.name for path in folder.iterdir()] == ["there"]


def test_what_decoding_needs_still_works() -> None:
    def work() -> None:
        thread = threading.Thread(target=bytes)  # decoders of HEIC have threads
        thread.start()
        thread.join()
        Path(os.__file__).read_bytes()  # a module that is imported late
        assert len(bytes(50_000_000)) == 50_000_000

    assert outcome(work) == "done"


def test_memory_and_time_have_an_end() -> None:
    def grow() -> None:
        sandbox.limit_memory(sandbox.address_space() + 50_000_000)
        bytes(100_000_000)

    assert outcome(grow) == "PermissionError"  # it cannot even ask how much it has
    space = sandbox.address_space()
    assert outcome(lambda: (sandbox.limit_memory(space + 50_000_000), bytes(100_000_000))) == (
        "MemoryError"
    )

    def spin() -> None:
        sandbox.limit_time(0.1, in_all=1.0)
        while True:
            pass

    assert outcome(spin) == ""  # ended before it could say a word
