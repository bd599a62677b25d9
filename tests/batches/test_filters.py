"""Filters of a batch's images and cards, and the page that shows them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from converter.batches import claims, filters, lifecycle, reviewed
from converter.core.engines.protocol import Reading
from converter.core.errors import EngineError
from converter.core.tables.edits import SetText
from converter.core.tables.model import Box
from converter.fields import corrections
from converter.models import Batch
from converter.review import trail
from tests.fields.test_corrections import ME as OWNER
from tests.fields.test_corrections import card_reading, make_cards
from tests.fields.test_groups import card
from tests.review.piles import ME, doubtful_table, image_of
from tests.views.conftest import client_of
from tests.views.test_batches import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(make_batch) -> Batch:
    """Two images with doubts, one with nothing on it, one with print that was not read, and one
    that failed. On the second something was corrected, and the third is reviewed."""
    batch = make_batch(images=5)
    lifecycle.start(batch)
    table = doubtful_table()
    for reading in (
        Reading("m", tables=(table,)),
        Reading("m", tables=(table,)),
        Reading("m"),
        Reading("m", unread=(Box(1, 1, 9, 9),)),
    ):
        assert claims.finish(claims.claim_next(batch), "local", reading)
    error = EngineError("timed_out", "Slow.", permanent=True)
    claims.fail(claims.claim_next(batch), error, permanent=True)
    lifecycle.settle(batch)
    trail.make(image_of(batch, 1), [SetText(table=0, row=2, col=0, text="Yew")], ME)
    reviewed.mark(image_of(batch, 2), ME.owner)
    batch.refresh_from_db()
    return batch


def positions(batch: Batch, name: str) -> list[int]:
    return [image.position for image in filters.chosen(batch, name)]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("doubtful", [0, 1]),
        ("unread", [3]),
        ("nothing", [2, 3]),
        ("failed", [4]),
        ("corrected", [1]),
        ("reviewed", [2]),
    ],
)
def test_a_filter_lets_through_what_it_says(batch, name, found):
    assert positions(batch, name) == found


def test_a_correction_that_was_undone_is_none(batch):
    trail.undo(image_of(batch, 1))
    assert positions(batch, "corrected") == []


def test_all_are_counted_by_one_query(batch, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = {one.name: count for one, count in filters.counts(batch)}
    assert found == {
        "doubtful": 2, "failed": 1, "corrected": 1, "reviewed": 1, "unread": 1, "nothing": 2,
    }  # fmt: skip


def test_cards_are_filtered_too(make_batch):
    batch = make_cards(make_batch, card("0ak", "wet"), card("Ash", "dry", sure=0.9), card_reading())
    corrections.correct(image_of(batch, 1), "Remarks", "dry", OWNER)
    assert positions(batch, "doubtful") == [0, 2]
    assert positions(batch, "corrected") == [1]
    assert filters.cards_of(filters.chosen(batch, "reviewed")) == [1]
    page = client_of("me").get(reverse("batch", args=[batch.pk]) + "?show=reviewed")
    assert page.content.decode().count('class="card-name"') == 1


def test_a_value_that_was_not_found_is_found(make_batch):
    batch = make_cards(make_batch, card("0ak", "wet"), card_reading(None))
    assert positions(batch, "not_found") == [1]


def test_the_page_shows_only_what_was_asked_for(batch):
    client, url = client_of("me"), reverse("batch", args=[batch.pk])
    page = client.get(url).content.decode()
    assert 'href="' + url + '?show=doubtful">In doubt <span class="count">2</span>' in page
    page = client.get(url, {"show": "failed"}).content.decode()
    assert page.count('<th scope="row" class="name">') == 1
    assert "picture 4.png" in page
    assert 'aria-current="page">Failed' in page


def test_a_filter_that_lets_nothing_through_says_so(batch):
    trail.undo(image_of(batch, 1))
    page = client_of("me").get(reverse("batch", args=[batch.pk]), {"show": "corrected"})
    assert "None of this batch is like that any more." in text_of(page.content.decode())


def test_an_unknown_filter_shows_all(batch):
    page = client_of("me").get(reverse("batch", args=[batch.pk]), {"show": "x\0"})
    assert page.content.decode().count('<th scope="row" class="name">') == 5


def test_pages_keep_the_filter(make_batch):
    batch = make_batch(images=30)
    lifecycle.start(batch)
    while claim := claims.claim_next(batch):
        claims.finish(claim, "local", Reading("m"))
    lifecycle.settle(batch)
    client, url = client_of("me"), reverse("batch", args=[batch.pk])
    first = client.get(url, {"show": "nothing"}).content.decode()
    assert f'href="{url}?page=2&amp;show=nothing"' in first
    second = client.get(url, {"show": "nothing", "page": "2"}).content.decode()
    assert second.count('<th scope="row" class="name">') == 5


def test_the_most_in_doubt_comes_first(batch):
    page = client_of("me").get(reverse("batch", args=[batch.pk]), {"sort": "doubt"})
    assert [image.position for image in page.context["images"]] == [0, 1, 2, 3, 4]
    trail.make(image_of(batch, 0), [SetText(table=0, row=1, col=0, text="Oak")], ME)
    for show, places in ("", [1, 0, 2, 3, 4]), ("doubtful", [1, 0]):
        query = {"sort": "doubt", "show": show}
        page = client_of("me").get(reverse("batch", args=[batch.pk]), query)
        assert [image.position for image in page.context["images"]] == places


def test_cards_are_sorted_too(make_batch):
    batch = make_cards(make_batch, card("Ash", "dry", sure=0.9), card("0ak", "wet"))
    corrections.correct(image_of(batch, 0), "Remarks", "dry", OWNER)
    page = client_of("me").get(reverse("batch", args=[batch.pk]), {"sort": "doubt"})
    assert [one.row.number for one in page.context["card_rows"]] == [1, 0]


@pytest.mark.parametrize(("row", "page"), [("1", 1), ("25", 1), ("26", 2), ("99", 2), ("x", 1)])
def test_a_row_leads_to_its_page(make_batch, row, page):
    batch = make_batch(images=30)
    lifecycle.start(batch)
    shown = client_of("me").get(reverse("batch", args=[batch.pk]), {"row": row})
    assert shown.context["page"].number == page


def test_the_list_of_batches_counts_what_is_in_doubt(batch):
    url = reverse("batch", args=[batch.pk])
    assert f'href="{url}?show=doubtful" aria-label="4 in doubt in Pile">4</a>' in (
        client_of("me").get(reverse("batches")).content.decode()
    )
