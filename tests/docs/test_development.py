"""The page about development is held to the packages, the import contract and the names it uses."""

from __future__ import annotations

import re
import tomllib

from tests.support.app import ROOT

APP = ROOT / "converter"
PAGE = (ROOT / "docs/development.md").read_text()
NOT_LISTED = {"__init__", "__pycache__", "migrations"}


def layers(contract: str) -> list[set[str]]:
    """The layers of one import contract, from the top."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [found] = [each for each in linter["contracts"] if each["id"] == contract]
    return [set(layer.split(" | ")) for layer in found["layers"]]


def listed() -> list[tuple[int, str]]:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| \S.+ \|$", PAGE, re.MULTILINE)
    return [(int(number), name) for number, name in rows]


def test_every_package_is_listed_once_and_no_other():
    there = {path.stem for path in APP.iterdir()} - NOT_LISTED
    assert sorted(name for _, name in listed()) == sorted(there)


def test_the_packages_are_in_the_layers_of_the_import_contract():
    house = enumerate(layers("house"), 1)
    assert set(listed()) == {(number, name) for number, names in house for name in names}
    assert [number for number, _ in listed()] == sorted(number for number, _ in listed())


def test_the_layers_of_the_core_are_named():
    for names in layers("core"):
        for name in names:
            assert f"`{name}`" in PAGE


def exists(dotted: str) -> bool:
    """Whether a package, module or name of a module is there, as `batches.claims.claim_due`."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        path = APP.joinpath(*parts[:length])
        if path.is_dir():
            return length == len(parts)
        if (source := path.with_suffix(".py")).exists():
            name = "".join(parts[length : length + 1])
            return bool(re.search(rf"^(def |class )?{name}", source.read_text(), re.MULTILINE))
    return False


def test_the_modules_and_functions_it_names_exist():
    tops = "|".join(sorted({name for _, name in listed()}))
    named = re.findall(rf"`((?:{tops})(?:\.\w+)+)`", PAGE)
    assert len(named) > 30
    assert [name for name in named if not exists(name)] == []
