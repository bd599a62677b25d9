"""Where a workbook is saved: a plain file whole, everything else as it is."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from converter.core.workbook.streaming import new_book, save_book


def book() -> Workbook:
    made = new_book("Tables")
    made.create_sheet("a")
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "books"
    folder.mkdir()
    return folder


def names(source: Path | BytesIO) -> list[str]:
    return load_workbook(source).sheetnames


def test_file_is_replaced_whole(folder):
    path = folder / "out.xlsx"
    path.write_text("old")
    save_book(book(), path)
    assert names(path) == ["a"]
    assert list(folder.iterdir()) == [path]


def test_symbolic_link_is_followed(folder):
    real, link = folder / "real.xlsx", folder / "link.xlsx"
    link.symlink_to(real)
    save_book(book(), link)
    save_book(book(), str(link))
    assert link.is_symlink()
    assert names(real) == ["a"]


def test_pipe_is_written_into(folder):
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        save_book(book(), pipe)
        assert names(BytesIO(read.result())) == ["a"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_link_to_a_pipe_leaves_both_in_place(folder):
    pipe, link = folder / "pipe", folder / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        save_book(book(), link)
        assert names(BytesIO(read.result())) == ["a"]
    assert link.is_symlink()


def test_standard_output_and_its_like_are_written_into():
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as source:
        save_book(book(), f"/dev/fd/{writer}")
        os.close(writer)
        assert names(BytesIO(source.read())) == ["a"]


def test_name_as_long_as_names_can_be(folder):
    path = folder / f"{'n' * 250}.xlsx"
    save_book(book(), path)
    assert list(folder.iterdir()) == [path]


def test_folder_is_no_target(folder):
    with pytest.raises(IsADirectoryError):
        save_book(book(), folder)
    assert list(folder.iterdir()) == []
