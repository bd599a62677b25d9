"""Checks that an operator runs by hand: each says how it went, and what to do about it.

The checks of this machine cost nothing. Only `ask_server` sends a picture to the server, which
costs money, so only a person starts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from rapidfuzz import process

from converter.config.options import asks_server, remote_options
from converter.core.engines.protocol import Catalogue, Engine, Reading, ReadRequest
from converter.core.engines.registry import LOCAL, REMOTE, make_engine
from converter.core.engines.trial import Outcome, Verdict, judge, make_trial
from converter.core.errors import EngineError
from converter.health import status
from converter.health.status import Health, QueueHealth
from converter.models import WorkerPool, is_another_model

TRIES: Final = 2  # a person waits for the answer
ALIKE: Final = 60  # of 100, for the names of models
SHOWN: Final = 3  # mistakes, or names like the one that is missing

# The check that fails by a code; any other code fails the reading itself.
_BLAMED: Final = {
    "server_unreachable": "API",
    "server_failed": "API",
    "rate_limited": "API",
    "bad_key": "Key",
    "no_credit": "Key",
    "no_such_model": "Model",
}
_REINSTALL: Final = "Install the packages of requirements.txt again."


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `advice` is empty if there is nothing to do."""

    name: str
    state: State
    message: str
    advice: str = ""


def check_machine(*, thorough: bool) -> Iterator[Finding]:
    """Check this machine. If `thorough`, its engine reads a picture, in this process."""
    now = status.check_health()
    yield check_database()
    if now.queue:
        yield _of_queue(now.queue)
    storage = now.storage
    message = f"a test file was written, read and deleted; {filesizeformat(storage.free)} left"
    if not storage.writable:
        advice = "See that DATA_DIR may be written and is not full, or that STORAGE_URL is right."
        yield Finding("Storage", State.FAILED, "a test file could not be written", advice)
    elif storage.health is not Health.OK:
        advice = "Clean up old batches (manage.py prune), or make the disk larger."
        yield Finding("Storage", State.WARNING, message, advice)
    else:
        yield Finding("Storage", State.OK, message)
    message = (
        f"{filesizeformat(now.machine.free_memory)} of {filesizeformat(now.machine.memory)} free"
    )
    message += "" if now.machine.load is None else f"; load {now.machine.load:.2f} per core"
    if now.machine.health is Health.OK:
        yield Finding("Memory", State.OK, message)
    else:
        advice = "Lower WORKERS: each holds the models in memory."
        yield Finding("Memory", State.WARNING, message, advice)
    if thorough:
        yield try_local_engine()
    elif now.engine.missing:
        missing = ", ".join(now.engine.missing)
        yield Finding("Local engine", State.FAILED, f"{missing} missing", _REINSTALL)
    else:
        yield Finding("Local engine", State.OK, "its models are installed")


def check_database() -> Finding:
    name = "Database"
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return Finding(name, State.FAILED, "is not up to date", "Run manage.py migrate.")
        with transaction.atomic():
            WorkerPool.objects.create(guard="doctor", workers=0, busy=0, seen=timezone.now())
            transaction.set_rollback(True)
    except (DatabaseError, ImproperlyConfigured) as error:
        advice = (
            "See that the database runs, that DATABASE_URL is right, and that it may be written."
        )
        return Finding(name, State.FAILED, f"cannot be used ({type(error).__name__})", advice)
    return Finding(name, State.OK, f"{connection.display_name} answers, is up to date and writable")


def _of_queue(now: QueueHealth) -> Finding:
    message = (
        f"{_counted(now.workers, 'worker')}, {now.busy} at work;"
        f" {_counted(now.waiting, 'image')} waiting, {now.reading} being read"
    )
    if now.oldest_task:
        message += f"; the oldest task waits {now.oldest_task:.0f} s"
    if now.oldest_image:
        message += f"; the oldest batch with work waits {now.oldest_image:.0f} s"
    if now.oldest_webhook:
        message += f"; the oldest webhook waits {now.oldest_webhook:.0f} s"
    if not now.workers:
        advice = "Start manage.py worker, or manage.py up, which does; a start takes some seconds."
        return Finding("Queue", State.FAILED, f"no worker; {now.waiting} images waiting", advice)
    if now.paused:
        message += f"; {_counted(now.paused, 'batch', 'batches')} paused"
        advice = "Their pages say why; go on there, or by manage.py batches go-on."
        return Finding("Queue", State.WARNING, message, advice)
    if now.health is not Health.OK:
        advice = "See the workers' log; they start anew by themselves when they hang."
        return Finding("Queue", State.WARNING, f"{message}; a task waits in vain", advice)
    return Finding("Queue", State.OK, message)


