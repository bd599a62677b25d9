"""Who may: a key, a cookie, or for a client that keeps none, the id of what it made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from converter.accounts import api_keys
from converter.models import ApiKey, Batch
from tests.api.conftest import in_base64
from tests.api.test_problems import assert_is_problem

JOBS = "/api/v1/jobs"
ELSEWHERE = [
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


def submit(client: Client, **headers: str):
    body = {"images": [{"image_data": in_base64(), "filename": "a.png"}]}
    return client.post(f"{JOBS}/batch", body, content_type="application/json", headers=headers)


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def secret(user) -> str:
    return api_keys.make("script", user=user, owner="")[1]


def test_a_key_acts_for_its_user_alone(client, user, secret):
    job = submit(client, **bearer(secret)).json()
    batch = Batch.objects.get(pk=job["job_id"])
    assert (batch.user, batch.owner, batch.by_id) == (user, "", False)
    assert client.get(job["status_url"], headers=bearer(secret)).status_code == 200
    assert_is_problem(client.get(job["status_url"]), 404, "not_found")
    assert_is_problem(Client().get(job["status_url"]), 404, "not_found")


def test_a_key_of_a_session_sees_what_the_session_sees(client, make_started):
    batch = make_started()
    _, secret = api_keys.make("script", user=None, owner="me")
    assert Client().get(f"{JOBS}/{batch.pk}", headers=bearer(secret)).status_code == 200


@pytest.mark.parametrize("change", ["revoke", "expire", "deactivate", "unknown"])
def test_a_bad_key_opens_nothing_though_a_cookie_comes_along(client, user, secret, change):
    key = ApiKey.objects.get()
    match change:
        case "revoke":
            api_keys.revoke(key)
        case "expire":
            ApiKey.objects.update(expires=timezone.now() - timedelta(seconds=1))
        case "deactivate":
            User.objects.update(is_active=False)
        case _:
            secret = "txl_unknown"
    assert_is_problem(client.get(JOBS, headers=bearer(secret)), 401, "key_refused")


def test_the_last_use_of_a_key_is_written_once_a_minute(client, secret, django_assert_num_queries):
    client.get(JOBS, headers=bearer(secret))
    first = ApiKey.objects.get().last_used
    assert first is not None
    client.get(JOBS, headers=bearer(secret))
    assert ApiKey.objects.get().last_used == first
    ApiKey.objects.update(last_used=timezone.now() - timedelta(minutes=2))
    client.get(JOBS, headers=bearer(secret))
    assert ApiKey.objects.get().last_used > first


def test_a_key_is_not_kept_in_plain(secret):
    key = ApiKey.objects.get()
    assert secret.startswith(key.prefix)
    assert secret not in str(ApiKey.objects.values())
    assert api_keys.find(secret) == key


def test_a_client_without_cookies_knows_its_job_by_the_id(db):
    job = submit(Client()).json()
    assert Client().get(job["status_url"]).status_code == 200
    assert Client().get(JOBS).json()["jobs"] == []


def test_others_are_kept_out_of_such_a_job_whatever_they_know(stranger, client, secret):
    job = submit(Client()).json()
    for other, headers in ((stranger, {}), (client, {}), (Client(), bearer(secret))):
        assert_is_problem(other.get(job["status_url"], headers=headers), 404, "not_found")
    pages = Client().get(f"/batches/{job['job_id']}/")
    assert pages.status_code == 404


def test_the_cookie_that_comes_back_closes_the_way_by_the_id(db):
    keeps_cookies = Client()
    job = submit(keeps_cookies).json()
    assert keeps_cookies.get(job["status_url"]).status_code == 200
    assert_is_problem(Client().get(job["status_url"]), 404, "not_found")
    again = submit(keeps_cookies).json()
    assert again["session_id"] == job["session_id"]
    assert_is_problem(Client().get(again["status_url"]), 404, "not_found")


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_page_of_another_site_does_nothing(client, headers):
    assert_is_problem(submit(client, **headers), 403, "cross_site")
    assert Batch.objects.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://testserver"},
        {"origin": "https://testserver", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
def test_a_page_of_ours_and_a_program_need_no_token(headers, db):
    assert submit(Client(enforce_csrf_checks=True), **headers).status_code == 202


def test_a_listed_site_may_call_and_is_told_so(settings, db):
    settings.CORS_ALLOWED_ORIGINS = ["https://friend.example"]
    friend = {"origin": "https://friend.example", "sec-fetch-site": "cross-site"}
    asked = Client().options(JOBS, headers=friend | {"access-control-request-method": "POST"})
    assert asked.status_code == 204
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    answer = submit(Client(), **friend)
    assert answer.status_code == 202
    assert answer.headers["Access-Control-Allow-Origin"] == "https://friend.example"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_any_other_site_is_told_nothing(db):
    foe = {"origin": "https://foe.example", "access-control-request-method": "POST"}
    asked = Client().options(JOBS, headers=foe)
    assert "Access-Control-Allow-Origin" not in asked.headers
    assert "Access-Control-Allow-Methods" not in asked.headers


def test_a_closed_site_wants_a_login_or_a_key(settings, client, user, secret):
    settings.REQUIRE_LOGIN = True
    assert_is_problem(client.get(JOBS), 401, "login_required")
    assert_is_problem(submit(Client()), 401, "login_required")
    assert client.get(JOBS, headers=bearer(secret)).status_code == 200
    _, of_session = api_keys.make("script", user=None, owner="me")
    assert_is_problem(client.get(JOBS, headers=bearer(of_session)), 401, "login_required")
    client.force_login(user)
    assert client.get(JOBS).status_code == 200
