"""The cards of a batch held against each other, once it has settled: what stands out is marked.

A value is right or wrong by itself, and odd only among others; so this waits until all are there,
and is done anew when something was read after that. The marks stand in the results, apart from
what was read. It may be repeated and broken off at any time: the sweep finds what is to be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from converter.core.engines.protocol import Mode
from converter.core.fields.outliers import Profile
from converter.core.fields.values import FieldValue, Mark
from converter.fields import cards
from converter.fields.cards import CardRow, Specs
from converter.models import SETTLED, Batch, ImageState, Result
from converter.workers import queue

CHUNK: Final = 100  # cards in memory at a time, and in one transaction
LOST_AFTER: Final = timedelta(minutes=1)

Profiles = Mapping[str, Profile]


def compare(batch_id: UUID) -> bool:
    """Mark what stands out in a settled batch. False if it is not settled, or is no more."""
    batch = Batch.objects.filter(pk=batch_id, state__in=SETTLED, mode=Mode.FIELDS).first()
    if batch is None or batch.cards is None:
        return False
    specs = cards.specs_of(batch)
    profiles = _profiles(batch, specs)
    for first in range(0, batch.cards, CHUNK):
        if not _mark_some(batch, specs, profiles, first):
            return False
    as_it_was = Batch.objects.filter(pk=batch.pk, settled=batch.settled)
    return bool(as_it_was.update(compared=timezone.now()))


def resume() -> None:
    """Wake those that nobody has compared, though they have been settled for a while."""
    late = timezone.now() - LOST_AFTER
    waiting = Batch.objects.filter(
        state__in=SETTLED, compared=None, cards__isnull=False, settled__lt=late
    )
    for batch in waiting:
        queue.compare(batch.pk)


def _profiles(batch: Batch, specs: Specs) -> Profiles:
    """What is usual in each field. Of all cards only the texts are in memory at a time."""
    texts: dict[str, list[str]] = {spec.name: [] for spec in specs}
    for row in _rows(batch):
        for value in row.values(specs):
            if value.text:
                texts[value.name].append(value.text)
    return {spec.name: Profile.of(spec, texts.pop(spec.name)) for spec in specs}


def _rows(batch: Batch) -> Iterator[CardRow]:
    for first in range(0, batch.cards or 0, CHUNK):
        yield from _some(batch, first)


def _some(batch: Batch, first: int) -> Iterator[CardRow]:
    images = batch.images.filter(card__range=(first, first + CHUNK - 1))
    return cards.rows_of(images.defer("answer").by_card())


@transaction.atomic
def _mark_some(batch: Batch, specs: Specs, profiles: Profiles, first: int) -> bool:
    """Under the batch's lock, for people correct meanwhile. False if it was opened again."""
    row = Batch.objects.lock(batch.pk)
    if row is None or row.settled != batch.settled:
        return False
    read = (card for card in _some(batch, first) if card.front.state == ImageState.DONE)
    changed = [card.front.result for card in read if _is_marked_anew(card, specs, profiles)]
    Result.objects.bulk_update(changed, ["marks", "doubtful"])
    return True


def _is_marked_anew(card: CardRow, specs: Specs, profiles: Profiles) -> bool:
    """Note in the result of a card's front what stands out, and how much is to be looked at."""
    result = card.front.result
    before = result.marks, result.doubtful
    result.marks = {}
    marks = ((value.name, _stands_out(value, profiles)) for value in card.values(specs))
    result.marks = {name: found for name, found in marks if found}
    result.doubtful = sum(value.is_doubtful for value in card.values(specs))
    return before != (result.marks, result.doubtful)


def _stands_out(value: FieldValue, profiles: Profiles) -> list[Mark]:
    return list(profiles[value.name].marks(value.text or ""))
