"""The page of a random check, with a script and without."""

from __future__ import annotations

import pytest
from django.urls import reverse

from converter.models import Batch, RandomCheck, RandomCheckCell
from converter.review import random_checks
from tests.review.piles import ME, doubtful, pile
from tests.review.test_random_checks import numbers
from tests.views.test_batches import text_of

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def batch(db) -> Batch:
    return doubtful(2)


def url_of(batch: Batch) -> str:
    return reverse("batch-random-check", args=[batch.pk])


def test_the_batchs_page_leads_to_it_and_shows_what_it_found(client, batch):
    page = text_of(client.get(reverse("batch", args=[batch.pk])).content.decode())
    assert "nobody has measured how many of the unmarked cells are wrong" in page
    begun = client.post(url_of(batch), {"do": "begin"}, follow=True).content.decode()
    assert begun.count('class="piece-card"') == 8
    assert "8 left to look at." in begun
    page = text_of(client.get(reverse("batch", args=[batch.pk])).content.decode())
    assert "Go on with it (8 left)" in page
    for cell in RandomCheckCell.objects.all():
        client.post(url_of(batch), {"cell": cell.pk, "text": cell.text})
    page = text_of(client.get(reverse("batch", args=[batch.pk])).content.decode())
    assert "0 of 8 cells that nothing marked were wrong: 0.0 %" in page
    assert "Look at 30 others" in page


def test_a_script_gets_the_cell_and_what_was_found(client, batch):
    client.post(url_of(batch), {"do": "begin"})
    cell = RandomCheckCell.objects.first()
    answer = client.post(url_of(batch), {"cell": cell.pk, "text": "other"}, **HTMX)
    page = answer.content.decode()
    assert f'id="piece-{cell.pk}" data-kind="wrong" hx-swap-oob="true"' in page
    assert "7 left to look at." in page
    undone = client.post(url_of(batch), {"do": "undo"}, **HTMX).content.decode()
    assert 'data-kind="waiting"' in undone
    refused = client.post(url_of(batch), {"do": "undo"})
    assert refused.status_code == 409


def test_a_cell_that_changed_meanwhile_says_so_in_its_place(client, batch):
    client.post(url_of(batch), {"do": "begin"})
    cell = RandomCheckCell.objects.first()
    RandomCheckCell.objects.filter(pk=cell.pk).update(text="as it was")
    page = client.post(url_of(batch), {"cell": cell.pk, "text": "x"}, **HTMX).content.decode()
    assert "cell_changed" in page
    assert client.post(url_of(batch), {"cell": cell.pk, "text": "x"}).status_code == 409


@pytest.mark.parametrize("cell", ["", "x", "9" * 30, "-1", "123456789"])
def test_a_cell_that_is_none_of_it_is_not_found(client, batch, cell):
    client.post(url_of(batch), {"do": "begin"})
    assert client.post(url_of(batch), {"cell": cell, "text": "x"}).status_code == 404


def test_without_a_check_there_is_no_page(client, batch):
    for answer in (client.get(url_of(batch)), client.post(url_of(batch), {"cell": "1"})):
        assert answer.headers["Location"] == reverse("batch", args=[batch.pk])
    assert not RandomCheck.objects.exists()


def test_it_costs_no_query_for_each_cell(client, db, django_assert_max_num_queries):
    batch = pile(*[numbers(9)] * 4)
    random_checks.begin(batch, ME)
    with django_assert_max_num_queries(7):
        page = client.get(url_of(batch)).content.decode()
    assert page.count('class="piece-card"') == 30
