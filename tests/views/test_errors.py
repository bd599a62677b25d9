"""Requests that do not get as far as a view, and views that fail."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.test import Client, RequestFactory

from converter.views import errors, uploads
from tests.views.conftest import client_of

HTML, JSON = "text/html", "application/json"


def request(accept: str = HTML):
    return RequestFactory(headers={"accept": accept}).post("/batches/")


def files(number: int) -> dict[str, list[BytesIO]]:
    streams = [BytesIO(b"x") for _ in range(number)]
    for stream in streams:
        stream.name = "a.png"
    return {"files": streams}


@pytest.mark.parametrize("accept", [HTML, JSON])
def test_more_files_than_a_form_takes_get_a_clear_answer(client, settings, accept):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    answer = client.post("/batches/", files(3), headers={"accept": accept})
    assert answer.status_code == 413
    assert "at most 2 files at once" in answer.content.decode()


@pytest.mark.parametrize(
    ("refusal", "status"), [(RequestDataTooBig(), 413), (SuspiciousOperation(), 400)]
)
@pytest.mark.parametrize("accept", [HTML, JSON])
def test_a_request_that_is_refused_gets_a_clear_answer(refusal, status, accept):
    answer = errors.bad_request(request(accept), refusal)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(accept)


def test_a_forged_request_is_told_what_to_do(db):
    answer = client_of("me", enforce_csrf_checks=True).post("/batches/")
    assert answer.status_code == 403
    assert "Allow cookies" in answer.content.decode()


def test_an_unknown_address_looks_like_the_product(client):
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_a_defect_of_ours_is_owned_up_to(monkeypatch, db):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(uploads, "_home", fail)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "The fault is ours" in answer.content.decode()
    assert "a defect" not in answer.content.decode()
