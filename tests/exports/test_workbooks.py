"""A batch's workbook: what has been read so far, in order, and what has not."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from converter.batches import claims, lifecycle
from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Cell, Table
from converter.exports import workbooks
from converter.models import Batch
from tests.batches.test_claims import ENGINE_DOWN
from tests.core.tables.test_joining import grid

pytestmark = pytest.mark.django_db


def reading(text: str) -> Reading:
    return Reading("m", tables=(Table((Cell(0, 0, text), Cell(0, 1, "2.50"))),), seconds=1.5)


def items_batch(make_batch, **values: object) -> Batch:
    """Two images with a table each, both of the same columns."""
    batch = make_batch(images=2, **values)
    lifecycle.start(batch)
    for rows in (["a", "1"], ["Total", "1"]):
        table = grid(["Item", "Price"], rows)
        claims.finish(claims.claim_next(batch), "local", Reading("m", tables=(table,)))
    lifecycle.settle(batch)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def batch(make_batch):
    """The first image is done, the second failed, the third waits."""
    batch = make_batch(images=3)
    lifecycle.start(batch)
    claims.finish(claims.claim_next(batch), "local", reading("first"))
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=True)
    batch.refresh_from_db()
    return batch


def values(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet]


def test_the_workbook_holds_what_has_been_read_and_names_what_has_not(batch):
    with workbooks.workbook_file(batch) as file:
        book = load_workbook(file)
    assert book.sheetnames == ["picture 0", "Summary"]
    assert values(book["picture 0"]) == [["first", 2.5]]
    summary = {cell for row in values(book["Summary"]) for cell in row}
    assert {"picture 0.png", "picture 1.png", "picture 2.png", "Done", "Failed"} <= summary
    assert any("engine_failed" in str(cell) for cell in summary)


def test_one_image_has_a_workbook_of_its_own(batch):
    with workbooks.image_workbook_file(batch.images.get(position=0)) as file:
        assert load_workbook(file).sheetnames == ["Table 1", "Summary"]


def test_images_come_in_the_order_of_the_batch(make_batch):
    batch = make_batch(images=3)
    lifecycle.start(batch)
    taken = [claims.claim_next(batch) for _ in range(3)]
    for claim in reversed(taken):
        claims.finish(claim, "local", reading(claim.image.name))
    with workbooks.workbook_file(batch) as file:
        assert load_workbook(file).sheetnames[:3] == ["picture 0", "picture 1", "picture 2"]


@pytest.mark.parametrize(
    ("consolidation", "sheets"),
    [
        ("separate_sheets", ["picture 0", "picture 1", "Summary"]),
        ("single_sheet", ["Tables", "Summary"]),
        ("merge_same_columns", ["Joined 1", "Summary"]),
    ],
)
def test_tables_come_onto_sheets_as_the_batch_says(
    make_batch, consolidation, sheets, django_assert_max_num_queries
):
    batch = items_batch(make_batch, consolidation=consolidation)
    with django_assert_max_num_queries(2), workbooks.workbook_file(batch) as file:
        assert load_workbook(file).sheetnames == sheets


def test_the_workbook_of_one_image_does_so_too(make_batch):
    batch = items_batch(make_batch, consolidation="single_sheet")
    with workbooks.image_workbook_file(batch.images.get(position=0)) as file:
        assert load_workbook(file).sheetnames == ["Tables", "Summary"]


def test_fields_become_one_sheet_with_a_row_per_image(make_batch):
    batch = make_batch(images=2, mode="fields", fields=[{"name": "Surname"}])
    lifecycle.start(batch)
    found = Reading("m", fields=(FieldValue("Surname", "Curie", confidence=0.9),))
    claims.finish(claims.claim_next(batch), "local", found)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=True)
    with workbooks.workbook_file(batch) as file:
        rows = values(load_workbook(file)["Fields"])
    assert rows == [["Surname", "Image"], ["Curie", "picture 0.png"], [None, "picture 1.png"]]


def test_the_type_of_a_field_decides_what_is_written(make_batch):
    fields = [{"name": "Year"}, {"name": "Sum", "type": "number"}]
    batch = make_batch(images=1, mode="fields", fields=fields)
    lifecycle.start(batch)
    found = (FieldValue("Year", "1912", confidence=0.9), FieldValue("Sum", "7.5", confidence=0.9))
    claims.finish(claims.claim_next(batch), "local", Reading("m", fields=found))
    with workbooks.workbook_file(batch) as file:
        assert values(load_workbook(file)["Fields"])[1] == ["1912", 7.5, "picture 0.png"]


def test_memory_and_queries_do_not_grow_with_the_batch(make_batch, django_assert_max_num_queries):
    batch = make_batch(images=30)
    lifecycle.start(batch)
    while claim := claims.claim_next(batch):
        claims.finish(claim, "local", reading("x"))
    with django_assert_max_num_queries(2):  # the images, and a random check
        workbooks.workbook_file(batch).close()


@pytest.mark.parametrize(
    ("name", "file"), [("May", "May.xlsx"), ("  ", "tables.xlsx"), ("A/B\\C", "A-B-C.xlsx")]
)
def test_the_download_is_named_after_the_batch(make_batch, name, file):
    assert workbooks.workbook_name(make_batch(name=name)) == file
