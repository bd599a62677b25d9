"""Cards held against each other once all are there."""

from __future__ import annotations

import pytest

from converter.batches import lifecycle
from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue, Mark
from converter.fields import cards, corrections, outliers
from converter.maintenance import recovery
from converter.models import Batch
from tests.fields.test_corrections import ME, make_cards, read_next

pytestmark = pytest.mark.django_db

USUAL = [f"AB-{number:04}" for number in range(24)]


def read(text: str) -> Reading:
    return Reading("m", fields=(FieldValue("Surname", text, confidence=0.99),))


def marks_of(batch: Batch) -> dict[str | None, tuple[Mark, ...]]:
    specs = cards.specs_of(batch)
    rows = list(cards.rows_of(batch.images.by_card()))
    values = [row.values(specs)[0] for row in rows]
    return {value.text: value.marks for value in values if value.marks}


@pytest.fixture
def batch(make_batch) -> Batch:
    return make_cards(make_batch, *map(read, [*USUAL, "lost at sea"]))


def test_what_stands_out_is_marked_and_counted(batch):
    assert marks_of(batch) == {}
    assert outliers.compare(batch.pk)
    assert marks_of(batch) == {"lost at sea": (Mark.FORM,)}
    doubtful = batch.images.order_by("position").values_list("result__doubtful", flat=True)
    assert list(doubtful) == [0] * 24 + [1]
    batch.refresh_from_db()
    assert batch.compared


def test_it_may_be_repeated_and_follows_what_a_person_says(batch):
    outliers.compare(batch.pk)
    corrections.correct(batch.images.get(position=24), "Surname", "AB-0024", ME)
    assert marks_of(batch) == {}
    assert outliers.compare(batch.pk)
    assert marks_of(batch) == {}
    assert set(batch.images.values_list("result__doubtful", flat=True)) == {0}


def test_it_waits_for_the_last_and_begins_anew_after_a_retry(make_batch):
    batch = make_cards(make_batch, *map(read, USUAL), None)
    assert outliers.compare(batch.pk)
    lifecycle.retry_failed(batch)
    assert batch.compared is None
    assert not outliers.compare(batch.pk)
    read_next(batch, read("lost at sea"))
    lifecycle.settle(batch)
    outliers.compare(batch.pk)
    assert marks_of(batch) == {"lost at sea": (Mark.FORM,)}


def test_a_batch_that_nobody_compared_is_found(batch, monkeypatch):
    asked: list[object] = []
    monkeypatch.setattr(outliers.queue, "compare", asked.append)
    recovery.sweep()
    assert asked == []  # it has settled just now
    Batch.objects.update(settled="2020-01-01T00:00Z")
    recovery.sweep()
    assert asked == [batch.pk]


def test_tables_are_not_compared(make_batch):
    assert not outliers.compare(make_batch(images=1).pk)
