"""API keys in their page: made, shown once, used, revoked; and only one's own."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from converter.models import ApiKey
from converter.views.api_keys import MOST

pytestmark = pytest.mark.django_db


def make(client: Client, name: str = "Nightly", days: int = 0) -> str:
    page = client.post("/keys/", {"name": name, "days": days}).content.decode()
    found = re.search(r'value="(txl_[^"]+)"', page)
    assert found
    return found[1]


def with_key(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_without_keys_the_page_says_what_one_is_for(client):
    assert "Nothing here yet" in client.get("/keys/").content.decode()


def test_a_key_is_shown_once_and_kept_as_a_hash(client):
    secret = make(client)
    page = client.get("/keys/").content.decode()
    assert secret not in page
    assert secret[:10] in page
    assert secret not in str(ApiKey.objects.values().get())


def test_a_key_finds_what_its_browser_made(client, make_batch):
    secret = make(client)
    make_batch(images=1, name="Mine", owner=client.session["owner"])
    jobs = Client().get("/api/v1/jobs", headers=with_key(secret)).json()["jobs"]
    assert [job["name"] for job in jobs] == ["Mine"]
    assert Client().get("/api/v1/jobs").json()["jobs"] == []
    assert ApiKey.objects.get().last_used


def test_a_revoked_key_opens_nothing(client):
    secret = make(client)
    response = client.post(f"/keys/{ApiKey.objects.get().pk}/revoke/", follow=True)
    assert "opens nothing any more" in response.content.decode()
    answer = Client().get("/api/v1/jobs", headers=with_key(secret))
    assert (answer.status_code, answer.json()["code"]) == (401, "key_refused")


def test_a_key_expires_when_it_was_said_to(client):
    make(client, days=30)
    key = ApiKey.objects.get()
    assert round((key.expires - key.created).total_seconds() / 86400) == 30


def test_a_stranger_neither_sees_nor_revokes_it(client):
    make(client)
    stranger = Client()
    assert "Nightly" not in stranger.get("/keys/").content.decode()
    assert stranger.post(f"/keys/{ApiKey.objects.get().pk}/revoke/").status_code == 404
    assert ApiKey.objects.get().is_valid


@pytest.mark.parametrize("sent", [{}, {"name": " ", "days": 0}, {"name": "x", "days": 7}])
def test_a_form_that_will_not_do_makes_no_key(client, sent):
    response = client.post("/keys/", sent)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not ApiKey.objects.exists()


def test_there_are_not_more_than_anybody_needs(client):
    for number in range(MOST):
        make(client, f"Key {number}")
    response = client.post("/keys/", {"name": "One more", "days": 0})
    assert (response.status_code, ApiKey.objects.count()) == (422, MOST)


def test_a_key_is_revoked_by_the_form_alone(client):
    make(client)
    assert client.get(f"/keys/{ApiKey.objects.get().pk}/revoke/").status_code == 405
