"""What a stage earns is the difference between running with it and without it."""

from __future__ import annotations

import pytest

from converter.core.engines.local.pipeline import STAGES
from converter.core.tables.model import Cell, Table
from tests.bench.ablation import WHOLE, Judge, Outcome, main, markdown
from tests.bench.drawn import as_html
from tests.bench.teds import Leaf
from tests.support.pictures import table_png

SECONDS = {stage.name: 0.002 for stage in STAGES}
TRUTH = [[[Leaf("Apple"), Leaf("1.50")], [Leaf("Pear"), Leaf("7.25")]]]


def read(*rows: list[tuple[str, float]]) -> Table:
    return Table(
        tuple(
            Cell(r, c, text, confidence=confidence)
            for r, row in enumerate(rows)
            for c, (text, confidence) in enumerate(row)
        )
    )


def outcome(teds: float) -> Outcome:
    return Outcome(teds, cells=0.5, unmarked=0.0, seconds=SECONDS)


def columns(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|\n").split("|")]


def test_only_wrong_cells_without_a_mark_are_silent():
    rows = [("Apple", 0.9), ("1.60", 0.9)], [("Peer", 0.7), ("7.25", 0.7)]
    judged = Judge(TRUTH).outcome([read(*rows)], SECONDS)
    assert (judged.cells, judged.unmarked) == (0.5, 0.25)
    assert judged.teds < 1


def test_tables_that_differ_in_confidence_alone_are_judged_each():
    judge = Judge(TRUTH)
    unmarked = [judge.outcome([read([("Apples", c)])], {}).unmarked for c in (0.9, 0.5)]
    assert unmarked == [1, 0]


def test_the_gain_and_the_loss_of_a_stage_are_told_by_set():
    same = {stage.name: outcome(0.75) for stage in STAGES} | {WHOLE: outcome(0.75)}
    first, second = same | {"dashes": outcome(0.25)}, same | {"dashes": outcome(1.0)}
    lines = {columns(line)[0]: columns(line) for line in markdown(
        {"one": [first], "two": [second, same]}
    ).splitlines()}  # fmt: skip
    assert lines["stage"][2:5] == ["TEDS, one", "TEDS, two", "TEDS, all of them"]
    assert lines["all stages"][2:5] == ["0.7500"] * 3
    assert lines["dashes"][2:5] == ["+0.5000", "-0.1250", "+0.0833"]
    assert lines["dashes"][-2:] == ["1 : 1", "2.0"]
    assert set(lines["dittos"][2:-1]) == {""}
    assert lines["rows"][2] == "needed"


def test_stages_are_left_out_on_pictures_of_a_folder(tmp_path, capsys: pytest.CaptureFixture[str]):
    rows = [["Item", "Price"], ["Apple", "1.50"], ["Pear", "1,022.00"], ["Fig", "-"]]
    for kind in ("images", "gt"):
        (tmp_path / kind).mkdir()
    for name in ("1", "2"):
        (tmp_path / "images" / f"{name}.png").write_bytes(table_png(rows))
        (tmp_path / "gt" / f"{name}.html").write_text(as_html(rows))
    main([f"{tmp_path}:2"])
    told = capsys.readouterr()
    assert told.err.split() == ["1"]
    lines = [columns(line) for line in told.out.splitlines()[2:] if line]
    assert [line[0] for line in lines] == ["all stages", *(stage.name for stage in STAGES)]
    assert float(lines[0][2]) > 0.9
