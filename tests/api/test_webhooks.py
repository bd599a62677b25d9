"""Webhooks over the API: asked for with a job, seen, sent again, signed with one's own secret."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from converter.accounts import api_keys
from converter.models import Batch, SigningSeed, StoredResponse
from converter.webhooks import sender, signing
from tests.api.conftest import in_base64
from tests.api.test_problems import assert_is_problem
from tests.support.misbehaving_server import says
from tests.support.private_addresses import BADLY_WRITTEN, CODES, NOT_PUBLIC
from tests.support.webhook_receiver import make_told, receiver

__all__ = ["make_told", "receiver"]

URL = "https://hooks.example/a?token=b"
SECRET = "/api/v1/webhooks/secret"


def pictures(**options: object) -> dict[str, object]:
    return {"images": [{"image_data": in_base64(), "filename": "a.png"}]} | options


@pytest.mark.parametrize("events", [None, [], ["job"], ["image"], ["job", "image"]])
def test_a_job_is_made_with_a_webhook(post, events):
    options = {"webhook_url": URL} | ({} if events is None else {"webhook_events": events})
    assert post("/jobs/batch", pictures(**options)).status_code == 202
    batch = Batch.objects.get()
    assert (batch.webhook_url, batch.webhook_per_image) == (URL, "image" in (events or []))
    assert batch.reached_at == "http://testserver"


def test_a_form_names_events_in_words(client):
    options = {"webhook_url": URL, "webhook_events": "job, image"}
    client.post("/api/v1/jobs", options)
    assert Batch.objects.get().webhook_per_image


def test_a_draft_gets_its_webhook_at_the_start(post):
    job = post("/jobs", {"webhook_url": "https://hooks.example/1"}).json()["job_id"]
    post(f"/jobs/{job}/images", pictures())
    started = {"webhook_url": URL, "webhook_events": ["image"]}
    assert post(f"/jobs/{job}/start", started).status_code == 202
    batch = Batch.objects.get()
    assert (batch.webhook_url, batch.webhook_per_image) == (URL, True)


def test_behind_tls_links_are_https(post, settings):
    settings.HTTPS_ONLY = True
    post("/jobs", {"webhook_url": URL})
    assert Batch.objects.get().reached_at == "https://testserver"


@pytest.mark.parametrize("path", ["/jobs/batch", "/convert/batch", "/jobs", "/convert/single"])
@pytest.mark.parametrize("address", [BADLY_WRITTEN[0], "http://127.0.0.1/", "http://h.example:22/"])
def test_an_address_that_is_never_asked_is_refused_at_once(post, path, address):
    body = {"image_data": in_base64(), "webhook_url": address}
    answer = post(path, pictures(webhook_url=address) if "batch" in path else body)
    assert answer.status_code == 422
    assert answer.json()["code"] in CODES
    assert [place["at"] for place in answer.json()["errors"]] == ["body.webhook_url"]
    assert not Batch.objects.exists()


def test_so_is_every_address_of_the_drill(post):
    for address in (*BADLY_WRITTEN, *NOT_PUBLIC):
        answer = post("/jobs", {"webhook_url": address})
        assert (answer.status_code, answer.json()["code"] in CODES) == (422, True), address
    assert not Batch.objects.exists()


def test_other_events_are_refused(post):
    answer = post("/jobs", {"webhook_url": URL, "webhook_events": ["started"]})
    assert_is_problem(answer, 422, "invalid_request")


def test_what_was_told_is_seen_with_each_attempt(get, make_told, receiver):
    receiver.plays["/hook"] = [says(500, b"sorry")]
    batch = make_told(images=2, webhook_per_image=True)
    sender.deliver()
    told = get(f"/jobs/{batch.pk}/webhooks", limit=2).json()
    assert (told["webhook_url"], told["per_image"]) == (receiver.url("/hook"), True)
    assert [one["type"] for one in told["deliveries"]] == ["job.completed", "image.completed"]
    older = get(f"/jobs/{batch.pk}/webhooks", before=told["before"]).json()
    assert older["before"] is None
    [first] = older["deliveries"]
    assert (first["state"], first["about"]) == ("waiting", "picture 0.png")
    assert first["next_attempt"]
    [attempt] = first["attempts"]
    assert (attempt["status"], attempt["code"], attempt["answer"]) == (500, "http_status", "sorry")
    assert receiver.received[0].headers["webhook-id"] == first["message_id"]


def test_a_message_is_sent_again(post, get, make_told, receiver):
    batch = make_told()
    sender.deliver()
    [row] = get(f"/jobs/{batch.pk}/webhooks").json()["deliveries"]
    answer = post(f"/jobs/{batch.pk}/webhooks/{row['id']}/send")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert_is_problem(post(f"/jobs/{batch.pk}/webhooks/{row['id']}/send"), 409, "delivery_waits")
    sender.deliver()
    assert len(receiver.received) == 2


def test_all_that_was_given_up_is_sent_again(post, make_told, receiver):
    receiver.plays["/hook"] = [says(410), says(200)]
    batch = make_told(images=1, webhook_per_image=True)
    assert_is_problem(post(f"/jobs/{batch.pk}/webhooks/send"), 409, "nothing_to_send")
    sender.deliver()
    assert post(f"/jobs/{batch.pk}/webhooks/send").json()["messages"] == 2
    sender.deliver()
    assert len(receiver.received) == 3


def test_sending_again_has_its_limit(post, make_told, receiver, settings):
    settings.RATE_LIMIT_REQUESTS = 2
    path = f"/jobs/{make_told().pk}/webhooks/send"
    assert [post(path).status_code for _ in range(3)] == [409, 409, 429]


def test_a_stranger_sees_and_sends_nothing(stranger, make_told, receiver):
    batch = make_told()
    row = batch.deliveries.get()
    address = f"/api/v1/jobs/{batch.pk}/webhooks"
    assert_is_problem(stranger.get(address), 404, "not_found")
    for path in ("send", f"{row.pk}/send"):
        assert_is_problem(stranger.post(f"{address}/{path}"), 404, "not_found")


def test_a_message_is_found_in_its_own_job_alone(post, make_told, receiver):
    row, batch = make_told().deliveries.get().pk, make_told()
    for number in (row, 0, 2**70):
        assert_is_problem(post(f"/jobs/{batch.pk}/webhooks/{number}/send"), 404, "not_found")


def test_the_secret_is_that_of_whoever_asks(client, stranger, db):
    ann = User.objects.create_user("ann")
    _, key = api_keys.make("script", user=ann, owner="")
    bearer = {"authorization": f"Bearer {key}"}
    told = [one.get(SECRET).json()["secret"] for one in (client, stranger)]
    told.append(client.get(SECRET, headers=bearer).json()["secret"])
    assert told == [
        signing.secret_of(owner)
        for owner in (Batch(owner="me"), Batch(owner="somebody else"), Batch(user=ann))
    ]
    assert len(set(told)) == 3


def test_the_secret_is_replaced(client, db):
    former = client.get(SECRET).json()
    assert former["former_until"] is None
    replaced = client.post(SECRET, headers={"idempotency-key": "once"}).json()
    assert replaced["former_until"]
    present = client.get(SECRET).json()
    assert present == replaced | {"secret": present["secret"]}
    assert present["secret"] != former["secret"]
    assert present["secret"] not in str(list(StoredResponse.objects.values()))


def test_nobody_known_has_no_secret(db):
    assert_is_problem(Client().get(SECRET), 401, "login_required")
    assert_is_problem(Client().post(SECRET), 401, "login_required")
    assert not SigningSeed.objects.exists()


def test_no_other_site_replaces_it(client, db):
    answer = client.post(SECRET, headers={"sec-fetch-site": "cross-site"})
    assert_is_problem(answer, 403, "cross_site")
