"""On the pages: an image is marked as reviewed, reserved, looked at by others and taken over."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from converter.models import Batch, BatchImage
from tests.review.piles import doubtful, image_of, texts_of
from tests.views.test_batches import text_of

HTMX = {"HTTP_HX_REQUEST": "true"}
PRICE = {"table": "0", "row": "1", "col": "1", "shape": "0", "was": "12.5O", "text": "12.50"}


@pytest.fixture
def ann(db) -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def image(ann) -> BatchImage:
    batch = doubtful()
    Batch.objects.update(user=ann, owner="")
    return image_of(batch)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url_of(image: BatchImage, route: str = "image") -> str:
    return reverse(route, args=[image.batch_id, image.pk])


def test_a_button_marks_it_and_another_unmarks_it(ann, image):
    client = browser(ann)
    assert "Mark as reviewed" in client.get(url_of(image)).content.decode()
    page = client.post(url_of(image, "image-reviewed"), {"do": "set"}, follow=True)
    assert "Reviewed by ann" in text_of(page.content.decode())
    answer = client.post(url_of(image, "image-reviewed"), {"do": "unset"}, **HTMX)
    assert "Mark as reviewed" in answer.content.decode()
    image.refresh_from_db()
    assert image.reviewed is None


def test_the_last_answer_says_so_and_the_batch_lists_it(ann, image):
    client = browser(ann)
    client.post(url_of(image, "image-cells"), PRICE | {"do": "accept"}, **HTMX)
    item = PRICE | {"col": "0", "was": "0ak", "text": "0ak", "do": "accept"}
    answer = client.post(url_of(image, "image-cells"), item, **HTMX).content.decode()
    assert "Reviewed by ann" in text_of(answer)
    page = client.get(reverse("batch", args=[image.batch_id])).content.decode()
    assert "Reviewed: 1 of 1 image." in text_of(page)
    assert "Reviewed by ann" in text_of(page)


def test_the_api_says_who_and_when(ann, image):
    client = browser(ann)
    client.post(url_of(image, "image-reviewed"), {"do": "set"})
    shown = client.get(f"/api/v1/jobs/{image.batch_id}/images/{image.pk}").json()
    assert shown["reviewed_by"] == "ann"
    assert shown["reviewed"]


def test_a_card_has_the_button_too(client, db):
    batch = doubtful(mode="fields", fields=[{"name": "Surname"}])
    card = image_of(batch)
    assert "Mark as reviewed" in client.get(url_of(card)).content.decode()
    client.post(url_of(card, "image-reviewed"), {"do": "set"})
    page = client.get(reverse("batch", args=[batch.pk])).content.decode()
    assert "Reviewed: 1 of 1 card." in text_of(page)


def test_an_image_that_is_not_read_is_refused(client, make_started):
    image = make_started(1).images.get()
    answer = client.post(url_of(image, "image-reviewed"), {"do": "set"})
    assert answer.status_code == 409


def test_another_browser_may_look_and_take_it_over(ann, image):
    first, second = browser(ann), browser(ann)
    assert "has this image open" not in first.get(url_of(image)).content.decode()
    assert "ann, in another browser, has this image open" in text_of(
        second.get(url_of(image)).content.decode()
    )
    refused = second.post(url_of(image, "image-cells"), PRICE | {"do": "accept"})
    assert refused.status_code == 409
    assert "reserved" in refused.content.decode()
    page = second.post(url_of(image, "image-hold"), {"do": "take"}, follow=True).content.decode()
    assert "has this image open" not in page
    second.post(url_of(image, "image-cells"), PRICE | {"do": "accept"})
    assert texts_of(image)[1][1] == "12.50"
    told = first.post(url_of(image, "image-hold"), {"do": "keep"}, **HTMX).content.decode()
    assert "has this image open" in told


def test_leaving_the_page_ends_the_reservation(ann, image):
    first, second = browser(ann), browser(ann)
    first.get(url_of(image))
    assert first.post(url_of(image, "image-hold"), {"do": "release"}).status_code == 204
    assert "has this image open" not in second.get(url_of(image)).content.decode()
