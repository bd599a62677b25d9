"""Models that do not open as expected are run by rapidocr itself."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from converter.core.engines.local.engine import LocalEngine
from converter.core.engines.local.networks import model_files, onnx_file
from converter.core.engines.local.text import text_models
from converter.core.engines.local.text.text_models import MODEL, PackagedModels, open_models
from converter.core.engines.protocol import ReadRequest
from converter.core.images import PageImage
from tests.core.engines.local.printed import Page

STOCK_NAME = "RapidOCR 3."


@pytest.fixture
def broken_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    for model in (model_files.DETECTOR, model_files.RECOGNISER):
        (tmp_path / "models" / model).write_bytes(b"no model at all")
    ours = model_files.files
    monkeypatch.setattr(
        model_files, "files", lambda name: tmp_path if name == "rapidocr" else ours(name)
    )


def test_the_packaged_models_open_as_expected() -> None:
    assert open_models().name == MODEL


def test_a_broken_model_falls_back(broken_package: None, caplog: pytest.LogCaptureFixture) -> None:
    page = Page(600, 120).text(40, 30, "Carbon dioxide 412.5")
    reading = LocalEngine().read(PageImage("page.png", page.pixels), ReadRequest())
    assert reading.model.startswith(STOCK_NAME)
    assert [line.text for line in reading.loose_text] == ["Carbon dioxide 412.5"]
    (warning,) = caplog.records
    assert warning.levelno == logging.WARNING
    assert warning.exc_info


def test_a_model_under_another_name_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_models, "RECOGNISER", "PP-OCRv9_rec.onnx")
    assert open_models().name.startswith(STOCK_NAME)


def test_another_network_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_models, "RECOGNISER", model_files.DETECTOR)
    with pytest.raises(ValueError, match="ends in Sigmoid"):
        PackagedModels()
    assert open_models().name.startswith(STOCK_NAME)


def test_an_alphabet_of_another_size_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "metadata_of", lambda *_: "a")
    with pytest.raises(ValueError, match="3 characters"):
        PackagedModels()
    assert open_models().name.startswith(STOCK_NAME)
