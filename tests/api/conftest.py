"""Who calls: the owner of the batches that `make_batch` makes, and somebody else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from converter.models import Batch
from tests.batches.test_lifecycle import work
from tests.support.pictures import png
from tests.views.conftest import client, make_started, paused, stranger

__all__ = ["client", "make_started", "paused", "stranger"]

ROOT = "/api/v1"


def in_base64(picture: bytes | None = None) -> str:
    return b64encode(picture or png()).decode()


@pytest.fixture
def post(client) -> Callable[..., Any]:
    """Posts JSON to a path below the API's root, as the owner."""
    return lambda path, body=None, **more: client.post(
        f"{ROOT}{path}", body or {}, content_type="application/json", **more
    )


@pytest.fixture
def get(client) -> Callable[..., Any]:
    return lambda path, **query: client.get(f"{ROOT}{path}", query)


@pytest.fixture
def make_read(make_started) -> Callable[..., Batch]:
    """Makes a batch whose images have been read by the scripted engine."""

    def make(images: int = 2, **values: object) -> Batch:
        batch = make_started(images, **values)
        work(batch)
        batch.refresh_from_db()
        return batch

    return make
