"""How the installation is, over the API: open where it tells nothing of anybody, else for staff."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from converter.accounts import api_keys
from converter.health import status
from converter.maintenance.recovery import Guardian
from tests.api.test_problems import assert_is_problem
from tests.batches.test_lifecycle import work
from tests.health.test_status import roomy

__all__ = ["roomy"]

TOKEN = "a long random text"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _looked_at_anew(monkeypatch, roomy) -> None:
    monkeypatch.setattr(status._Cache, "health", None)


@pytest.fixture
def staff(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("operator", is_staff=True))
    return client


def refuse(*_: object) -> None:
    raise OperationalError("gone")


def test_ping_asks_nothing_of_the_database():
    """Which this test may not use."""
    answer = Client().get("/api/v1/ping")
    assert (answer.status_code, answer.json()) == (200, {"ping": "pong"})
    assert not answer.cookies


def test_the_version_is_that_of_the_project(settings):
    assert Client().get("/api/v1/version").json() == {"version": settings.VERSION}


def test_anybody_may_ask_how_it_is(client, make_started, settings):
    settings.OLMOCR_API_KEY, settings.OLMOCR_MODEL = "sk-secret", "secret/model"
    Guardian().report(workers=2, busy=1, memory=5)
    make_started(images=3, name="Secret pile")
    answer = Client().get("/api/v1/health")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "ok")
    assert told["engine"] == {"status": "ok", "name": "remote"}
    queue = told["queue"]
    assert (queue["workers"], queue["busy"], queue["waiting_images"]) == (2, 1, 3)
    assert queue["oldest_image_seconds"] >= 0
    assert queue["oldest_webhook_seconds"] is None
    assert told["storage"]["free_bytes"] > 0
    assert told["machine"]["memory_bytes"] > 0
    said = answer.content.decode()
    assert [word for word in ("ecret", str(settings.DATA_DIR), "deepinfra") if word in said] == []


def test_without_workers_it_is_degraded_and_serves(client):
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["queue"]["status"] == "degraded"


def test_without_a_database_it_is_503(client):
    with connection.execute_wrapper(refuse):
        answer = Client().get("/api/v1/health")
    assert_is_problem(answer, 503, "cannot_serve")
    assert answer.json()["errors"] == [{"at": "database", "message": "It does not answer."}]
    assert answer.headers["Retry-After"]


def test_without_a_place_for_files_it_is_503(client, settings):
    settings.DATA_DIR = settings.DATA_DIR / "file"
    settings.DATA_DIR.write_text("no folder")
    answer = client.get("/api/v1/health")
    assert_is_problem(answer, 503, "cannot_serve")
    assert str(settings.DATA_DIR) not in answer.content.decode()


@pytest.mark.parametrize("path", ["/api/v1/stats", "/api/v1/metrics"])
@pytest.mark.parametrize("headers", [{}, BEARER, {"Authorization": "Bearer "}])
def test_strangers_learn_no_figures(client, path, headers):
    assert client.get(path, headers=headers).status_code == 401


@pytest.mark.parametrize("path", ["/api/v1/stats", "/api/v1/metrics"])
def test_staff_and_the_token_do(client, staff, settings, path):
    settings.METRICS_TOKEN = TOKEN
    assert staff.get(path).status_code == 200
    assert client.get(path, headers=BEARER).status_code == 200
    assert client.get(path, headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 401


def test_stats_are_for_people(staff, make_started):
    work(make_started(images=3), failing=(2,))
    told = staff.get("/api/v1/stats").json()
    assert told["images"]["done"] == 2
    assert told["batches"]["partial"] == 1
    assert told["lately"] == {"done": 2, "failed": 1}
    assert told["per_minute"] == pytest.approx(0.6)


def samples(answer) -> dict[tuple[str, str], float]:
    """By name and state, as the parser that Prometheus publishes reads them."""
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name.removeprefix("tablexl_"), sample.labels.get("state", "")): sample.value
        for family in families
        for sample in family.samples
    }


def test_metrics_are_what_prometheus_reads(staff, make_started):
    Guardian().report(workers=2, busy=1, memory=5_000_000_001)
    work(make_started(images=3), failing=(2,))
    answer = staff.get("/api/v1/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    read = samples(answer)
    assert read["images", "done"] == 2
    assert read["batches", "partial"] == 1
    assert read["images_lately", "failed"] == 1
    assert (read["workers", ""], read["database_up", ""]) == (2, 1)
    assert read["workers_memory_bytes", ""] == 5_000_000_001
    assert read["oldest_task_seconds", ""] == read["oldest_webhook_seconds", ""] == 0


def test_a_scrape_costs_a_fixed_number_of_questions(staff, make_started, django_assert_num_queries):
    make_started(images=40)
    with django_assert_num_queries(11):  # two of them for the session and its user
        staff.get("/api/v1/metrics")


def test_a_scrape_tells_that_the_database_is_down(db, settings):
    settings.METRICS_TOKEN = TOKEN
    with connection.execute_wrapper(refuse):
        answer = Client().get("/api/v1/metrics", headers=BEARER)
    read = samples(answer)
    assert (answer.status_code, read["database_up", ""]) == (200, 0)
    assert ("workers", "") not in read


def test_the_key_of_staff_opens_them_and_that_of_others_does_not(db):
    for name, expected in (("operator", 200), ("guest", 401)):
        user = User.objects.create_user(name, is_staff=name == "operator")
        _, key = api_keys.make("monitor", user=user, owner="")
        answer = Client().get("/api/v1/stats", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == expected
