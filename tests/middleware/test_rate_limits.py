"""How often a client may start work, from pages and over the API, and who counts as one client."""

from __future__ import annotations

from functools import cache

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
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
    assert first.headers["RateLimit-Policy"].split(", ") == [
        '"starts";q=2;w=3600',
        '"uploads";q=5368709120;w=3600;qu="content-bytes"',
        '"upload-files";q=20000;w=3600;qu="files"',
    ]
    assert "Retry-After" not in second.headers
    assert_is_problem(third, 429, "too_many_requests")
    assert 0 < int(third.headers["Retry-After"]) <= 3600
    assert third.headers["RateLimit-Reset"] == third.headers["Retry-After"]
    left = third.headers["RateLimit"].split(", ")
    assert left[0] == f'"starts";r=0;t={third.headers["Retry-After"]}'
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


def test_parts_of_an_upload_and_drafts_are_no_starts(client):
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


def test_fresh_sessions_of_one_address_share_the_starts(settings):
    settings.RATE_LIMIT_REQUESTS = 5
    codes = [Client().post(BATCH, {}, "application/json").status_code for _ in range(300)]
    assert codes == [422] * 5 + [429] * 295


def test_each_with_a_session_of_its_own_too(settings):
    clients = [Client() for _ in range(5)]
    for one in clients:
        one.post("/api/v1/jobs")  # gives the session, and is not counted
    assert [submit(one).status_code for one in clients] == [202, 202, 429, 429, 429]


def test_another_address_has_its_own(settings):
    for address in ("192.0.2.1", "192.0.2.2"):
        codes = [
            Client(REMOTE_ADDR=address).post(BATCH, {}, "application/json").status_code
            for _ in range(3)
        ]
        assert codes == [422, 422, 429]


def test_what_strangers_upload_is_counted_by_address(settings):
    settings.UPLOAD_LIMIT_SIZE = 40 * 1024
    draft = reverse("batches")
    codes = []
    for _ in range(3):
        form = {"files": SimpleUploadedFile("a.png", bytes(18 * 1024))}
        answer = Client().post(draft, form, headers={"accept": "application/json"})
        codes.append(answer.status_code)
    assert codes == [201, 201, 429]


def test_the_files_of_strangers_are_counted_by_address_too(settings, client):
    settings.UPLOAD_LIMIT_FILES, settings.RATE_LIMIT_REQUESTS = 3, 0
    answers = [
        submit(client),
        Client().post(BATCH, {"files": SimpleUploadedFile("a.png", png())}),
        send_to_page(Client(), 1),
        send_to_page(Client(), 1),
        submit(Client()),
    ]
    assert [one.status_code for one in answers] == [202, 202, 201, 429, 429]
    assert_is_problem(answers[-1], 429, "too_many_requests")
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert Batch.objects.count() == 3
    told = answers[1].headers["RateLimit"].split(", ")
    assert '"upload-files";r=1;' in told[-1]


def send_to_page(client: Client, files: int):
    sent = [SimpleUploadedFile(f"{number}.png", png()) for number in range(files)]
    form = {"files": sent}
    return client.post(reverse("batches"), form, headers={"accept": "application/json"})


def test_more_files_than_are_left_are_not_taken_at_all(settings, client):
    settings.UPLOAD_LIMIT_FILES, settings.RATE_LIMIT_REQUESTS = 3, 0
    assert send_to_page(client, 4).status_code == 429
    assert not Batch.objects.exists()
    page = client.post(reverse("batches"), {"files": SimpleUploadedFile("a.png", png())})
    assert page.status_code == 429
    assert "You have uploaded as much as one person may" in page.content.decode()
    assert "minutes" in page.content.decode()


def test_drafts_templates_and_keys_are_made_ten_times_as_often_as_started():
    asks = {"accept": "application/json"}
    ways = [
        lambda: Client().post(reverse("batches"), {"first": "a.png"}, headers=asks),
        lambda: Client().post("/api/v1/jobs", {}, "application/json"),
        lambda: Client().post("/api/v1/templates", {}, "application/json"),
        lambda: Client().post(reverse("keys"), {"name": "x"}),
    ]
    codes = [ways[number % 4]().status_code for number in range(24)]
    assert 429 not in codes[:20]
    assert codes[20:] == [429] * 4


def test_users_upload_without_that_limit(settings, admin_client):
    settings.UPLOAD_LIMIT_SIZE, settings.RATE_LIMIT_REQUESTS = 1024, 0
    form = {"files": SimpleUploadedFile("a.png", bytes(18 * 1024))}
    answer = admin_client.post(reverse("batches"), form, headers={"accept": "application/json"})
    assert answer.status_code == 201


def test_a_disk_that_is_nearly_full_takes_no_uploads_and_does_all_else(settings, client):
    settings.MIN_FREE_SPACE = 1 << 60
    assert_is_problem(submit(client), 507, "disk_full")
    form = {"files": SimpleUploadedFile("a.png", png())}
    assert_is_problem(client.post(BATCH, form), 507, "disk_full")
    assert not Batch.objects.exists()
    assert client.get("/").status_code == 200
