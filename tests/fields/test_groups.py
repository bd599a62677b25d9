"""One field of many cards: settled together, undone together, by as many queries as for one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from converter.batches.lifecycle import BatchError
from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Box
from converter.fields import corrections, groups
from converter.fields.corrections import NoSuchField
from converter.fields.groups import Told
from converter.models import Batch, Correction, Result
from tests.fields.test_corrections import ME, make_cards, values_of

pytestmark = pytest.mark.django_db


def card(surname: str, remarks: str = "", sure: float = 0.3) -> Reading:
    found = [FieldValue("Surname", surname, Box(1, 2, 30, 12), confidence=sure)]
    if remarks:
        found.append(FieldValue("Remarks", remarks, confidence=0.3))
    return Reading("m", fields=tuple(found))


@pytest.fixture
def batch(make_batch) -> Batch:
    return make_cards(make_batch, card("0ak"), card("Elm", "wet"), card("Ash", sure=0.9))


def told(group: groups.Group, **texts: str) -> list[Told]:
    """What the page sends back: the text of each value, or another."""
    return [
        Told(row.front.pk, texts.get(value.text or "", value.text or ""), value.text or "")
        for row, value in group.values
    ]


def doubts(batch: Batch) -> list[int]:
    return list(
        Result.objects.filter(image__batch=batch)
        .order_by("image__position")
        .values_list("doubtful", flat=True)
    )


def test_the_doubtful_values_of_a_field_come_with_their_cards(batch):
    group = groups.doubtful(batch, "Surname")
    assert [value.text for _, value in group.values] == ["0ak", "Elm"]
    assert group.doubtful == {"Surname": 2, "Remarks": 1}
    assert groups.doubtful(batch).spec.name == "Surname"  # the field with the most
    row, value = group.values[0]
    assert groups.side_of(row, value) == row.front


def test_all_values_are_there_too(batch):
    group = groups.every(batch, "Surname", 0)
    assert [value.text for _, value in group.values] == ["0ak", "Elm", "Ash"]
    assert group.after is None


def test_a_field_that_is_none_is_said(batch):
    for ask in (lambda: groups.doubtful(batch, "x"), lambda: groups.settle(batch, "x", [], ME)):
        with pytest.raises(NoSuchField):
            ask()


def test_many_are_settled_at_once_and_taken_back_at_once(batch):
    group = groups.doubtful(batch, "Surname")
    assert groups.settle(batch, "Surname", told(group, **{"0ak": " Oak "}), ME) == 2
    first, second, _ = batch.images.order_by("position")
    assert values_of(first)["Surname"].text == "Oak"
    assert doubts(batch) == [0, 1, 0]
    assert [image.reviewed is not None for image in (first, second)] == [True, False]
    assert groups.may_undo(batch)
    assert groups.undo(batch) == 2
    assert values_of(first)["Surname"].text == "0ak"
    assert doubts(batch) == [1, 2, 0]
    first.refresh_from_db()
    assert first.reviewed is None
    with pytest.raises(BatchError) as refused:
        groups.undo(batch)
    assert refused.value.code == "nothing_to_undo"


def test_single_corrections_are_left_by_the_undo(batch):
    groups.settle(batch, "Surname", told(groups.doubtful(batch, "Surname")), ME)
    first = batch.images.order_by("position")[0]
    corrections.correct(first, "Surname", "Yew", ME)
    groups.undo(batch)
    assert values_of(first)["Surname"].text == "Yew"
    assert doubts(batch) == [0, 2, 0]


def test_what_somebody_else_changed_since_is_left_alone(batch):
    seen = told(groups.doubtful(batch, "Surname"))
    first = batch.images.order_by("position")[0]
    corrections.correct(first, "Surname", "theirs", ME)
    assert groups.settle(batch, "Surname", seen, ME) == 1
    assert values_of(first)["Surname"].text == "theirs"


def test_cards_of_another_batch_and_those_still_to_be_read_are_left_alone(batch, make_batch):
    other = make_cards(make_batch, card("Fir"))
    foreign = told(groups.doubtful(other, "Surname"))
    assert groups.settle(batch, "Surname", [*foreign, Told(0, "x", "")], ME) == 0
    assert not Correction.objects.exists()


def test_a_hundred_cost_as_many_queries_as_one(make_batch):
    batch = make_cards(make_batch, *[card(f"N{number}") for number in range(100)])
    costs = []
    for count in (1, 99):
        with CaptureQueriesContext(connection) as asked:
            group = groups.doubtful(batch, "Surname")
            groups.settle(batch, "Surname", told(group)[:count], ME)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 20
    with CaptureQueriesContext(connection) as asked:
        assert groups.undo(batch) == 99
    assert len(asked) <= 13
