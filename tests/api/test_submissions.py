"""New jobs: whatever form the pictures come in, and what becomes of those that are none."""

from __future__ import annotations

import json
import logging
from io import BytesIO

import pytest
from django.db import OperationalError

from converter.models import Batch, BatchState, FieldTemplate
from converter.uploads import intake, looking
from tests.api.conftest import in_base64
from tests.api.test_problems import assert_is_problem
from tests.support.pictures import png

PICTURE = in_base64()


def images(*names: str) -> dict[str, object]:
    return {"images": [{"image_data": PICTURE, "filename": name} for name in names]}


def file(name: str = "a.png", data: bytes | None = None) -> BytesIO:
    stream = BytesIO(data or png())
    stream.name = name
    return stream


@pytest.mark.parametrize("path", ["/jobs/batch", "/convert/batch"])
def test_pictures_in_json_become_a_job(post, get, path):
    answer = post(path, images("a.png", "my_table"))
    assert answer.status_code == 202
    made = answer.json()
    assert (made["status"], made["total_images"], made["session_id"]) == ("queued", 2, "me")
    batch = Batch.objects.get(pk=made["job_id"])
    assert [image.name for image in batch.images.order_by("position")] == ["a.png", "my_table"]
    assert (batch.name, batch.owner) == ("a", "me")
    assert get(made["status_url"].removeprefix("/api/v1")).json()["status"] == "queued"


def test_files_of_a_form_become_a_job_whatever_their_field_is_called(client):
    form = {"files": [file(), file("b.png")], "image": file("c"), "name": "Three"}
    answer = client.post("/api/v1/jobs/batch", form | {"priority": "1", "fields": "Name\nDate"})
    assert answer.status_code == 202
    batch = Batch.objects.get(pk=answer.json()["job_id"])
    assert (batch.name, batch.total, batch.priority, batch.mode) == ("Three", 3, 1, "fields")
    assert [field["name"] for field in batch.fields] == ["Name", "Date"]


@pytest.mark.parametrize(
    "encoded",
    [
        f"data:image/png;base64,{PICTURE}",
        PICTURE.rstrip("="),
        PICTURE.replace("+", "-").replace("/", "_"),
        "\r\n".join(PICTURE[at : at + 60] for at in range(0, len(PICTURE), 60)),
    ],
)
def test_base64_is_taken_as_people_write_it(post, encoded):
    answer = post("/jobs/batch", {"images": [{"image": encoded}]})
    assert answer.status_code == 202
    assert Batch.objects.get().images.get().name == "image 1"


@pytest.mark.parametrize(
    ("filename", "name"),
    [("scans/a.png", "a.png"), ("a/", "a"), ("/", "image 1"), ("..", "image 1"), (".", "image 1")],
)
def test_a_picture_is_called_by_the_last_step_of_its_path(post, filename, name):
    assert post("/jobs/batch", images(filename)).status_code == 202
    assert Batch.objects.get().images.get().name == name


@pytest.mark.parametrize("escaped", [False, True])
def test_a_picture_larger_than_django_takes_in_json_is_no_trap(client, settings, escaped):
    picture = png() + bytes(4 << 20)
    body = json.dumps({"images": [{"image_data": in_base64(picture)}]})
    body = body.replace("/", "\\/") if escaped else body
    assert len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    answer = client.post("/api/v1/jobs/batch", body, content_type="application/json")
    assert answer.status_code == 202
    image = Batch.objects.get().images.get()
    assert (image.width, image.height) == (64, 48)


def test_a_picture_that_is_too_large_is_refused_and_the_others_go_on(post, settings):
    settings.MAX_FILE_SIZE = 100_000
    large = in_base64(png() + bytes(300_000))
    body = images("a.png") | {"name": "x"}
    body["images"].append({"image_data": large, "filename": "large.png"})
    body["images"].append({"image_data": "no base64!", "filename": "broken.png"})
    made = post("/jobs/batch", body).json()
    assert made["total_images"] == 1
    assert [(one["filename"], one["code"]) for one in made["refused"]] == [
        ("large.png", "file_too_large"),
        ("broken.png", "bad_base64"),
    ]


