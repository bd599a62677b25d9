"""Threads at one row, for a process with a database of its own (`manage.py shell`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from converter.accounts import idempotency, rate_limits
from converter.accounts.rate_limits import RateLimit
from converter.batches import claims, drafts, lifecycle
from converter.batches.lifecycle import BatchClosed
from converter.core.engines.protocol import Reading
from converter.core.errors import TablexlError
from converter.models import Batch, BatchImage, BatchState
from converter.webhooks import sender
from tests.support import batch_factory
from tests.support.misbehaving_server import THIS_MACHINE, Site, says


def race_with_start(rounds: int) -> str:
    """Start a draft while another thread changes it; for each round, does what it holds agree
    with what the two threads were told?"""
    return json.dumps([_round(number) for number in range(rounds)])


def _round(number: int) -> dict[str, bool]:
    batch = batch_factory.draft(3)
    change, is_in = CHANGES[number % len(CHANGES)]
    line = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        changed = pool.submit(_attempt, line, change, batch.pk)
        started = pool.submit(_attempt, line, lifecycle.start, batch.pk)
    row = Batch.objects.get(pk=batch.pk)
    counted = row.images.count() == row.images.kept().count() == row.total
    return {
        "started": started.result() and row.state == BatchState.QUEUED,
        "agrees": is_in(row) == changed.result() and counted,
    }


def _attempt(line: Barrier, verb: Callable[[Batch], object], pk: object) -> bool:
    """False if the batch was closed."""
    batch = Batch.objects.get(pk=pk)
    line.wait()
    try:
        verb(batch)
    except BatchClosed:
        return False
    finally:
        connection.close()
    return True


def _first(batch: Batch) -> BatchImage:
    return batch.images.get(name="picture 0.png")


def _late(batch: Batch) -> list[BatchImage]:
    image = batch_factory._image(
        batch, b"late", 9
    )  # its file goes with the others, or stays in temp
    return lifecycle.add_images(batch, [image])


CHANGES: list[tuple[Callable[[Batch], object], Callable[[Batch], bool]]] = [
    (_late, lambda batch: batch.total == 4),
    (lambda batch: drafts.remove(batch, [_first(batch).pk]), lambda batch: batch.total == 2),
    (lambda batch: drafts.turn(batch, [_first(batch).pk], 90), lambda b: _first(b).turn == 90),
    (lambda batch: drafts.shift(batch, _first(batch).pk, 1), lambda b: _first(b).position == 1),
    (lambda batch: drafts.configure(batch, {"name": "Late"}), lambda b: b.name == "Late"),
]


def spend_together(threads: int, each: int, most: int) -> str:
    """What each call was told, of many threads that use up one client's rate limit."""
    line = Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        spent = [
            pool.submit(_spend, line, each, RateLimit("starts", most, 3600)) for _ in range(threads)
        ]
    return json.dumps([used for one in spent for used in one.result()])


def _spend(line: Barrier, times: int, limit: RateLimit) -> list[int]:
    line.wait()
    try:
        return [rate_limits.record("ann", limit).used for _ in range(times)]
    finally:
        connection.close()


def begin_together(threads: int) -> str:
    """Of so many threads that send one call: which were told to do it?"""
    line = Barrier(threads)
    with ThreadPoolExecutor(threads) as pool:
        begun = [pool.submit(_begin, line) for _ in range(threads)]
    return json.dumps([one.result() for one in begun])


def _begin(line: Barrier) -> str:
    line.wait()
    try:
        _, is_new = idempotency.begin(["ann"], "key", "fingerprint")
    except TablexlError as error:
        return error.code
    finally:
        connection.close()
    return "new" if is_new else "told"


def deliver_together(threads: int, jobs: int, images: int) -> str:
    """What the receiver of each job is told while so many threads send what is due."""
    sender.GUARD = THIS_MACHINE
    with Site({"/": [says(200)]}) as site:
        for _ in range(jobs):
            _tell(site.url(), images)
        line = Barrier(threads)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(_deliver, [line] * threads))
        told: dict[str, list[str]] = {}
        for one in map(json.loads, [one.body for one in site.received]):
            told.setdefault(one["data"]["job_id"], []).append(one["data"].get("filename"))
    return json.dumps(list(told.values()))


def _tell(address: str, images: int) -> None:
    batch = batch_factory.draft(images, webhook_url=address, webhook_per_image=True)
    lifecycle.start(batch)
    while claim := claims.claim_next(batch):
        claims.finish(claim, "local", Reading("scripted"))
    lifecycle.settle(batch)


def _deliver(line: Barrier) -> None:
    line.wait()
    try:
        while sender.is_due():
            sender.deliver()
    finally:
        connection.close()
