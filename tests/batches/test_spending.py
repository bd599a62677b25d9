"""A day's limit on pages and money for remote engines: what is above it waits, and is told."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse

from converter.accounts import rate_limits
from converter.batches import lifecycle, spending
from converter.core.errors import EngineError
from converter.maintenance import recovery
from converter.models import Batch, BatchState, RateLimitUsage
from tests.reading.test_worker_loop import fail_always, start, use, work
from tests.support.engines import ScriptedAsker
from tests.views.conftest import client

__all__ = ["client", "start", "use"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asker(use) -> ScriptedAsker:
    asker = ScriptedAsker()
    use(asker)
    return asker


def a_day_later() -> None:
    for usage in RateLimitUsage.objects.filter(client__startswith="remote-"):
        usage.began -= 24 * 3600
        usage.save()


def test_no_more_pages_are_sent_than_the_day_allows(asker, start, settings):
    settings.REMOTE_DAILY_LIMIT = 3
    batch = work(start(5))
    assert len(asker.requests) == batch.done == 3
    assert (batch.state, batch.failed, batch.pause_code) == (BatchState.RUNNING, 0, "daily_limit")
    assert batch.images.filter(state="waiting", attempts=0).count() == 2
    another = work(start(2, name="another"))
    assert (another.done, another.pause_code) == (0, "daily_limit")


def test_the_page_says_when_it_goes_on(asker, start, settings, client):
    settings.REMOTE_DAILY_LIMIT = 1
    batch = work(start(2))
    assert "1 pages a day may go to" in batch.pause_reason
    assert "UTC" in batch.pause_reason
    page = client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert "As much as a day allows was sent" in page
    assert batch.pause_reason in page
    assert 'id="go-on-local"' in page
    told = client.get(f"/api/v1/jobs/{batch.pk}").json()
    assert told["paused"] == batch.pause_reason


def test_the_next_day_it_goes_on_by_itself(asker, start, settings):
    settings.REMOTE_DAILY_LIMIT = 3
    batch = work(start(5))
    recovery.sweep()
    batch.refresh_from_db()
    assert batch.is_paused
    a_day_later()
    recovery.sweep()
    assert work(batch).state == BatchState.DONE
    assert len(asker.requests) == 5


def test_the_rest_can_be_read_here(asker, start, settings):
    settings.REMOTE_DAILY_LIMIT = 1
    batch = work(start(3))
    lifecycle.go_on(batch, "local")
    assert work(batch).state == BatchState.DONE
    assert len(asker.requests) == 1


def test_money_is_limited_where_it_is_known(asker, start, settings):
    settings.REMOTE_DAILY_COST_LIMIT, settings.REMOTE_CONCURRENCY = 0.5, 1
    batch = work(start(40))
    assert 2 <= len(asker.requests) < 40  # and those that were in flight
    assert batch.pause_code == "daily_limit"
    assert "0.50 US dollars a day" in batch.pause_reason


def test_answers_of_no_use_cost_too(use, start, settings):
    settings.REMOTE_DAILY_COST_LIMIT = 0.5
    error = EngineError("answer_repeats", "It repeats.", permanent=True)
    error.cost, error.tokens = 0.5, 10
    use(fail_always(error))
    work(start(1))
    with pytest.raises(spending.DailyLimit):
        spending.take_page()


def test_what_is_refused_does_not_count(settings):
    settings.REMOTE_DAILY_LIMIT = 1
    spending.take_page()
    for _ in range(5):
        with pytest.raises(spending.DailyLimit):
            spending.take_page()
    settings.REMOTE_DAILY_LIMIT = 2
    spending.take_page()


def test_the_count_of_a_day_outlives_the_sweep(settings):
    settings.REMOTE_DAILY_LIMIT = 1
    spending.take_page()
    rate_limits.prune(time.time() + 23 * 3600)
    with pytest.raises(spending.DailyLimit):
        spending.take_page()


def test_without_limits_nothing_is_counted(asker, start):
    assert work(start(3)).state == BatchState.DONE
    recovery.sweep()
    assert not RateLimitUsage.objects.filter(client__startswith="remote-").exists()
    assert not Batch.objects.filter(paused__isnull=False).exists()
