"""Errors have one form, whoever finds them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client

from converter.accounts import access
from converter.core.errors import CODES

JOBS = "/api/v1/jobs"


def assert_is_problem(answer, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert code in CODES
    assert told["detail"].endswith(".")


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v1/none", f"{JOBS}/x"])
def test_an_unknown_address_is_a_problem(client, path):
    assert_is_problem(client.get(path), 404, "not_found")


def test_what_is_not_there_is_a_problem(client):
    assert_is_problem(client.get(f"{JOBS}/{uuid4()}"), 404, "not_found")


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client):
    answer = client.delete(JOBS)
    assert_is_problem(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_what_nobody_expected_is_a_problem(monkeypatch, db):
    monkeypatch.setattr(access, "batches_for", lambda _: 1 / 0)
    answer = Client(raise_request_exception=False).get(JOBS)
    assert_is_problem(answer, 500, "unexpected")
    assert "division" not in answer.content.decode()


def test_what_django_refuses_is_a_problem(monkeypatch, client):
    def refuse(_: object) -> None:
        raise RequestDataTooBig

    monkeypatch.setattr(access, "batches_for", refuse)
    answer = client.get(JOBS)
    assert_is_problem(answer, 413, "request_too_large")
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_a_slash_at_the_end_makes_no_difference(client):
    assert client.get(JOBS).json() == client.get(f"{JOBS}/").json()


def test_no_cache_keeps_an_answer(client):
    assert client.get(JOBS).headers["Cache-Control"] == "no-store"
