"""The same picture twice is read once, for one owner, and never shared between two."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from converter.batches import claims, lifecycle
from converter.core.engines.protocol import ReadRequest
from converter.exports import workbooks
from converter.models import Batch, Result
from converter.reading import pipeline, worker_loop
from converter.storage import layout
from tests.support.engines import ScriptedEngine

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def engine(monkeypatch) -> ScriptedEngine:
    scripted = ScriptedEngine()
    monkeypatch.setattr(pipeline, "engine", lambda _name: scripted)
    return scripted


@pytest.fixture
def read(make_batch, engine):
    def read(images: int = 1, *, turn: int = 0, **values: object) -> Batch:
        batch = make_batch(images=images, **({"reuse": True} | values))
        batch.images.update(turn=turn)
        lifecycle.start(batch)
        worker_loop.work()
        batch.refresh_from_db()
        assert batch.done == images
        return batch

    return read


def taken_over(batch: Batch) -> list[bool]:
    results = Result.objects.filter(image__batch=batch).order_by("image__position")
    return list(results.values_list("taken_over", flat=True))


def test_the_second_batch_takes_over_what_the_first_had_read(read, engine):
    first, second = read(), read()
    assert (taken_over(first), taken_over(second)) == ([False], [True])
    assert len(engine.requests) == 1
    readings = {result.to_reading() for result in Result.objects.all()}
    assert len(readings) == 1


def test_within_a_batch_the_same_picture_is_read_once(read, engine):
    assert taken_over(read(images=4)) == [False, True, True, True]
    assert len(engine.requests) == 1


def test_taking_over_needs_no_file(read, make_batch, engine):
    read()
    batch = make_batch(images=1, reuse=True)
    layout.discard_file(batch.images.get())
    lifecycle.start(batch)
    worker_loop.work()
    assert taken_over(batch) == [True]


def test_taking_over_costs_one_query_to_find_and_the_rest_to_settle(read, make_batch):
    read()
    batch = make_batch(images=2, reuse=True)
    lifecycle.start(batch)
    with CaptureQueriesContext(connection) as taking_over:
        pipeline.begin(claims.claim_next(batch))
    Batch.objects.update(reuse=False)
    with CaptureQueriesContext(connection) as reading:
        pipeline.begin(claims.claim_next(batch))
    assert len(taking_over) == len(reading) + 1


@pytest.mark.parametrize(
    "change",
    [
        {"reuse": False},
        {"owner": "somebody else"},
        {"turn": 90},
        {"mode": "fields", "fields": [{"name": "Surname"}]},
    ],
    ids=str,
)
def test_what_differs_is_read_anew(read, engine, change):
    read()
    assert taken_over(read(**change)) == [False]
    assert len(engine.requests) == 2


def test_another_version_of_the_engine_reads_anew(read, engine):
    read()
    engine.version = "2"
    assert taken_over(read()) == [False]


def test_other_fields_are_read_anew(read):
    read(mode="fields", fields=[{"name": "Surname"}])
    assert taken_over(read(mode="fields", fields=[{"name": "Year"}])) == [False]
    assert taken_over(read(mode="fields", fields=[{"name": "Surname"}])) == [True]


def test_a_user_and_a_session_do_not_share(read):
    user = User.objects.create_user("ada")
    read(owner="me")
    assert taken_over(read(owner="", user=user)) == [False]
    assert taken_over(read(owner="", user=user)) == [True]
    assert taken_over(read(owner="", user=User.objects.create_user("bob"))) == [False]


def test_batches_of_nobody_share_nothing(read):
    read(owner="")
    assert taken_over(read(owner="")) == [False]


def test_a_fingerprint_is_the_same_in_every_process(make_batch):
    image = make_batch(images=1).images.get()
    image.sha256 = "00"
    mark = pipeline.fingerprint(image, ScriptedEngine(), ReadRequest())
    assert mark == "ff21c4daa6e840ccc1695df08296841eced26d526b5f1afb0ca9e2598ef06e11"


def test_the_workbook_says_what_was_taken_over(read):
    read()
    with workbooks.workbook_file(read()) as file:
        summary = load_workbook(file)["Summary"]
    rows = list(summary.iter_rows(values_only=True))
    columns = rows.index(next(row for row in rows if "Engine" in row))
    report = dict(zip(rows[columns], rows[columns + 1], strict=True))
    assert report["Engine"] == "local (scripted), taken over"
    assert report["Seconds"] is None
