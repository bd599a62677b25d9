"""The page of the search."""

from __future__ import annotations

import pytest
from django.urls import reverse

from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Box, Cell, Table
from converter.models import Batch
from tests.review.piles import doubtful, image_of, pile
from tests.views.test_batches import text_of


@pytest.fixture
def batch(db) -> Batch:
    return doubtful(2, name="Trees of Iowa")


def page_of(client, **query: object) -> str:
    response = client.get(reverse("search"), query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_cell_is_shown_with_its_cut_out_and_opens_at_the_desk(client, batch):
    page = page_of(client, q="elm")
    url = reverse("image", args=[batch.pk, image_of(batch).pk])
    assert "Found on 2 images." in text_of(page)
    assert f'<a href="{url}?at=0.2.0#editor"><mark>Elm</mark></a>' in page
    assert 'aria-label="Item on the picture"' in page
    desk = client.get(f"{url}?at=0.2.0").content.decode()
    assert 'spellcheck="false" aria-describedby="where why">Elm</textarea>' in desk


def test_a_value_opens_at_its_card(client, db):
    value = FieldValue("Surname", "Oak", Box(4, 4, 40, 16))
    batch = pile(Reading("m", fields=(value,)), mode="fields", fields=[{"name": "Surname"}])
    page = page_of(client, q="oak")
    url = reverse("image", args=[batch.pk, image_of(batch).pk])
    assert f'<a href="{url}#value-1"><mark>Oak</mark></a>' in page
    assert 'id="value-1"' in client.get(url).content.decode()


def test_one_batch_can_be_searched_alone(client, batch):
    other = doubtful(1)
    assert "Found on 3 images." in text_of(page_of(client, q="elm"))
    page = page_of(client, q="elm", batch=other.pk)
    assert "Found on 1 image." in text_of(page)
    assert "Search in all of your batches" in page
    form = client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert f'<input type="hidden" name="batch" value="{batch.pk}">' in form


def test_a_batch_is_found_by_its_name(client, batch):
    assert "Batches of this name: Trees of Iowa" in text_of(page_of(client, q="iowa"))


def test_nobody_finds_what_is_somebody_elses(stranger, batch):
    assert "Nothing holds elm ." in text_of(page_of(stranger, q="elm"))
    assert "Trees of Iowa" not in page_of(stranger, q="iowa trees")
    assert stranger.get(reverse("search"), {"q": "elm", "batch": batch.pk}).status_code == 404


@pytest.mark.parametrize("query", [{}, {"q": "elm", "batch": "x"}, {"q": "\0"}, {"page": "x"}])
def test_odd_addresses_are_no_errors(client, batch, query):
    page_of(client, **query)


def test_signs_alone_are_told_apart_from_nothing_found(client, batch):
    assert "signs alone are not searched for" in page_of(client, q="--")
    assert "Nothing holds" in page_of(client, q="zebra")


def test_it_goes_on_over_pages(client, db):
    doubtful(14)
    first = page_of(client, q="elm")
    assert "Images 1 to 12 of 14" in text_of(first)
    assert 'href="?q=elm&amp;page=2"' in first
    assert "Images 13 to 14 of 14" in text_of(page_of(client, q="elm", page=2))


def test_a_long_text_is_cut_around_what_was_found_and_is_no_html(client, db):
    text = "word " * 90 + "<b>needle</b> " + "word " * 90
    pile(Reading("m", tables=(Table((Cell(0, 0, text),)),)))
    page = page_of(client, q="needle")
    assert "&lt;b&gt;<mark>needle</mark>&lt;/b&gt;" in page
    assert page.count("word") < 60


def test_a_page_costs_a_fixed_number_of_queries(client, db, django_assert_num_queries):
    doubtful(9)
    with django_assert_num_queries(4):  # the session, the count, the images, the batches' names
        page_of(client, q="elm")
