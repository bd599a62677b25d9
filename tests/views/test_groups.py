"""The page of one field of many cards, with a script and without."""

from __future__ import annotations

import pytest
from django.urls import reverse

from converter.models import Batch, Correction
from tests.fields.test_corrections import ME, make_cards
from tests.fields.test_groups import card, doubts
from tests.views.test_batches import text_of

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def batch(make_batch) -> Batch:
    return make_cards(make_batch, card("0ak"), card("Elm", "wet"), card("Ash", sure=0.9))


def url_of(batch: Batch) -> str:
    return reverse("batch-values", args=[batch.pk])


def shown(batch: Batch, *texts: str) -> dict[str, object]:
    """The form of the page, with these texts in place of what was read."""
    fronts = list(batch.images.order_by("position"))
    sent: dict[str, object] = {"field": "Surname", "front": [image.pk for image in fronts[:2]]}
    for image, was, text in zip(fronts, ("0ak", "Elm"), texts, strict=False):
        sent |= {f"was-{image.pk}": was, f"text-{image.pk}": text}
    return sent


def test_it_shows_the_cut_outs_of_what_is_in_doubt(client, batch):
    page = client.get(url_of(batch)).content.decode()
    assert page.count('class="piece-card"') == 2
    assert '<svg class="piece"' in page
    assert "2 in doubt" in text_of(page)
    assert "Accept all 2 shown" in text_of(page)
    every = client.get(url_of(batch), {"field": "Surname", "show": "all"}).content.decode()
    assert every.count('class="piece-card"') == 3
    listed = client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert f'href="{url_of(batch)}"' in listed


def test_all_shown_are_accepted_by_one_button_and_undone_by_another(client, batch):
    page = client.post(url_of(batch), shown(batch, "Oak", "Elm") | {"do": "all"}, follow=True)
    assert "2 values accepted." in text_of(page.content.decode())
    assert doubts(batch) == [0, 1, 0]
    sent = {"do": "undo", "field": "Surname"}
    page = client.post(url_of(batch), sent, follow=True).content.decode()
    assert "2 values taken back." in text_of(page)
    assert client.post(url_of(batch), sent).status_code == 409


def test_one_is_corrected_where_it_stands(client, batch):
    first = batch.images.order_by("position")[0]
    sent = shown(batch, "Oak", "Elm") | {"do": f"one {first.pk}"}
    answer = client.post(url_of(batch), sent, **HTMX).content.decode()
    assert f'id="state-{first.pk}" hx-swap-oob="true" data-done="1"' in answer
    assert Correction.objects.get().text == "Oak"
    again = client.post(url_of(batch), sent | {f"text-{first.pk}": "x"}, **HTMX).content.decode()
    assert "Somebody has changed this value" in again


def test_enter_without_a_script_keeps_what_was_typed_alone(client, batch):
    page = client.post(url_of(batch), shown(batch, "Oak", "Elm") | {"do": "changed"}, follow=True)
    assert "1 value accepted." in text_of(page.content.decode())
    assert Correction.objects.get().text == "Oak"


def test_what_changed_meanwhile_is_told(client, batch):
    first = batch.images.order_by("position")[0]
    sent = shown(batch, "Oak", "Elm") | {"do": "all", f"was-{first.pk}": "other"}
    page = client.post(url_of(batch), sent, follow=True).content.decode()
    assert "1 value accepted; 1 changed since you saw them" in text_of(page)


@pytest.mark.parametrize("asked", [{"field": "x"}, {"field": "\0"}])
def test_a_field_that_is_none_is_not_found(client, batch, asked):
    assert client.get(url_of(batch), asked).status_code == 404
    assert client.post(url_of(batch), asked | {"do": "all"}).status_code == 404


def test_a_batch_of_tables_has_no_such_page(client, make_started):
    assert client.get(url_of(make_started(1))).status_code == 404


def test_it_costs_no_query_for_each_value(client, make_batch, django_assert_max_num_queries):
    batch = make_cards(make_batch, *[card(f"N{number}") for number in range(60)])
    assert ME["owner"] == batch.owner
    with django_assert_max_num_queries(8):
        page = client.get(url_of(batch)).content.decode()
    assert page.count('class="piece-card"') == 60
