"""Hostile files: each is refused for its reason, and nothing of it stays."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from converter.core.errors import ImageError
from converter.core.images import Limits, open_pages
from tests.support.decoding import store_pages
from tests.support.hostile_files import GoodFile, HostileFile, good_files, hostile_files

LIMITS = Limits()
SMALL = Limits(max_pixels=1_000_000)  # so that a mutated header cannot slow the fuzzing down
MUTATIONS_PER_FILE = 25


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stored").mkdir()
    return tmp_path / "stored"


@pytest.mark.parametrize("file", hostile_files(), ids=lambda file: file.what)
def test_a_hostile_file_is_refused(tmp_path: Path, folder: Path, file: HostileFile) -> None:
    (tmp_path / "upload").write_bytes(file.data)
    with pytest.raises(ImageError) as caught:
        store_pages(tmp_path / "upload", folder, LIMITS)
    assert caught.value.code == file.code
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("file", good_files(), ids=lambda file: file.what)
def test_a_good_file_is_stored(tmp_path: Path, folder: Path, file: GoodFile) -> None:
    (tmp_path / "upload").write_bytes(file.data)
    stored = store_pages(tmp_path / "upload", folder, LIMITS)
    assert len(stored) == file.pages
    assert {page.file for page in stored} == {path.name for path in folder.iterdir()}


@pytest.mark.intensive
@pytest.mark.parametrize("file", good_files(), ids=lambda file: file.what)
def test_mutated_files_are_read_or_refused(tmp_path: Path, folder: Path, file: GoodFile) -> None:
    source = tmp_path / "upload"
    for data in mutations(file.data):
        source.write_bytes(data)
        try:
            stored = store_pages(source, folder, SMALL)
        except ImageError:
            stored = []
        assert {page.file for page in stored} == {path.name for path in folder.iterdir()}
        for page in stored:
            [again] = open_pages(folder / page.file, SMALL)
            assert (again.width, again.height) == (page.width, page.height)
            (folder / page.file).unlink()


def mutations(data: bytes) -> Iterator[bytes]:
    """Seeded: bytes changed, cut out and doubled, mostly in the head, where formats are brittle."""
    rng = random.Random(20)
    for _ in range(MUTATIONS_PER_FILE):
        mutant = bytearray(data)
        for _ in range(rng.choice((1, 2, 8))):
            place = rng.randrange(min(len(mutant), rng.choice((64, 512, len(mutant)))))
            length = rng.randrange(5)
            mutant[place : place + length] = rng.choice(
                (b"", rng.randbytes(length), b"\xff" * length, mutant[place : place + 2 * length])
            )
        yield bytes(mutant)
