"""Archives and streams: all that was read, piece by piece, in memory that does not grow."""

from __future__ import annotations

import csv
import gc
import json
import tracemalloc
from collections.abc import Iterator
from io import BytesIO, StringIO
from itertools import islice
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from converter.batches import claims, lifecycle
from converter.core.engines.protocol import Reading
from converter.core.fields.values import FieldValue
from converter.core.tables.model import Cell, Table
from converter.exports import archives
from converter.models import Batch, BatchImage, Result
from converter.storage import layout
from tests.batches.test_claims import ENGINE_DOWN
from tests.exports.test_workbooks import items_batch
from tests.support.pictures import png

pytestmark = pytest.mark.django_db

READING = Reading("m", tables=(Table((Cell(0, 0, "first"), Cell(0, 1, "2.50"))),))


@pytest.fixture
def batch(make_batch) -> Batch:
    """The first image is done, the second failed, the third waits."""
    batch = make_batch(images=3)
    lifecycle.start(batch)
    claims.finish(claims.claim_next(batch), "local", READING)
    claims.fail(claims.claim_next(batch), ENGINE_DOWN, permanent=True)
    return Batch.objects.get(pk=batch.pk)


def opened(pieces) -> ZipFile:
    archive = ZipFile(BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    return archive


def test_every_image_that_was_read_has_a_workbook(batch):
    archive = opened(archives.workbooks(batch))
    assert archive.namelist() == ["00001 picture 0.xlsx"]
    book = load_workbook(BytesIO(archive.read("00001 picture 0.xlsx")))
    assert book.sheetnames == ["Table 1", "Summary"]


def test_every_image_has_its_picture(batch):
    archive = opened(archives.pictures(batch))
    assert archive.namelist() == [f"{n:05} picture {n - 1}.png" for n in (1, 2, 3)]
    assert archive.read("00002 picture 1.png") == png()


def test_a_picture_that_is_gone_leaves_a_note(batch):
    layout.discard_file(batch.images.get(position=1))
    archive = opened(archives.pictures(batch))
    assert b"is gone" in archive.read("00002 picture 1 (missing).txt")


def test_every_table_has_a_csv_file(batch):
    archive = opened(archives.tables(batch))
    assert archive.namelist() == ["00001 picture 0, table 1.csv"]
    assert archive.read("00001 picture 0, table 1.csv").decode() == "\ufefffirst,2.50\r\n"


def test_fields_are_one_csv_file_with_a_row_per_image(make_batch):
    batch = make_batch(images=2, mode="fields", fields=[{"name": "Surname"}, {"name": "Year"}])
    lifecycle.start(batch)
    found = Reading("m", fields=(FieldValue("Surname", "Curie", confidence=0.9),))
    while claim := claims.claim_next(batch):
        claims.finish(claim, "local", found)
    text = opened(archives.tables(batch)).read("fields.csv").decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert rows == [["Surname", "Year", "Image"]] + [
        ["Curie", "", f"picture {n}.png"] for n in (0, 1)
    ]
    described = json.loads(b"".join(archives.readings(batch)))
    assert described["images"][0]["shows"] == "card"
    assert described["images"][0]["fields"][0] == {
        "name": "Surname", "text": "Curie", "confidence": 0.9,
        "state": "read", "other": "", "marks": [], "doubtful": False, "reasons": [],
    }  # fmt: skip


def test_json_says_which_cells_are_doubtful_and_why(make_batch):
    sure, unsure = Cell(0, 0, "a"), Cell(0, 1, "12", confidence=0.3, other="13")
    batch = make_batch(images=1)
    lifecycle.start(batch)
    claims.finish(claims.claim_next(batch), "local", Reading("m", (Table((sure, unsure)),)))
    [image] = json.loads(b"".join(archives.readings(batch)))["images"]
    first, second = image["tables"][0]["cells"]
    assert "doubtful" not in first
    assert second["doubtful"]
    assert second["reasons"] == ["hard to read (30 % sure)", "another reading says “13”"]


def csv_rows(pieces) -> list[list[str]]:
    return list(csv.reader(StringIO(b"".join(pieces).decode("utf-8-sig"))))


def test_one_csv_says_where_tables_are_from_as_the_single_sheet_does(make_batch):
    batch = items_batch(make_batch, consolidation="single_sheet")
    assert csv_rows(archives.one_csv(batch)) == [
        ["picture 0.png, table 1"], ["Item", "Price"], ["a", "1"],
        [],
        ["picture 1.png, table 1"], ["Item", "Price"], ["Total", "1"],
    ]  # fmt: skip
    assert opened(archives.tables(batch)).namelist() == [
        "00001 picture 0, table 1.csv",
        "00002 picture 1, table 1.csv",
    ]


def test_csv_has_joined_tables_joined(make_batch):
    batch = items_batch(make_batch, consolidation="merge_same_columns")
    joined = [
        ["Item", "Price", "Source image", "Source table"],
        ["a", "1", "picture 0.png", "1"],
        ["Total", "1", "picture 1.png", "1"],
    ]
    assert csv_rows(archives.one_csv(batch)) == joined
    archive = opened(archives.tables(batch))
    assert archive.namelist() == ["Joined 1.csv"]
    assert csv_rows([archive.read("Joined 1.csv")]) == joined


def test_csv_has_a_table_that_stands_alone_under_its_own_name(make_batch):
    batch = items_batch(make_batch, consolidation="merge_same_columns")
    alone = batch.images.filter(position=1)
    assert csv_rows(archives.one_csv(batch, alone)) == [["Item", "Price"], ["Total", "1"]]
    batch.images.filter(position=0).update(state="failed", error_code="engine_failed")
    assert opened(archives.tables(batch)).namelist() == ["00002 picture 1, table 1.csv"]


def test_json_tells_of_every_image(batch):
    told = json.loads(b"".join(archives.readings(batch)))
    assert (told["name"], told["mode"]) == ("Pile", "tables")
    assert [image["state"] for image in told["images"]] == ["done", "failed", "waiting"]
    assert told["images"][0]["tables"][0]["cells"][1]["text"] == "2.50"
    assert told["images"][1]["error_code"] == "engine_failed"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", 'a:b*c?"<>|.png', "ä" * 200 + ".png", ".."]
)
def test_names_in_an_archive_are_harmless(batch, name):
    batch.images.filter(position=0).update(name=name)
    [stored] = opened(archives.workbooks(batch)).namelist()
    assert stored.startswith("00001 ")
    assert not set(stored) & set('/\\:*?"<>|')
    assert len(stored.encode()) < 200


