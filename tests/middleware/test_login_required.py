"""Signing in and out, and an installation that is closed to all others."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from converter.accounts import access
from converter.models import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada", password="engine no. 1")


@pytest.fixture
def closed(settings) -> None:
    settings.REQUIRE_LOGIN = True


@pytest.mark.usefixtures("closed")
def test_a_fragment_leads_the_whole_page_to_the_form(client):
    response = client.get("/batches/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/login/"


@pytest.mark.usefixtures("closed")
def test_a_script_is_told_and_its_files_are_not_taken(client):
    response = client.post("/batches/", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["code"]) == (401, "login_required")
    assert not Batch.objects.exists()


@pytest.mark.usefixtures("closed")
def test_who_signs_in_comes_where_they_wanted_to_go(client, ada):
    form = client.get("/batches/", follow=True)
    assert "Sign in" in form.content.decode()
    sent = {"username": "ada", "password": "engine no. 1", "next": "/batches/"}
    response = client.post("/login/", sent)
    assert response.headers["Location"] == "/batches/"
    assert "Signed in as ada" in client.get("/batches/").content.decode()


def test_a_wrong_password_is_said_and_the_name_stays(client, ada):
    page = client.post("/login/", {"username": "ada", "password": "x"}).content.decode()
    assert "correct username and password" in page
    assert 'value="ada"' in page


def test_nobody_is_led_elsewhere(client, ada):
    sent = {"username": "ada", "password": "engine no. 1", "next": "https://elsewhere.example/"}
    assert client.post("/login/", sent).headers["Location"] == "/"


def test_what_was_made_before_signing_in_is_still_there(client, ada, make_batch):
    client.get("/")
    session = client.session
    session[access.OWNER_KEY] = "a" * 32
    session.save()
    make_batch(images=1, name="Before", owner="a" * 32)
    client.post("/login/", {"username": "ada", "password": "engine no. 1"})
    assert "Before" in client.get("/batches/").content.decode()


def test_signing_out(client, ada):
    client.force_login(ada)
    assert client.post("/logout/").headers["Location"] == "/"
    assert "Signed in" not in client.get("/").content.decode()


def test_an_open_installation_offers_the_form_and_asks_for_nothing(client):
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/login/"' in page.content.decode()
