"""The order of a batch's images: numbers with gaps between them, so that a move changes few.

To be called with the batch's lock held. No two images of a batch may share a number, not even
within a statement, so those that change are first put far above all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import connection
from django.db.models import F, Max

from converter.models import Batch, BatchImage, BatchImageQuerySet, PendingFile

GAP: Final = 1024  # between the files that one sender sends
LAST_PLACE: Final = 2**20 - 2
_ASIDE: Final = 2**30  # above all places
_CHUNK: Final = 2_000


def of_new(batch: Batch, count: int, place: int | None = None) -> int:
    """Where `count` new images go: at the place that their sender gives, else behind all others.

    Files may arrive in another order than they were chosen in, which their places keep. The pages
    of one file follow each other; a place that is taken is ignored.
    """
    if place is not None:
        first = place * GAP
        taken = batch.images.filter(position__range=(first, first + count - 1))
        if not taken.exists():
            return first
    return _after_last(batch)


def next_place(batch: Batch) -> int:
    """The first place behind all images."""
    return -(-_after_last(batch) // GAP)


def move(batch: Batch, chosen: Sequence[int], before: int | None) -> None:
    """Put the chosen images, by id, in that order before another one, or behind all."""
    room = _room(batch, chosen, before)
    if room is None:
        _write((pk, number * GAP) for number, pk in enumerate(_in_order(batch), 1))
        room = _room(batch, chosen, before)
    assert room is not None  # noqa: S101  (a gap is wider than a selection may be)
    _write((pk, room[number]) for number, pk in enumerate(chosen))


def sort_by_name(batch: Batch) -> None:
    """In the order of names as a person sees it, page 10 behind page 9."""
    rows = batch.images.order_by("position").values_list("pk", "name", "page")
    ordered = sorted(rows, key=lambda row: (natural_key(row[1]), row[2] or 0))
    _write((pk, number * GAP) for number, (pk, _, _) in enumerate(ordered, 1))


def close_gaps(batch: Batch) -> None:
    """Number the images 0, 1, 2 …, which everything relies on once a batch is started."""
    if _behind(batch.images.all()) > batch.images.count():
        _write(zip(_in_order(batch), range(2**31), strict=False))


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sorts digits by their value and letters without regard to case: `a2` before `A10`."""
    parts = re.findall(r"\d+|\D+", name)
    return [(0, int(p), "") if p[0].isdecimal() else (1, 0, p.casefold()) for p in parts]


def _after_last(batch: Batch) -> int:
    """Behind all images, and behind the places of files that are still being looked at."""
    kept = PendingFile.objects.filter(batch=batch).aggregate(last=Max("place", default=-1))["last"]
    return max(_behind(batch.images.all()), (int(kept) + 1) * GAP)


def _behind(images: BatchImageQuerySet) -> int:
    return int(images.aggregate(last=Max("position", default=-1))["last"]) + 1


def _in_order(batch: Batch) -> list[int]:
    return list(batch.images.order_by("position").values_list("pk", flat=True))


def _room(batch: Batch, chosen: Sequence[int], before: int | None) -> list[int] | None:
    """Free numbers for the chosen images, if there are as many between their neighbours."""
    others = batch.images.exclude(pk__in=chosen)
    next_one = others.filter(pk=before) if before is not None else others.none()
    after = next_one.values_list("position", flat=True).first()
    if after is None:
        first = _behind(others)
        return [first + number for number in range(len(chosen))]
    ahead = _behind(others.filter(position__lt=after)) - 1
    step = (after - ahead) / (len(chosen) + 1)
    return (
        [ahead + int(step * number) for number in range(1, len(chosen) + 1)] if step >= 1 else None
    )


def _write(numbered: Iterable[tuple[int, int]]) -> None:
    """Give images, by id, their new numbers: two statements for every two thousand."""
    pairs = list(numbered)
    chunks = [pairs[start : start + _CHUNK] for start in range(0, len(pairs), _CHUNK)]
    for chunk in chunks:
        moved = BatchImage.objects.filter(pk__in=[pk for pk, _ in chunk])
        moved.update(position=F("position") + _ASIDE)
    for chunk in chunks:
        _write_chunk(chunk)


def _write_chunk(pairs: Sequence[tuple[int, int]]) -> None:
    # SQLite and PostgreSQL both name the columns of VALUES so. A CASE of two thousand branches,
    # which is what the ORM would make of this, is looked through from its start for every row.
    table = connection.ops.quote_name(BatchImage._meta.db_table)
    values = ", ".join(["(%s, %s)"] * len(pairs))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET position = wanted.column2"  # noqa: S608  names of ours alone
            f" FROM (VALUES {values}) AS wanted WHERE {table}.id = wanted.column1",
            [number for pair in pairs for number in pair],
        )