# --- large batches ---


def pile(images: int) -> Batch:
    """A batch that is done, by its rows alone."""
    now = timezone.now()
    batch = Batch.objects.create(
        name="Large", engine="local", total=images, done=images, state="done", folder=uuid4().hex,
        started=now, settled=now,
    )  # fmt: skip
    rows = BatchImage.objects.bulk_create(
        BatchImage(
            batch=batch, position=n, name=f"{n}.png", file=f"{uuid4().hex}.png", sha256="", size=1,
            width=1, height=1, state="done",
        )
        for n in range(images)
    )  # fmt: skip
    values = {"engine": "local", "model": "m", "reading": READING.to_json(), "seconds": 1}
    Result.objects.bulk_create(
        (Result(image=row, tables=1, doubtful=0, **values) for row in rows), batch_size=500
    )
    return batch


def largest(pieces: Iterator[bytes]) -> int:
    """The size of the largest piece, while what is no longer used is collected now and then: a row
    and its result know each other, so they wait for the collector."""
    size = 0
    gc.freeze()  # all that was there before need not be looked through
    while some := list(islice(pieces, archives.CHUNK)):
        size = max(size, *map(len, some))
        gc.collect()
    gc.unfreeze()
    return size


@pytest.mark.parametrize(
    ("make", "growth"), [(archives.tables, 2048), (archives.readings, 64)], ids=["zip", "json"]
)
def test_memory_and_queries_hardly_grow_with_the_batch(make, growth):
    """What grows is the list of names at the end of a ZIP, by less than 2 kB for each."""
    peaks = []
    for images in (300, 1_200):
        batch = pile(images)
        tracemalloc.start()
        with CaptureQueriesContext(connection) as queries:
            assert largest(make(batch)) < 2**20
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert len(queries) <= images // archives.CHUNK + 1
    assert peaks[1] - peaks[0] < 900 * growth + 2**18
