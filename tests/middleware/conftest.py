"""Who calls: as in the tests of the API, and of the pages."""

from __future__ import annotations

from tests.api.conftest import get, make_read, post
from tests.views.conftest import client, make_started, paused, stranger

__all__ = ["client", "get", "make_read", "make_started", "paused", "post", "stranger"]
