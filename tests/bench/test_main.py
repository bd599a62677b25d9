"""What `make bench` takes, and what it says when it cannot compare."""

from __future__ import annotations

import sys

import pytest

from tests.bench import __main__ as bench
from tests.bench.cases import draw_cases
from tests.bench.report import OURS, SetReport


def test_a_folder_without_a_set_is_a_usage_error(tmp_path, capsys):
    with pytest.raises(SystemExit):
        bench._options([str(tmp_path)])
    assert "holds no images" in capsys.readouterr().err


@pytest.fixture
def nothing_measured(tmp_path, monkeypatch):
    seen = []

    def measure(name, cases, commands, work, scaled):
        seen.append((name, list(commands)))
        return SetReport(name, [])

    monkeypatch.setattr(bench, "RIVAL", tmp_path / "none")
    monkeypatch.setattr(bench, "draw_cases", lambda _: list(draw_cases(tmp_path))[:1])
    monkeypatch.setattr(bench, "_measure", measure)
    monkeypatch.setattr(bench, "markdown", lambda _: "tables")
    return seen


def test_without_img2table_ours_is_measured_and_the_rest_explained(
    nothing_measured, monkeypatch, capsys
):
    monkeypatch.setattr(sys, "argv", ["bench"])
    bench.main()
    assert nothing_measured == [("drawn tables", [OURS])]
    assert "img2table is left out" in capsys.readouterr().out


def test_alone_nothing_is_missed(nothing_measured, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench", "--alone"])
    bench.main()
    assert "left out" not in capsys.readouterr().out
