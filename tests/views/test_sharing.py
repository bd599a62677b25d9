"""Links to a batch: made and shown once, opened, used to look and to correct, and ended."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue
from converter.models import Batch, Correction, Reservation, ShareLink, TableEdit
from tests.review.piles import doubtful, image_of, pile, texts_of
from tests.views.test_batches import text_of

PRICE = {"table": "0", "row": "1", "col": "1", "text": "12.50"}


@pytest.fixture
def batch(db) -> Batch:
    return doubtful(2, name="Trees")


def made(client: Client, batch: Batch, role: str = "viewer", days: int = 30) -> str:
    """The path of a new link."""
    sent = {"name": "The auditors", "role": role, "days": days}
    page = client.post(reverse("batch-links", args=[batch.pk]), sent).content.decode()
    [path] = re.findall(r'value="http://testserver(/shared/[\w-]{43}/)"', page)
    return str(path)


def guest(client: Client, batch: Batch, role: str) -> Client:
    browser = Client()
    assert browser.get(made(client, batch, role)).status_code == 302
    return browser


def url_of(batch: Batch, name: str = "image") -> str:
    return reverse(name, args=[batch.pk, image_of(batch).pk])


def test_a_link_is_shown_once_and_kept_as_a_hash(client, batch):
    path = made(client, batch)
    token = path.split("/")[2]
    assert token not in client.get(reverse("batch-links", args=[batch.pk])).content.decode()
    link = ShareLink.objects.get()
    assert token not in str(vars(link))
    assert (link.role, link.expires is not None) == ("viewer", True)


def test_opening_it_leads_to_the_batch_without_the_token(client, batch):
    answer = Client().get(made(client, batch))
    assert answer.headers["Location"] == reverse("batch", args=[batch.pk])
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    assert ShareLink.objects.get().opened


def test_a_viewer_looks_and_downloads_and_has_no_buttons(client, batch):
    browser = guest(client, batch, "viewer")
    page = browser.get(reverse("batch", args=[batch.pk])).content.decode()
    assert "Shared with you as “The auditors”, to look and download." in text_of(page)
    for name in ("again", "delete", "share", "random-check"):
        assert f'id="{name}"' not in page
    page = browser.get(url_of(batch)).content.decode()
    assert "12.5O" in page
    assert 'name="text"' not in page
    assert 'id="set-reviewed"' not in page
    assert not Reservation.objects.exists()
    for name in ("image-picture", "image-thumbnail", "image-workbook"):
        assert browser.get(url_of(batch, name)).getvalue()
    assert browser.get(reverse("batch-workbook", args=[batch.pk])).getvalue()
    assert browser.post(url_of(batch, "image-cells"), PRICE).status_code == 404


def test_what_a_viewer_sees_is_as_it_was_corrected(client, batch):
    client.post(url_of(batch, "image-cells"), PRICE)
    page = guest(client, batch, "viewer").get(url_of(batch)).content.decode()
    assert "12.50" in page
    assert "12.5O" not in page


def test_a_reviewer_corrects_and_the_trail_says_so(client, batch):
    browser = guest(client, batch, "reviewer")
    assert 'id="editor"' in browser.get(url_of(batch)).content.decode()
    browser.post(url_of(batch, "image-cells"), PRICE)
    assert texts_of(image_of(batch))[1][1] == "12.50"
    assert TableEdit.objects.get().guest == "The auditors"
    browser.post(url_of(batch, "image-reviewed"), {"do": "set"})
    assert image_of(batch).reviewed_by == "The auditors"


def test_a_reviewer_corrects_values_of_cards(client, db):
    value = FieldValue("Surname", "0ak", confidence=0.2)
    batch = pile(Reading("m", fields=(value,)), mode="fields", fields=[{"name": "Surname"}])
    looks, corrects = guest(client, batch, "viewer"), guest(client, batch, "reviewer")
    assert 'name="text"' not in looks.get(url_of(batch)).content.decode()
    corrects.post(url_of(batch, "image-values"), {"field": "Surname", "text": "Oak"})
    assert Correction.objects.get().guest == "The auditors"
    assert "by The auditors, a guest" in text_of(looks.get(url_of(batch)).content.decode())


def test_an_ended_link_opens_nothing_at_once(client, batch):
    path = made(client, batch)
    browser = Client()
    browser.get(path)
    end = reverse("link-end", args=[batch.pk, ShareLink.objects.get().pk])
    page = client.post(end, follow=True).content.decode()
    assert "The link for “The auditors” opens nothing any more." in page
    assert browser.get(reverse("batch", args=[batch.pk])).status_code == 404
    again = browser.get(path)
    assert (again.status_code, again.headers["Referrer-Policy"]) == (404, "no-referrer")


def test_a_draft_is_shared_with_nobody(client, make_batch):
    batch = make_batch(images=1)
    sent = {"name": "x", "role": "viewer", "days": 0}
    assert client.post(reverse("batch-links", args=[batch.pk]), sent).status_code == 409


@pytest.mark.parametrize("sent", [{}, {"name": "", "role": "viewer", "days": 0}, {"name": "x"}])
def test_what_is_missing_is_said(client, batch, sent):
    answer = client.post(reverse("batch-links", args=[batch.pk]), sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_the_owner_pays_no_query_for_it(client, batch):
    with CaptureQueriesContext(connection) as asked:
        client.get(url_of(batch, "image-thumbnail"))
    assert asked
    assert not any("sharelink" in query["sql"] for query in asked)
