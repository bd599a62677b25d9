"""Faults at random moments, by a seed. SEED and FAULTS in the environment repeat or prolong it."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from random import Random, SystemRandom

import pytest

from tests.drill import engine, invariants
from tests.drill.faults import strike
from tests.drill.invariants import broken, is_quiet, misread, tasks, unkept
from tests.drill.site import KINDS, Site, is_disk, wait_until
from tests.drill.visitor import Visitor
from tests.support import s3

pytestmark = [pytest.mark.drill, pytest.mark.process]

SEED = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
FAULTS = int(os.environ.get("FAULTS") or 0)
SHORT, LONG = 5, 15  # faults per round
ROUNDS = max(1, -(-FAULTS // LONG // 2))  # on each kind of database


class Drill:
    """One round at one site: piles, faults, and what they did."""

    def __init__(self, site: Site, seed: str) -> None:
        self.site = site
        self.seed = seed
        self.chance = Random(seed)
        self.faults: list[str] = []
        self.started: list[str] = []
        self.most_tasks = 0
        url = site.apps[0].url
        self.visitor = Visitor(url, seed) if site.has_web else None

    def start_batch(self, *behaviours: str) -> None:
        names = [f"{kind}-{len(self.started)}-{number}" for number, kind in enumerate(behaviours)]
        self.started.append(self.site.ask("start", *names))

    def start_random_pile(self) -> None:
        plain = ["plain"] * self.chance.randint(5, 40)
        # What hangs or kills for good takes its time: the short form does without.
        special = engine.BEHAVIOURS if FAULTS else ("nan", "crash", "busy", "broken")
        pile = plain + self.chance.choices(special, k=2)
        self.chance.shuffle(pile)
        self.start_batch(*pile)

    def run(self, faults: int) -> None:
        for number in range(faults):
            if number % 5 == 0:
                self.start_random_pile()
            self.site.pause(self.chance.uniform(0.1, 1.5))
            self.faults.append(strike(self.site, self.chance))
            self.most_tasks = max(self.most_tasks, tasks(self.site))
        verb, pile = self.chance.choice(["cancel", "delete", ""]), self.chance.choice(self.started)
        if verb:
            self.faults.append(f"a person: {verb} {pile}")
            self.site.ask(verb, pile)
        self.site.relieve()

    def visits(self) -> AbstractContextManager[object]:
        return self.visitor or nullcontext()

    def settle(self, *, sweeping: bool) -> None:
        """Without faults everything ends by itself."""
        try:
            wait_until(self.site, lambda: is_quiet(self.site), "quiet", sweeping=sweeping)
        except AssertionError:
            self.check("everything comes to rest" if not broken(self.site) else "")

    def check(self, *more: str) -> None:
        self.site.ask("tidy")
        promises = self.visitor.promises if self.visitor else []
        wrong = [*filter(None, more), *broken(self.site), *unkept(self.site, promises)]
        assert not wrong, self._report(wrong)

    def repeats(self) -> int:
        """How many readings of plain images were one too many."""
        begun = engine.begun(self.site.folder)
        return sum(times - 1 for name, times in begun.items() if name.startswith("plain"))

    def summary(self) -> str:
        answers = len(self.visitor.promises) if self.visitor else 0
        disk = "" if is_disk(self.site.data) else ", none a full disk, as none may be mounted here"
        return (
            f"{len(self.faults)} faults{disk}; {len(self.started)} piles, {answers} batches from"
            f" the web, {self.repeats()} readings repeated, at most {self.most_tasks} tasks"
        )

    def _report(self, wrong: list[str]) -> str:
        logs = [f"{app.log}:\n{app.log.read_text()[-6000:]}" for app in self.site.apps]
        faults = [f"{number}. {fault}" for number, fault in enumerate(self.faults, 1)]
        return "\n".join([f"seed {self.seed}", *faults, "BROKEN:", *wrong, *logs])


@pytest.fixture(scope="module", autouse=True)
def _seed() -> None:
    sys.stderr.write(f"\nDrill: SEED={SEED} FAULTS={FAULTS or SHORT}\n")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_is_lost(
    tmp_path: Path, database_url: str, object_store_server: s3.Bucket, number: int
) -> None:
    seed = f"{SEED}-{number}"
    kind = list(KINDS)[(SEED + number + bool(database_url)) % len(KINDS)]
    bucket = object_store_server if database_url and number % 2 == 0 else None
    if bucket:
        bucket.objects.clear()
    with Site(tmp_path / "site", kind, database_url, bucket) as site:
        invariants.install(site)
        drill = Drill(site, seed)
        with drill.visits():
            drill.run(LONG if FAULTS else SHORT)
        # In every other long round the app is on its own: its schedule runs once a minute.
        sweeping = not FAULTS or number % 2 == 0
        drill.settle(sweeping=sweeping)
        drill.check()
        site.ask("retry")
        drill.settle(sweeping=True)
        drill.check(*misread(site))
        _then_all_is_as_before(drill)
        stores = ("SQLite" if site.is_sqlite else "PostgreSQL") + (" and S3" if bucket else "")
        sys.stderr.write(f"{kind} on {stores}: {drill.summary()}\n")


def test_an_app_that_was_only_just_started_again_leaves_in_order(tmp_path: Path) -> None:
    with Site(tmp_path / "site", "machines", database_url="") as site:
        site.apps[1].kill_all()
        assert site.stop() == [0, 0]


def _then_all_is_as_before(drill: Drill) -> None:
    """Faults cost the images at hand; once they are over, each image is read once."""
    assert drill.repeats() <= 2 * (len(drill.faults) + len(drill.started) * 2)
    before = drill.repeats()
    drill.start_batch(*["plain"] * 10)
    drill.settle(sweeping=False)
    assert drill.repeats() == before
    assert set(drill.site.stop()) == {0}
    drill.check()
