"""The version follows the code, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter.core.engines import version


@pytest.fixture
def core(tmp_path: Path, monkeypatch) -> Path:
    for name in ("tables", "workbook"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.py").write_text("1")
    monkeypatch.setattr(version, "_CORE", tmp_path)
    return tmp_path


def read() -> str:
    return version.code_version.__wrapped__()


def test_the_same_code_has_the_same_version(core):
    assert read() == read()


def test_a_change_of_what_reads_is_another_version(core):
    before = read()
    (core / "tables" / "one.py").write_text("2")
    assert read() != before


def test_other_weights_are_another_version(core):
    (core / "tables" / "one.onnx").write_bytes(b"1")
    before = read()
    (core / "tables" / "one.onnx").write_bytes(b"2")
    assert read() != before


def test_a_change_of_what_writes_workbooks_is_not(core):
    before = read()
    (core / "workbook" / "one.py").write_text("2")
    assert read() == before
