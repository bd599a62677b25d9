"""The rule by which batches share the workers, on a simulated clock."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from converter.batches import fair_share
from converter.models import Batch, Priority

CLAIM = 0.001  # no two workers take an image in the same moment
BEGIN = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(order=True)
class Arrival:
    """A batch of so many images, each of which takes a worker so many seconds."""

    at: float
    name: str = field(compare=False)
    images: int = field(compare=False)
    seconds: float = field(compare=False, default=1.0)
    priority: Priority = field(compare=False, default=Priority.NORMAL)


def simulate(workers: int, *arrivals: Arrival, until: float = 1e9) -> list[tuple[float, str]]:
    """Which batch each image was taken of, and when, by workers that are never idle in vain."""
    free = [0.0] * workers
    left = {arrival.name: arrival.images for arrival in arrivals}
    batches = {arrival.name: _batch(arrival) for arrival in arrivals}
    of = {arrival.name: arrival for arrival in arrivals}
    taken: list[tuple[float, str]] = []
    while any(left.values()) and free[0] < until:
        now = max(heapq.heappop(free), taken[-1][0] + CLAIM if taken else 0.0)
        waiting = [batches[name] for name, rest in left.items() if rest and of[name].at <= now]
        if not waiting:
            heapq.heappush(free, min(of[name].at for name, rest in left.items() if rest))
            continue
        batch = fair_share.in_turn(waiting, _moment(now))[0]
        batch.served = _moment(now)
        left[batch.name] -= 1
        taken.append((now, batch.name))
        heapq.heappush(free, now + of[batch.name].seconds)
    return taken


def _batch(arrival: Arrival) -> Batch:
    return Batch(name=arrival.name, priority=arrival.priority, started=_moment(arrival.at))


def _moment(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def count(taken: list[tuple[float, str]], begin: float = 0, end: float = 1e9) -> Counter[str]:
    return Counter(name for at, name in taken if begin <= at < end)


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("priority", Priority)
def test_an_image_pasted_now_has_the_next_free_worker(workers, priority):
    large = Arrival(0, "large", 4_000, seconds=10, priority=Priority.HIGH)
    taken = simulate(workers, large, Arrival(101, "pasted", 1, priority=priority), until=200)
    [at] = [at for at, name in taken if name == "pasted"]
    assert at - 101 <= 10  # as long as the image at hand takes, and no longer


def test_batches_of_equal_priority_get_equal_shares():
    piles = [Arrival(0, name, 500) for name in "abc"]
    shares = count(simulate(2, *piles), end=100)
    assert max(shares.values()) - min(shares.values()) <= 1


@pytest.mark.parametrize(
    ("first", "second"), [(Priority.HIGH, Priority.NORMAL), (Priority.NORMAL, Priority.LOW)]
)
def test_priority_decides_between_batches_of_equal_age_and_starves_none(first, second):
    taken = simulate(
        1, Arrival(0, "second", 400, priority=second), Arrival(0, "first", 400, priority=first)
    )
    assert taken[0][1] == "first"
    share = count(taken, end=400)
    assert 2 <= share["first"] / share["second"] <= 4


def test_what_nobody_else_wants_is_taken_whatever_its_priority():
    taken = simulate(3, Arrival(0, "low", 30, priority=Priority.LOW))
    assert count(taken, end=9.5)["low"] == 30


def test_a_batch_that_rested_gets_no_more_than_its_share_afterwards():
    rested = Batch(name="rested", priority=Priority.NORMAL, served=BEGIN - timedelta(hours=1))
    busy = Batch(name="busy", priority=Priority.NORMAL, served=BEGIN)
    order = []
    for step in range(1, 7):
        batch = fair_share.in_turn([rested, busy], _moment(step))[0]
        batch.served = _moment(step)
        order.append(batch.name)
    assert order == ["rested", "busy"] * 3


@pytest.mark.parametrize("priority", Priority)
def test_a_large_batch_goes_on_behind_new_ones_without_end(priority):
    """One worker, and every second a new image that takes it a second: all that it can do."""
    new = [Arrival(float(n), f"new {n}", 1) for n in range(2_500)]
    large = Arrival(0, "large", 1_000, priority=priority)
    turns = [at for at, name in simulate(1, large, *new, until=2_500) if name == "large"]
    weight = fair_share.WEIGHTS[priority]
    assert len(turns) >= 2_500 / (fair_share.HEAD_START / weight + 50) - 1


@pytest.mark.parametrize("priority", [Priority.NORMAL, Priority.HIGH])
def test_a_low_batch_goes_on_behind_more_than_the_workers_can_do(priority):
    """One worker, and twice as many new images as it can read, without end."""
    new = [Arrival(50.0 * n, f"new {n}", 1, 100, priority) for n in range(600)]
    low = Arrival(0, "low", 1_000, 100, Priority.LOW)
    taken = simulate(1, low, *new, until=30_000)
    turns = [0, *(at for at, name in taken if name == "low")]
    assert len(turns) > 2
    begun = {arrival.name: arrival.at for arrival in new}
    ahead = fair_share.HEAD_START + (fair_share.WEIGHTS[priority] - 1) * fair_share.WEIGHED
    for since, turn in pairwise(turns):
        passed = [begun[name] for at, name in taken if since < at < turn]
        assert max(passed) <= since + ahead


def _random_arrivals(dice: random.Random) -> list[Arrival]:
    return [
        Arrival(
            at=dice.choice([0, dice.uniform(0, 60)]),
            name=f"batch {number}",
            images=dice.choice([1, 5, 300]),
            seconds=dice.choice([0.1, 1, 5]),
            priority=dice.choice(list(Priority)),
        )
        for number in range(dice.randint(2, 8))
    ]


@pytest.mark.parametrize("seed", range(60))
def test_nobody_waits_longer_than_the_weights_of_all_others_allow(seed):
    """Between two images of a batch that has work, each other one is served so often at the most:
    until its own wait counts for less, once more at the turn, and once when it is new."""
    dice = random.Random(seed)
    arrivals = _random_arrivals(dice)
    taken = simulate(dice.randint(1, 5), *arrivals)
    assert count(taken) == Counter({each.name: each.images for each in arrivals})
    for mine in arrivals:
        turns = [index for index, (_, name) in enumerate(taken) if name == mine.name]
        for earlier, later in pairwise(turns):
            between = Counter(name for _, name in taken[earlier + 1 : later])
            allowed = sum(_at_most(mine, other) for other in arrivals if other is not mine)
            assert sum(between.values()) <= allowed


def _at_most(mine: Arrival, other: Arrival) -> float:
    return fair_share.WEIGHTS[other.priority] / fair_share.WEIGHTS[mine.priority] + 2
