"""Who asks: the owner of the batches that `make_batch` makes, and somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from converter import access, batches
from converter.models import Batch


def client_of(owner: str, *, enforce_csrf_checks: bool = False) -> Client:
    client = Client(enforce_csrf_checks=enforce_csrf_checks)
    session = client.session
    session[access.OWNER_KEY] = owner
    session.save()
    return client


@pytest.fixture
def client(db) -> Client:
    return client_of("me")


@pytest.fixture
def stranger(db) -> Client:
    return client_of("somebody else")


@pytest.fixture
def make_started(make_batch) -> Callable[..., Batch]:
    """Makes a batch that waits for a worker."""

    def make(images: int = 3, **values: object) -> Batch:
        batch = make_batch(images=images, **values)
        batches.start(batch)
        return batch

    return make
