"""What `make bench` takes, and what it says when it cannot compare."""

from __future__ import annotations

import sys

import pytest

from tests.bench import __main__ as bench
from tests.bench.cases import draw_cases
from tests.bench.report import OURS, SetReport
from tests.bench.sets import DEVELOPMENT, RENDERED, BenchSet


def test_a_folder_without_a_set_is_a_usage_error(tmp_path, capsys):
    with pytest.raises(SystemExit):
        bench._options([str(tmp_path)])
    assert "holds no images" in capsys.readouterr().err


def test_a_held_out_set_that_is_not_there_is_a_usage_error(capsys):
    with pytest.raises(SystemExit):
        bench._options(["--held-out", "secret"])
    assert "No set has the name secret" in capsys.readouterr().err


@pytest.fixture
def nothing_measured(tmp_path, monkeypatch):
    seen = []

    def measure(sets, commands, work, scaled):
        seen.append(([(each.name, each.kind) for each in sets], list(commands), scaled))
        return [SetReport(each.name, [], kind=each.kind) for each in sets]

    def render(rendering, work):
        return [BenchSet(f"{rendering.each} {rendering.tableless} {rendering.seed}", (), RENDERED)]

    monkeypatch.setattr(bench, "RIVAL", tmp_path / "none")
    monkeypatch.setattr(bench, "draw_cases", lambda _: list(draw_cases(tmp_path))[:1])
    monkeypatch.setattr(bench, "render_sets", render)
    monkeypatch.setattr(bench, "_measure", measure)
    monkeypatch.setattr(bench, "markdown", lambda _: "tables")
    return seen


def test_without_img2table_ours_is_measured_and_the_rest_explained(
    nothing_measured, monkeypatch, capsys
):
    monkeypatch.setattr(sys, "argv", ["bench"])
    bench.main()
    assert nothing_measured == [([("drawn tables", DEVELOPMENT)], [OURS], True)]
    assert "img2table is left out" in capsys.readouterr().out


def test_alone_nothing_is_missed(nothing_measured, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench", "--alone"])
    bench.main()
    assert "left out" not in capsys.readouterr().out


def test_what_is_rendered_needs_no_folder(nothing_measured, monkeypatch):
    words = ["bench", "--alone", "--rendered", "2", "--tableless", "300", "--seed", "7"]
    monkeypatch.setattr(sys, "argv", words)
    bench.main()
    assert nothing_measured == [([("2 300 7", RENDERED)], [OURS], False)]
