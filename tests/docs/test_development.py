"""The page about development is held to the packages, the import contract and the names it uses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.app import ROOT

APP = ROOT / "converter"
PAGE = (ROOT / "docs/development.md").read_text()
NOT_LISTED = {"__init__", "__pycache__", "migrations"}


each_table = pytest.mark.parametrize(
    ("folder", "contract"),
    [(APP, "house"), (APP / "core", "core"), (APP / "core/engines/local", "local")],
)


def layers(contract: str) -> set[tuple[int, str]]:
    """The names of one import contract with the number of their layer, from the top."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [found] = [each for each in linter["contracts"] if each["id"] == contract]
    numbered = enumerate(found["layers"], 1)
    return {(number, name) for number, names in numbered for name in names.split(" | ")}


def listed(folder: Path) -> list[tuple[int, str]]:
    """The rows of the table of what is in a folder: layer and name."""
    _, table = PAGE.split(f"| layer | in `{folder.relative_to(ROOT)}/` |", 1)
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| \S.+ \|$", table.split("\n\n")[0], re.MULTILINE)
    return [(int(number), name) for number, name in rows]


@each_table
def test_every_package_is_listed_once_and_no_other(folder, contract):
    there = {path.stem for path in folder.iterdir()} - NOT_LISTED
    assert sorted(name for _, name in listed(folder)) == sorted(there)


@each_table
def test_packages_are_in_the_layers_of_the_import_contract(folder, contract):
    assert set(listed(folder)) == layers(contract)
    numbers = [number for number, _ in listed(folder)]
    assert numbers == sorted(numbers)


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
    tops = "|".join(sorted({name for _, name in listed(APP)}))
    named = re.findall(rf"`((?:{tops})(?:\.\w+)+)`", PAGE)
    assert len(named) > 30
    assert [name for name in named if not exists(name)] == []
