"""One picture: read while its sender waits, or judged."""

from __future__ import annotations

import threading
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from converter.api import convert
from converter.models import Batch
from tests.api.conftest import in_base64
from tests.api.test_problems import assert_is_problem
from tests.batches.test_lifecycle import work
from tests.support.pictures import png

SINGLE = "/convert/single"


@pytest.fixture
def read_meanwhile(monkeypatch):
    """Lets a worker read what is sent, in the place of the first wait."""
    monkeypatch.setattr(convert.time, "sleep", lambda _: work(Batch.objects.get()))


def test_the_answer_has_the_result(post, read_meanwhile, client):
    answer = post(SINGLE, {"image_data": in_base64(), "filename": "my_table"})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["success"], told["status"], told["errors"]) == (True, "completed", [])
    assert told["file_id"] == told["job_id"]
    assert told["pages"] is None
    assert Batch.objects.get().priority == 1
    workbook = client.get(told["download_url"])
    assert workbook.headers["Content-Disposition"] == 'attachment; filename="my_table.xlsx"'


def test_tables_are_told_if_asked_for(post, read_meanwhile):
    told = post(SINGLE, {"image": in_base64(), "include_tables": True}).json()
    assert told["tables"] == told["pages"][0]["tables"]
    assert told["tables"][0]["rows"]


@pytest.mark.parametrize(("text", "told"), [("1", True), ("false", False)])
def test_a_form_asks_for_tables_in_text(client, read_meanwhile, text, told):
    form = {"files": SimpleUploadedFile("a.png", png()), "include_tables": text}
    answer = client.post("/api/v1/convert/single", form)
    assert (answer.json()["tables"] is not None) is told


def test_a_wish_for_tables_that_is_unclear_is_refused(client, post):
    form = {"files": SimpleUploadedFile("a.png", png()), "include_tables": "perhaps"}
    in_json = {"image": in_base64(), "include_tables": "true"}
    for answer in (client.post("/api/v1/convert/single", form), post(SINGLE, in_json)):
        assert_is_problem(answer, 422, "invalid_request")
        assert answer.json()["errors"][0]["message"] == "must be true or false"


def test_who_waits_no_longer_gets_the_job(post):
    answer = post(f"{SINGLE}?wait=0", {"image_data": in_base64()})
    assert answer.status_code == 202
    told = answer.json()
    assert (told["success"], told["status"], told["download_url"]) == (False, "queued", None)
    assert told["status_url"] == f"/api/v1/jobs/{told['job_id']}/status"


def test_calls_that_wait_leave_threads_for_others(post, monkeypatch):
    monkeypatch.setattr(convert, "_waiting", threading.BoundedSemaphore(1))
    convert._waiting.acquire()
    monkeypatch.setattr(convert.time, "sleep", lambda _: pytest.fail("it waited"))
    assert post(SINGLE, {"image_data": in_base64()}).status_code == 202
    convert._waiting.release()


def test_a_picture_that_was_not_read_says_why(post, monkeypatch):
    def fail(_: float) -> None:
        work(Batch.objects.get(), failing=(0,))

    monkeypatch.setattr(convert.time, "sleep", fail)
    told = post(SINGLE, {"image_data": in_base64()}).json()
    assert (told["success"], told["status"], told["download_url"]) == (False, "failed", None)
    assert told["errors"][0]["code"] == "engine_failed"


def test_a_file_of_a_form_is_taken_and_several_are_not(client, read_meanwhile):
    def file() -> BytesIO:
        stream = BytesIO(png())
        stream.name = "a.png"
        return stream

    assert client.post(f"/api/v1{SINGLE}", {"file": file()}).json()["success"]
    several = client.post(f"/api/v1{SINGLE}", {"file": [file(), file()]})
    assert_is_problem(several, 422, "too_many_files")


@pytest.mark.parametrize(
    ("sent", "code"),
    [({}, "no_file"), ({"image_data": "?"}, "bad_base64"), ({"image_data": ""}, "empty_file")],
)
def test_what_is_no_picture_is_refused(post, sent, code):
    assert_is_problem(post(SINGLE, sent), 422, code)
    assert not Batch.objects.exists()


def test_a_picture_is_judged_and_not_kept(post, settings):
    told = post("/convert/validate", {"image_data": in_base64(), "filename": "x/y.png"}).json()
    assert told == {
        "valid": True,
        "filename": "y.png",
        "code": None,
        "message": None,
        "pages": [{"width": 64, "height": 48}],
    }
    assert list((settings.DATA_DIR / "uploads").iterdir()) == []
    assert not Batch.objects.exists()


def test_a_picture_that_would_be_refused_is_told_why(post):
    told = post("/convert/validate", {"image_data": in_base64(b"no picture")}).json()
    assert (told["valid"], told["code"]) == (False, "unsupported_type")
    assert told["message"].startswith("This is not a picture")
