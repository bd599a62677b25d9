"""A batch of cards through the worker loop, asked of a server that answers as models do."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from django_q.models import OrmQ
from openpyxl import load_workbook

from converter.batches import lifecycle
from converter.core.engines.openai_compatible.engine import RemoteEngine
from converter.core.engines.openai_compatible.options import Endpoint, RemoteOptions
from converter.exports import workbooks
from converter.reading import pipeline, worker_loop
from tests.support.model_server import KEY, FakeApi, says
from tests.support.pictures import table_png

CARDS = 20
VALUES = {"No.": "00123", "Height": "5'10\"", "Price": "1.50", "Name": None}
WHOLE = json.dumps({"card": "card", "fields": VALUES, "blank": ["Name"], "illegible": []})
BROKEN = WHOLE.replace(", ", " ", 1)
FIELDS = [{"name": name} for name in VALUES]


@pytest.fixture
def api(monkeypatch, settings):
    """Of the first answers one is broken and one cut off."""
    settings.TWO_READINGS = False
    plays = says(BROKEN), says(WHOLE[:40], finish_reason="length")
    with FakeApi(*plays, usual=says(WHOLE)) as api:
        engine = RemoteEngine(RemoteOptions(Endpoint(api.url, KEY), "test/vision-1"))
        monkeypatch.setattr(pipeline, "make_engine", lambda *_: engine)
        pipeline.engine.cache_clear()
        yield api
        engine.close()
        pipeline.engine.cache_clear()


def test_every_card_becomes_a_row_with_its_values_as_they_are_written(make_batch, api):
    card = {"data": table_png([["No.", "00123"]]), "mode": "fields", "fields": FIELDS}
    batch = make_batch(images=CARDS, engine="remote", **card)
    lifecycle.start(batch)
    OrmQ.objects.all().delete()
    worker_loop.work()
    batch.refresh_from_db()
    assert (batch.done, batch.failed) == (CARDS, 0)
    turns = Counter(len(request["messages"]) for request in api.requests)
    # One was told what was wrong, and one just asked again; or one card had both, by turns.
    assert dict(turns) in ({1: CARDS + 1, 3: 1}, {1: CARDS, 3: 2})
    with workbooks.workbook_file(batch) as file:
        _, *rows = load_workbook(file)["Fields"].iter_rows(values_only=True)
    assert {row[:-1] for row in rows} == {("00123", "5'10\"", "1.50", None)}
    assert len({row[-1] for row in rows}) == CARDS