def try_local_engine() -> Finding:
    """Let the local engine read a picture; loads its models."""
    name = "Local engine"
    try:
        reading, outcome = _try(make_engine(LOCAL))
    except Exception as error:  # noqa: BLE001  whatever it is, that is what was to be found out
        return Finding(name, State.FAILED, f"cannot be used: {error}", _REINSTALL)
    took = f"{reading.model}, {reading.seconds:.1f} s"
    if outcome.verdict is Verdict.RIGHT:
        return Finding(name, State.OK, f"read {outcome.cells} of {outcome.cells} cells ({took})")
    return Finding(name, State.FAILED, f"{_mistakes(outcome)} ({took})", _REINSTALL)


def ask_server() -> Iterator[Finding]:
    """Does the API answer, accept the key and have the model, and can that read a picture?"""
    if not asks_server():
        advice = "To have images read by a model, set OLMOCR_API_KEY."
        yield Finding("API", State.OFF, "not set up: images are read on this machine", advice)
        return
    engine = make_engine(REMOTE, replace(remote_options(), tries=TRIES))
    assert isinstance(engine, Catalogue)  # noqa: S101
    with closing(engine):
        try:
            models = engine.models()
            yield Finding("API", State.OK, f"{remote_options().endpoint.host} answers")
            yield _of_model(settings.OLMOCR_MODEL, models)
            reading, outcome = _try(engine)
        except EngineError as error:
            paid = f"; {error.tokens:,} tokens were paid" if error.tokens else ""
            name = _BLAMED.get(error.code, "Reading")
            yield Finding(name, State.FAILED, f"{error.code}{paid}", error.message)
            return
    yield Finding("Key", State.OK, "accepted" if settings.OLMOCR_API_KEY else "none is needed")
    yield _of_reading(reading, outcome)


def _of_model(wanted: str, models: list[str] | None) -> Finding:
    if models is None:
        return Finding("Model", State.OK, f"{wanted}; the API keeps no list of its models")
    known = {name.casefold().removesuffix(":latest") for name in models}
    if wanted.casefold().removesuffix(":latest") in known:
        return Finding("Model", State.OK, f"{wanted} is one of {len(models)} there")
    like = process.extract(wanted, models, limit=SHOWN, score_cutoff=ALIKE)
    names = ", ".join(name for name, *_ in like)
    advice = "Set OLMOCR_MODEL to one that is there" + (f", such as: {names}." if names else ".")
    return Finding("Model", State.WARNING, f"{wanted} is none of {len(models)} there", advice)


def _of_reading(reading: Reading, outcome: Outcome) -> Finding:
    price = "no price told" if reading.cost is None else f"${reading.cost:.4f}"
    tokens = reading.tokens_in + reading.tokens_out
    took = f"{reading.model}, {reading.seconds:.1f} s, {tokens:,} tokens, {price}"
    if outcome.verdict is Verdict.UNSEEN:
        advice = "The model does not look at pictures. Set OLMOCR_MODEL to one that does."
        return Finding("Reading", State.FAILED, f"not one number of the picture ({took})", advice)
    if outcome.verdict is Verdict.MISREAD:
        advice = "Clear print should be read without a mistake; try another model."
        return Finding("Reading", State.FAILED, f"{_mistakes(outcome)} ({took})", advice)
    message = f"read {outcome.cells} of {outcome.cells} cells ({took})"
    if is_another_model(reading.asked, reading.model):
        advice = f"{reading.asked} was asked: see whether the provider has withdrawn it."
        return Finding("Reading", State.WARNING, message, advice)
    return Finding("Reading", State.OK, message)


def _try(engine: Engine) -> tuple[Reading, Outcome]:
    trial = make_trial()
    reading = engine.read(trial.picture, ReadRequest())
    return reading, judge(trial, reading)


def _mistakes(outcome: Outcome) -> str:
    """`misread 2 of 20 cells: row 3, column 2 is 1204.5, not 1284.5`."""
    shown = (
        f"row {wrong.row + 1}, column {wrong.col + 1} is “{wrong.drawn}”, not “{wrong.read[:40]}”"
        for wrong in outcome.mistakes[:SHOWN]
    )
    return f"misread {len(outcome.mistakes)} of {outcome.cells} cells: {'; '.join(shown)}"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
