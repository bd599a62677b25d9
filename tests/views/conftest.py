"""Who asks: the owner of the batches that `make_batch` makes, and somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from converter.accounts import access
from converter.batches import claims, lifecycle
from converter.core.engines.openai_compatible.replies import BAD_KEY, ApiError
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
        lifecycle.start(batch)
        return batch

    return make


@pytest.fixture
def paused(make_started) -> Batch:
    """A batch that stopped by itself since a server refused the key."""
    batch = make_started(images=9, engine="remote")
    error = ApiError(BAD_KEY, "Invalid token")
    while claim := claims.claim_next(batch):
        if not claims.pauses(claim, error):
            claims.fail(claim, error, permanent=True)
    batch.refresh_from_db()
    return batch
