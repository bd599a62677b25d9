"""What is old enough to go goes, what is under way never does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from converter import tasks
from converter.batches import claims, deletion, lifecycle, retention
from converter.models import Batch
from tests.batches.test_claims import READING

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
