"""What webhooks will tell is written with what it tells of, or not at all."""

from __future__ import annotations

import json

import pytest

from converter.api.schemas import STATES
from converter.batches import claims, lifecycle
from converter.models import Batch, BatchState, Delivery, DeliveryState
from converter.webhooks import outbox
from tests.batches.test_claims import ENGINE_DOWN, READING
from tests.batches.test_lifecycle import work

pytestmark = pytest.mark.django_db

URL = "https://hooks.example/a"


@pytest.fixture
def start(make_batch):
    def start(images: int = 2, **values: object) -> Batch:
        batch = make_batch(images=images, reached_at="http://here", webhook_url=URL, **values)
        lifecycle.start(batch)
        return batch

    return start


def told(batch: Batch) -> list[dict]:
    return [json.loads(one.body) for one in batch.deliveries.order_by("pk")]


def events(batch: Batch) -> list[str]:
    return [one["type"] for one in told(batch)]


@pytest.mark.parametrize(
    ("failing", "event"),
    [((), "job.completed"), ((1,), "job.partial"), ((0, 1), "job.failed")],
)
def test_the_end_of_a_job_is_told_once(start, failing, event):
    batch = start()
    work(batch, failing=failing)
    lifecycle.settle(batch)
    [message] = told(batch)
    assert message["type"] == event
    data = message["data"]
    assert (data["job_id"], data["total_images"]) == (str(batch.pk), 2)
    assert (data["processed_images"], data["failed_images"]) == (2, len(failing))
    assert [one["code"] for one in data["errors"]] == [ENGINE_DOWN.code] * len(failing)
    assert data["download_url"] == (
        None if event == "job.failed" else f"http://here/api/v1/download/{batch.pk}"
    )
    assert data["page_url"] == f"http://here/batches/{batch.pk}/"


def test_events_have_the_words_that_the_api_has_for_states():
    words = {state: event.value for state, event in outbox._EVENTS.items()}
    assert words == {state: f"job.{STATES[state]}" for state in words}
    assert words.keys() == {BatchState(one) for one in ("done", "partial", "failed", "cancelled")}


def test_who_gave_no_address_is_told_nothing(make_batch):
    batch = make_batch(images=1, webhook_per_image=True)
    lifecycle.start(batch)
    work(batch)
    assert not Delivery.objects.exists()


def test_each_image_is_told_if_that_was_asked_for(start):
    batch = start(webhook_per_image=True)
    work(batch, failing=(1,))
    assert events(batch) == ["image.completed", "image.failed", "job.partial"]
    read, failed, _ = (one["data"] for one in told(batch))
    assert (read["filename"], read["status"], read["tables"]) == ("picture 0.png", "done", 1)
    assert (read["processed_images"], read["cursor"], read["error"]) == (1, 1, None)
    image = batch.images.get(position=0)
    assert read["download_url"] == f"http://here/api/v1/download/{batch.pk}-{image.pk}"
    assert (failed["status"], failed["error"]["code"]) == ("failed", ENGINE_DOWN.code)
    assert failed["processed_images"] == 2


def test_an_attempt_that_will_be_repeated_is_told_to_nobody(start):
    batch = start(images=1, webhook_per_image=True)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=False)
    assert not Delivery.objects.exists()


def test_what_is_dropped_with_a_lost_claim_is_told_to_nobody(start):
    batch = start(images=1, webhook_per_image=True)
    claim = claims.claim_next(batch)
    batch.images.update(state="waiting", claim=None, claimed_until=None)
    assert not claims.finish(claim, "local", READING)
    assert not Delivery.objects.exists()


def test_a_cancelled_job_is_told_once_with_what_was_read(start):
    batch = start(images=3)
    claims.finish(claims.claim_next(batch), "local", READING)
    lifecycle.cancel(batch)
    lifecycle.cancel(batch)
    [message] = told(batch)
    assert message["type"] == "job.cancelled"
    assert message["data"]["processed_images"] == 3
    assert message["data"]["download_url"]


def test_a_job_that_is_tried_again_is_told_again(start):
    batch = start()
    work(batch, failing=(1,))
    lifecycle.retry_failed(batch)
    work(batch)
    assert events(batch) == ["job.partial", "job.completed"]


def test_the_first_alone_is_due_and_wakes_a_worker(start, django_capture_on_commit_callbacks):
    batch = start(webhook_per_image=True)
    with django_capture_on_commit_callbacks() as woken:
        claims.finish(claims.claim_next(batch), "local", READING)
        claims.finish(claims.claim_next(batch), "local", READING)
        lifecycle.settle(batch)
    assert [one.due is not None for one in batch.deliveries.order_by("pk")] == [True, False, False]
    assert len(woken) == 1


def test_a_public_address_goes_before_the_one_that_was_called(start, settings):
    settings.PUBLIC_URL = "https://tables.example"
    batch = start(images=1)
    work(batch)
    assert told(batch)[0]["data"]["status_url"].startswith("https://tables.example/api/v1/jobs/")


def test_a_receiver_that_is_gone_is_told_nothing_more(start):
    batch = start(images=1)
    Batch.objects.update(webhook_gone=batch.created)
    work(batch)
    delivery = batch.deliveries.get()
    assert (delivery.state, delivery.code) == (DeliveryState.GIVEN_UP, "receiver_gone")


def test_a_message_stays_small_whatever_went_wrong(start):
    batch = start(images=30)
    work(batch, failing=tuple(range(30)))
    batch.images.update(error="x" * 100_000)
    lifecycle.retry_image(batch.images.select_related("batch").get(position=29))
    work(batch)
    message = batch.deliveries.order_by("-pk").first().body
    assert len(message) < 20_000
    assert json.loads(message)["data"]["failed_images"] == 29
