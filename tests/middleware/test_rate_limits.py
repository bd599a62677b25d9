"""How often a client may start work, from pages and over the API, and who counts as one client."""

from __future__ import annotations

from functools import cache

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from converter.accounts import api_keys
from converter.accounts.rate_limit_identity import address_of
from converter.middleware import rate_limits
from converter.models import Batch
from tests.api.conftest import in_base64
from tests.api.test_problems import assert_is_problem
from tests.config.test_settings import value_of
from tests.matrix.asking import url_of_nothing
from tests.matrix.routes import addresses, is_of_admin, methods_of
from tests.support.pictures import png

pytestmark = pytest.mark.django_db

BATCH = "/api/v1/jobs/batch"


@pytest.fixture(autouse=True)
def _two_starts(settings) -> None:
    settings.RATE_LIMIT_REQUESTS = 2
    settings.STATUS_LIMIT_REQUESTS = 3


def submit(client: Client, **headers: str):
    body = {"images": [{"image_data": in_base64(png()), "filename": "a.png"}]}
    return client.post(BATCH, body, content_type="application/json", headers=headers)


def test_the_usual_limit_lets_a_hundred_through_in_an_hour(settings, client):
    assert value_of("RATE_LIMIT_REQUESTS") == 100
    assert value_of("RATE_LIMIT_WINDOW") == 3600
    settings.RATE_LIMIT_REQUESTS = 100
    codes = [client.post(BATCH, {}, "application/json").status_code for _ in range(101)]
    assert codes == [422] * 100 + [429]


@cache
def methods_by_name() -> dict[str, set[str]]:
    """The methods of every address that has a name, but for those of the admin."""
    known: dict[str, set[str]] = {}
    for address in addresses():
        if is_of_admin(address) or "^" in address or address == "api/v1/":
            continue
        url = url_of_nothing(address).partition("?")[0]
        known.setdefault(resolve(url).view_name, set()).update(methods_of(url))
    return known


def test_each_address_that_takes_a_post_is_counted_or_says_why_not(settings):
    settings.STATUS_LIMIT_REQUESTS = 0
    posts = {name for name, methods in methods_by_name().items() if "POST" in methods}
    classified = rate_limits.COUNTED.keys() | rate_limits.UNCOUNTED
    say = "put these into COUNTED, or with a reason into UNCOUNTED, of middleware/rate_limits.py"
    assert not posts - classified, say
    assert not classified - posts, "no address of these names takes a POST"
    assert not rate_limits.COUNTED.keys() & rate_limits.UNCOUNTED


def test_each_address_whose_reads_are_counted_can_be_read(settings):
    settings.STATUS_LIMIT_REQUESTS = 0
    reads = {name for name, methods in methods_by_name().items() if "GET" in methods}
    assert reads >= rate_limits.READS


def test_what_is_over_is_a_problem_that_says_when_to_come_again(client):
    first, second, third = (submit(client) for _ in range(3))
    assert (first.status_code, second.status_code) == (202, 202)
    assert [one.headers["RateLimit-Remaining"] for one in (first, second, third)] == ["1", "0", "0"]
    assert first.headers["RateLimit-Policy"] == '"starts";q=2;w=3600'
    assert "Retry-After" not in second.headers
    assert_is_problem(third, 429, "too_many_requests")
    assert 0 < int(third.headers["Retry-After"]) <= 3600
    assert third.headers["RateLimit-Reset"] == third.headers["Retry-After"]
    assert third.headers["RateLimit"] == f'"starts";r=0;t={third.headers["Retry-After"]}'
    assert Batch.objects.count() == 2


def test_pages_and_api_are_counted_together_and_a_page_says_it_to_people(client, make_batch):
    submit(client)
    assert client.post(reverse("batch-sample")).status_code == 302
    refused = client.post(reverse("batch-start", args=[make_batch().pk]))
    assert refused.status_code == 429
    assert "60 minutes" in refused.content.decode()
    told = client.post(reverse("batch-sample"), headers={"accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (429, "too_many_requests")
    assert "Retry-After" in told.headers


def test_parts_of_an_upload_and_drafts_are_not_counted(client):
    asks = {"accept": "application/json"}
    for _ in range(4):
        draft = client.post(reverse("batches"), {"first": "a.png"}, headers=asks)
        assert draft.status_code == 201
        part = client.post(draft.json()["images_url"], {"files": []}, headers=asks)
        assert part.status_code == 422
        assert client.post("/api/v1/jobs", {}, "application/json").status_code == 201
    assert submit(client).headers["RateLimit-Remaining"] == "1"


def test_questions_are_counted_apart(client):
    job = submit(client).json()
    codes = [client.get(job["status_url"]).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert submit(client).status_code == 202
    assert client.get("/api/v1/ping").status_code == 200


@pytest.mark.parametrize("what", ["", "/info", "/preview"])
def test_results_are_fetched_as_often_as_one_asks(client, make_batch, what):
    address = f"/api/v1/download/{make_batch().pk}{what}"
    codes = [client.get(address).status_code for _ in range(4)]
    assert codes[3] == 429
    assert 429 not in codes[:3]


def test_to_ask_whether_a_picture_would_do_is_to_ask(client):
    sent = {"image_data": in_base64(png())}
    validate = "/api/v1/convert/validate"
    codes = [client.post(validate, sent, "application/json").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert submit(client).status_code == 202


def test_all_keys_of_a_user_are_one_client(client):
    user = User.objects.create_user("ann")
    sent = [api_keys.make("script", user=user, owner="")[1] for _ in range(3)]
    codes = [submit(client, authorization=f"Bearer {one}").status_code for one in sent]
    assert codes == [202, 202, 429]
    assert submit(client).status_code == 202


def test_who_keeps_no_cookie_is_known_by_the_address_whatever_the_headers_say():
    def call(number: int):
        forged = {"x-forwarded-for": f"9.9.9.{number}", "x-real-ip": f"8.8.8.{number}"}
        return submit(Client(REMOTE_ADDR="203.0.113.7"), **forged).status_code

    assert [call(number) for number in range(3)] == [202, 202, 429]
    assert submit(Client(REMOTE_ADDR="203.0.113.8")).status_code == 202


def test_behind_a_proxy_its_own_header_counts_and_no_other(settings):
    settings.BEHIND_PROXY = True

    def call(address: str, number: int):
        sent = {"x-forwarded-for": f"9.9.9.{number}", "x-real-ip": address}
        return submit(Client(REMOTE_ADDR="100.64.0.2"), **sent).status_code

    assert [call("203.0.113.7", number) for number in range(3)] == [202, 202, 429]
    assert call("203.0.113.8", 0) == 202


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("203.0.113.7, 10.0.0.1", "127.0.0.1"),
        ("no address", "127.0.0.1"),
    ],
)
def test_addresses_have_one_form_and_what_is_none_is_passed_over(settings, sent, address):
    settings.BEHIND_PROXY = True
    assert address_of(RequestFactory().get("/", headers={"x-real-ip": sent})) == address


def test_only_on_railway_is_the_header_believed_by_itself():
    assert value_of("BEHIND_PROXY") is False
    assert value_of("BEHIND_PROXY", RAILWAY_ENVIRONMENT_NAME="production") is True
