"""The trail for people: who changed what, when, and why it was marked."""

from __future__ import annotations

from html import unescape

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue
from converter.core.tables.doubt import reasons
from converter.core.tables.edits import InsertRows, SetText
from converter.core.tables.model import Said
from converter.fields import corrections
from converter.models import BatchImage
from converter.review import trail
from converter.review.trail import By
from tests.review.piles import ME, doubtful, doubtful_table, image_of, pile
from tests.views.test_batches import text_of

PRICE = SetText(table=0, row=1, col=1, text="12.50")


@pytest.fixture
def image(db) -> BatchImage:
    return image_of(doubtful(1))


def page_of(client, image: BatchImage) -> str:
    url = reverse("image-trail", args=[image.batch_id, image.pk])
    return str(client.get(url).content.decode())


def test_a_change_says_who_what_and_why_it_was_marked(client, image):
    trail.make(image, [PRICE], By({"user": User.objects.create_user("ann"), "owner": ""}))
    page = page_of(client, image)
    url = reverse("image", args=[image.batch_id, image.pk])
    assert f'<a href="{url}?at=0.1.1#editor">Table 1, row 2, column 2</a>' in page
    assert "<del>12.5O</del> <ins>12.50</ins>" in page
    [price] = [cell for cell in doubtful_table().cells if (cell.row, cell.col) == (1, 1)]
    assert f"It was marked: {'; '.join(reasons(price))}" in unescape(text_of(page))
    assert '<td data-label="Who">ann</td>' in page


@pytest.mark.parametrize(
    ("by", "who"),
    [
        (ME, "the owner"),
        (By(ME.owner, program=True), "a program of the owner"),
        (By({**ME.owner, "guest": "Auditors"}), "Auditors, a guest"),
    ],
)
def test_programs_and_guests_are_told_apart(client, image, by, who):
    trail.make(image, [PRICE], by)
    assert f'<td data-label="Who">{who}</td>' in page_of(client, image)


def test_the_latest_comes_first_and_what_may_have_moved_is_not_linked(client, image):
    trail.make(image, [PRICE], ME)
    trail.make(image, [InsertRows(table=0, at=0)], ME)
    confirmed = SetText(table=0, row=2, col=0, text="0ak", said=Said.CONFIRMED)
    trail.make(image, [confirmed], ME)
    page = page_of(client, image)
    assert page.index("Said to be right") < page.index("Rows inserted") < page.index("Corrected")
    assert "?at=0.2.0#editor" in page
    assert "?at=0.1.1#editor" not in page
    trail.undo(image)
    trail.undo(image)
    page = page_of(client, image)
    assert page.count('data-state="undone"') == 2
    assert "?at=0.1.1#editor" in page


def test_corrections_of_values_are_told_too(client, db):
    value = FieldValue("Surname", "0ak", confidence=0.2)
    batch = pile(Reading("m", fields=(value,)), mode="fields", fields=[{"name": "Surname"}])
    image = image_of(batch)
    corrections.correct(image, "Surname", "Oak", ME.owner)
    page = page_of(client, image)
    url = reverse("image", args=[batch.pk, image.pk])
    assert f'<a href="{url}#value-1">Surname</a>' in page
    assert "<del>0ak</del> <ins>Oak</ins>" in page
    corrections.undo(image, "Surname")
    assert 'data-state="undone"' in page_of(client, image)
    assert reverse("image-trail", args=[batch.pk, image.pk]) in client.get(url).content.decode()


def test_nothing_changed_is_said_and_pages_link_here(client, image):
    assert "Nobody has changed anything here" in page_of(client, image)
    url = reverse("image-trail", args=[image.batch_id, image.pk])
    desk = client.get(reverse("image", args=[image.batch_id, image.pk])).content.decode()
    assert f'href="{url}"' in desk


def test_it_costs_no_query_for_each_change(client, image, django_assert_max_num_queries):
    for text in ("1", "2", "3", "4"):
        trail.make(image, [SetText(table=0, row=1, col=1, text=text)], ME)
    with django_assert_max_num_queries(3):  # the session, the image, its edits
        page_of(client, image)
