"""Claims: one holder at a time, counters equal to the rows, nothing lost with a dead holder."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from converter.batches import claims, lifecycle
from converter.core.engines.protocol import Reading
from converter.core.errors import EngineError
from converter.core.tables.model import Cell, Table
from converter.models import Batch, BatchImage, BatchState, ImageState, Result
from converter.workers import processes

pytestmark = pytest.mark.django_db

READING = Reading(
    model="test", tables=(Table((Cell(0, 0, "1"), Cell(0, 1, "?", confidence=0.2))),), seconds=0.5
)
ENGINE_DOWN = EngineError("engine_failed", "It is down.", permanent=False)
DEAD_PROCESS = f"{processes.machine()}:1:0.00"


@pytest.fixture
def started(make_batch):
    batch = make_batch(images=3)
    lifecycle.start(batch)
    return batch


def counters(batch: Batch) -> tuple[int, int, int]:
    batch.refresh_from_db()
    return batch.done, batch.failed, batch.cancelled


def test_images_are_claimed_in_order_each_once(started):
    taken = [claims.claim_next(started) for _ in range(4)]
    assert [claim and claim.image.position for claim in taken] == [0, 1, 2, None]


def test_a_draft_is_not_claimed(make_batch):
    assert claims.claim_next(make_batch(images=1)) is None


def test_the_first_claim_sets_the_batch_running(started):
    claims.claim_next(started)
    started.refresh_from_db()
    assert started.state == BatchState.RUNNING


def test_finish_stores_the_result_and_counts_it(started):
    claim = claims.claim_next(started)
    assert claims.finish(claim, "local", READING)
    result = Result.objects.get(image=claim.image)
    assert (result.tables, result.doubtful, result.to_reading()) == (1, 1, READING)
    assert counters(started) == (1, 0, 0)


def test_finishing_twice_counts_once(started):
    claim = claims.claim_next(started)
    assert [claims.finish(claim, "local", READING) for _ in range(2)] == [True, False]
    assert counters(started) == (1, 0, 0)


def test_a_lost_claim_can_neither_finish_nor_fail(started):
    claim = claims.claim_next(started)
    BatchImage.objects.filter(pk=claim.image.pk).update(claim=uuid4())
    assert not claims.finish(claim, "local", READING)
    assert not claims.fail(claim, ENGINE_DOWN, permanent=True)
    assert not claims.fail(claim, ENGINE_DOWN, permanent=False)
    claim.image.refresh_from_db()
    assert claim.image.state == ImageState.RUNNING
    assert not Result.objects.exists()
    assert counters(started) == (0, 0, 0)


def test_a_temporary_failure_waits_longer_each_time_and_then_is_final(started, settings):
    settings.MAX_ATTEMPTS = 2
    claim = claims.claim_next(started)
    assert not claims.fail(claim, ENGINE_DOWN, permanent=False)
    claim.image.refresh_from_db()
    assert claim.image.state == ImageState.WAITING
    assert claim.image.not_before > timezone.now()
    BatchImage.objects.filter(pk=claim.image.pk).update(not_before=timezone.now())
    assert claims.fail(claims.claim_next(started), ENGINE_DOWN, permanent=False)
    assert counters(started) == (0, 1, 0)


def test_a_permanent_failure_is_final_at_once_and_keeps_its_reason(started):
    claim = claims.claim_next(started)
    assert claims.fail(claim, ENGINE_DOWN, permanent=True)
    claim.image.refresh_from_db()
    assert (claim.image.state, claim.image.error_code) == (ImageState.FAILED, "engine_failed")
    assert counters(started) == (0, 1, 0)


def test_a_stop_that_kills_the_workers_does_not_count_as_an_attempt(started):
    claims.claim_next(started)
    started.images.running().update(claimed_by=DEAD_PROCESS)
    claims.claim_next(started)
    claims.release_orphans()
    orphan, held = started.images.order_by("position")[:2]
    assert (orphan.state, orphan.attempts) == (ImageState.WAITING, 0)
    assert (held.state, held.attempts) == (ImageState.RUNNING, 1)


def test_a_new_attempt_forgets_the_reason_of_the_last(started):
    claims.fail(claims.claim_next(started), ENGINE_DOWN, permanent=False)
    started.images.update(not_before=timezone.now())
    assert claims.claim_next(started).image.error_code == ""
    assert started.images.get(position=0).error_code == ""


def test_a_claim_of_a_living_process_is_left_alone(started):
    claims.claim_next(started)
    assert claims.expire() == []
    assert started.images.running().count() == 1


@pytest.mark.parametrize(
    "loss",
    [
        {"claimed_by": DEAD_PROCESS},
        {"claimed_by": "elsewhere:1:0.00", "claimed_until": timezone.now() - timedelta(1)},
    ],
    ids=["its process is dead", "its time is over"],
)
def test_an_image_whose_holder_is_gone_waits_again(started, loss):
    claim = claims.claim_next(started)
    BatchImage.objects.filter(pk=claim.image.pk).update(**loss)
    assert claims.expire() == []
    claim.image.refresh_from_db()
    assert (claim.image.state, claim.image.error_code) == (ImageState.WAITING, "worker_died")
    assert not claims.finish(claim, "local", READING)


def test_a_holder_on_another_machine_is_trusted_until_its_time_is_over(started):
    claims.claim_next(started)
    started.images.running().update(claimed_by="elsewhere:1:0.00")
    claims.expire()
    assert started.images.running().count() == 1


def test_an_image_that_takes_its_holder_with_it_fails_in_the_end(started, settings, monkeypatch):
    monkeypatch.setattr(claims, "BACKOFF_SECONDS", 0)
    for attempt in range(settings.MAX_ATTEMPTS):
        assert claims.claim_next(started).image.attempts == attempt + 1
        started.images.running().update(claimed_by=DEAD_PROCESS)
        failed = claims.expire()
    assert [image.position for image in failed] == [0]
    assert started.images.get(position=0).error_code == "worker_died"
    assert counters(started) == (0, 1, 0)


def test_an_image_put_back_after_a_cancel_is_cancelled(started):
    claim = claims.claim_next(started)
    lifecycle.cancel(started)
    claims.fail(claim, ENGINE_DOWN, permanent=False)
    claim.image.refresh_from_db()
    assert claim.image.state == ImageState.CANCELLED
    assert counters(started) == (0, 0, 3)


def test_a_deleted_batch_drops_what_is_read_for_it(started):
    claim = claims.claim_next(started)
    lifecycle.delete(started)
    assert not claims.finish(claim, "local", READING)
    assert not claims.fail(claim, ENGINE_DOWN, permanent=True)
    assert claims.claim_next(started) is None


def test_what_no_database_takes_is_left_out_of_a_result(started):
    cells = (Cell(0, 0, "a\0b\ud800c", confidence=float("nan")),)
    assert claims.finish(claims.claim_next(started), "local", Reading("m", (Table(cells),)))
    [cell] = Result.objects.get().to_reading().tables[0].cells
    assert (cell.text, cell.confidence) == ("ab?c", 0)


def test_a_try_that_failed_is_repeated_later_each_time_and_never_in_step(started, settings):
    settings.MAX_ATTEMPTS = 4
    for attempts, usual in enumerate((5, 10, 20)):
        tries = set()
        for _ in range(50):
            started.images.update(attempts=attempts, not_before=timezone.now())
            claim, now = claims.claim_next(started), timezone.now()
            claims.fail(claim, ENGINE_DOWN, permanent=False)
            claim.image.refresh_from_db()
            tries.add((claim.image.not_before - now).total_seconds())
        assert len(tries) == 50
        assert 0.75 * usual <= min(tries) < max(tries) <= 1.25 * usual + 1  # for the time it took


def test_the_batch_that_waited_longest_is_due(make_batch):
    first, second = make_batch(images=3), make_batch(images=3)
    lifecycle.start(first)
    lifecycle.start(second)
    taken = [claims.claim_due().image.batch for _ in range(4)]
    assert taken == [first, second, first, second]


def test_a_claim_is_renewed_while_its_batch_runs(started):
    claim = claims.claim_next(started)
    soon = timezone.now() + timedelta(seconds=5)
    started.images.running().update(claimed_until=soon)
    assert claims.renew([claim.image.claimed_by]) == {claim.image.claimed_by}
    claim.image.refresh_from_db()
    assert claim.image.claimed_until > soon + timedelta(seconds=30)
    assert claims.finish(claim, "local", READING)


def test_what_is_read_for_a_cancelled_or_deleted_batch_is_not_wanted(started):
    holder = claims.claim_next(started).image.claimed_by
    lifecycle.cancel(started)
    assert claims.renew([holder]) == set()
    lifecycle.delete(started)
    assert claims.renew([holder]) == set()


def test_what_a_model_answered_is_kept_with_the_failure_and_goes_with_it(started):
    error = EngineError("answer_unreadable", "No.", permanent=True, raw="Sorry\0\ud800!")
    first = claims.claim_next(started)
    claims.fail(first, error, permanent=True)
    first.image.refresh_from_db()
    assert first.image.answer == "Sorry?!"
    claims.wait_again(started, started.images.all())
    first.image.refresh_from_db()
    assert first.image.answer == ""


def settlements(batch: Batch) -> list[tuple[int, int]]:
    """Position and number of what is settled, in the order of a listener's questions."""
    return list(batch.images.settled_after(0).values_list("position", "settlement"))


