"""Run the examples of the library's page, in their order, and compare what they print."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest
from openpyxl import load_workbook

from converter import core
from tests.support.app import ROOT
from tests.support.pictures import card_png, table_png

PAGE = (ROOT / "docs/library.md").read_text()
EXAMPLE = re.compile(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)
ROWS = [
    ["Article", "Quantity", "Price"],
    ["Bolt M6", "1,250", "0.35"],
    ["Hinge", "40", "12.80"],
    ["Lock", "732", "89.00"],
]
NOT_LOADED = ("numpy", "PIL", "cv2", "onnxruntime", "openpyxl", "django")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the examples run: with a page and a card."""
    (tmp_path / "page.png").write_bytes(table_png(ROWS))
    (tmp_path / "card.png").write_bytes(
        card_png({"Name": "Ada Lovelace", "Born": "10 December 1815"})
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_print_what_the_page_shows(folder):
    examples = EXAMPLE.findall(PAGE)
    names: dict[str, object] = {}
    for code, shown in examples:
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(code, "docs/library.md", "exec"), names)
        lines = [line.rstrip() for line in printed.getvalue().splitlines()]
        assert lines == shown.splitlines(), code
    assert len(examples) == PAGE.count("```python") == 7
    assert load_workbook(folder / "tables.xlsx")["page"]["B2"].value == 1250
    assert load_workbook(folder / "fields.xlsx")["Fields"]["A2"].value == "Ada Lovelace"


def test_each_public_name_is_there_and_on_the_page():
    for name in core.__all__:
        assert getattr(core, name).__name__ == name
        assert re.search(rf"\b{name}\b", PAGE), name
    assert not hasattr(core, "Nothing")


def test_importing_the_core_loads_nothing_large():
    code = (
        f"import sys, converter.core.errors; print([m for m in {NOT_LOADED} if m in sys.modules])"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    assert printed.strip() == "[]"
