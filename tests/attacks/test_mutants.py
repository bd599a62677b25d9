"""Documents of the grammar and changed files are read or refused, each within its bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter.core.decoding.pages import store_pages
from converter.core.errors import ImageError
from converter.core.images import Limits
from tests.attacks.mutants import mutants, pdf_by_chance
from tests.attacks.siege import REFUSALS
from tests.support.decoding import HASTY

FILES = 60
SMALL = Limits(max_pixels=1_000_000)


def test_a_seed_repeats_its_document():
    assert pdf_by_chance(7) == pdf_by_chance(7)
    assert pdf_by_chance(7) != pdf_by_chance(8)


@pytest.mark.intensive
def test_mutants_are_read_or_refused(tmp_path: Path):
    (tmp_path / "stored").mkdir()
    outcomes = {name: outcome(data, tmp_path) for name, data in mutants(FILES, "short")}
    assert set(outcomes.values()) <= REFUSALS | {"read"}
    assert {"read", "damaged_image"} <= set(outcomes.values())


def outcome(data: bytes, folder: Path) -> str:
    (folder / "upload").write_bytes(data)
    try:
        store_pages(HASTY.decode(folder / "upload", SMALL), folder / "stored")
    except ImageError as error:
        return error.code
    return "read"
