"""A card's page, its values put right there, and the rows of a batch's page."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from converter.batches import lifecycle
from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue, Mark, ValueState
from converter.core.tables.model import Box
from converter.fields import corrections
from converter.models import Batch, BatchImage
from tests.fields.test_corrections import ME, card_reading, make_cards, read_next, text_of
from tests.views.test_batches import text_of as words_of

HTMX = {"HTTP_HX_REQUEST": "true"}
SURE = Reading("m", fields=(FieldValue("Surname", "Elm", Box(5, 5, 30, 15), 0.99),))


@pytest.fixture
def batch(make_batch) -> Batch:
    return make_cards(make_batch, card_reading(), None, SURE)


@pytest.fixture
def images(batch) -> list[BatchImage]:
    return list(batch.images.order_by("position"))


def url_of(image: BatchImage, route: str = "image-values") -> str:
    return reverse(route, args=[image.batch_id, image.pk])


def page_of(client, image: BatchImage) -> str:
    return client.get(url_of(image, "image")).content.decode()


def test_a_value_is_put_right_and_taken_back(client, images):
    answer = client.post(url_of(images[0]), {"field": "Surname", "text": "Oak", "number": "1"})
    assert answer.headers["Location"] == url_of(images[0], "image") + "#value-1"
    page = words_of(page_of(client, images[0]))
    assert "Surname Oak corrected" in page
    assert "Read: “0ak”, corrected" in page
    client.post(url_of(images[0]), {"field": "Surname", "do": "undo"})
    assert text_of(images[0]) == ("0ak", ValueState.READ)


def test_a_script_gets_the_values_alone(client, images):
    answer = client.post(url_of(images[0]), {"field": "Surname", "text": "Oak"}, **HTMX)
    assert answer.content.decode().lstrip().startswith('<section id="values"')


@pytest.mark.parametrize(("field", "status"), [("Nickname", 404), ("", 404)])
def test_a_field_that_is_none(client, images, field, status):
    assert client.post(url_of(images[0]), {"field": field, "text": "x"}).status_code == status


def test_a_card_that_is_still_read_takes_none(client, make_batch):
    batch = make_batch(images=1, mode="fields", fields=[{"name": "Surname"}])
    lifecycle.start(batch)
    image = batch.images.get()
    answer = client.post(url_of(image), {"field": "Surname", "text": "x"})
    assert answer.status_code == 409
    assert "image_not_read" in answer.content.decode()
    assert "This image has not been read yet" in page_of(client, image)


def test_the_page_says_what_is_in_doubt_and_leads_on(client, images):
    doubtful, failed, sure = (page_of(client, image) for image in images)
    assert "Hard to read (20 % sure)" in doubtful
    assert "Mark as correct" in doubtful
    assert "nothing was read; they can be typed" in failed
    assert 'class="sure" id="on-value-1"' in sure
    assert f'id="next-doubtful" href="{url_of(images[0], "image")}"' in sure
    assert 'id="next-doubtful"' not in doubtful  # the only one in doubt


def test_the_rows_of_a_batch_say_each_state_apart(client, make_batch):
    values = (
        FieldValue("Surname", "Oak", confidence=0.9, marks=(Mark.PATTERN,)),
        FieldValue("Remarks", state=ValueState.BLANK),
    )
    unreadable = (FieldValue("Surname", state=ValueState.UNREADABLE),)
    batch = make_cards(
        make_batch, replace(SURE, fields=values), replace(SURE, fields=unreadable), None, SURE
    )
    last = batch.images.get(position=3)
    corrections.correct(last, "Surname", "Ash", ME)
    page = client.get(reverse("batch", args=[batch.pk])).content.decode()
    text = words_of(page)
    assert "Oak does not fit the field's pattern blank on the card" in text.replace("&#x27;", "'")
    assert "unreadable something stands there that could not be read not found" in text
    assert "timed_out" in text
    assert "Ash (corrected)" in text
    for state in ("read", "blank", "unreadable", "not_found", "corrected"):
        assert f'data-value="{state}"' in page


def test_a_poll_of_cards_takes_at_most_six_queries(
    client, make_batch, django_assert_max_num_queries
):
    batch = make_batch(images=30, mode="fields", fields=[{"name": "Surname"}])
    lifecycle.start(batch)
    url = reverse("batch-progress", args=[batch.pk])
    client.get(url)
    for _ in range(26):
        read_next(batch, SURE)
    with django_assert_max_num_queries(6 + 1):  # and one for the session
        page = client.get(url).content.decode()
    assert page.count("<tr data-state") == 25


def test_downloads_have_what_was_said(client, batch, images):
    corrections.correct(images[0], "Surname", "Oak", ME)
    corrections.correct(images[1], "Remarks", "by hand", ME)
    book = client.get(reverse("batch-workbook", args=[batch.pk]))
    sheet = load_workbook(BytesIO(b"".join(book.streaming_content)))["Fields"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[:2] for row in rows] == [
        ["Surname", "Remarks"],
        ["Oak", None],
        [None, "by hand"],
        ["Elm", None],
    ]
    told = json.loads(body_of(client, batch, "tables.json"))
    [surname, _] = told["images"][0]["fields"]
    assert (surname["text"], surname["state"], surname["read"]) == ("Oak", "corrected", "0ak")


def body_of(client, batch: Batch, what: str) -> bytes:
    return b"".join(client.get(reverse("batch-archive", args=[batch.pk, what])).streaming_content)
