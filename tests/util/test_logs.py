"""Log lines say what they are about, to people and to programs."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest

from converter.batches import lifecycle
from converter.core.errors import EngineError
from converter.util import logs
from tests.reading.test_pipeline import fail_on, use_engine, work
from tests.support.app import ROOT

__all__ = ["use_engine"]

SAY = (
    "import logging, django; django.setup()\n"
    "from converter.util import logs\n"
    "log = logging.getLogger('here')\n"
    "with logs.about(batch_id='b1', image_id=7):\n"
    "    log.warning('Käse\\nand more', extra={'request': object()})\n"
    "    try: 1 / 0\n"
    "    except ZeroDivisionError: log.exception('oops')\n"
    "log.info('apart')\n"
)


def said(**environment: str) -> str:
    """What a process writes to its log with these settings."""
    plain = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "tablexl.settings"}
    done = subprocess.run(
        [sys.executable, "-c", SAY],
        cwd=ROOT,
        env=plain | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


def test_json_is_an_object_a_line_with_the_ids(tmp_path):
    lines = said(LOG_FORMAT="json", DATA_DIR=str(tmp_path)).splitlines()
    first, second, third = map(json.loads, lines)
    assert first.pop("time").startswith("20")
    assert first == {
        "level": "WARNING",
        "logger": "here",
        "message": "Käse\nand more",
        "batch_id": "b1",
        "image_id": "7",
    }
    assert "ZeroDivisionError" in second["exc_info"]
    assert "batch_id" not in third


def test_text_is_a_line_for_people_with_the_ids_at_its_end(tmp_path):
    lines = said(DATA_DIR=str(tmp_path)).splitlines()
    assert lines[0].endswith("WARNING here: Käse")
    assert lines[1] == "and more [batch=b1 image=7]"
    assert lines[-1].endswith("INFO here: apart")


def test_what_is_within_adds_to_what_is_around_it():
    record = logging.LogRecord("x", logging.INFO, "", 1, "", (), None)
    with logs.about(request_id="r", batch_id=None), logs.about(image_id=1):
        logs.AddIds().filter(record)
    assert (record.__dict__["request_id"], record.__dict__["image_id"]) == ("r", "1")
    assert not hasattr(record, "batch_id")


@pytest.fixture
def told(caplog) -> pytest.LogCaptureFixture:
    """The log, as its handler sees it."""
    caplog.handler.addFilter(logs.AddIds())
    caplog.set_level(logging.INFO)
    return caplog


@pytest.mark.django_db(transaction=True)
def test_the_life_of_a_batch_is_told_with_its_ids(told, make_batch, use_engine):
    illegible = EngineError("engine_failed", "Illegible.", permanent=True)
    use_engine(fail_on("picture 1.png", illegible))
    batch = make_batch(2)
    lifecycle.start(batch)
    work(batch)
    lines = {record.getMessage(): record.__dict__ for record in told.records}
    failed = lines["Not read: engine_failed: Illegible."]
    assert failed["image_id"] == str(batch.images.get(position=1).pk)
    assert failed["batch_id"] == str(batch.pk)
    assert lines["Started (images: 2, engine: local)"]["batch_id"] == str(batch.pk)
    assert lines["Settled (images: 2, read: 1, failed: 1)"]["batch_id"] == str(batch.pk)
