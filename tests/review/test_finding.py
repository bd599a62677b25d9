"""Finding: kept up to date with what is read, corrected and deleted, the same in every database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from converter.batches import claims, deletion, lifecycle
from converter.core.engines.protocol import Reading, TextLine
from converter.core.errors import EngineError
from converter.core.fields.values import FieldValue
from converter.core.tables.edits import SetText
from converter.core.tables.model import Cell, Table
from converter.fields import corrections, groups
from converter.fields.groups import Told
from converter.models import Batch, SearchText
from converter.review import finding, repeats, trail
from converter.search import index
from tests.review.piles import ME, doubtful, image_of, pile, states

ALL = Batch.objects.all


def found(query: str) -> list[str]:
    return [image.display_name for image in finding.images_with(query, ALL())]


def hits(query: str) -> list[str]:
    images = finding.images_with(query, ALL())
    return [hit.text for one in finding.hits_on(images, query) for hit in one.hits]


def named(*texts: str, **values: object) -> Reading:
    cells = tuple(Cell(row, 0, text) for row, text in enumerate(texts))
    return Reading("m", tables=(Table(cells),), **values)


@pytest.fixture
def batch(db) -> Batch:
    return pile(
        named("Iowa 1990", "1,234.50"),
        named("Ohio", "東京都", loose_text=(TextLine("Source: census of Iowa"),)),
    )


def test_cells_text_beside_them_and_names_are_found(batch):
    assert found("iowa") == ["picture 0.png", "picture 1.png"]
    assert hits("1234") == ["1,234.50"]
    assert hits("census") == ["Source: census of Iowa"]
    assert found("picture") == ["picture 0.png", "picture 1.png"]
    assert found("京都") == ["picture 1.png"]
    assert found("nothing") == []


def test_each_word_must_be_there_and_the_fullest_place_comes_first(batch):
    assert found("iowa 1990") == ["picture 0.png"]
    assert hits("1 iowa 1990") == ["Iowa 1990", "1,234.50"]


ODD = [
    "",
    " ",
    "'",
    '"',
    "a\"b'c",
    "NEAR(a b)",
    "a* OR b",
    "-a",
    "(",
    "a:*",
    "a & | !",
    "😀",
    "%",
    "_",
]
ODDER = ["\0", "\ud800", "a\0b", "东", "x" * 10_000, "a " * 5_000, "\\", "'; --", "cells:x", "{a}"]


@pytest.mark.parametrize("query", [*ODD, *ODDER], ids=ascii)
def test_odd_input_is_no_error(batch, query):
    finding.hits_on(finding.images_with(query, ALL()), query)
    finding.batches_named(query, ALL())


def test_a_correction_is_found_and_what_it_replaced_is_not(batch):
    image = image_of(batch)
    trail.make(image, [SetText(table=0, row=0, col=0, text="Utah")], ME)
    assert (found("utah"), hits("iowa")) == (["picture 0.png"], ["Source: census of Iowa"])
    trail.undo(image)
    assert (found("utah"), len(found("iowa"))) == ([], 2)
    trail.redo(image)
    assert found("utah") == ["picture 0.png"]


def test_what_is_repeated_on_other_images_is_found_too(db):
    batch = pile(states("lowa", doubtful="lowa"), states("lowa", doubtful="lowa"))
    image = image_of(batch)
    trail.make(image, [SetText(table=0, row=1, col=0, text="Iowa")], ME)
    repeats.take(image, (0, 1, 0), ME)
    assert (len(found("iowa")), found("lowa")) == (2, [])


def test_values_of_cards_are_found_as_they_are_corrected(db):
    readings = [Reading("m", fields=(FieldValue("Surname", name),)) for name in ("0ak", "Elm")]
    batch = pile(*readings, mode="fields", fields=[{"name": "Surname"}])
    assert hits("elm") == ["Elm"]
    corrections.correct(image_of(batch), "Surname", "Oak", ME.owner)
    assert (hits("oak"), hits("0ak")) == (["Oak"], [])
    corrections.undo(image_of(batch), "Surname")
    assert (hits("oak"), hits("0ak")) == ([], ["0ak"])
    groups.settle(batch, "Surname", [Told(image_of(batch).pk, "Ash", "0ak")], ME.owner)
    assert (hits("ash"), hits("0ak")) == (["Ash"], [])
    groups.undo(batch)
    assert (hits("ash"), hits("0ak")) == ([], ["0ak"])


def test_a_card_of_two_sides_is_found_once(db):
    sides = [Reading("m", fields=(FieldValue("Surname", text),)) for text in ("Oak", None)]
    batch = pile(*sides, mode="fields", fields=[{"name": "Surname"}], pairing="alternating")
    assert hits("oak") == ["Oak"]
    corrections.correct(image_of(batch, 1), "Surname", "Oaken", ME.owner)
    assert hits("oak") == ["Oaken"]


def test_a_failed_image_is_found_by_its_name(make_batch):
    batch = make_batch(images=1)
    lifecycle.start(batch)
    claim = claims.claim_next(batch)
    assert claim
    assert claims.fail(claim, EngineError("timed_out", "no", permanent=True), permanent=True)
    assert hits("picture") == ["picture 0.png"]


def test_what_is_deleted_is_found_no_more(batch):
    deletion.delete(batch)
    assert found("iowa") == []
    deletion.clear()
    assert not SearchText.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM converter_searchindex('iowa')")
            assert cursor.fetchone() == (0,)


def test_the_newest_batch_comes_first_and_a_page_goes_on_after_it(batch):
    newer = doubtful(2)
    images = finding.images_with("picture", ALL())
    places = [(image.batch_id, image.position) for image in images]
    assert places == [(newer.pk, 0), (newer.pk, 1), (batch.pk, 0), (batch.pk, 1)]
    for number, image in enumerate(images.select_related("batch")):
        rest = finding.after(images, image)
        assert [(one.batch_id, one.position) for one in rest] == places[number + 1 :]


def test_a_page_costs_as_many_queries_as_an_image(db):
    costs = []
    for count in (1, 9):
        doubtful(count)
        with CaptureQueriesContext(connection) as asked:
            finding.hits_on(finding.images_with("elm", ALL()), "elm")
        costs.append(len(asked))
    assert costs == [1, 1]


def test_the_database_searches_by_its_index(batch):
    name = "VIRTUAL TABLE INDEX"
    if connection.vendor == "postgresql":
        name = "converter_searchindex"
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # which is quicker for two rows
    assert name in index.holding(["iowa"]).explain()