def test_a_body_that_is_too_large_is_refused(post, settings):
    settings.MAX_REQUEST_SIZE = 1000
    assert_is_problem(post("/jobs/batch", {"name": "x" * 2000}), 413, "request_too_large")


def test_nothing_stays_of_a_job_of_which_no_file_was_taken(post, settings):
    body = {"images": [{"image_data": "AAAA"}, {"image_data": "!", "filename": "b"}]}
    answer = post("/jobs/batch", body)
    assert_is_problem(answer, 422, "unsupported_type")
    assert [place["at"] for place in answer.json()["errors"]] == ["image 1", "b"]
    assert not Batch.objects.exists()
    assert list((settings.DATA_DIR / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "bad_request"),
        ("{", 400, "bad_request"),
        ('{"images":[{"image":"%s\\q"}]}' % ("a" * 20_000), 422, "bad_base64"),
        ('{"name": "' + '\\"' * 50_000, 400, "bad_request"),
        ('{"name": NaN}', 400, "bad_request"),
        ('{"name": "\\u0000"}', 400, "bad_request"),
        ('{"name": "\\ud800"}', 400, "bad_request"),
        ("[" * 100_000, 400, "bad_request"),
        ("[1]", 422, "invalid_request"),
        ("{}", 422, "no_file"),
        ('{"images": [{}]}', 422, "invalid_request"),
        ('{"images": [{"image": 5}]}', 422, "invalid_request"),
        ('{"images": [], "engine": "magic"}', 422, "invalid_request"),
        ('{"images": [], "webhook_url": "ftp://x"}', 422, "bad_address"),
        ('{"images": [], "consolidation_strategy": "one_heap"}', 422, "invalid_request"),
        ('{"images": [], "mode": "fields"}', 422, "fields_missing"),
        ('{"images": [], "fields": ["A", "a"]}', 422, "invalid_request"),
        ('{"images": [], "template_id": 7}', 404, "not_found"),
    ],
)
def test_what_cannot_be_used_is_said(client, body, status, code):
    answer = client.post("/api/v1/jobs/batch", body, content_type="application/json")
    assert_is_problem(answer, status, code)
    assert not Batch.objects.exists()


def test_another_kind_of_body_is_refused(client):
    answer = client.post("/api/v1/jobs/batch", "a,b", content_type="text/csv")
    assert_is_problem(answer, 415, "unsupported_media_type")


def test_options_come_to_the_batch(post):
    template = FieldTemplate.objects.create(name="Cards", owner="me", fields=[{"name": "Title"}])
    options = {
        "name": "  My\npile ",
        "template_id": template.pk,
        "engine": "local",
        "priority": "low",
        "output_format": "individual",
        "consolidation_strategy": "merge_same_columns",
        "webhook_url": "https://hooks.example/a",
    }
    assert post("/jobs/batch", images("a") | options).status_code == 202
    batch = Batch.objects.get()
    assert (batch.name, batch.mode, batch.fields) == ("My pile", "fields", [{"name": "Title"}])
    assert (batch.engine, batch.priority, batch.output_format) == ("local", 3, "individual")
    assert (batch.consolidation, batch.webhook_url) == (
        "merge_same_columns",
        "https://hooks.example/a",
    )


def test_a_draft_takes_pictures_in_several_calls_until_it_is_started(post, client):
    made = post("/jobs", {"name": "Slowly"}).json()
    assert made["status"] == "draft"
    path = f"/jobs/{made['job_id']}"
    assert_is_problem(post(f"{path}/start"), 409, "batch_empty")
    assert post(f"{path}/images", images("a", "b")).json()["total_images"] == 2
    added = client.post(f"/api/v1{path}/images", {"files": [file("c.png"), file("d", b"no")]})
    assert added.json()["total_images"] == 3
    assert [one["code"] for one in added.json()["refused"]] == ["unsupported_type"]
    started = post(f"{path}/start", {"priority": "high"})
    assert (started.status_code, started.json()["status"]) == (202, "queued")
    assert Batch.objects.get().priority == 1
    assert_is_problem(post(f"{path}/images", images("e")), 409, "batch_closed")
    assert_is_problem(post(f"{path}/start"), 409, "batch_closed")


