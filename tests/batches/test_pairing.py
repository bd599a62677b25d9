"""Front and back: how the images of a batch go together, before and after the start."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from converter.batches import lifecycle, pairing
from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue
from converter.exports import archives, workbooks
from converter.models import Batch
from tests.fields.test_corrections import FIELDS, make_cards
from tests.views.conftest import client_of
from tests.views.test_drafts import HTMX, OPTIONS

pytestmark = pytest.mark.django_db


def named(batch: Batch, *names: str) -> Batch:
    for image, name in zip(batch.images.order_by("position"), names, strict=True):
        batch.images.filter(pk=image.pk).update(name=name)
    return batch


def read(name: str, text: str) -> Reading:
    return Reading("m", fields=(FieldValue(name, text, confidence=0.99),))


def workbook_of(batch: Batch) -> bytes:
    with workbooks.workbook_file(batch) as file:
        return file.read()


def test_a_preview_names_the_pairs_and_what_is_alone(make_batch):
    batch = make_batch(images=5, mode="fields", pairing="names")
    named(batch, "1_b.png", "1_a.png", "cover.png", "2_a.png", "2_b.png")
    found = pairing.preview(batch)
    assert found.pairs == [("1_a.png", "1_b.png"), ("2_a.png", "2_b.png")]
    assert (found.alone, found.rows) == (["cover.png"], 3)


def test_of_many_the_first_are_named(make_batch):
    found = pairing.preview(make_batch(images=20, mode="fields", pairing="alternating"))
    assert (len(found.pairs), found.pair_count, found.more_pairs) == (6, 10, 4)


def test_without_pairs_there_is_no_preview(make_batch):
    assert pairing.preview(make_batch(images=2, mode="fields")) is None
    assert pairing.preview(make_batch(images=2, pairing="names")) is None


def test_the_start_numbers_the_cards(make_batch):
    batch = make_batch(images=4, mode="fields", fields=FIELDS, pairing="names")
    named(batch, "1_b.png", "1_a.png", "cover.png", "2.png")
    lifecycle.start(batch)
    numbered = batch.images.order_by("position").values_list("card", "is_back")
    assert list(numbered) == [(0, True), (0, False), (1, False), (2, False)]
    assert batch.cards == 3


def test_one_row_comes_from_both_sides(make_batch):
    batch = make_cards(
        make_batch,
        read("Surname", "Oak"),
        read("Remarks", "behind"),
        read("Surname", "Elm"),
        None,
        pairing="alternating",
    )
    book = load_workbook(BytesIO(workbook_of(batch)))
    rows = [[cell.value for cell in row] for row in book["Fields"].iter_rows(min_row=2)]
    both = "picture 0.png + picture 1.png", "picture 2.png + picture 3.png"
    assert rows == [["Oak", "behind", both[0]], ["Elm", None, both[1]]]
    lines = b"".join(archives.one_csv(batch)).decode().splitlines()
    assert lines[0].endswith("Surname,Remarks,Error,Image")
    assert lines[1] == f"Oak,behind,,{both[0]}"
    assert lines[2] == f"Elm,,Slow. (timed_out),{both[1]}"
    told = json.loads(b"".join(archives.readings(batch)))["images"]
    assert [image["card"] for image in told] == [0, 0, 1, 1]
    assert [value["text"] for value in told[0]["fields"]] == ["Oak", "behind"]
    assert told[1]["fields"] == []


def test_the_page_has_a_row_for_each_card(make_batch):
    batch = make_cards(
        make_batch, read("Surname", "Oak"), read("Remarks", "behind"), pairing="alternating"
    )
    page = client_of("me").get(reverse("batch", args=[batch.pk])).content.decode()
    assert page.count("<tr data-state") == 1
    assert "picture 0.png" in page
    assert "picture 1.png" in page


def test_pairing_is_an_option_with_its_preview(make_batch):
    batch = make_batch(images=3, mode="fields")
    values = OPTIONS | {"mode": "fields", "pairing": "alternating"}
    url = reverse("draft-options", args=[batch.pk])
    page = client_of("me").post(url, values, **HTMX).content.decode()
    batch.refresh_from_db()
    assert batch.pairing == "alternating"
    assert "<b>2 cards</b>: 1 of two sides, 1 of one." in page
    assert "Without a partner: picture 2.png" in page
