from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

from converter.core.engines.local.networks import model_files


def test_the_models_are_there():
    assert model_files.missing_models() == []


def test_a_model_that_is_missing_is_named(monkeypatch, tmp_path: Path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / model_files.DETECTOR).touch()
    spec = ModuleSpec("rapidocr", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(model_files, "find_spec", lambda _name: spec)
    assert model_files.missing_models() == [model_files.RECOGNISER]


def test_without_the_package_all_are_missing(monkeypatch):
    monkeypatch.setattr(model_files, "find_spec", lambda _name: None)
    assert model_files.missing_models() == [model_files.DETECTOR, model_files.RECOGNISER]