def test_a_stranger_adds_nothing_to_a_draft(post, stranger):
    made = post("/jobs").json()
    address = f"/api/v1/jobs/{made['job_id']}"
    body = images("a")
    for path in ("images", "start"):
        answer = stranger.post(f"{address}/{path}", body, content_type="application/json")
        assert_is_problem(answer, 404, "not_found")


@pytest.mark.parametrize("option", [{"template_id": "7"}, {"template_id": True}])
def test_a_number_of_json_is_a_number(post, option):
    answer = post("/jobs/batch", images("a") | option)
    assert_is_problem(answer, 422, "invalid_request")
    assert answer.json()["errors"] == [
        {"at": "body.template_id", "message": "must be a whole number"}
    ]


def test_a_form_sends_numbers_as_text(client):
    template = FieldTemplate.objects.create(name="Cards", owner="me", fields=[{"name": "Title"}])
    form = {"files": [file()], "template_id": str(template.pk)}
    assert client.post("/api/v1/jobs/batch", form).status_code == 202
    assert Batch.objects.get().fields == [{"name": "Title"}]


@pytest.mark.parametrize("count", [1, 2])
def test_a_form_may_send_each_field_by_itself(client, count):
    sent = ['{"name": "Title", "required": true}', '{"name": "Date"}'][:count]
    answer = client.post("/api/v1/jobs/batch", {"files": [file()], "fields": sent})
    assert answer.status_code == 202
    assert Batch.objects.get().fields == [json.loads(one) for one in sent]


@pytest.fixture
def broken_once(monkeypatch):
    """The second file cannot be stored."""

    def break_second(*args: object) -> object:
        calls.append(None)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return take_in(*args)

    calls: list[None] = []
    take_in = intake.take_in
    monkeypatch.setattr(intake, "take_in", break_second)


def test_a_job_never_starts_short_for_a_fault_of_ours(post, broken_once, caplog):
    with caplog.at_level(logging.CRITICAL):
        answer = post("/jobs/batch", images("a.png", "b.png", "c.png"))
    assert_is_problem(answer, 503, "storage_failed")
    assert answer.headers["Retry-After"] == "5"
    assert not Batch.objects.exists()


def test_unless_a_part_is_asked_for(post, broken_once, caplog):
    with caplog.at_level(logging.CRITICAL):
        answer = post("/jobs/batch", images("a.png", "b.png", "c.png") | {"partial": True})
    assert (answer.status_code, answer.json()["total_images"]) == (202, 2)
    assert answer.json()["refused"][0]["code"] == "storage_failed"


def test_a_database_that_fails_within_a_call_fails_the_call(client, monkeypatch, caplog):
    def cut(*_: object) -> None:
        raise OperationalError("server closed the connection")

    client.raise_request_exception = False
    monkeypatch.setattr(intake, "take_in", cut)
    with caplog.at_level(logging.CRITICAL):
        answer = client.post("/api/v1/jobs/batch", images("a.png"), "application/json")
    assert_is_problem(answer, 503, "cannot_serve")
    assert not Batch.objects.exists()


def test_what_takes_long_is_answered_and_appears_by_itself(post, get, settings):
    settings.UPLOAD_WAIT_SECONDS = 0.0
    made = post("/jobs/batch", images("a.png")).json()
    assert (made["status"], made["pending"], made["total_images"]) == ("queued", ["a.png"], 0)
    status = f"/jobs/{made['job_id']}"
    assert get(status).json()["pending_files"] == 1
    looking.work()
    told = get(status).json()
    assert (told["status"], told["pending_files"], told["total_images"]) == ("queued", 0, 1)
    assert Batch.objects.get().state == BatchState.QUEUED


def test_what_is_refused_after_all_is_told_in_the_status(post, get, settings):
    settings.UPLOAD_WAIT_SECONDS = 0.0
    body = {"images": [{"image_data": in_base64(b"no picture"), "filename": "a.png"}]}
    made = post("/jobs/batch", body).json()
    looking.work()
    told = get(f"/jobs/{made['job_id']}").json()
    assert told["status"] == "cancelled"
    assert [(one["filename"], one["code"]) for one in told["refused"]] == [
        ("a.png", "unsupported_type")
    ]
