"""The health check asks the database, and nothing else."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection


def test_a_healthy_app_says_so(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Content-Type"] == "text/plain"


@pytest.mark.django_db
def test_without_a_database_it_is_not_healthy(client):
    def refuse(*_: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(refuse):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"database unavailable\n")
