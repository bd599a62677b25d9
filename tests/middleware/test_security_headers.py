"""What browsers are told of every page, and how they are kept on HTTPS."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.db import OperationalError, connection
from django.test import Client

from converter.middleware.security_headers import HEADERS
from converter.models import Batch

pytestmark = pytest.mark.django_db

ENCRYPTED = {"X-Forwarded-Proto": "https"}


@pytest.fixture
def https(settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("path", ["/", "/nowhere", "/healthz", "/api/v1/ping", "/static/base.css"])
def test_every_answer_has_the_headers(path: str) -> None:
    with closing(Client().get(path)) as answer:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_browsers_stay_on_https(https) -> None:
    answer = Client().get("/", headers=ENCRYPTED)
    assert (answer.status_code, answer.headers["Strict-Transport-Security"]) == (
        200,
        "max-age=31536000",
    )
    moved = Client().get("/batches/")
    assert (moved.status_code, moved.url) == (301, "https://testserver/batches/")


def test_load_balancers_ask_without(https) -> None:
    assert Client().get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/ping", "/api/v1/health", "/api/v1/version", "/healthz"])
def test_probes_write_nothing(path: str, client, django_assert_num_queries) -> None:
    client.post("/api/v1/jobs")  # gives a cookie, which has not come back yet
    written: list[str] = []

    def watch(execute, sql, params, many, context):
        if sql.split(" ", 1)[0] not in {"SELECT", "SAVEPOINT", "RELEASE", "BEGIN"}:
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        assert client.get(path).status_code in {200, 503}
    assert written == []


@pytest.mark.parametrize(
    ("path", "words"), [("/batches/", "in a moment"), ("/api/v1/jobs", "cann")]
)
def test_a_locked_database_is_told_apart_from_a_defect(path: str, words: str, monkeypatch) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(type(Batch.objects), "get_queryset", locked)
    answer = Client(raise_request_exception=False).get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert words in answer.content.decode()


def test_a_defect_stays_one(monkeypatch) -> None:
    monkeypatch.setattr(type(Batch.objects), "get_queryset", lambda _: 1 / 0)
    assert Client(raise_request_exception=False).get("/batches/").status_code == 500
