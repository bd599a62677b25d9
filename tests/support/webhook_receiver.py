"""Whoever is told by webhook: a receiver on this machine, and batches that tell it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from converter.batches import lifecycle
from converter.models import Batch
from converter.webhooks import sender, signing
from tests.batches.test_lifecycle import work
from tests.support import misbehaving_server
from tests.support.misbehaving_server import Received, Site, says


@pytest.fixture
def receiver(monkeypatch) -> Iterator[Site]:
    """Answers 200 at `/hook` unless a test gives it other plays."""
    monkeypatch.setattr(sender, "GUARD", misbehaving_server.THIS_MACHINE)
    with Site({"/hook": [says(200, b"thanks")]}) as site:
        yield site


@pytest.fixture
def make_told(make_batch, receiver) -> Callable[..., Batch]:
    """Makes a batch that is read, and whose receiver is to be told."""

    def make(images: int = 1, failing: tuple[int, ...] = (), **values: object) -> Batch:
        values = {"webhook_url": receiver.url("/hook"), "reached_at": "http://here"} | values
        batch = make_batch(images=images, **values)
        lifecycle.start(batch)
        work(batch, failing=failing)
        return batch

    return make


def verified(received: Received, batch: Batch) -> dict[str, Any]:
    """What was told, if the standard's own library finds it signed by the batch's owner."""
    receiver = Webhook(signing.secret_of(batch))
    told: dict[str, Any] = receiver.verify(received.body, dict(received.headers.items()))
    return told


def types(site: Site) -> list[str]:
    """What the receiver was told, in order, repeats included."""
    return [json.loads(one.body)["type"] for one in site.received]
