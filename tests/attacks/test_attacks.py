"""A siege of a moment: of each kind of attack some, with short deadlines and small pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.documents import DOCUMENTS
from tests.attacks.lists import LISTS
from tests.attacks.pictures import PICTURES
from tests.attacks.siege import besieged, faults_of

PIXELS = 4_000_000
PAGE_SECONDS = 0.5  # of the processor's time

CHOSEN_PICTURES = (
    "PNG, the largest", "PNG, a text that inflates", "PNG, interlaced, 64 bits a pixel",
    "JPEG, 2,000 scans", "JPEG, 90 scans of the largest", "JPEG, declares all it can",
    "WebP, many frames", "TIFF, deflated", "TIFF, pages in a circle", "TIFF, four billion offsets",
    "GIF, codes that clear", "BMP, declares all it can", "HEIC, 20,000 boxes deep",
)  # fmt: skip
CHOSEN_DOCUMENTS = (
    "PDF, nested forms", "PDF, deflated twice", "PDF, a form that draws itself",
    "PDF, a tree of a billion pages", "PDF, a mesh", "PDF, tables in a circle",
    "PDF, letters of letters",
)  # fmt: skip
CHOSEN_LISTS = ("CSV, line feeds", "CSV, quotes", "JSON, 1,000,000 deep", "JSON, the same key")


def test_there_are_enough():
    assert len(PICTURES) + len(DOCUMENTS) + len(LISTS) >= 8 + 40


@pytest.mark.process
@pytest.mark.no_cover
def test_a_short_siege_changes_nothing_for_others(tmp_path: Path):
    files = {name: PICTURES[name](PIXELS) for name in CHOSEN_PICTURES}
    files |= {name: DOCUMENTS[name]() for name in CHOSEN_DOCUMENTS}
    with besieged(tmp_path / "app", PIXELS, PAGE_SECONDS) as siege:
        outcome = siege.lay(files, {name: LISTS[name] for name in CHOSEN_LISTS})
        assert faults_of(siege, outcome) == []
    assert outcome.refused["PDF, nested forms"] == "too_complex"
    assert outcome.refused["JPEG, 2,000 scans"] == "too_complex"
    assert "PNG, the largest" not in outcome.refused
    assert outcome.pages >= 3
