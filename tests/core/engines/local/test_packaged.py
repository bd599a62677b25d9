from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

from converter.core.engines.local import packaged


def test_the_models_are_there():
    assert packaged.missing_models() == []


def test_a_model_that_is_missing_is_named(monkeypatch, tmp_path: Path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / packaged.DETECTOR).touch()
    spec = ModuleSpec("rapidocr", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(packaged, "find_spec", lambda _name: spec)
    assert packaged.missing_models() == [packaged.RECOGNISER]


def test_without_the_package_all_are_missing(monkeypatch):
    monkeypatch.setattr(packaged, "find_spec", lambda _name: None)
    assert packaged.missing_models() == [packaged.DETECTOR, packaged.RECOGNISER]
