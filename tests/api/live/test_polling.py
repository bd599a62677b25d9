"""Looks at real rows: what is new is told, and what a look costs."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from converter.api.live import messages, polling
from converter.api.live.polling import Topic
from converter.batches import claims, lifecycle
from converter.models import Batch
from tests.batches.test_lifecycle import work

pytestmark = pytest.mark.django_db


def of(batch: Batch) -> Topic:
    return Topic(str(batch.pk), job=batch.pk)


@pytest.fixture
def followed(make_batch):
    """A started batch of three, and what was seen of it at first."""
    batch = make_batch(images=3)
    lifecycle.start(batch)
    _, [first] = polling.poll([of(batch)], {})
    return batch, {batch.pk: first.seen}


def names(found: polling.JobUpdate) -> list[str]:
    ends = [found.end] if found.end else []
    return [message.name for message in (*found.images, *ends)]


def test_the_first_look_at_a_job_tells_its_state(make_batch):
    batch = make_batch(images=2)
    found, [first] = polling.poll([of(batch)], {})
    assert found == {str(batch.pk): [batch.pk]}
    told = json.loads(first.progress.text)
    assert (told["type"], told["status"], told["total_images"]) == ("job_progress", "draft", 2)
    assert (first.images, first.end) == ([], None)


def test_nothing_new_is_no_news_and_costs_one_query(followed, django_assert_num_queries):
    batch, known = followed
    with django_assert_num_queries(1):
        assert polling.poll([of(batch)], known) == ({str(batch.pk): [batch.pk]}, [])


def test_what_was_settled_since_is_told_with_what_was_read(followed):
    batch, known = followed
    work(batch, failing=(1,))
    _, [news] = polling.poll([of(batch)], known)
    assert names(news) == ["image_completed", "image_failed", "image_completed", "job_completed"]
    read, failed, _ = (json.loads(message.text) for message in news.images)
    assert read["read"]["tables"][0]["rows"]
    assert (failed["error"]["code"], failed["read"]) == ("engine_failed", None)
    end = json.loads(news.end.text)
    assert end["primary_download_url"].startswith("/api/v1/download/")
    assert end["processing_time"] >= 0


def test_a_job_of_which_nothing_was_read_ends_as_an_error(followed):
    batch, known = followed
    work(batch, failing=(0, 1, 2))
    _, [news] = polling.poll([of(batch)], known)
    assert names(news) == ["image_failed"] * 3 + ["job_error"]
    assert json.loads(news.end.text)["status"] == "failed"


def test_a_cancelled_job_ends_as_an_error_that_says_so(followed):
    batch, known = followed
    lifecycle.cancel(batch)
    _, [news] = polling.poll([of(batch)], known)
    assert names(news) == ["image_cancelled"] * 3 + ["job_error"]
    assert json.loads(news.end.text)["status"] == "cancelled"


def test_a_deleted_job_is_told_of_once(followed):
    batch, known = followed
    lifecycle.delete(batch)
    _, [news] = polling.poll([], known)
    assert (news.is_gone, json.loads(news.end.text)["status"]) == (True, "deleted")


def test_more_than_a_page_is_told_in_several_looks_and_then_the_end(followed, monkeypatch):
    monkeypatch.setattr(messages, "PAGE", 2)
    batch, known = followed
    work(batch)
    _, [first] = polling.poll([of(batch)], known)
    assert (len(first.images), first.end, first.seen.has_more) == (2, None, True)
    _, [second] = polling.poll([of(batch)], {batch.pk: first.seen})
    assert names(second) == ["image_completed", "job_completed"]


def test_large_readings_make_small_pages(followed, monkeypatch):
    monkeypatch.setattr(messages, "PAGE_BYTES", 10)
    batch, _ = followed
    work(batch)
    page, has_more = messages.of_images(batch, 0)
    assert (len(page), has_more) == (1, True)


def test_the_next_image_that_is_begun_is_news(followed):
    batch, known = followed
    claims.claim_next(batch)
    _, [news] = polling.poll([of(batch)], known)
    assert json.loads(news.progress.text)["current_image"] == "picture 0.png"


def test_a_session_is_told_of_what_runs_and_of_its_newest_jobs(make_batch, monkeypatch):
    monkeypatch.setattr(polling, "NEWEST", 1)
    running, settled, _draft, newest = (make_batch(images=1) for _ in range(4))
    make_batch(images=1, owner="somebody else")
    for batch in (running, settled, newest):
        lifecycle.start(batch)
    for batch in (settled, newest):
        work(batch)
    topic = Topic("mine", batches=Batch.objects.filter(owner="me"))
    found, _ = polling.poll([topic], {})
    assert found == {"mine": [running.pk, newest.pk]}


def test_of_what_ended_long_ago_the_images_are_past(followed):
    batch, _ = followed
    work(batch)
    assert not polling.poll([of(batch)], {})[1][0].is_past
    Batch.objects.update(settled=timezone.now() - timedelta(hours=2))
    assert polling.poll([of(batch)], {})[1][0].is_past
