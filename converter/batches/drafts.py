"""Changes to a draft: its images, their rotation and order, and the options.

Each step takes the batch's lock and raises BatchClosed once the batch has been started.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from converter.batches import lifecycle, ordering
from converter.models import Batch


@transaction.atomic
def remove(batch: Batch, chosen: Collection[int]) -> int:
    """Take images out, by id; how many. Until the start they can be put back."""
    row = lifecycle.lock_draft(batch)
    removed = row.images.kept().filter(pk__in=chosen).update(removed=timezone.now())
    _count(row, -removed)
    return removed


@transaction.atomic
def put_back(batch: Batch) -> int:
    """Undo the last removal; how many images came back. Raises BatchFull."""
    row = lifecycle.lock_draft(batch)
    last = row.images.aggregate(last=Max("removed"))["last"]
    gone = row.images.filter(removed__isnull=False, removed=last)
    lifecycle.check_room(row, gone.count())
    restored = gone.update(removed=None)
    _count(row, restored)
    return restored


@transaction.atomic
def turn(batch: Batch, chosen: Collection[int], degrees: int) -> None:
    """Turn images clockwise by a multiple of 90 degrees."""
    row = lifecycle.lock_draft(batch)
    row.images.kept().filter(pk__in=chosen).update(turn=(F("turn") + degrees % 360) % 360)


@transaction.atomic
def move_before(batch: Batch, chosen: Collection[int], before: int | None) -> None:
    """Put images, in their present order, before another one, by id, or behind all."""
    row = lifecycle.lock_draft(batch)
    if moved := _in_order(row, chosen):
        ordering.move(row, moved, before)


@transaction.atomic
def move_to(batch: Batch, chosen: Collection[int], number: int) -> None:
    """Put images so that the first of them has that number, counted from 1."""
    row = lifecycle.lock_draft(batch)
    others = row.images.kept().exclude(pk__in=chosen).order_by("position")
    before = others.values_list("pk", flat=True)[max(0, number - 1) :].first()
    if moved := _in_order(row, chosen):
        ordering.move(row, moved, before)


@transaction.atomic
def shift(batch: Batch, chosen: int, steps: int) -> None:
    """Move an image past so many neighbours: later ones, or earlier ones if below zero."""
    row = lifecycle.lock_draft(batch)
    image = row.images.kept().filter(pk=chosen).first()
    if image is not None:
        ahead = row.images.kept().filter(position__lt=image.position).count()
        move_to(row, [chosen], ahead + 1 + steps)


@transaction.atomic
def sort_by_name(batch: Batch) -> None:
    """In the order of names as a person sees it: `page 9` before `page 10`."""
    ordering.sort_by_name(lifecycle.lock_draft(batch))


@transaction.atomic
def configure(batch: Batch, options: Mapping[str, object]) -> None:
    """Set options: name, mode, engine, fields, pairing, consolidation, priority,
    reuse."""
    row = lifecycle.lock_draft(batch)
    if options:
        Batch.objects.filter(pk=row.pk).update(**options)


@transaction.atomic
def forget_refusals(batch: Batch) -> None:
    """Clear the list of refused files."""
    lifecycle.lock_draft(batch).refusals.all().delete()


def _in_order(batch: Batch, chosen: Collection[int]) -> list[int]:
    kept = batch.images.kept().filter(pk__in=chosen).order_by("position")
    return list(kept.values_list("pk", flat=True))


def _count(batch: Batch, step: int) -> None:
    Batch.objects.filter(pk=batch.pk).update(total=F("total") + step)
