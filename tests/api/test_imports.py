"""A CSV file over the API: from the call to the list that comes back."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from django.test import Client

from converter.imports import fetcher
from converter.models import Batch, FieldTemplate, Manifest
from tests.api.conftest import ROOT
from tests.api.test_problems import assert_is_problem
from tests.batches.test_lifecycle import work
from tests.support import import_lists
from tests.support.misbehaving_server import Site, says

pytestmark = pytest.mark.django_db(transaction=True)

LIST = import_lists.csv_of(["http://pictures.example/1.png", "http://pictures.example/2.png"])


@pytest.fixture(autouse=True)
def _allowed(settings) -> None:
    settings.ALLOW_URL_IMPORT = True


@pytest.fixture
def site(monkeypatch):
    import_lists.let_in(monkeypatch)
    with Site() as site:
        yield site


def send(client: Client, data: bytes = LIST, path: str = "/api/upload", **more: object):
    headers = more.pop("headers", {})
    return client.post(path, {"file": import_lists.posted(data)} | more, headers=headers)


@pytest.mark.parametrize("root", ["/api", ROOT])
def test_a_list_becomes_a_job_that_is_asked_about(client, root):
    answer = send(client, path=f"{root}/upload")
    assert answer.status_code == 202
    made = answer.json()
    assert (made["status"], made["progress"], made["session_id"]) == ("fetching", 0, "me")
    assert (made["rows"], made["urls"], made["errors"]) == (2, 2, [])
    assert (made["columns"], made["url_columns"]) == (["no", "name", "image url"], ["image url"])
    assert Manifest.objects.get(pk=made["request_id"]).batch_id.hex in made["job_id"].replace(
        "-", ""
    )
    status = client.get(f"{root}/status/{made['request_id']}")
    assert status.json() == made
    assert made["status_url"] == f"{ROOT}/status/{made['request_id']}"


def test_from_the_list_to_the_list_that_comes_back(client, site, settings):
    settings.PUBLIC_URL = "https://tables.example"
    [good] = import_lists.has_pictures(site, "/a.png")
    site.plays["/b.png"] = [says(404)]
    made = send(client, import_lists.csv_of([good, site.url("/b.png"), "nowhere"])).json()
    fetcher.work()
    work(Batch.objects.get(pk=made["job_id"]))
    status = client.get(made["status_url"]).json()
    assert (status["status"], status["progress"]) == ("partial", 100)
    assert (status["urls_fetched"], status["urls_failed"], status["images_read"]) == (1, 2, 1)
    assert [(one["line"], one["code"]) for one in status["errors"]] == [
        (3, "http_status"),
        (4, "bad_address"),
    ]
    assert status["results"]["download_url"]
    answer = client.get(made["output_url"])
    assert "results.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row[3] for row in rows] == ["status", "completed", "failed", "failed"]
    assert rows[1][5].startswith("https://tables.example/api/v1/download/")
    path = rows[1][5].removeprefix("https://tables.example")
    assert client.get(path).status_code == 200


def test_without_a_public_address_links_begin_with_the_host_that_was_asked(client, site):
    made = send(client, import_lists.csv_of(import_lists.has_pictures(site, "/a.png"))).json()
    fetcher.work()
    work(Batch.objects.get(pk=made["job_id"]))
    assert b"http://testserver/api/v1/download/" in client.get(made["output_url"]).getvalue()


def test_it_is_off_unless_it_is_allowed(client, settings):
    settings.ALLOW_URL_IMPORT = False
    answer = send(client)
    assert_is_problem(answer, 403, "import_disabled")
    assert "ALLOW_URL_IMPORT" in answer.json()["detail"]
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "empty_file"),
        (b"a,b\n", 422, "csv_no_rows"),
        (b"a,b\n1,2\n", 422, "csv_no_addresses"),
        (b"PK\x03\x04", 422, "csv_not_text"),
        (b"image\n" + b"http://a.example/\n" * 20, 422, "csv_too_large"),
        (b"x" * 2_000_000, 413, "file_too_large"),
    ],
)
def test_a_file_that_is_no_list_makes_nothing(client, settings, data, status, code):
    settings.MAX_BATCH_SIZE, settings.MAX_FILE_SIZE = 10, 1_000_000
    assert_is_problem(send(client, data), status, code)
    assert not Batch.objects.exists()


def test_what_is_no_form_with_one_file_makes_nothing(client):
    answer = client.post("/api/upload", {"a": 1}, "application/json")
    assert_is_problem(answer, 415, "unsupported_media_type")
    assert_is_problem(client.post("/api/upload", {"mode": "tables"}), 422, "no_file")
    two = {"a": import_lists.posted(LIST), "b": import_lists.posted(LIST)}
    assert_is_problem(client.post("/api/upload", two), 422, "too_many_files")
    assert_is_problem(send(client, engine="magic"), 422, "invalid_request")
    assert_is_problem(send(client, mode="fields"), 422, "fields_missing")
    assert not Batch.objects.exists()


def test_a_list_takes_the_options_of_a_job(client):
    template = FieldTemplate.objects.create(name="Chairs", owner="me", fields=[{"name": "Price"}])
    made = send(client, template_id=str(template.pk), name="Chairs", priority="high").json()
    batch = Batch.objects.get(pk=made["job_id"])
    assert (batch.name, batch.mode, batch.priority) == ("Chairs", "fields", 1)
    assert batch.fields == [{"name": "Price"}]
    fields = json.dumps([{"name": "Weight"}])
    batch = Batch.objects.get(pk=send(client, fields=fields).json()["job_id"])
    assert (batch.name, batch.fields) == ("chairs", [{"name": "Weight"}])


def test_bad_rows_are_told_at_once(client):
    made = send(client, b"no,image\n1,http://pictures.example/1.png\n2,\n3,ftp://x/\n").json()
    assert (made["rows"], made["rows_refused"], made["urls_failed"]) == (3, 1, 1)
    assert [(one["line"], one["url"], one["code"]) for one in made["errors"]] == [
        (3, None, "row_no_address"),
        (4, "ftp://x/", "bad_address"),
    ]


def test_what_failed_is_fetched_again_as_a_list_of_its_own(client, site):
    site.plays["/b.png"] = [says(404)]
    made = send(
        client,
        import_lists.csv_of([*import_lists.has_pictures(site, "/a.png"), site.url("/b.png")]),
    ).json()
    retry = f"{made['status_url']}/retry"
    assert_is_problem(client.post(retry), 409, "batch_not_settled")
    fetcher.work()
    work(Batch.objects.get(pk=made["job_id"]))
    import_lists.has_pictures(site, "/b.png")
    answer = client.post(retry)
    assert answer.status_code == 202
    fetcher.work()
    work(Batch.objects.get(pk=answer.json()["job_id"]))
    status = client.get(answer.json()["status_url"]).json()
    assert (status["status"], status["rows"], status["urls_fetched"]) == ("completed", 1, 1)
    assert_is_problem(client.post(f"{status['status_url']}/retry"), 409, "nothing_failed")


def test_strangers_find_nothing(client, stranger):
    made = send(client).json()
    for path in (made["status_url"], made["output_url"]):
        assert_is_problem(stranger.get(path), 404, "not_found")
        assert_is_problem(Client().get(path), 404, "not_found")
    assert_is_problem(stranger.post(f"{made['status_url']}/retry"), 404, "not_found")


def test_a_client_without_a_cookie_knows_its_list_by_the_id(db):
    made = send(Client()).json()
    assert Client().get(made["status_url"]).status_code == 200
    assert Client().get(made["output_url"]).status_code == 200


def test_a_deleted_list_is_gone(client):
    made = send(client).json()
    client.delete(f"{ROOT}/jobs/{made['job_id']}")
    assert_is_problem(client.get(made["status_url"]), 404, "not_found")


def test_a_call_that_comes_twice_makes_one_list(client):
    headers = {"Idempotency-Key": "one"}
    first, second = send(client, headers=headers), send(client, headers=headers)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.json() == second.json()
    assert Manifest.objects.count() == 1


def test_an_import_counts_as_a_start(client, settings):
    settings.RATE_LIMIT_REQUESTS = 1
    assert send(client).headers["RateLimit-Remaining"] == "0"
    assert_is_problem(send(client), 429, "too_many_requests")


def test_looking_is_counted_apart(client, settings):
    settings.STATUS_LIMIT_REQUESTS = 1
    url = send(client).json()["status_url"]
    assert client.get(url).status_code == 200
    assert_is_problem(client.get(url), 429, "too_many_requests")
