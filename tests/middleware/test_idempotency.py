"""`Idempotency-Key`: what is sent again is not made again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from ninja.params.models import BodyModel

from converter.accounts import api_keys, idempotency
from converter.api.api import ROUTERS
from converter.maintenance import recovery
from converter.models import Batch, StoredResponse
from converter.workers import processes
from tests.api.conftest import in_base64
from tests.api.test_problems import assert_is_problem
from tests.support.pictures import png

pytestmark = pytest.mark.django_db

BATCH = "/api/v1/jobs/batch"


def submit(client: Client, key: str = "k1", path: str = BATCH, name: str = "a.png", **headers: str):
    body = {"images": [{"image_data": in_base64(), "filename": name}]}
    sent = {"idempotency-key": key} | headers
    return client.post(path, body, content_type="application/json", headers=sent)


@pytest.mark.parametrize("path", [BATCH, "/api/v1/convert/batch"])
def test_the_same_call_gets_the_same_answer_and_makes_nothing(client, path):
    first, second = submit(client, path=path), submit(client, path=path)
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json() == first.json()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Batch.objects.count() == 1


def test_a_client_that_has_no_session_before_its_first_call_is_known_after_it():
    client = Client()
    assert submit(client).json() == submit(client).json() == submit(Client()).json()
    assert Batch.objects.count() == 1


def test_another_key_or_none_makes_another_job(client):
    assert submit(client).json() != submit(client, "k2").json()
    client.post("/api/v1/jobs", {}, "application/json")
    client.post("/api/v1/jobs", {}, "application/json")
    assert Batch.objects.count() == 4


def test_a_key_stands_for_one_request_alone(client):
    submit(client)
    assert_is_problem(submit(client, name="b.png"), 422, "idempotency_key_reused")
    assert_is_problem(submit(client, path=BATCH + "?x=1"), 422, "idempotency_key_reused")
    assert Batch.objects.count() == 1


def test_files_of_a_form_are_held_against_each_other_too(client):
    def send(picture: bytes):
        files = {"files": SimpleUploadedFile("a.png", picture)}
        return client.post(BATCH, files, headers={"idempotency-key": "k1"})

    first = send(png())
    assert first.status_code == 202
    assert send(png()).json() == first.json()
    assert_is_problem(send(png(width=301)), 422, "idempotency_key_reused")
    image = Batch.objects.get().images.get()
    assert (image.width, image.height) == (64, 48)


def test_keys_of_others_are_others(client, stranger):
    user = User.objects.create_user("ann")
    secrets = [api_keys.make("script", user=user, owner="")[1] for _ in range(2)]
    mine, theirs = submit(client).json(), submit(stranger).json()
    first, second = (submit(Client(), authorization=f"Bearer {one}").json() for one in secrets)
    assert first == second  # of one user
    assert len({one["job_id"] for one in (mine, theirs, first)}) == 3
    api_keys.revoke(api_keys.find(secrets[0]))
    assert_is_problem(submit(client, authorization=f"Bearer {secrets[0]}"), 401, "key_refused")


def test_a_call_that_is_still_under_way_is_not_begun_again(client, monkeypatch):
    seen = []

    def start(*_args: object) -> None:
        if not seen:
            seen.append(None)
            seen.append(submit(client))

    monkeypatch.setattr("converter.api.making.check_fields", start)
    assert submit(client).status_code == 202
    assert_is_problem(seen[1], 409, "still_under_way")
    assert Batch.objects.count() == 1


def test_what_made_nothing_may_be_tried_again(client):
    empty = {"idempotency-key": "k1"}
    for _ in range(2):
        refused = client.post(BATCH, {}, "application/json", headers=empty)
        assert_is_problem(refused, 422, "no_file")
    assert submit(client).status_code == 202


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "caf\xe9"])
def test_a_key_that_is_none_is_refused(client, key):
    assert_is_problem(submit(client, key), 400, "bad_request")


def test_every_post_is_described_with_its_header(client):
    paths = client.get("/openapi.json").json()["paths"].values()
    posts = [methods["post"] for methods in paths if "post" in methods]
    assert posts
    for post in posts:
        assert [p["name"] for p in post["parameters"]].count("Idempotency-Key") == 1


def test_an_answer_is_kept_for_a_day(client):
    first = submit(client).json()
    age(timedelta(hours=23))
    recovery.sweep()
    assert submit(client).json() == first
    age(timedelta(hours=25))
    assert submit(client).json() != first
    age(timedelta(hours=25))
    recovery.sweep()
    assert not StoredResponse.objects.exists()


def test_a_call_whose_process_died_does_not_block_its_key_for_long(client):
    submit(client)
    StoredResponse.objects.update(status=None)
    assert_is_problem(submit(client), 409, "still_under_way")
    age(idempotency.UNANSWERED + timedelta(minutes=1))
    assert submit(client).status_code == 202


def test_a_call_whose_process_died_on_this_machine_is_begun_again_at_once(client):
    submit(client)
    dead = processes.identity().rpartition(":")[0] + ":0"
    StoredResponse.objects.update(status=None, holder=dead)
    assert submit(client).status_code == 202
    assert "Idempotency-Replayed" in submit(client).headers


def test_a_call_that_runs_on_another_machine_is_waited_for(client):
    submit(client)
    StoredResponse.objects.update(status=None, holder="elsewhere/1/2:3:4")
    answer = submit(client)
    assert_is_problem(answer, 409, "still_under_way")
    assert answer.headers["Retry-After"] == str(idempotency.ASK_AGAIN_SECONDS)


def test_a_file_that_a_full_disk_has_cut_is_the_same_when_it_is_sent_again(client, monkeypatch):
    def send():
        form = {"files": SimpleUploadedFile("a.png", png())}
        return client.post(BATCH, form, headers={"idempotency-key": "k1"})

    with monkeypatch.context() as full:
        full.setattr("converter.uploads.handler.LimitedUpload.write", lambda *_: 0, raising=False)
        cut = send()
    assert_is_problem(cut, 503, "storage_failed")
    assert cut.headers["Retry-After"]
    assert not Batch.objects.exists()
    assert send().status_code == 202


def test_another_file_of_the_same_name_and_size_is_another_request(client):
    for data, status in ((png(8, 8), 202), (png(8, 8)[:-1] + b"x", 422)):
        form = {"files": SimpleUploadedFile("a.png", data)}
        answer = client.post(BATCH, form, headers={"idempotency-key": "k1"})
        assert answer.status_code == status


def test_a_repeated_call_counts_for_nothing(client, settings):
    settings.RATE_LIMIT_REQUESTS = 1
    assert [submit(client).status_code for _ in range(3)] == [202, 202, 202]
    assert submit(client, "k2").status_code == 429
    settings.RATE_LIMIT_REQUESTS = 5
    assert submit(client, "k2").status_code == 202


def age(by: timedelta) -> None:
    StoredResponse.objects.update(created=timezone.now() - by)


def test_no_post_leaves_its_body_to_the_library():
    """Which cannot read it again, once it was held against an earlier one."""
    views = [view for _, router, _ in ROUTERS for view in router.path_operations.values()]
    calls = [call for view in views for call in view.operations if "POST" in call.methods]
    assert len(calls) > 5
    for call in calls:
        assert not any(issubclass(model, BodyModel) for model in call.models), call.view_func
