"""The order of images: any move, at any size, in a few statements."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from converter.batches import ordering
from converter.models import Batch, BatchImage

pytestmark = pytest.mark.django_db


def rows(batch: Batch, count: int, name: str = "{}.png") -> list[int]:
    """So many images without files; their ids, in order."""
    made = BatchImage.objects.bulk_create(
        BatchImage(
            batch=batch, position=n, name=name.format(n), file=f"{batch.pk}{n}"[-60:],
            sha256="", size=1, width=1, height=1,
        )
        for n in range(count)
    )  # fmt: skip
    Batch.objects.filter(pk=batch.pk).update(total=count)
    return [image.pk for image in made]


def order(batch: Batch) -> list[int]:
    return list(batch.images.order_by("position").values_list("pk", flat=True))


def test_hundreds_of_moves_are_the_same_as_those_of_a_list(make_batch):
    batch, random = make_batch(), Random(7)
    expected = rows(batch, 12)
    for _ in range(300):
        chosen = [pk for pk in expected if random.random() < 0.2]
        others = [pk for pk in expected if pk not in chosen]
        before = random.choice([*others, None]) if others else None
        ordering.move(batch, chosen, before)
        at = others.index(before) if before is not None else len(others)
        expected = others[:at] + chosen + others[at:]
        assert order(batch) == expected


def test_moves_into_one_gap_never_run_out_of_room(make_batch):
    batch = make_batch()
    first, *others = rows(batch, 40)
    for pk in others:
        ordering.move(batch, [pk], first)
    assert order(batch) == [*others, first]


def test_a_move_among_ten_thousand_changes_few_rows(make_batch):
    batch = make_batch()
    ids = rows(batch, 10_000)
    ordering.move(batch, [ids[-1]], ids[1])  # the gaps are made once
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ordering.move(batch, [ids[-2]], ids[1])
    assert len(queries) <= 6
    assert order(batch)[:4] == [ids[0], ids[-1], ids[-2], ids[1]]
    with CaptureQueriesContext(connection) as queries:
        ordering.close_gaps(batch)
    assert len(queries) <= 13
    assert list(batch.images.order_by("position").values_list("position", flat=True)) == list(
        range(10_000)
    )


def test_numbers_that_are_whole_are_left_alone(make_batch):
    batch = make_batch()
    rows(batch, 3)
    with CaptureQueriesContext(connection) as queries:
        ordering.close_gaps(batch)
    assert len(queries) == 2


def test_names_are_sorted_as_a_person_does(make_batch):
    batch = make_batch(images=6)
    names = ["Scan 10.png", "scan 9.png", "b.png", "scan 9.png", "٣.png", "2²"]
    for image, name, page in zip(
        batch.images.all(), names, [None, 2, None, 1, None, None], strict=True
    ):
        image.name, image.page = name, page
        image.save()
    ordering.sort_by_name(batch)
    names = [image.display_name for image in batch.images.order_by("position")]
    assert names == [
        "2²",
        "٣.png",
        "b.png",
        "scan 9.png, page 1",
        "scan 9.png, page 2",
        "Scan 10.png",
    ]


def test_files_keep_the_order_they_were_chosen_in(make_batch):
    batch = make_batch()
    assert ordering.of_new(batch, 3, place=1) == ordering.GAP
    rows(batch, 1)
    assert ordering.of_new(batch, 1, place=0) == 1  # taken: behind all others
    assert ordering.of_new(batch, 1) == 1
    assert ordering.next_place(batch) == 1
