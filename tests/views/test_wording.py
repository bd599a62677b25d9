"""Words for numbers that change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from converter.models import Batch
from converter.views import wording

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_line_of_a_batch_on_its_way():
    batch = Batch(state="running", total=3, done=1, failed=1)
    assert wording.progress_line(batch, 3.2) == "File 2 of 3 · 67 % · about 4 s left"


def test_the_line_before_anything_was_measured():
    batch = Batch(state="queued", total=3)
    assert wording.progress_line(batch, None) == "File 0 of 3 · 0 % · estimating…"


def test_the_line_of_a_finished_batch():
    batch = Batch(state="done", total=3, done=3, running_since=NOON)
    batch.settled = NOON + timedelta(seconds=90)
    assert wording.progress_line(batch, None) == "File 3 of 3 · 100 % · took 2 min"


def test_the_line_of_a_cancelled_batch():
    batch = Batch(state="cancelled", total=4, done=1, cancelled=2, started=NOON, settled=NOON)
    assert wording.progress_line(batch, None) == "File 1 of 4 · cancelled"


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, 0), (2, 3, 67), (999, 1000, 99), (1000, 1000, 100)]
)
def test_a_hundred_percent_is_all_of_them(done, total, percent):
    assert Batch(total=total, done=done).percent == percent


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "1 s"),
        (59.0, "59 s"),
        (59.5, "1 min"),
        (179.0, "3 min"),
        (3590.0, "1 h"),
        (7500.0, "2 h 5 min"),
    ],
)
def test_a_duration_is_as_precise_as_it_is_useful(seconds, words):
    assert wording.duration(seconds) == words


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": "done", "done": 3}, "3 of 3 files read."),
        ({"state": "partial", "done": 2, "failed": 1}, "2 of 3 files read, 1 failed."),
        (
            {"state": "cancelled", "done": 1, "cancelled": 2},
            "1 of 3 files had been read before it was cancelled, and are kept.",
        ),
    ],
)
def test_the_end_is_announced_in_one_sentence(values, sentence):
    assert wording.announcement(Batch(total=3, **values)) == sentence


@pytest.mark.parametrize(
    ("images", "each", "line"),
    [
        (5, None, "What that costs is not known yet: nothing was measured here lately."),
        (0, 0.0005, "Lately about $0.0005 an image here."),
        (
            2400,
            0.0005,
            "Lately about $0.0005 an image here: about $1.20 for these 2,400.",
        ),
    ],
)
def test_what_images_will_cost(images, each, line):
    assert wording.price_line(images, each) == line


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0, 0), ""),
        ((1, 0, 0, 0), "1 doubtful cell"),
        ((14, 0, 2, 1), "14 doubtful cells, 2 images with nothing found, 1 image failed"),
        ((0, 3, 0, 0), "3 places outside of tables that could not be read"),
    ],
)
def test_what_needs_a_person_is_counted(counts, said):
    assert wording.needs(*counts) == said
