"""Whoever is told by webhook: a receiver on this machine, and batches that tell it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from converter import batches, signing, webhooks
from converter.models import Batch
from tests import elsewhere
from tests.elsewhere import Received, Site, says
from tests.test_batches import work


@pytest.fixture
def receiver(monkeypatch) -> Iterator[Site]:
    """Answers 200 at `/hook` unless a test gives it other plays."""
    monkeypatch.setattr(webhooks, "GUARD", elsewhere.THIS_MACHINE)
    with Site({"/hook": [says(200, b"thanks")]}) as site:
        yield site


@pytest.fixture
def make_told(make_batch, receiver) -> Callable[..., Batch]:
    """Makes a batch that is read, and whose receiver is to be told."""

    def make(images: int = 1, failing: tuple[int, ...] = (), **values: object) -> Batch:
        values = {"webhook_url": receiver.url("/hook"), "reached_at": "http://here"} | values
        batch = make_batch(images=images, **values)
        batches.start(batch)
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
