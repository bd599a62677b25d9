"""Words of a card are pressed for a value, and the same place is offered for the other cards."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from converter.fields import cards, templates
from converter.models import Batch, FieldTemplate
from tests.review.piles import card_with_lines, pile
from tests.views.test_batches import text_of

HTMX = {"HTTP_HX_REQUEST": "true"}
FIELDS = [{"name": "Surname"}]


@pytest.fixture
def batch(db) -> Batch:
    return pile(*map(card_with_lines, range(4)), mode="fields", fields=FIELDS)


def surnames(batch: Batch) -> list[str | None]:
    specs = cards.specs_of(batch)
    return [row.values(specs)[0].text for row in cards.rows_of(batch.images.all().by_card())]


def press(client, batch: Batch, boxes: str = "14 4 50 12") -> str:
    image = batch.images.get(position=0)
    sent = {"field": "Surname", "number": "1", "text": "Abbott 0", "boxes": boxes}
    return client.post(
        reverse("image-values", args=[batch.pk, image.pk]), sent, **HTMX
    ).content.decode()


def offered(page: str) -> str:
    return re.search(r'id="zone-offer" href="([^"]*)"', page)[1].replace("&amp;", "&")


def test_words_of_a_card_can_be_pressed(client, batch):
    image = batch.images.get(position=0)
    words = client.get(reverse("image-words", args=[batch.pk, image.pk])).json()["words"]
    assert [word[0] for word in words] == ["No.", "Abbott", "0", "A", "note"]
    assert all(word[1] for word in words)


def test_the_same_place_is_shown_for_the_other_cards_and_taken_as_one_step(client, batch):
    owner = {"user": batch.user, "owner": batch.owner}
    templates.create(owner, "Mine", FIELDS)
    templates.create(owner, "Another", [{"name": "Surname"}, {"name": "Town"}])
    address = offered(press(client, batch))
    page = client.get(address).content.decode()
    assert "What stands in the same place on 3 other cards." in text_of(page)
    assert surnames(batch) == ["Abbott 0", None, None, None]
    names = re.findall(r'name="(front|zone|field)" value="([^"]*)"', page)
    fronts = [value for name, value in names if name == "front"]
    sent = dict(names) | {"front": fronts, "do": "all"}
    sent |= {f"text-{front}": f"Abbott {n}" for n, front in enumerate(fronts, 1)}
    sent |= {f"was-{front}": "" for front in fronts}
    client.post(reverse("batch-values", args=[batch.pk]), sent)
    assert surnames(batch) == ["Abbott 0", "Abbott 1", "Abbott 2", "Abbott 3"]
    zones = {row.name: row.fields[0].get("zone") for row in FieldTemplate.objects.all()}
    assert zones == {"Mine": [float(edge) for edge in dict(names)["zone"].split()], "Another": None}
    client.post(reverse("batch-values", args=[batch.pk]), {"do": "undo"})
    assert surnames(batch) == ["Abbott 0", None, None, None]


@pytest.mark.parametrize("boxes", ["", "x", "1 2 3", "nan nan nan nan", "1 1 3 3,5 1 7 3"])
def test_without_words_nothing_is_offered(client, batch, boxes):
    page = press(client, batch, boxes)
    assert "Abbott 0" in page
    assert ("zone-offer" in page) == boxes.startswith("1 1")


@pytest.mark.parametrize("zone", ["x", "0 0 1", "0 0 1 nan", "9 9 9 9", "0.5 0 0.5 1"])
def test_an_address_without_a_zone_shows_what_is_in_doubt(client, batch, zone):
    url = reverse("batch-values", args=[batch.pk])
    page = client.get(url, {"field": "Surname", "zone": zone}).content.decode()
    assert "Nothing of this field is in doubt." in page
