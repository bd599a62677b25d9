"""Each request has a name, in its answer and in the log."""

from __future__ import annotations

import asyncio
import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from converter.middleware.request_ids import request_ids
from converter.util import logs


def answered(headers: dict[str, str] | None = None, path: str = "/x", status: int = 200):
    middleware = request_ids(lambda _request: HttpResponse(status=status))
    return middleware(RequestFactory().post(path, headers=headers or {}))


def test_a_name_that_comes_along_is_kept():
    assert answered({"X-Request-ID": "edge-1.a:b_C"}).headers["X-Request-ID"] == "edge-1.a:b_C"


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "line\nbreak", "<script>"])
def test_any_other_gets_a_new_one(name):
    first = answered({"X-Request-ID": name}).headers["X-Request-ID"]
    assert len(first) == 32
    assert first != answered().headers["X-Request-ID"]


def test_what_changes_something_is_logged_on_one_line(caplog):
    with caplog.at_level(logging.INFO):
        answered(path="/a%0Ab")
    [record] = caplog.records
    assert record.getMessage().startswith("POST /a%0Ab 200 in 0.0")


def test_looking_is_not_logged_unless_it_fails(caplog):
    request = RequestFactory().get("/x")
    with caplog.at_level(logging.INFO):
        request_ids(lambda _request: HttpResponse())(request)
        assert caplog.records == []
        request_ids(lambda _request: HttpResponse(status=503))(request)
    assert len(caplog.records) == 1


def test_async_answers_have_names_too(caplog):
    seen: list[logging.LogRecord] = []

    async def answer(_request) -> HttpResponse:
        record = logging.LogRecord("x", logging.INFO, "", 1, "", (), None)
        logs.AddIds().filter(record)
        seen.append(record)
        return HttpResponse()

    request = RequestFactory().get("/x", headers={"X-Request-ID": "r1"})
    response = asyncio.run(request_ids(answer)(request))
    assert response.headers["X-Request-ID"] == seen[0].__dict__["request_id"] == "r1"


@pytest.mark.django_db
def test_a_start_is_found_by_the_name_of_its_request(client, make_batch, caplog):
    caplog.handler.addFilter(logs.AddIds())
    batch = make_batch(1)
    session = client.session
    session["owner"] = "me"
    session.save()
    with caplog.at_level(logging.INFO):
        client.post(reverse("batch-start", args=[batch.pk]), headers={"X-Request-ID": "r7"})
    started = next(r for r in caplog.records if r.getMessage().startswith("Started"))
    assert started.__dict__["request_id"] == "r7"
    assert started.__dict__["batch_id"] == str(batch.pk)
