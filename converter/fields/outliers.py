"""Outliers: values that differ from those of the batch's other cards are marked, once it settles.

A value is odd only among others, so this waits until all are there, and is repeated when something
is read after that. Marks are kept in the results, apart from what was read. It may be repeated and
interrupted at any time: the sweep finds the batches that are still to be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from converter.core.engines.protocol import Mode
from converter.core.fields.outliers import Profile
from converter.fields import cards
from converter.fields.cards import CHUNK, Specs
from converter.models import SETTLED, Batch, ImageState, Result
from converter.workers import queue

LOST_AFTER: Final = timedelta(minutes=1)

Profiles = Mapping[str, Profile]


def compare(batch_id: UUID) -> bool:
    """Mark the outliers of a settled batch. False if it is not settled, or is gone."""
    batch = Batch.objects.filter(pk=batch_id, state__in=SETTLED, mode=Mode.FIELDS).first()
    if batch is None or batch.cards is None:
        return False
    specs = cards.specs_of(batch)
    profiles = _profiles(batch, specs)
    for first in _chunks(batch):
        if not _mark_chunk(batch, specs, profiles, first):
            return False
    as_it_was = Batch.objects.filter(pk=batch.pk, settled=batch.settled)
    return bool(as_it_was.update(compared=timezone.now()))


def resume() -> None:
    """Queue batches that settled a while ago and were not compared."""
    late = timezone.now() - LOST_AFTER
    waiting = Batch.objects.filter(
        state__in=SETTLED, compared=None, cards__isnull=False, settled__lt=late
    )
    for batch in waiting:
        queue.compare(batch.pk)


def _profiles(batch: Batch, specs: Specs) -> Profiles:
    """What is usual in each field. Only the texts of all cards are in memory at a time."""
    texts: dict[str, list[str]] = {spec.name: [] for spec in specs}
    rows = (row for first in _chunks(batch) for row in cards.chunk_of(batch, first))
    for value in (value for row in rows for value in row.values(specs)):
        if value.text:
            texts[value.name].append(value.text)
    return {spec.name: Profile.of(spec, texts.pop(spec.name)) for spec in specs}


def _chunks(batch: Batch) -> range:
    return range(0, batch.cards or 0, CHUNK)


@transaction.atomic
def _mark_chunk(batch: Batch, specs: Specs, profiles: Profiles, first: int) -> bool:
    """Under the batch's lock, since people correct meanwhile. False if it was opened again."""
    row = Batch.objects.lock(batch.pk)
    if row is None or row.settled != batch.settled:
        return False
    changed = []
    for card in cards.chunk_of(batch, first):
        if card.front.state != ImageState.DONE:
            continue
        result = card.front.result
        before = result.marks, result.doubtful
        result.marks = {}  # so that the values below have none of before
        found = {
            value.name: list(profiles[value.name].marks(value.text or ""))
            for value in card.values(specs)
        }
        result.marks = {name: marks for name, marks in found.items() if marks}
        result.doubtful = sum(value.is_doubtful for value in card.values(specs))
        if before != (result.marks, result.doubtful):
            changed.append(result)
    Result.objects.bulk_update(changed, ["marks", "doubtful"])
    return True
