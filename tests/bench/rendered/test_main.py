from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench.cases import read_cases
from tests.bench.rendered.__main__ import main
from tests.browser.conftest import find_chromium


@pytest.mark.browser
def test_sets_are_written_per_family(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", find_chromium())
    names = ["full-grid", "text-only"]
    options = ["--count", "1", "--seed", "3", "--wear", "skew"]
    main([str(tmp_path), *options, "--family", *names])
    [case] = read_cases(tmp_path / "full-grid")
    truth = json.loads((tmp_path / "full-grid/truth/0000.json").read_text())
    cells = truth["tables"][0]["cells"]
    assert [cell["text"] for cell in cells] == [leaf.text for row in case.truth[0] for leaf in row]
    assert read_cases(tmp_path / "text-only")[0].truth == []
    assert "2/2 text-only" in capsys.readouterr().err


def test_an_unknown_family_is_refused(tmp_path: Path, capsys):
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--family", "plaid"])
    assert "plaid" in capsys.readouterr().err