def settle(claim: claims.Claim) -> None:
    """In the way that its position asks for."""
    if claim.image.position % 2:
        claims.fail(claim, ENGINE_DOWN, permanent=True)
    else:
        claims.finish(claim, "local", READING)


def test_settlements_are_numbered_in_their_order(started):
    taken = [claims.claim_next(started) for _ in range(3)]
    for claim in reversed(taken):
        settle(claim)
    assert settlements(started) == [(2, 1), (1, 2), (0, 3)]


def test_whoever_asks_after_a_number_gets_what_came_since(started):
    for _ in range(3):
        settle(claims.claim_next(started))
    assert [image.position for image in started.images.settled_after(1)] == [1, 2]
    assert not started.images.settled_after(3).exists()


def test_a_retried_image_gets_a_new_number(started):
    for _ in range(3):
        settle(claims.claim_next(started))
    lifecycle.retry_failed(started)
    assert settlements(started) == [(0, 1), (2, 3)]
    claims.finish(claims.claim_next(started), "local", READING)
    assert settlements(started) == [(0, 1), (2, 3), (1, 4)]


def test_a_cancel_numbers_what_waits_by_position_behind_all_before(started):
    first, second = claims.claim_next(started), claims.claim_next(started)
    claims.finish(second, "local", READING)
    lifecycle.cancel(started)
    claims.hand_back(first)
    assert [position for position, _ in settlements(started)] == [1, 2, 0]
    lifecycle.resume(started)
    claims.finish(claims.claim_next(started), "local", READING)
    assert [position for position, _ in settlements(started)] == [1, 0]


def test_a_lost_claim_uses_up_no_number(started):
    claim = claims.claim_next(started)
    BatchImage.objects.filter(pk=claim.image.pk).update(claim=uuid4())
    claims.finish(claim, "local", READING)
    settle(claims.claim_next(started))
    assert settlements(started) == [(1, 1)]
