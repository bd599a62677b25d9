"""What is old enough to go goes, what is under way never does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from converter import tasks
from converter.batches import claims, deletion, drafts, lifecycle, retention
from converter.maintenance import recovery
from converter.models import Batch, Manifest
from converter.workers import processes
from tests.batches.test_claims import READING
from tests.support import import_lists

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pile(make_batch) -> dict[str, Batch]:
    """A batch of each kind, all made nine days ago, and a fresh one of each beside it."""
    for age in ("old", "fresh"):
        make_batch(images=1, name=f"{age} draft")
        lifecycle.start(make_batch(images=1, name=f"{age} active"))
        settled = make_batch(images=2, name=f"{age} settled")
        lifecycle.start(settled)
        while claim := claims.claim_next(settled):
            claims.finish(claim, "local", READING)
        lifecycle.settle(settled)
    ago = timezone.now() - timedelta(days=9)
    old = Batch.objects.filter(name__startswith="old")
    old.update(created=ago)
    old.filter(settled__isnull=False).update(settled=ago)
    return {batch.name: batch for batch in Batch.objects.all()}


def names() -> set[str]:
    return set(Batch.everything.values_list("name", flat=True))


@pytest.mark.parametrize("kind", ["drafts", "settled"])
def test_each_choice_takes_the_old_ones_of_its_kind_alone(pile, kind):
    before = timezone.now() - timedelta(days=7)
    chosen = retention.CHOICES[kind](Batch.objects.all(), before)
    assert [batch.name for batch in chosen] == ["old draft" if kind == "drafts" else "old settled"]


def test_the_amount_counts_batches_images_and_bytes(pile):
    held = retention.amount_of(Batch.objects.filter(name="old settled"))
    size = pile["old settled"].images.first().size
    assert (held.batches, held.images, held.bytes) == (1, 2, 2 * size)
    assert retention.amount_of(Batch.objects.none()) == retention.Amount(0, 0, 0)


def test_by_itself_nothing_goes_unless_hours_are_set(pile, settings):
    settings.FILE_RETENTION_HOURS = 0
    tasks.retain()
    assert len(names()) == 6
    assert retention.goes_at(pile["old settled"]) is None


def test_by_itself_goes_what_is_older_than_the_hours(pile, settings):
    settings.FILE_RETENTION_HOURS = 24
    tasks.retain()
    tasks.delete()
    assert names() == {"old active", "fresh draft", "fresh active", "fresh settled"}


def test_it_is_said_when_a_batch_will_go(pile, settings):
    settings.FILE_RETENTION_HOURS = 24
    draft, settled = pile["fresh draft"], pile["fresh settled"]
    assert retention.goes_at(draft) == draft.created + timedelta(hours=24)
    assert retention.goes_at(settled) == settled.settled + timedelta(hours=24)
    assert retention.goes_at(pile["fresh active"]) is None


def test_a_batch_that_is_tried_again_meanwhile_is_kept(pile):
    chosen = retention.old_settled(Batch.objects.all(), timezone.now() - timedelta(days=7))
    [batch] = chosen
    Batch.objects.filter(pk=batch.pk).update(state="running", settled=None)
    assert not deletion._mark(batch, chosen)
    assert batch.name in names()


def aged(batch: Batch, hours: float, **values: object) -> Batch:
    ago = timezone.now() - timedelta(hours=hours)
    Batch.objects.filter(pk=batch.pk).update(touched=ago, **values)
    batch.refresh_from_db()
    return batch


def test_drafts_of_strangers_go_a_day_after_their_last_change(make_batch):
    ann = User.objects.create_user("ann")
    aged(make_batch(images=1, name="old"), 25)
    aged(make_batch(images=1, name="fresh"), 23)
    aged(make_batch(images=1, name="of a user", owner="", user=ann), 1000)
    started = make_batch(images=1, name="started")
    lifecycle.start(started)
    aged(started, 1000)
    tasks.retain()
    tasks.delete()
    assert names() == {"fresh", "of a user", "started"}


def test_a_change_keeps_a_draft(make_batch):
    batch = aged(make_batch(images=1), 25)
    drafts.sort_by_name(batch)
    assert retention.apply() == 0
    batch.refresh_from_db()
    assert retention.goes_at(batch) == batch.touched + timedelta(hours=24)


def test_a_clock_that_was_ahead_keeps_no_draft_for_ever(make_batch):
    batch = aged(make_batch(images=1), -25)
    drafts.sort_by_name(batch)
    batch.refresh_from_db()
    assert batch.touched <= timezone.now()


def test_drafts_stay_where_the_operator_says_so(make_batch, settings):
    settings.DRAFT_RETENTION_HOURS = 0
    batch = aged(make_batch(images=1), 1000)
    assert retention.apply() == 0
    assert retention.goes_at(batch) is None


@pytest.mark.parametrize(("state", "kept"), [("checked", False), ("fetching", True)])
def test_a_draft_that_an_import_fills_stays(state, kept):
    manifest = import_lists.kept(import_lists.csv_of(["http://example.org/a.png"]))
    Manifest.objects.filter(pk=manifest.pk).update(state=state)
    aged(manifest.batch, 25)
    retention.apply()
    assert Batch.objects.filter(pk=manifest.batch.pk).exists() is kept


def test_drafts_with_nothing_in_them_go_whosever_they_are(make_batch):
    ann = User.objects.create_user("ann")
    aged(make_batch(name="empty", owner="", user=ann), 25)
    aged(make_batch(name="fresh", owner="", user=ann), 23)
    filled = aged(make_batch(images=1, name="filled", owner="", user=ann), 25)
    drafts.remove(filled, [filled.images.get().pk])  # it can be put back
    aged(filled, 25)
    assert retention.apply() == 1
    tasks.delete()
    assert names() == {"fresh", "filled"}


def test_a_draft_whose_call_died_goes_at_the_next_sweep(make_batch):
    dead, elsewhere = f"{processes.machine()}:1:0", "another machine:1:0"
    here = processes.identity()
    make_batch(images=1, name="dead", made_by=dead)
    make_batch(images=1, name="alive", made_by=here)
    aged(make_batch(images=1, name="old elsewhere", made_by=elsewhere), 2)
    make_batch(images=1, name="new elsewhere", made_by=elsewhere)
    make_batch(images=1, name="of a person")
    recovery.sweep()
    assert names() == {"alive", "new elsewhere", "of a person"}


def test_a_call_that_starts_its_draft_gives_it_away(make_batch):
    batch = make_batch(images=1, made_by=processes.identity())
    lifecycle.start(batch)
    assert batch.made_by == ""
