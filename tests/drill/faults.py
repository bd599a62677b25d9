"""What can go wrong at any moment. Each fault says what it did, or None if it found no way."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from typing import Final

import psutil
import psycopg

from tests.drill.site import Site, is_disk

Fault = Callable[[Site, Random], str | None]
LONGEST = 3.0  # seconds that a fault lasts


def _signal(role: str, number: signal.Signals, site: Site, chance: Random) -> str | None:
    process = site.find(role, chance)
    if process is None:
        return None
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)
        if number == signal.SIGSTOP:
            # Now and then longer than a claim lives: then somebody else reads the image.
            site.later(chance.choice([0.5, LONGEST, 7]), partial(_resume, process))
    return f"{number.name} to {role} {process.pid}"


def _resume(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.resume()


def _power_cut(site: Site, chance: Random) -> str:
    chance.choice(site.apps).kill_all()
    return "SIGKILL to all processes"


def _group(site: Site, chance: Random) -> str:
    """What a terminal, or honcho, does."""
    with suppress(ProcessLookupError):
        os.killpg(chance.choice(site.apps).process.pid, signal.SIGTERM)
    return "SIGTERM to the process group"


_LOCKS: Final = (
    "SELECT * FROM converter_batch FOR UPDATE",
    "LOCK TABLE django_q_ormq IN EXCLUSIVE MODE",  # nobody writes to it
    "LOCK TABLE converter_batchimage IN EXCLUSIVE MODE",
)


def _lock_database(site: Site, chance: Random) -> str | None:
    connection = site.apps[0].connect()
    try:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("BEGIN IMMEDIATE")
        else:
            connection.execute("SET lock_timeout = '2s'")  # a stopped process may hold the lock
            connection.execute(chance.choice(_LOCKS))
    except (sqlite3.OperationalError, psycopg.Error):
        connection.close()
        return None
    seconds = chance.uniform(1, LONGEST)
    site.later(seconds, connection.close)
    return f"the database locked for {seconds:.1f} s"


def _cut_connections(site: Site, chance: Random) -> str | None:
    if site.is_sqlite:
        return None
    site.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return "all connections to the database cut"


def _fill_disk(site: Site, chance: Random) -> str | None:
    ballast = site.data / "ballast"
    if not is_disk(site.data) or ballast.exists():
        return None
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 12))
    seconds = chance.uniform(1, LONGEST)
    site.later(seconds, partial(ballast.unlink, missing_ok=True))
    return f"the disk full for {seconds:.1f} s"


def _refuse_moves(site: Site, chance: Random) -> str:
    switch = site.folder / "refuse-moves"
    switch.touch()
    seconds = chance.uniform(1, LONGEST)
    site.later(seconds, partial(switch.unlink, missing_ok=True))
    return f"the storage refuses moves for {seconds:.1f} s"


def _jump(site: Site, chance: Random) -> str | None:
    """The clock of all processes is wrong for a moment."""
    clock = site.folder / "clock"
    if clock.exists():
        return None
    hours = chance.choice((-25, 25))
    clock.write_text(str(hours))
    seconds = chance.uniform(1, LONGEST)
    site.later(seconds, partial(clock.unlink, missing_ok=True))
    return f"the clock {hours:+} h off for {seconds:.1f} s"


def _refuse_objects(site: Site, chance: Random) -> str | None:
    bucket = site.bucket
    if bucket is None:
        return None
    verbs = chance.choice((("PUT",), ("GET", "HEAD"), ("COPY", "DELETE"), STORED))
    bucket.refuse = lambda verb: verb in verbs
    seconds = chance.uniform(1, LONGEST)
    site.later(seconds, partial(setattr, bucket, "refuse", lambda _verb: False))
    return f"the object store refuses {' and '.join(verbs)} for {seconds:.1f} s"


STORED: Final = ("GET", "HEAD", "LIST", "PUT", "COPY", "DELETE")
_KILLED: Final = ("worker", "worker", "sentinel", "main", "web", "parent")
_SIGNALS: Final = (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP)
_ELSEWHERE: Final = (
    _lock_database,
    _fill_disk,
    _refuse_moves,
    _cut_connections,
    _jump,
    _refuse_objects,
)
FAULTS: Final[tuple[Fault, ...]] = (
    *(partial(_signal, role, number) for role in _KILLED for number in _SIGNALS),
    _power_cut,
    _group,
    *(fault for fault in _ELSEWHERE for _ in range(3)),
)


def strike(site: Site, chance: Random) -> str:
    """Let a random fault happen; which."""
    while True:
        if done := chance.choice(FAULTS)(site, chance):
            return done
