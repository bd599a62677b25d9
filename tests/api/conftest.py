"""Who calls: the owner of the batches that `make_batch` makes, and somebody else."""

from __future__ import annotations

from tests.views.conftest import client, make_started, stranger

__all__ = ["client", "make_started", "stranger"]
