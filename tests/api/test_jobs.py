"""Jobs over the API."""

from __future__ import annotations

import pytest
from django.test import Client

from converter.batches import claims
from converter.models import Batch
from tests.api.test_problems import assert_is_problem
from tests.api.test_submissions import file
from tests.batches.test_lifecycle import work

JOBS = "/api/v1/jobs"


def test_an_owner_sees_a_job_in_the_list_and_by_itself(client, stranger, make_started):
    batch = make_started(images=2)
    told = client.get(f"{JOBS}/{batch.pk}").json()
    assert told["job_id"] == str(batch.pk)
    assert (told["status"], told["total_images"], told["progress"]) == ("queued", 2, 0)
    [listed] = client.get(JOBS).json()["jobs"]
    assert listed.items() <= told.items()
    assert stranger.get(JOBS).json() == {"jobs": [], "before": None}
    assert stranger.get(f"{JOBS}/{batch.pk}").status_code == 404


def test_the_list_goes_on_by_a_cursor(get, make_batch):
    made = [str(make_batch().pk) for _ in range(5)][::-1]
    first = get("/jobs", limit=2).json()
    assert [job["job_id"] for job in first["jobs"]] == made[:2]
    rest = get("/jobs", limit=5, before=first["before"]).json()
    assert [job["job_id"] for job in rest["jobs"]] == made[2:]
    assert rest["before"] is None


def test_a_status_says_where_the_result_is_and_what_failed(get, make_started):
    batch = make_started(images=3)
    work(batch, failing=(1,))
    told = get(f"/jobs/{batch.pk}/status").json()
    assert (told["status"], told["progress"], told["processed_images"]) == ("partial", 100, 3)
    assert told["results"]["download_url"] == f"/api/v1/download/{batch.pk}"
    assert [error["filename"] for error in told["errors"]] == ["picture 1.png"]
    assert told["processing_time"] >= 0


def test_a_status_says_what_is_being_read(get, make_started):
    batch = make_started(images=2)
    claims.claim_next(batch)
    told = get(f"/jobs/{batch.pk}/status").json()
    assert (told["status"], told["current_image"]) == ("processing", "picture 0.png")
    assert told["results"] is None


def test_results_come_in_the_order_in_which_they_were_completed(get, make_started):
    batch = make_started(images=3)
    work(batch, failing=(1,))
    first = get(f"/jobs/{batch.pk}/results", limit=2).json()
    assert [one["status"] for one in first["results"]] == ["done", "failed"]
    assert not first["finished"]
    rest = get(f"/jobs/{batch.pk}/results", after=first["after"], include="tables").json()
    assert [one["filename"] for one in rest["results"]] == ["picture 2.png"]
    assert rest["results"][0]["read"]["tables"][0]["rows"]
    assert rest["finished"]


def test_what_failed_is_read_again(post, make_started):
    batch = make_started(images=2)
    work(batch, failing=(1,))
    answer = post(f"/jobs/{batch.pk}/retry")
    assert (answer.status_code, answer.json()["status"]) == (202, "processing")
    work(batch)
    assert_is_problem(post(f"/jobs/{batch.pk}/retry"), 409, "nothing_failed")


def test_a_job_is_cancelled_once_and_stays_so(post, make_started):
    batch = make_started()
    assert post(f"/jobs/{batch.pk}/cancel").json()["status"] == "cancelled"
    assert post(f"/jobs/{batch.pk}/cancel").json()["status"] == "cancelled"


def test_a_job_is_deleted(client, make_started):
    batch = make_started()
    assert client.delete(f"{JOBS}/{batch.pk}").status_code == 204
    assert client.get(f"{JOBS}/{batch.pk}").status_code == 404


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": "x"}, {"after": -1}, {"include": "x"}])
def test_a_query_that_makes_no_sense_is_said(get, make_started, query):
    answer = get(f"/jobs/{make_started().pk}/results", **query)
    assert_is_problem(answer, 422, "invalid_request")


def change(client, batch, **options):
    return client.patch(f"{JOBS}/{batch.pk}", options, content_type="application/json")


def test_the_options_of_a_draft_are_changed_and_the_others_stay(client, make_batch):
    batch = make_batch(images=1, priority=1)
    told = change(client, batch, name="New", fields=["Surname"]).json()
    assert (told["name"], told["mode"], told["status"]) == ("New", "fields", "draft")
    batch.refresh_from_db()
    assert (batch.priority, batch.fields) == (1, [{"name": "Surname"}])
    assert_is_problem(change(client, batch, engine="abacus"), 422, "invalid_request")


def test_the_options_of_a_started_job_stay(client, make_started):
    assert_is_problem(change(client, make_started(), name="New"), 409, "batch_closed")


def test_a_cancelled_job_is_resumed(post, make_started):
    batch = make_started(images=2)
    assert_is_problem(post(f"/jobs/{batch.pk}/resume"), 409, "nothing_cancelled")
    post(f"/jobs/{batch.pk}/cancel")
    answer = post(f"/jobs/{batch.pk}/resume")
    assert (answer.status_code, answer.json()["status"]) == (202, "processing")


def test_a_paused_job_goes_on_with_whom_is_asked_for(get, post, paused):
    assert get(f"/jobs/{paused.pk}/status").json()["paused"]
    assert_is_problem(post(f"/jobs/{paused.pk}/go-on", {"engine": "x"}), 422, "invalid_request")
    answer = post(f"/jobs/{paused.pk}/go-on", {"engine": "local"})
    assert (answer.status_code, answer.json()["engine"]) == (202, "local")
    assert answer.json()["paused"] is None
    assert_is_problem(post(f"/jobs/{paused.pk}/go-on"), 409, "not_paused")


def test_a_settled_job_is_run_again_as_a_draft(post, get, make_read, make_started):
    batch = make_read(images=2)
    answer = post(f"/jobs/{batch.pk}/again")
    assert (answer.status_code, answer.json()["status"]) == (201, "draft")
    assert answer.json()["total_images"] == 2
    assert_is_problem(post(f"/jobs/{make_started().pk}/again"), 409, "batch_not_settled")


def test_a_client_that_shows_nothing_runs_its_job_again(db):
    made = Client().post(f"{JOBS}/batch", {"files": file()}).json()
    work(Batch.objects.get())
    again = Client().post(f"{JOBS}/{made['job_id']}/again").json()
    assert Client().get(again["status_url"]).json()["status"] == "draft"
