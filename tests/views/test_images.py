"""The page of one image."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from converter.batches import claims, lifecycle
from converter.core.engines.protocol import CardKind, Reading, TextLine
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Box, Cell, Table
from converter.models import Batch
from tests.batches.test_lifecycle import work
from tests.views.test_batches import text_of

READ = Reading(
    "test/vision-1",
    tables=(
        Table(
            (
                Cell(0, 0, "Item", header=True),
                Cell(0, 1, "Price", header=True),
                Cell(1, 0, "Oak & <b>Elm</b>"),
                Cell(1, 1, "12.50", box=Box(10, 10, 30, 20), confidence=0.3, other="12.80"),
            )
        ),
    ),
    missing=(TextLine("Ash 7.10", Box(10, 30, 50, 40)),),
    asked="test/vision-1",
    second="eyes",
    seconds=2.44,
    cost=0.0005,
    tokens_in=1000,
    tokens_out=50,
)


@pytest.fixture
def batch(make_started) -> Batch:
    return make_started(2, engine="remote")


def page_of(client, batch: Batch, number: int = 0) -> str:
    image = batch.images.get(position=number)
    return client.get(reverse("image", args=[batch.pk, image.pk])).content.decode()


def read(batch: Batch, reading: Reading = READ) -> None:
    claim = claims.claim_next(batch)
    assert claim
    assert claims.finish(claim, "remote", reading)


def test_both_readings_and_what_is_in_no_cell_stand_beside_the_picture(client, batch):
    read(batch)
    page = page_of(client, batch)
    text = text_of(page)
    assert "In doubt: 12.50" in text
    assert 'name="offer" value="12.80"' in page
    assert "On the picture, but in no cell Ash 7.10" in text
    assert '<rect data-for="c0-1-1" x="6" y="6" width="28"' in page
    assert 'href="#on-line-1"' in page
    assert 'id="on-line-1"' in page
    assert reverse("image-picture", args=[batch.pk, batch.images.first().pk]) in page


def test_it_says_who_read_it_and_what_it_took(client, batch):
    read(batch)
    text = text_of(page_of(client, batch))
    assert "1 table · 1 doubtful · 2.4 s · 1,050 tokens · $0.0005" in text
    assert "Read by test/vision-1; the words were also read by eyes." in text


def test_another_model_than_was_asked_is_named(client, batch):
    read(batch, replace(READ, asked="allenai/olmOCR-2"))
    text = text_of(page_of(client, batch))
    assert "Read by test/vision-1 , although allenai/olmOCR-2 was asked" in text


def test_what_was_read_here_instead_says_why(client, batch):
    read(batch, replace(READ, instead_of="bad_key: The API refuses the key."))
    text = text_of(page_of(client, batch))
    assert "Read on this machine by test/vision-1. The API refuses the key. bad_key" in text


def test_what_was_read_is_text_and_no_html(client, batch):
    read(batch)
    assert "Oak &amp; &lt;b&gt;Elm&lt;/b&gt;" in page_of(client, batch)


def test_a_failed_image_shows_its_reason_and_the_raw_answer(client, batch):
    error = EngineError("answer_unreadable", "No form.", permanent=True, raw="<script>|x|</script>")
    claims.fail(claims.claim_next(batch), error, permanent=True)
    page = page_of(client, batch)
    assert "No form." in page
    assert "answer_unreadable" in page
    assert "&lt;script&gt;|x|&lt;/script&gt;" in page


def test_an_image_that_waits_says_so(client, batch):
    assert "This image has not been read yet." in text_of(page_of(client, batch))


def test_no_table_is_said(client, batch):
    read(batch, Reading("m"))
    assert "No table was found on this picture." in text_of(page_of(client, batch))


def test_a_picture_that_is_no_card_is_said_to_be_none(client, make_started):
    batch = make_started(1, mode="fields", fields=[{"name": "Total"}])
    read(batch, Reading("m", fields=(FieldValue("Total"),), card=CardKind.COVER))
    assert "This picture shows a cover or a divider." in text_of(page_of(client, batch))


def test_values_of_fields_are_shown(client, make_started):
    batch = make_started(1, mode="fields", fields=[{"name": "Total"}, {"name": "Date"}])
    read(batch, Reading("m", fields=(FieldValue("Total", "12.50"), FieldValue("Date"))))
    text = text_of(page_of(client, batch))
    assert "Total 12.50" in text
    assert "Date not found" in text


def test_one_gets_from_image_to_image_and_back_to_the_page_of_the_batch(client, batch):
    first, last = page_of(client, batch, 0), page_of(client, batch, 1)
    urls = [
        reverse("image", args=[batch.pk, image.pk]) for image in batch.images.order_by("position")
    ]
    assert f'id="next" rel="next" href="{urls[1]}"' in first
    assert 'id="previous"' not in first
    assert f'id="previous" rel="prev" href="{urls[0]}"' in last
    assert 'id="next"' not in last
    assert f'href="{reverse("batch", args=[batch.pk])}"' in first


def test_the_batch_links_to_its_images_and_their_doubts(client, batch):
    read(batch)
    read(batch)
    lifecycle.settle(batch)
    page = client.get(reverse("batch", args=[batch.pk])).content.decode()
    url = reverse("image", args=[batch.pk, batch.images.get(position=0).pk])
    assert f'href="{url}"' in page
    assert f'class="doubt" href="{url}"' in page
    assert f'href="{url}#missing"' in page


def test_an_image_of_a_draft_has_no_page_yet(client, make_batch):
    batch = make_batch(1)
    answer = client.get(reverse("image", args=[batch.pk, batch.images.first().pk]))
    assert answer.headers["Location"] == reverse("batch", args=[batch.pk])


def test_what_was_taken_over_says_so(client, make_batch):
    batch = make_batch(1, reuse=True)
    lifecycle.start(batch)
    work(batch)
    again = make_batch(1, reuse=True)
    lifecycle.start(again)
    claim = claims.claim_next(again)
    claims.take_over(claim, batch.images.get().result)
    assert "taken over" in text_of(page_of(client, again))
