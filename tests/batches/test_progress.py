"""The estimate follows what a batch's recent images took, and who was at it."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import mean

import pytest
from django.utils import timezone

from converter.batches import claims, lifecycle, progress
from converter.batches.progress import Pace
from converter.models import Batch
from tests.batches.test_claims import ENGINE_DOWN, READING

NEVER = float("inf")


def running(make_batch, *, total: int, done: int, pace: float) -> Batch:
    """A batch in which `done` images were finished, one every `pace` seconds until now."""
    batch = make_batch(images=total)
    lifecycle.start(batch)
    taken = [claims.claim_next(batch) for _ in range(done)]
    for claim in taken:
        claims.finish(claim, "local", READING)
    now = timezone.now()
    for number, claim in enumerate(taken):
        end = now - timedelta(seconds=pace * (done - 1 - number))
        begun = end - timedelta(seconds=pace)
        batch.images.filter(pk=claim.image.pk).update(begun=begun, settled=end)
    batch.refresh_from_db()
    batch.running_since = now - timedelta(seconds=pace * done)
    batch.save()
    return batch


@pytest.mark.django_db
def test_nothing_is_estimated_before_something_was_measured(make_batch):
    assert progress.of(running(make_batch, total=3, done=0, pace=1)).seconds_left is None


@pytest.mark.django_db
@pytest.mark.parametrize("done", [1, 5, 30])
def test_the_estimate_is_the_pace_times_what_is_left(make_batch, monkeypatch, done):
    batch = running(make_batch, total=40, done=done, pace=3)
    at_once = batch.running_since + timedelta(seconds=3 * done)  # however slow the machine is
    monkeypatch.setattr(progress.timezone, "now", lambda: at_once)
    assert progress.of(batch).seconds_left == pytest.approx((40 - done) * 3, rel=0.05)


@pytest.mark.django_db
def test_the_current_images_are_those_being_read(make_batch):
    batch = running(make_batch, total=3, done=1, pace=1)
    claim = claims.claim_next(batch)
    assert progress.of(batch).current == [claim.image]


@pytest.mark.django_db
def test_a_settled_batch_has_nothing_left(make_batch):
    batch = running(make_batch, total=2, done=2, pace=1)
    lifecycle.settle(batch)
    batch.refresh_from_db()
    assert progress.of(batch) == progress.Progress([], None)


@pytest.mark.django_db
@pytest.mark.parametrize(("done", "queries"), [(10, 2), (50, 3)])
def test_the_number_of_queries_does_not_grow(make_batch, django_assert_num_queries, done, queries):
    batch = running(make_batch, total=80, done=done, pace=1)
    with django_assert_num_queries(queries):
        progress.of(batch)


@pytest.mark.django_db
def test_after_a_retry_the_pace_is_that_of_the_retry(make_batch):
    batch = running(make_batch, total=6, done=4, pace=1)
    day = timedelta(days=1)
    batch.images.filter(settled__isnull=False).update(settled=batch.running_since - day)
    claims.finish(claims.claim_next(batch), "local", READING)
    batch.refresh_from_db()
    assert progress.of(batch).seconds_left < 60


@pytest.mark.django_db
def test_the_pause_before_a_next_try_counts(make_batch):
    batch = running(make_batch, total=3, done=2, pace=1)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=False)
    later = timezone.now() + timedelta(seconds=60)
    batch.images.filter(state="waiting").update(not_before=later)
    assert progress.of(batch).seconds_left == pytest.approx(60, abs=2)


# --- on a simulated clock ------------------------------------------------------------------------

Times = Callable[[int], float]


class Run:
    """A batch that workers go through, each present from a moment to a moment."""

    def __init__(
        self,
        images: int,
        seconds: Times,
        workers: list[tuple[float, float]],
        tries: Callable[[int], int] = lambda _: 1,
    ) -> None:
        self.images = images
        self.spans: list[tuple[float, float, bool]] = []  # begun, ended, whether it was read then
        free = list(workers)
        heapq.heapify(free)
        due = {number: (0.0, tries(number)) for number in range(images)}
        while due:
            now, gone = heapq.heappop(free)
            begun = max(now, min(moment for moment, _ in due.values()))
            if begun >= gone:
                continue
            number = min(number for number, (moment, _) in due.items() if moment <= begun)
            left, ended = due.pop(number)[1], begun + seconds(number)
            self.spans.append((begun, ended, left == 1))
            if left > 1:
                due[number] = (ended + 5, left - 1)
            heapq.heappush(free, (ended, gone))
        self.end = max(ended for _, ended, _ in self.spans)

    def pace(self, now: float) -> tuple[Pace, int]:
        """What one sees at that moment, and how many images are left."""
        read = sorted((end, begun) for begun, end, final in self.spans if final and end <= now)
        spans = [(now - begun, now - end) for end, begun in reversed(read)][: progress.RECENT]
        at_work = [now - begun for begun, end, _ in self.spans if begun <= now < end]
        return Pace(now, len(read), spans, at_work), self.images - len(read)

    def estimate(self, now: float) -> float | None:
        return progress.seconds_left(*self.pace(now))

    def errors(self, begin: float, end: float, steps: int = 60) -> Iterator[float]:
        """By what share the estimate was off, from one part of the whole time to another."""
        for step in range(steps):
            now = self.end * (begin + (end - begin) * step / steps)
            estimate = self.estimate(now)
            assert estimate is not None
            yield abs(estimate - (self.end - now)) / (self.end - now)


def alike(_number: int) -> float:
    return 3.0


def mixed(seed: int) -> Times:
    dice = random.Random(seed)
    sizes = [dice.choice([0.5, 2.0, 6.0]) * dice.uniform(0.8, 1.2) for _ in range(2_000)]
    return sizes.__getitem__


@pytest.mark.parametrize(
    ("images", "workers"),
    [(20, 1), (20, 2), (100, 4), (100, 16), (1_000, 4), (1_000, 16)],
)
def test_in_the_middle_it_is_right_within_a_third(images, workers):
    run = Run(images, alike, [(0.1 * n, NEVER) for n in range(workers)])
    assert max(run.errors(0.3, 0.7)) < 1 / 3


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_images_of_mixed_sizes(seed, workers):
    run = Run(200, mixed(seed), [(0.0, NEVER)] * workers)
    errors = list(run.errors(0.3, 0.8))
    assert mean(errors) < 1 / 3
    assert max(errors) < 1 / 2


def test_a_first_image_that_waits_for_the_models_is_soon_forgotten():
    run = Run(40, lambda number: 15.0 if number < 2 else 1.0, [(0.0, NEVER)] * 2)
    assert max(run.errors(0.6, 0.8)) < 1 / 3


def test_workers_that_join_are_seen_within_a_quarter_of_a_minute():
    run = Run(400, alike, [(0.0, NEVER), *[(100.0, NEVER)] * 3])
    joined = (100 + 16) / run.end
    assert max(run.errors(joined, 0.9)) < 1 / 3


def test_workers_that_leave_are_seen_as_soon():
    run = Run(400, alike, [(0.0, NEVER), *[(0.0, 100.0)] * 3])
    left = (100 + 19) / run.end
    assert max(run.errors(left, 0.9)) < 1 / 3


def test_retries_are_part_of_the_pace():
    run = Run(300, alike, [(0.0, NEVER)] * 2, tries=lambda number: 1 + 2 * (number % 5 == 0))
    assert mean(run.errors(0.3, 0.8)) < 1 / 3


@pytest.mark.parametrize(
    "run",
    [
        Run(300, alike, [(0.0, NEVER)] * 3),
        Run(300, mixed(7), [(0.0, NEVER)] * 3),
        Run(300, alike, [(0.0, NEVER), *[(60.0, NEVER)] * 3]),
    ],
    ids=["alike", "mixed", "joined"],
)
def test_it_does_not_jump_about(run):
    """From one second to the next it is a second less, give or take a sixth; a quarter while
    workers join."""
    now = 20.0
    while now < 0.9 * run.end:
        before, after = run.estimate(now), run.estimate(now + 1)
        assert abs(after - (before - 1)) < before / (4 if 60 <= now < 80 else 6)
        now += 1


def test_it_begins_as_unknown_and_never_falls_below_nothing():
    run = Run(10, alike, [(0.0, NEVER)])
    assert run.estimate(1.0) is None
    assert all((run.estimate(3.5 + step / 10) or 0) >= 0 for step in range(270))
