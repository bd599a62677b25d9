"""The queue's rows: whatever they say, a worker runs nothing but our own tasks."""

from __future__ import annotations

import json
import logging
import os
import pickle
from datetime import UTC, datetime
from multiprocessing import Event
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.signing import BadSignature
from django.utils import timezone
from django_q import core_signing
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.pusher import pusher
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from converter.workers import payloads, queue

pytestmark = pytest.mark.django_db(transaction=True)

EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def signed(data: bytes) -> str:
    """A payload with our own signature, as one makes who has the secret key."""

    class Plain:
        def dumps(self, _task: object) -> bytes:
            return data

    return str(core_signing.dumps(0, key=Conf.SECRET_KEY, salt=Conf.PREFIX, serializer=Plain))


class Runs:
    def __reduce__(self):
        return os.mkdir, ("/tmp/tablexl-was-run",)


def forged() -> dict[str, bytes]:
    good = {"id": "a", "name": "b", "func": queue.WORK, "args": [], "started": "2026-01-01"}
    return {
        "a pickle": pickle.dumps(Runs()),
        "another function": json.dumps(good | {"func": "os.system", "args": ["id"]}).encode(),
        "a function of ours that is no task": json.dumps(
            good | {"func": "converter.batches.deletion.delete"}
        ).encode(),
        "an argument that is no id": json.dumps(good | {"args": ["../x"]}).encode(),
        "arguments by name": json.dumps(good | {"args": {"a": 1}}).encode(),
        "no time": json.dumps(good | {"started": "soon"}).encode(),
        "a list": b"[]",
        "a function that is a list": json.dumps(good | {"func": ["a"]}).encode(),
        "deep": b"[" * 100_000,
        "noise": b"\xff\0",
    }


@pytest.mark.parametrize("what", forged())
def test_a_forged_payload_is_refused_and_logged(what: str, caplog) -> None:
    with caplog.at_level(logging.CRITICAL), pytest.raises(BadSignature):
        SignedPackage.loads(signed(forged()[what]))
    assert not os.path.exists("/tmp/tablexl-was-run")  # noqa: PTH110


def test_a_refusal_is_logged(caplog) -> None:
    with pytest.raises(BadSignature):
        SignedPackage.loads(signed(forged()["another function"]))
    assert "refused" in caplog.text


def test_a_forged_row_does_nothing_and_goes(caplog) -> None:
    """Through django-q2's own pusher: what it hands to workers is ours alone."""
    OrmQ.objects.create(key="tablexl", payload=signed(forged()["another function"]), lock=EARLY)
    async_task("os.system", "touch /tmp/tablexl-was-run")
    queue.wake()
    handed: list[dict[str, object]] = []
    stop = Event()
    stop.set()
    while OrmQ.objects.exclude(lock__gt=timezone.now()).exists():
        pusher(SimpleNamespace(put=handed.append, qsize=lambda: 0), stop)
    assert [task["func"] for task in handed] == [queue.WORK]
    assert OrmQ.objects.count() == 1  # ours, until it is done


def test_a_task_comes_out_as_it_went_in() -> None:
    batch = uuid4()
    queue.compare(batch)
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"], task["kwargs"]) == (queue.COMPARE, (str(batch),), {})
    assert task["ack_failure"]
    assert b"pickle" not in payloads.TaskSerializer.dumps(task)


def test_what_is_no_task_is_packed_as_nothing() -> None:
    with pytest.raises(BadSignature):
        SignedPackage.loads(SignedPackage.dumps(object()))


@pytest.mark.parametrize(
    "forgery",
    [
        {"name": "mine", "func": "os.system", "args": "'id'"},
        {"name": "sweep", "func": "os.system"},
        {"name": "sweep", "func": queue.SWEEP, "hook": "os.system"},
        {"name": "sweep", "func": queue.SWEEP, "args": "nonsense"},
        {"name": "sweep", "func": queue.SWEEP, "kwargs": "timeout=1"},
        {"func": queue.SWEEP},
    ],
    ids=str,
)
def test_a_foreign_schedule_is_deleted(forgery: dict[str, str], caplog) -> None:
    queue._schedule_all()
    Schedule.objects.create(**forgery)
    with caplog.at_level(logging.CRITICAL):
        queue.tend_schedules()
    assert sorted(Schedule.objects.values_list("name", flat=True)) == sorted(queue.SCHEDULES)


def test_the_admin_does_not_show_the_queue() -> None:
    labels = {model._meta.app_label for model in admin.site._registry}
    assert "django_q" not in labels
