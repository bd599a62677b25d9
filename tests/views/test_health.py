"""The health check asks the database, and nothing else; the health page is for staff."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client

from converter.health import doctor
from converter.health.doctor import Finding, State
from tests.support.model_server import KEY
from tests.views.test_batches import text_of


@pytest.fixture
def staff(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("operator", is_staff=True))
    return client


@pytest.fixture
def asked(settings, monkeypatch) -> list[int]:
    """How often the server was asked."""
    settings.OLMOCR_API_KEY, settings.OLMOCR_MODEL = KEY, "test/vision-1"
    calls: list[int] = []

    def ask_server():
        calls.append(1)
        yield Finding("Key", State.FAILED, "bad_key", "Check OLMOCR_API_KEY.")

    monkeypatch.setattr(doctor, "ask_server", ask_server)
    return calls


def test_a_healthy_app_says_so(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Content-Type"] == "text/plain"


@pytest.mark.django_db
def test_without_a_database_it_is_not_healthy(client):
    def refuse(*_: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(refuse):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"database unavailable\n")


def test_only_staff_see_the_page(client, staff):
    assert client.get("/health/").status_code == 404
    assert client.post("/health/").status_code == 404
    assert staff.get("/health/").status_code == 200
    assert staff.put("/health/").status_code == 405


def test_the_page_shows_each_check_and_asks_no_server(staff, asked):
    page = staff.get("/health/").content.decode()
    assert [name for name in ("Database", "Queue", "Storage", "Memory") if name not in page] == []
    assert "Start manage.py worker" in page
    assert "test/vision-1 at api.deepinfra.com is sent" in page
    assert KEY not in page
    assert asked == []


def test_the_page_says_what_was_done(staff, make_batch):
    make_batch(0, tokens=1234, cost=0.5)
    text = text_of(staff.get("/health/").content.decode())
    assert "Read 0 Failed 0 Waiting 0 Being read 0 A minute, lately 0.0" in text
    assert "Paid to APIs $0.50 (1234 tokens)" in text


def test_a_button_asks_the_server(staff, asked):
    page = staff.post("/health/").content.decode()
    assert "Check OLMOCR_API_KEY." in page
    assert "Database" in page
    assert asked == [1]


def test_with_htmx_the_answer_is_the_region_alone(staff, asked):
    part = staff.post("/health/", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="server"')
    assert "Check OLMOCR_API_KEY." in part
    assert "<html" not in part


def test_a_request_from_elsewhere_costs_nothing(db, asked):
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(User.objects.create_user("operator", is_staff=True))
    assert forged.post("/health/").status_code == 403
    assert asked == []


def test_without_an_api_there_is_no_button(staff, settings):
    settings.OLMOCR_API_KEY, settings.ENGINE = "", "auto"
    page = staff.get("/health/").content.decode()
    assert 'id="ask"' not in page
    assert "None is set up" in page


def test_it_is_linked_where_an_operator_looks(client, staff):
    link = 'href="/health/"'
    assert link in staff.get("/").content.decode()
    assert link in staff.get("/admin/").content.decode()
    assert link not in client.get("/").content.decode()
